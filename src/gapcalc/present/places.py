"""Where output goes: the screen, or a file that is either whole or not there."""

import errno
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gapcalc.errors import OutputError
from gapcalc.streams import forget


def to_screen(text: str) -> None:
    """Write to standard output. Raises OutputError when it is closed or full, BrokenPipeError when nobody reads on."""
    if sys.stdout is None:
        raise OutputError("standard output", "it is closed", "write to a file with -o")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if sys.platform == "win32" and error.errno == errno.EINVAL:  # how Windows says that a pipe is closed
            raise BrokenPipeError from None
        forget()
        raise OutputError("standard output", error.strerror or "the system refuses", "write elsewhere") from None


INTERNAL = ".internal"


def internal_name(output: str) -> str:
    """Where an internal output goes: `gaps.json` in, `gaps.internal.json` out; what is named so already stays."""
    place = Path(output)
    named = place.stem.lower().endswith(INTERNAL) or place.suffix.lower() == INTERNAL
    # A folder is no place for an output, and is refused under its own name.
    return output if named or not place.name or place.is_dir() else str(place.with_suffix(INTERNAL + place.suffix))


def to_file(content: str | bytes, output: str, inputs: Sequence[str]) -> None:
    """Write to a file: first to a temporary one beside it that only its owner can read, then in its place.

    Raises OutputError when it cannot, or when the output is one of the inputs or a symbolic link.
    """
    place = Path(output)
    try:
        linked = place.is_symlink()
    except OSError as error:
        raise OutputError(output, error.strerror or "the system refuses") from None
    if linked:
        raise OutputError(output, "it is a symbolic link")
    if not place.parent.is_dir():
        raise OutputError(output, "its folder is not there", "make the folder first, or write elsewhere")
    if place.is_dir():
        raise OutputError(output, "it is a folder")
    if any(_same(place, Path(one)) for one in inputs):
        raise OutputError(output, "it is one of the inputs", "write to another place")
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    except OSError as error:
        raise OutputError(output, error.strerror or "the system refuses") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)
