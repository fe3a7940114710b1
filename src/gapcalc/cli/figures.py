"""Commands that work figures out: compute and count."""

from enum import StrEnum
from typing import Annotated

import typer

from gapcalc.cli.app import app
from gapcalc.cli.options import (
    Areas,
    Average,
    Beside,
    Compare,
    CountedBy,
    Data,
    Delimiter,
    Encoding,
    Engine,
    Engines,
    Format,
    Groups,
    Internal,
    KeyStages,
    Layouts,
    Measures,
    NeighbourLists,
    Output,
    Periods,
    PolicyName,
    PooledAreas,
    Quiet,
    Sheet,
    Strict,
)
from gapcalc.streams import say


class Against(StrEnum):
    """Whom a group is set against."""

    peers = "peers"
    all = "all"
    others = "others"


@app.command()
def compute(
    data: Data,
    beside: Beside = None,
    compare: Compare = None,
    neighbours: NeighbourLists = None,
    average: Annotated[Average, typer.Option("--average", help="How figures of areas become one.")] = Average.mean,
    group: Groups = None,
    measure: Measures = None,
    key_stage: KeyStages = None,
    period: Periods = None,
    area: Areas = None,
    by: CountedBy = None,
    pool: PooledAreas = None,
    reference: Annotated[
        Against, typer.Option("--reference", help="Set groups against their peers, all pupils, or all others.")
    ] = Against.peers,
    engine: Engines = Engine.duckdb,
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
    scales: Annotated[
        bool,
        typer.Option("--scales", help="Also on other scales: ratio, odds ratio, gap index, Hedges' g, V, probit gap."),
    ] = False,
) -> None:
    """Compute gaps by period, area, key stage, measure and group.

    Example: gapcalc compute pupils.csv --beside england.csv -c national -c previous --group fsm -o gaps.json
    """
    from gapcalc.pipeline import compute as run
    from gapcalc.pipeline import sources
    from gapcalc.present import format_for, present
    from gapcalc.request import Request

    chosen = format_for(format, output)
    request = Request(
        data=tuple(data),
        beside=tuple(beside or ()),
        compare=each(compare),
        neighbours=neighbours,
        average=average.value,
        groups=each(group),
        measures=each(measure),
        key_stages=each(key_stage),
        periods=each(period),
        areas=tuple(area or ()),
        by=by.value if by else None,
        pools=tuple(pool or ()),
        reference=reference.value,
        engine=engine.value,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        layouts=tuple(layout or ()),
        strict=strict,
        policy=policy,
        internal=internal,
        scales=scales,
    )
    release = run(request)
    warn(release.warnings, quiet=quiet, internal=release.internal)
    present(release, chosen, output, sources(request))


@app.command()
def count(
    data: Data,
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="Write here: .csv or .parquet.", metavar="FILE")
    ] = None,
    explain_sql: Annotated[
        str | None,
        typer.Option(
            "--explain-sql",
            help="Print the SQL that counts in a table of a warehouse with the columns of DATA, and count nothing.",
            metavar="TABLE",
        ),
    ] = None,
    internal: Annotated[
        bool, typer.Option("--internal", help="Needed: counts are not protected, and the file's name says so.")
    ] = False,
    group: Groups = None,
    measure: Measures = None,
    key_stage: KeyStages = None,
    period: Periods = None,
    by: CountedBy = None,
    pool: PooledAreas = None,
    engine: Engines = Engine.duckdb,
    quiet: Quiet = False,
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    layout: Layouts = None,
    strict: Strict = False,
) -> None:
    """Count pupils into a file that compute and validate read back, protecting what they show.

    Counted by district or school, the file also has its authorities' counts; compute shows these with --by la.

    Example: gapcalc count pupils.csv --by school -o counts.parquet --internal
    """
    from gapcalc.errors import UsageError
    from gapcalc.pipeline import sources
    from gapcalc.present import counts_format_for, present_counts, present_text
    from gapcalc.request import Request
    from gapcalc.waist import explain, waist

    request = Request(
        data=tuple(data),
        groups=each(group),
        measures=each(measure),
        key_stages=each(key_stage),
        periods=each(period),
        by=by.value if by else None,
        pools=tuple(pool or ()),
        engine=engine.value,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        layouts=tuple(layout or ()),
        strict=strict,
        internal=internal,
    )
    if explain_sql is not None:
        present_text(explain(request, explain_sql), output, sources(request))
        return
    if output is None:
        raise UsageError("counts go to a file", "say which with -o, such as -o counts.parquet")
    chosen = counts_format_for(output)
    counts = waist(request)
    warn(counts.warnings, quiet=quiet, internal=True)
    present_counts(counts, chosen, output, sources(request))


def warn(warnings: tuple[str, ...], *, quiet: bool, internal: bool) -> None:
    """Say the warnings; when nobody wants to hear them, still the last of an internal run: that it is one."""
    for warning in warnings[-1:] if quiet and internal else () if quiet else warnings:
        say(f"warning: {warning}")


def each(texts: list[str] | None) -> tuple[str, ...]:
    """The values of an option that may be repeated, or given at once with commas between."""
    return tuple(part.strip() for text in texts or () for part in text.split(",") if part.strip())
