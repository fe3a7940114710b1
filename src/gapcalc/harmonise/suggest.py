"""A file's rows in, the draft of a layout for its family out.

Headers are written into the draft, and of the cells only words that gapcalc knows anyway: nobody's own value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gapcalc.definitions import PupilLayout, dimensions, layouts, measures
from gapcalc.definitions.personal import a_pupil_s_own
from gapcalc.errors import NotRecognised
from gapcalc.harmonise.draft import comment, listed, quoted, rest
from gapcalc.harmonise.recognise import plain_name
from gapcalc.harmonise.suggest_figures import figures
from gapcalc.rows import Rows

KEYS = ("period", "la", "key_stage")
FEWEST = 2  # a first row with fewer headers that mean something may be a pupil, and is not repeated


def suggest(rows: Rows) -> str:
    """A file's rows in, the TOML text of a draft out. Raises NotRecognised where nothing of the header is known."""
    if any(map(a_pupil_s_own, rows.header)):  # a first row, taken for the header
        raise NotRecognised(rows.file, [layout.label for layout in layouts().values()])
    pupils, identifiers = _pupil_columns(rows.header), _identifiers(rows.header)
    outcomes = [part.column for one in measures().values() for part in one.parts]
    groups = [source.column for one in dimensions().values() for source in one.source]
    exact = set(_pupil_columns(rows.header, loosely=False))
    of_pupils = bool(set(map(plain_name, identifiers)) - {"name"}) or bool(
        exact & set(outcomes) and exact & set(groups)
    )
    if of_pupils and len(pupils) + len(identifiers) >= FEWEST:
        lines = _pupils(rows, pupils, [name for name in dict.fromkeys(outcomes) if name in pupils], identifiers)
    else:
        lines = figures(rows)
    return "\n".join([*_head(rows.file), *lines]) + "\n"


def _head(file: str) -> list[str]:
    stem = file.split(".", maxsplit=1)[0]
    return [
        f"# A draft from the header of {comment(file)}. Check every line, then: gapcalc validate FILE --layout THIS",
        f"id = {quoted('my_' + (plain_name(stem) or 'file'))}",
        f"label = {quoted(stem)}",
    ]


def _pupils(
    rows: Rows, columns: Mapping[str, str], outcomes: Sequence[str], identifiers: Sequence[str]
) -> Iterator[str]:
    yield 'shape = "pupils"'
    yield "# What tells a file of this family from others."
    yield f"requires = {listed([key for key in KEYS if key in columns] + list(outcomes[:1]))}"
    if identifiers:
        yield "# Never used. By the first of them, a pupil's own number, pupils are found who stand twice."
        yield f"identifiers = {listed(identifiers)}"
        yield "numbers = 1"
    yield from _fixed([key for key in KEYS if key not in columns])
    yield from ("", "[columns]")
    yield from (f"{name} = {listed([column])}" for name, column in columns.items())
    yield from rest(rows.header, {*columns.values(), *identifiers})


def _fixed(lacking: Sequence[str]) -> Iterator[str]:
    examples = {"period": "2013/14", "la": "873", "key_stage": "KS2"}
    if lacking:
        yield from ("", "# No column was found for these: name it below, or say here what holds for every row.")
        yield "[fixed]"
        yield from (f"# {name} = {quoted(examples[name])}" for name in lacking)


def _pupil_columns(header: Sequence[str], *, loosely: bool = True) -> dict[str, str]:
    """Canonical column to the column of the file that goes by its name, or has the name in its own."""
    aliases = [
        (canonical, plain_name(alias))
        for layout in layouts().values()
        if isinstance(layout, PupilLayout)
        for canonical, names in layout.columns.items()
        for alias in names
    ]
    found: dict[str, str] = {}
    for exact in (True, False) if loosely else (True,):
        # A longer alias says more: `reading_score` before `reading`.
        for canonical, alias in sorted(aliases, key=lambda one: -len(one[1])):
            for name in header:
                plain = plain_name(name)
                fits = plain == alias if exact else f"_{alias}_" in f"_{plain}_"
                if fits and canonical not in found and name not in found.values():
                    found[canonical] = name
    order = list(dict.fromkeys(canonical for canonical, _ in aliases))
    return {name: found[name] for name in order if name in found}


def _identifiers(header: Sequence[str]) -> list[str]:
    known = [name for one in layouts().values() if isinstance(one, PupilLayout) for name in one.identifiers]
    order = {plain_name(name): place for place, name in reversed(list(enumerate(known)))}
    return sorted((name for name in header if plain_name(name) in order), key=lambda name: order[plain_name(name)])
