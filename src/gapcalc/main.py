"""One run of the program: streams made ready, a command carried out, and whatever happens turned into an exit code."""

import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import NoReturn

from gapcalc.cli import app
from gapcalc.errors import FINDINGS, INTERNAL, USAGE, GapcalcError
from gapcalc.present.bar import Bar
from gapcalc.progress import begin, halt, listen
from gapcalc.streams import forget, prepare, say

INTERRUPTED, CLOSED_PIPE, TERMINATED = 130, 141, 143


def main() -> NoReturn:
    """Run the program; the exit code says what happened, and 1 is left for findings alone."""
    sys.exit(_run())


def _run() -> int:
    try:
        prepare()
        begin()
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # who ignores it wants it ignored
            signal.signal(signal.SIGINT, _interrupted)
        if hasattr(signal, "SIGTERM"):
            signal.signal(signal.SIGTERM, _terminated)
        if sys.stderr.isatty():
            listen(Bar())
        code = app(standalone_mode=False, prog_name="gapcalc")
        return code if isinstance(code, int) else 0
    except GapcalcError as error:
        for warning in error.warnings:
            say(f"warning: {warning}")
        for line in error.details:
            say(line)
        say(f"gapcalc: {error.message}")
        if error.hint:
            say(f"  try: {error.hint}")
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        forget()
        return CLOSED_PIPE
    except SystemExit as stop:
        # Typer turns a closed pipe into exit code 1, which is kept for findings.
        if stop.code == FINDINGS and isinstance(stop.__context__, BrokenPipeError):
            forget()
            return CLOSED_PIPE
        return stop.code if isinstance(stop.code, int) else INTERNAL
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    # Typer carries its own click, so its errors are told by what they can do, not by their class.
    message, code = getattr(error, "format_message", None), getattr(error, "exit_code", None)
    if type(error).__name__ == "NoArgsIsHelpError" and callable(show := getattr(error, "show", None)):
        show()
        return USAGE
    if callable(message) and isinstance(code, int):
        say(f"gapcalc: {str(message()).replace('Value error, ', '')}")
        say(f"  try: {getattr(getattr(error, 'ctx', None), 'command_path', 'gapcalc')} --help")
        return USAGE
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    # The message is withheld: libraries quote the cell or row they stumbled over.
    say(f"gapcalc: internal error {type(error).__name__}; its message is withheld, since it may hold pupils' data")
    for frame in traceback.extract_tb(error.__traceback__)[-3:]:
        say(f"  at {Path(frame.filename).name}:{frame.lineno} in {frame.name}")
    say("  please report these lines; they hold no data")
    return INTERNAL


def _interrupted(signum: int, frame: FrameType | None) -> NoReturn:
    halt(KeyboardInterrupt())


def _terminated(signum: int, frame: FrameType | None) -> NoReturn:
    halt(SystemExit(TERMINATED))
