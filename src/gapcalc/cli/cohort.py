"""The command that says who missed a standard: cohort."""

from typing import Annotated

import typer

from gapcalc.cli.app import app
from gapcalc.cli.figures import each, warn
from gapcalc.cli.options import (
    Areas,
    CountedBy,
    Data,
    Delimiter,
    Encoding,
    Format,
    Internal,
    KeyStages,
    Layouts,
    Output,
    Periods,
    PolicyName,
    Quiet,
    Sheet,
    Strict,
)


@app.command()
def cohort(
    data: Data,
    group: Annotated[
        list[str],
        typer.Option(
            "--group", "-g", help="The groups to combine, 1 to 4, as sen,fsm,bme; may be repeated.", metavar="GROUP"
        ),
    ],
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            help="The standard, as rwm_l4; needed unless the data hold only one. May be repeated.",
            metavar="MEASURE",
        ),
    ] = None,
    key_stage: KeyStages = None,
    period: Periods = None,
    area: Areas = None,
    by: CountedBy = None,
    beside: Annotated[
        list[str] | None,
        typer.Option(
            "--beside", "--national", help="File with national rows to set beside; may be repeated.", metavar="FILE"
        ),
    ] = None,
    printed: Annotated[
        list[str] | None,
        typer.Option(
            "--printed",
            help="An aggregate of figures in print, to be held against the counts; may be repeated.",
            metavar="FILE",
        ),
    ] = None,
    policy: PolicyName = "strict",
    internal: Internal = False,
    format: Format = None,
    output: Output = None,
    quiet: Quiet = False,
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    layout: Layouts = None,
    strict: Strict = False,
) -> None:
    """Say who missed a standard, by exclusive combination of groups: each pupil is in one row.

    Example: gapcalc cohort pupils.csv --measure rwm_l4 --period 2012/13 -g sen,fsm,bme --national england.csv
    """
    from gapcalc.present import format_for, present_missed
    from gapcalc.present.missed_words import contradictions
    from gapcalc.request import Request
    from gapcalc.who_missed import sources, who_missed

    chosen = format_for(format, output)
    request = Request(
        data=tuple(data),
        beside=tuple(beside or ()),
        groups=each(group),
        measures=each(measure),
        key_stages=each(key_stage),
        periods=each(period),
        areas=tuple(area or ()),
        by=by.value if by else None,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        layouts=tuple(layout or ()),
        strict=strict,
        policy=policy,
        internal=internal,
    )
    release = who_missed(request, tuple(printed or ()))
    warn((*contradictions(release), *release.warnings), quiet=quiet, internal=release.internal)
    present_missed(release, chosen, output, sources(request, tuple(printed or ())))
