"""The command line: arguments to a run. No arithmetic."""

from enum import StrEnum
from typing import Annotated

import typer

from gapcalc.options import (
    Areas,
    Data,
    Delimiter,
    Encoding,
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
    by: Annotated[
        By | None, typer.Option("--by", help="Level of area: pupils are counted by la unless told otherwise.")
    ] = None,
    reference: Annotated[
        Against, typer.Option("--reference", help="Set groups against their peers, or against all pupils.")
    ] = Against.peers,
    engine: Annotated[
        Engine, typer.Option("--engine", help="What counts pupils; all engines give the same counts.")
    ] = Engine.duckdb,
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
    if not quiet:
        for warning in release.warnings:
            say(f"warning: {warning}")
    present(release, chosen, output, sources(request))


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
