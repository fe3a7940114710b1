"""The program as Typer sees it; commands register themselves here."""

from typing import Annotated

import typer

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
strategy_app = typer.Typer(
    no_args_is_help=True,
    help="Write down what a strategy promises, and have it checked.\n\nExample: gapcalc strategy check strategy.toml",
)
app.add_typer(strategy_app, name="strategy")


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
