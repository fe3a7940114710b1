"""Where output goes: the screen, or a file that is either whole or not there."""

import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from gapcalc.errors import Held, OutputError
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
WAIT = "wait until it has ended"
STRETCH = 2**20  # letters, or bytes, that are written at once


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
    _refuse_strange(place, output)
    if any(_same(place, Path(one)) for one in inputs):
        raise OutputError(output, "it is one of the inputs", "write to another place")
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            for start in range(0, len(content), STRETCH):  # a large text stands twice in memory but for this
                some = content[start : start + STRETCH]
                file.write(some.encode() if isinstance(some, str) else some)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    except OSError as error:
        raise OutputError(output, error.strerror or "the system refuses") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _refuse_strange(place: Path, output: str) -> None:
    """Refuse what is there and no file: a folder, a device, a pipe. A file would take its place."""
    if place.is_dir():
        raise OutputError(output, "it is a folder")
    if place.exists() and not place.is_file():
        raise OutputError(output, "it is no file", "leave -o out to write to the screen")


@contextlib.contextmanager
def hold(output: str | None) -> Iterator[None]:
    """Keep an output to oneself while a run lasts. Raises Held where another run has it.

    The lock is the system's own, on a file beside the output, and ends with the program however that ends: there are no
    stale ones.
    """
    place = Path(output) if output else None
    if place is None or not place.name or not place.parent.is_dir():
        yield  # nothing to hold; an output that cannot be written is told when it is written
        return
    _refuse_strange(place, output or "")
    lock = place.with_name(f".{place.name}.lock")
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        if sys.platform == "win32" and isinstance(error, PermissionError):  # where a held file cannot be opened
            raise Held(f"{output}: another run holds it", WAIT) from None
        raise OutputError(output or "", error.strerror or "the system refuses") from None
    try:
        if not _locked(descriptor) or not _is(lock, descriptor):
            raise Held(f"{output}: another run holds it", WAIT)
        try:
            yield
        finally:
            # While it is locked, so that nobody takes a lock on a file that is about to go.
            with contextlib.suppress(OSError):
                lock.unlink()
    finally:
        os.close(descriptor)
        if sys.platform == "win32":  # where an open file cannot be deleted
            with contextlib.suppress(OSError):
                lock.unlink()


def _locked(descriptor: int) -> bool:
    """Whether this program got the lock."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is(lock: Path, descriptor: int) -> bool:
    """Whether the file that is locked is still the one that lies there."""
    try:
        return os.path.samestat(lock.stat(), os.fstat(descriptor))
    except OSError:
        return False


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)
