"""The command line: arguments to a run, errors to an exit code. No arithmetic."""

import contextlib
import signal
import sys
import traceback
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from gapcalc.errors import FINDINGS, INTERNAL, USAGE, GapcalcError
from gapcalc.options import (
    Areas,
    Data,
    Delimiter,
    Encoding,
    Format,
    Groups,
    KeyStages,
    Measures,
    National,
    Output,
    Periods,
    Quiet,
    Sheet,
)
from gapcalc.streams import forget, prepare, say

INTERRUPTED, CLOSED_PIPE, TERMINATED = 130, 141, 143

app = typer.Typer(
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)


class By(StrEnum):
    """Levels of area."""

    national = "national"
    region = "region"
    la = "la"
    district = "district"
    school = "school"


class Against(StrEnum):
    """Whom a group is set against."""

    peers = "peers"
    all = "all"


class Engine(StrEnum):
    """Counting engines."""

    duckdb = "duckdb"
    by_hand = "by_hand"


class Listing(StrEnum):
    """What gapcalc can list."""

    measures = "measures"
    groups = "groups"
    layouts = "layouts"
    areas = "areas"


class Schema(StrEnum):
    """Schemas gapcalc can print."""

    results = "results"


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version.")] = False,
) -> None:
    """Attainment gaps between vulnerable children and their peers, per key stage.

    Example: gapcalc compute pupils.csv --group fsm --period 2013/14
    """
    if version:
        from gapcalc import __version__
        from gapcalc.present.places import to_screen

        to_screen(f"gapcalc {__version__}\n")
        raise typer.Exit()


@app.command()
def compute(
    data: Data,
    national: National = None,
    group: Groups = None,
    measure: Measures = None,
    key_stage: KeyStages = None,
    period: Periods = None,
    area: Areas = None,
    by: Annotated[
        By | None, typer.Option("--by", help="Level of area: pupils are counted by la unless told otherwise.")
    ] = None,
    reference: Annotated[
        Against, typer.Option("--reference", help="Set groups against their peers, or against all pupils.")
    ] = Against.peers,
    engine: Annotated[
        Engine, typer.Option("--engine", help="What counts pupils; all engines give the same counts.")
    ] = Engine.duckdb,
    format: Format = None,
    output: Output = None,
    quiet: Quiet = False,
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
) -> None:
    """Compute gaps by period, area, key stage, measure and group.

    Example: gapcalc compute pupils.csv --national england.csv --group fsm -o gaps.json
    """
    from gapcalc.pipeline import compute as run
    from gapcalc.present import format_for, present
    from gapcalc.request import Request

    chosen = format_for(format, output)
    release = run(
        Request(
            data=tuple(data),
            national=tuple(national or ()),
            groups=each(group),
            measures=each(measure),
            key_stages=each(key_stage),
            periods=each(period),
            areas=tuple(area or ()),
            by=by.value if by else None,
            reference=reference.value,
            engine=engine.value,
            sheet=sheet,
            encoding=encoding,
            delimiter=delimiter,
        )
    )
    if not quiet:
        for warning in release.warnings:
            say(f"warning: {warning}")
    present(release, chosen, output, [*data, *(national or ())])


@app.command()
def validate(
    data: Data,
    format: Format = None,
    output: Output = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
) -> None:
    """Say what a file is, what was understood, and what is wrong in it; nothing is computed.

    Errors end with exit code 1, warnings with 0.

    Example: gapcalc validate pupils.csv
    """
    from gapcalc.pipeline import validate as run
    from gapcalc.present import format_for, present_report
    from gapcalc.request import Request

    chosen = format_for(format, output)
    report = run(Request(data=tuple(data), sheet=sheet, encoding=encoding, delimiter=delimiter))
    present_report(report, chosen, output, data)
    raise typer.Exit(report.exit_code)


def each(texts: list[str] | None) -> tuple[str, ...]:
    """The values of an option that may be repeated, or given at once with commas between."""
    return tuple(part.strip() for text in texts or () for part in text.split(",") if part.strip())


@app.command("list")
def list_(what: Annotated[Listing, typer.Argument(help="measures, groups, layouts or areas.")]) -> None:
    """List what gapcalc knows, and from where.

    Example: gapcalc list measures
    """
    from gapcalc.present.known import known
    from gapcalc.present.places import to_screen

    to_screen(known(what.value))


@app.command()
def schema(
    what: Annotated[Schema, typer.Argument(help="results: the JSON output of compute.")] = Schema.results,
) -> None:
    """Print a JSON Schema.

    Example: gapcalc schema results > results.schema.json
    """
    from gapcalc.present.known import results_schema
    from gapcalc.present.places import to_screen

    to_screen(results_schema())


def main() -> NoReturn:
    """Run the program; the exit code says what happened, and 1 is left for findings alone."""
    sys.exit(_run())


def _run() -> int:
    try:
        prepare()
        if hasattr(signal, "SIGTERM"):
            signal.signal(signal.SIGTERM, _terminated)
        code = app(standalone_mode=False, prog_name="gapcalc")
        return code if isinstance(code, int) else 0
    except GapcalcError as error:
        for warning in error.warnings:
            say(f"warning: {warning}")
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
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if callable(show) and isinstance(code, int):
        with contextlib.suppress(OSError):
            show()
        return USAGE
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    # The message is withheld: libraries quote the cell or row they stumbled over.
    say(f"gapcalc: internal error {type(error).__name__}; its message is withheld, since it may hold pupils' data")
    for frame in traceback.extract_tb(error.__traceback__)[-3:]:
        say(f"  at {Path(frame.filename).name}:{frame.lineno} in {frame.name}")
    say("  please report these lines; they hold no data")
    return INTERNAL


def _terminated(signum: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)
