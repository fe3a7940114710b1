"""Commands that say what gapcalc knows, or teach it more: list, schema and layout suggest."""

from enum import StrEnum
from typing import Annotated

import typer

from gapcalc.cli.app import app, layout_app
from gapcalc.cli.options import Delimiter, Encoding, Output, Sheet
from gapcalc.errors import UsageError


class Listing(StrEnum):
    """What gapcalc can list."""

    measures = "measures"
    groups = "groups"
    layouts = "layouts"
    areas = "areas"
    neighbours = "neighbours"
    breaks = "breaks"
    policies = "policies"


class Schema(StrEnum):
    """Schemas gapcalc can print."""

    results = "results"
    cohort = "cohort"
    audit = "audit"
    sensitivity = "sensitivity"
    verdicts = "verdicts"
    layout = "layout"
    policy = "policy"


@app.command("list")
def list_(
    what: Annotated[Listing, typer.Argument(help="measures, groups, layouts, areas, neighbours, breaks or policies.")],
) -> None:
    """List what gapcalc knows, and from where.

    Example: gapcalc list measures
    """
    from gapcalc.present.known import known
    from gapcalc.present.places import to_screen

    to_screen(known(what.value))


@app.command()
def explain(
    what: Annotated[
        str, typer.Argument(help="A code that strategy check prints, or the JSON of check-targets.", metavar="CODE|RUN")
    ],
    target: Annotated[
        str | None, typer.Argument(help="Which target of the run, by its id.", metavar="[TARGET]")
    ] = None,
) -> None:
    """Explain a code of strategy check, or follow a verdict of check-targets to the counts it was made from.

    Example: gapcalc explain G101; gapcalc explain verdicts.json CAM-11
    """
    from gapcalc.present.known import explained
    from gapcalc.present.places import to_screen

    if target is None:
        if what.lower().endswith(".json"):
            raise UsageError(f"{what}: which target of the run?", f"as in gapcalc explain {what} CAM-11")
        to_screen(explained(what))
        return
    from gapcalc.earlier import run_of
    from gapcalc.present import present_explained

    present_explained(run_of(what), target)


@app.command()
def schema(
    what: Annotated[
        Schema,
        typer.Argument(help="A command's JSON output; layout, policy: a file of your own."),
    ] = Schema.results,
) -> None:
    """Print a JSON Schema.

    Example: gapcalc schema results > results.schema.json
    """
    from gapcalc.present.known import schema_of
    from gapcalc.present.places import to_screen

    to_screen(schema_of(what.value))


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
