"""The smallest program of the same kind: what an app of two commands needs to print its help."""

import typer

app = typer.Typer()


@app.command()
def one(name: str) -> None:
    """Say a name."""
    typer.echo(name)


@app.command()
def two(name: str) -> None:
    """Say it twice."""
    typer.echo(name * 2)


app()
