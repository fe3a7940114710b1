"""A path in, its bytes out. Nothing is opened before it is known to be a file, and to be small enough."""

import stat
import sys
from pathlib import Path
from typing import BinaryIO

from gapcalc.errors import FileNotThere, InputError, NotReadable, TooLarge
from gapcalc.read import limits

STDIN = "-"


def source(path: str) -> tuple[str, bytearray]:
    """A path, or `-` for stdin, in; the file's name and its bytes out. Raises FileNotThere, NotReadable or TooLarge."""
    if path == STDIN:
        if sys.stdin is None or sys.stdin.closed:
            raise NotReadable("stdin", "there is none", "give a file")
        return "stdin", _all(sys.stdin.buffer, "stdin")
    if not path:  # the system would take it for the folder one is in
        raise FileNotThere("a file without a name")
    place = Path(path)
    file = place.name or path
    try:
        _check(place, path, file)
        with place.open("rb") as stream:
            return file, _all(stream, file)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in the path
        raise FileNotThere(path) from None
    except OSError as error:
        raise _refused(file, error) from None


def _check(place: Path, path: str, file: str) -> None:
    found = place.stat()
    if stat.S_ISDIR(found.st_mode):
        raise NotReadable(file, "it is a folder, not a file", "give the files in it")
    if not stat.S_ISREG(found.st_mode):
        # Opening a pipe waits for somebody to write to it, perhaps for ever.
        raise NotReadable(file, "it is not a file but a pipe or a device", "pipe the data in, and give - as the file")
    if found.st_size > limits.MAX_BYTES:
        raise too_many_bytes(file)


def _all(stream: BinaryIO, file: str) -> bytearray:
    data = bytearray()
    while chunk := stream.read(limits.CHUNK):
        data += chunk
        if len(data) > limits.MAX_BYTES:
            raise too_many_bytes(file)
    return data


def too_many_bytes(file: str) -> TooLarge:
    """The error for more bytes than are let in."""
    size = limits.MAX_BYTES
    words = f"{size / 1024**3:g} GiB" if size >= 1024**3 else f"{size:,} bytes"
    return TooLarge(file, f"it holds more than {words}", "split it, by year or by area, and give the parts")


def _refused(file: str, error: OSError) -> InputError:
    hint = "check that you may read it, and that no other program holds it open"
    return NotReadable(file, (error.strerror or "the system refuses").lower(), hint)
