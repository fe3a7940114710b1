"""The program's standard streams: made ready, spoken to, and let go of."""

import contextlib
import os
import sys
from pathlib import Path


def prepare() -> None:
    """Make ready to write: UTF-8 and plain line ends wherever there is no terminal."""
    # A job may start the program with its streams closed; what is said then is lost, what is written is an error.
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the program ends
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.isatty():
            # A Windows pipe would take cp1252 and die on the first other letter.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")  # type: ignore[union-attr]
    if sys.stdout is not None and not sys.stdout.isatty():
        _keep_output()


def _keep_output() -> None:
    """Keep standard output for what gapcalc writes; what a library prints there goes to standard error.

    HiGHS prints a line of its own on rare occasions, and someone's JSON would end with it.
    """
    with contextlib.suppress(OSError, ValueError):  # streams without a number, as in tests, are Python's alone
        number = sys.stdout.fileno()
        kept = os.dup(number)
        os.dup2(sys.stderr.fileno(), number)
        sys.stdout = os.fdopen(kept, "w", encoding="utf-8", errors="backslashreplace", newline="\n")


def say(text: str) -> None:
    """One line on standard error, without control characters; where there is nobody to hear it, nothing."""
    with contextlib.suppress(OSError):
        print(letters(text), file=sys.stderr, flush=True)


def letters(text: str) -> str:
    """A text without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def forget() -> None:
    """Let nothing more be written to standard output, and Python not complain of it while shutting down."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
