"""The command line: arguments to a run. No arithmetic."""

from enum import StrEnum
from typing import Annotated

import typer

from gapcalc.options import (
    Areas,
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
    National,
    Output,
    Periods,
    PolicyName,
    Quiet,
    Sheet,
    Strict,
)
from gapcalc.streams import say

app = typer.Typer(
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)
layout_app = typer.Typer(
    no_args_is_help=True,
    help="Teach gapcalc a kind of file it does not know.\n\nExample: gapcalc layout suggest termly.csv -o mine.toml",
)
app.add_typer(layout_app, name="layout")


class Against(StrEnum):
    """Whom a group is set against."""

    peers = "peers"
    all = "all"


class Listing(StrEnum):
    """What gapcalc can list."""

    measures = "measures"
    groups = "groups"
    layouts = "layouts"
    areas = "areas"
    policies = "policies"


class Schema(StrEnum):
    """Schemas gapcalc can print."""

    results = "results"
    layout = "layout"
    policy = "policy"


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
    by: CountedBy = None,
    reference: Annotated[
        Against, typer.Option("--reference", help="Set groups against their peers, or against all pupils.")
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
) -> None:
    """Compute gaps by period, area, key stage, measure and group.

    Example: gapcalc compute pupils.csv --national england.csv --group fsm -o gaps.json
    """
    from gapcalc.pipeline import compute as run
    from gapcalc.pipeline import sources
    from gapcalc.present import format_for, present
    from gapcalc.request import Request

    chosen = format_for(format, output)
    request = Request(
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
        layouts=tuple(layout or ()),
        strict=strict,
        policy=policy,
        internal=internal,
    )
    release = run(request)
    warn(release.warnings, quiet=quiet, internal=release.internal)
    present(release, chosen, output, sources(request))


@app.command()
def count(
    data: Data,
    output: Annotated[str, typer.Option("--output", "-o", help="Write here: .csv or .parquet.", metavar="FILE")],
    internal: Annotated[
        bool, typer.Option("--internal", help="Needed: counts are not protected, and the file's name says so.")
    ] = False,
    group: Groups = None,
    measure: Measures = None,
    key_stage: KeyStages = None,
    period: Periods = None,
    by: CountedBy = None,
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
    from gapcalc.pipeline import sources
    from gapcalc.present import counts_format_for, present_counts
    from gapcalc.request import Request
    from gapcalc.waist import waist

    chosen = counts_format_for(output)
    request = Request(
        data=tuple(data),
        groups=each(group),
        measures=each(measure),
        key_stages=each(key_stage),
        periods=each(period),
        by=by.value if by else None,
        engine=engine.value,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        layouts=tuple(layout or ()),
        strict=strict,
        internal=internal,
    )
    counts = waist(request)
    warn(counts.warnings, quiet=quiet, internal=True)
    present_counts(counts, chosen, output, sources(request))


@app.command()
def validate(
    data: Data,
    format: Format = None,
    output: Output = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    layout: Layouts = None,
    strict: Strict = False,
) -> None:
    """Say what a file is, what was understood, and what is wrong in it; nothing is computed.

    Errors end with exit code 1, warnings with 0.

    Example: gapcalc validate pupils.csv
    """
    from gapcalc.pipeline import sources
    from gapcalc.pipeline import validate as run
    from gapcalc.present import format_for, present_report
    from gapcalc.request import Request

    chosen = format_for(format, output)
    request = Request(
        data=tuple(data),
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        layouts=tuple(layout or ()),
        strict=strict,
    )
    report = run(request)
    present_report(report, chosen, output, sources(request))
    raise typer.Exit(report.exit_code)


@layout_app.command("suggest")
def suggest_layout(
    file: Annotated[str, typer.Argument(help="A file of the family to be taught.", metavar="FILE")],
    output: Output = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
) -> None:
    """Draft a layout from a file's header, to be checked, mended and given with --layout.

    Example: gapcalc layout suggest termly.csv -o mine.toml
    """
    from gapcalc.pipeline import suggest_layout as run
    from gapcalc.present import present_text
    from gapcalc.request import Request

    draft = run(Request(data=(file,), sheet=sheet, encoding=encoding, delimiter=delimiter))
    present_text(draft, output, [file])


def warn(warnings: tuple[str, ...], *, quiet: bool, internal: bool) -> None:
    """Say the warnings; when nobody wants to hear them, still the last of an internal run: that it is one."""
    for warning in warnings[-1:] if quiet and internal else () if quiet else warnings:
        say(f"warning: {warning}")


def each(texts: list[str] | None) -> tuple[str, ...]:
    """The values of an option that may be repeated, or given at once with commas between."""
    return tuple(part.strip() for text in texts or () for part in text.split(",") if part.strip())


@app.command("list")
def list_(what: Annotated[Listing, typer.Argument(help="measures, groups, layouts, areas or policies.")]) -> None:
    """List what gapcalc knows, and from where.

    Example: gapcalc list measures
    """
    from gapcalc.present.known import known
    from gapcalc.present.places import to_screen

    to_screen(known(what.value))


@app.command()
def schema(
    what: Annotated[
        Schema, typer.Argument(help="results: the JSON output of compute; layout, policy: a file of your own.")
    ] = Schema.results,
) -> None:
    """Print a JSON Schema.

    Example: gapcalc schema results > results.schema.json
    """
    from gapcalc.present.known import schema_of
    from gapcalc.present.places import to_screen

    to_screen(schema_of(what.value))
