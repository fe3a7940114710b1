"""The command that judges a strategy's targets: check-targets."""

from enum import StrEnum
from typing import Annotated

import typer

from gapcalc.cli.app import app
from gapcalc.cli.options import (
    Beside,
    Delimiter,
    Encoding,
    Internal,
    Layouts,
    Output,
    Quiet,
    Sheet,
    Strict,
)
from gapcalc.cli.strategies import StrategyFile


class FailOn(StrEnum):
    """From which verdict on a run fails."""

    missed = "missed"
    off_track = "off_track"
    cannot_say = "cannot_say"
    never = "never"


@app.command("check-targets")
def check_targets(
    data: Annotated[
        list[str] | None,
        typer.Argument(
            help="Pupil-level or aggregate files; without them those that the strategy file names.",
            metavar="[DATA]...",
        ),
    ] = None,
    strategy: StrategyFile = None,
    beside: Beside = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help="The year that is now, as 2013/14, or a date; without it the latest of the data.",
            metavar="YEAR",
        ),
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="The verdict from which on the exit code is 1; the worst is missed.")
    ] = FailOn.missed,
    since: Annotated[
        str | None,
        typer.Option("--since", help="An earlier run's JSON: say which verdicts have changed.", metavar="RUN"),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option("--policy", help="What is hidden, instead of the strategy's policy.", metavar="POLICY"),
    ] = None,
    internal: Internal = False,
    format: Annotated[
        str | None,
        typer.Option("--format", "-f", help="table, json, jsonl, md, junit or github.", metavar="FORMAT"),
    ] = None,
    output: Output = None,
    quiet: Quiet = False,
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    layout: Layouts = None,
    strict: Strict = False,
) -> None:
    """Judge the targets of a strategy: met, missed, on track, off track, or why that cannot be said.

    Exit code 1: a target is missed (or as --fail-on says); 5: nothing could be decided; 2: the strategy file is wrong.

    Example: gapcalc check-targets pupils.csv -s strategy.toml -o verdicts.json
    """
    from gapcalc.check_targets import Job, sources
    from gapcalc.check_targets import check_targets as run
    from gapcalc.cli.figures import warn
    from gapcalc.present import present_verdicts, verdict_format_for
    from gapcalc.present.places import hold, internal_name
    from gapcalc.request import Request
    from gapcalc.strategy import find, load

    chosen = verdict_format_for(format, output)
    request = Request(
        data=tuple(data or ()),
        beside=tuple(beside or ()),
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        layouts=tuple(layout or ()),
        strict=strict,
        internal=internal,
    )
    path = find(None, strategy)
    job = Job(path, request, policy, as_of, fail_on.value, since, load(path))
    with hold(internal_name(output) if output and internal else output):
        release = run(job)
        warn(release.verdicts.warnings, quiet=quiet, internal=release.internal)
        present_verdicts(release, chosen, output, sources(job))
    raise typer.Exit(release.verdicts.exit_code)
