"""Pieces of SQL that every engine reads alike."""

from collections.abc import Iterable, Sequence

from gapcalc.definitions import SPACES


def identifier(name: str) -> str:
    """A column's name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text, quoted."""
    return "'" + text.replace("'", "''") + "'"


def as_text(column: str) -> str:
    """A column's cells as text, with blanks for null, as most warehouses write it."""
    return f"COALESCE(CAST({identifier(column)} AS VARCHAR), '')"


def layer(columns: Sequence[str], source: str, name: str = "") -> str:
    """A SELECT of columns from a table, or from a subquery that is given a name."""
    separator = ",\n       "
    return f"SELECT {separator.join(columns)}\nFROM " + (f"(\n{source}\n) AS {name}" if name else source)


def one_of(text: str, codes: Iterable[str]) -> str:
    """Whether a text is one of some codes."""
    listed = ", ".join(literal(code) for code in codes)
    return f"({text} IN ({listed}))" if listed else "FALSE"


def cases(found: Sequence[tuple[str, str]], otherwise: str = "") -> str:
    """The first of several results whose condition holds."""
    if not found:
        return otherwise or "NULL"
    last = f" ELSE {otherwise}" if otherwise else ""
    return "CASE " + " ".join(f"WHEN {when} THEN {then}" for when, then in found) + f"{last} END"


def spelling_of(cell: str) -> str:
    """The same as `definitions.spelling`."""
    return f"upper(trim(BOTH {literal(SPACES)} FROM {cell}))"


def total(expression: str) -> str:
    """A sum, of nothing too. BIGINT, or it would come back as a float on its way to a table."""
    return f"CAST(COALESCE(SUM({expression}), 0) AS BIGINT)"
