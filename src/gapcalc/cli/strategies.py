"""Commands about strategy files: init, check, show and schema."""

from typing import Annotated

import typer

from gapcalc.cli.app import strategy_app
from gapcalc.cli.options import Data, Delimiter, Encoding, Layouts, Output, Quiet, ReportFormat, Sheet
from gapcalc.streams import say

File = Annotated[
    str | None,
    typer.Argument(help="A strategy file; without it --strategy, or the nearest gapcalc.toml.", metavar="[FILE]"),
]
StrategyFile = Annotated[
    str | None,
    typer.Option("--strategy", "-s", help="A strategy file.", metavar="FILE", envvar="GAPCALC_STRATEGY"),
]


@strategy_app.command()
def init(
    data: Data,
    output: Output = None,
    quiet: Quiet = False,
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    layout: Layouts = None,
) -> None:
    """Draft a strategy file from data: what they hold, and a target for each group to be filled in.

    Example: gapcalc strategy init pupils.csv -o strategy.toml
    """
    from gapcalc.cli.figures import warn
    from gapcalc.draft import draft
    from gapcalc.pipeline import sources
    from gapcalc.present import present_text
    from gapcalc.request import Request

    request = Request(
        data=tuple(data), sheet=sheet, encoding=encoding, delimiter=delimiter, layouts=tuple(layout or ())
    )
    text, warnings = draft(request, output)
    warn(warnings, quiet=quiet, internal=False)
    present_text(text, output, sources(request))


@strategy_app.command()
def check(file: File = None, strategy: StrategyFile = None, format: ReportFormat = None, output: Output = None) -> None:
    """Check a strategy file before any data are read: errors end with exit code 2, warnings with 0.

    Example: gapcalc strategy check strategy.toml
    """
    from gapcalc.errors import USAGE
    from gapcalc.present import format_for, present_findings
    from gapcalc.strategy import check_file, find

    path = find(file, strategy)
    chosen = format_for(format, output)
    found = check_file(path)
    present_findings(found, chosen, output, [path])
    say(found.summary)
    raise typer.Exit(USAGE if found.errors else 0)


@strategy_app.command()
def show(
    file: File = None,
    strategy: StrategyFile = None,
    format: Annotated[str | None, typer.Option("--format", "-f", help="table, md or json.", metavar="FORMAT")] = None,
    output: Output = None,
) -> None:
    """Say every target of a strategy file in a plain sentence.

    Example: gapcalc strategy show strategy.toml
    """
    from gapcalc.present import present_strategy
    from gapcalc.strategy import find, load

    path = find(file, strategy)
    present_strategy(load(path), format, output, [path])


@strategy_app.command()
def schema(output: Output = None) -> None:
    """Print the JSON Schema of a strategy file, for editors that help while one is written.

    Example: gapcalc strategy schema -o strategy.schema.json
    """
    from gapcalc.present import present_text
    from gapcalc.present.known import schema_of

    present_text(schema_of("strategy"), output)
