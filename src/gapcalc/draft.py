"""A draft: data in, the text of a strategy file for what they hold out, with a target for each group to be filled in.

Nothing of the figures is in it: only which areas, measures, groups and years there are.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gapcalc.definitions import dimensions, measures
from gapcalc.errors import GapcalcError, NothingToCompare, listing
from gapcalc.figures import figures
from gapcalc.gathered import Heard
from gapcalc.harmonise.draft import comment, listed, quoted
from gapcalc.model import LEVELS, each
from gapcalc.pipeline import ready
from gapcalc.request import Request
from gapcalc.targets.names import Who, who_named
from gapcalc.targets.words import group_text

if TYPE_CHECKING:
    import pandas as pd

MOST_AREAS = 20
YEARS = 3  # from the last year of the data to the deadline that is proposed
HEAD = """\
#:schema ./strategy.schema.json
# A strategy as gapcalc reads it. An editor with TOML support helps while you write, once the schema lies beside this
# file: gapcalc strategy schema -o strategy.schema.json. Then: gapcalc strategy check, and gapcalc strategy show.
"""
PROPOSED = {"proportion": "ppt", "mean": "points"}


def draft(request: Request, output: str | None = None) -> tuple[str, tuple[str, ...]]:
    """A request for data, and where the draft goes, in; the draft and what the user should be told out."""
    heard = Heard()
    try:
        request = ready(request)
        values = figures("data", request.data, request, heard, None).values
        if values.empty:
            raise NothingToCompare(listing(request.data), "no figures")
    except GapcalcError as error:
        error.warnings = tuple(dict.fromkeys(heard.warnings))
        raise
    return "\n".join(_lines(_from(output, request.data), values)) + "\n", tuple(dict.fromkeys(heard.warnings))


def _from(output: str | None, paths: Sequence[str]) -> list[str]:
    """Paths as they read from the folder of the draft. Standard input is nowhere."""
    folder = os.path.dirname(output or "") or os.curdir  # noqa: PTH120  a path is told, not looked at
    found = []
    for one in (one for one in paths if one != "-"):
        try:
            told = os.path.relpath(one, folder)
        except ValueError:  # on another drive of Windows
            told = os.path.abspath(one)  # noqa: PTH100  told, not looked at
        found.append(told.replace(os.sep, "/"))
    return found


def _lines(paths: Sequence[str], values: pd.DataFrame) -> list[str]:
    periods = sorted(str(one) for one in values["period"].unique())
    baseline, deadline = periods[-1], _later(periods[-1])
    held = [f"{key_stage} {id}" for key_stage, id in measures() if _of(values, key_stage, id).any()]
    lines = [HEAD, "[strategy]", 'title = "To be filled in"', 'document = ""', f"areas = {listed(_areas(values))}"]
    lines += [f"baseline = {quoted(baseline)}", f"deadline = {quoted(deadline)}", ""]
    lines += ["[strategy.comparators.national]", 'area = "England"', ""]
    lines += ["[strategy.data]", f"local = {listed(paths)}", ""]
    lines += [f"# The data hold {periods[0]} to {periods[-1]}, in these measures:", *(f"#   {name}" for name in held)]
    lines += [
        "# One target for each group that is behind its peers or may be. Take the # away, and say what is promised."
    ]
    for who in _groups(values):
        lines += ["", *(f"# {line}" for line in _target(who, values))]
    return lines


def _later(period: str) -> str:
    start = int(period[:4]) + YEARS
    return f"{start}/{(start + 1) % 100:02d}"


def _of(values: pd.DataFrame, key_stage: str, measure: str) -> pd.Series[bool]:
    return (values["key_stage"] == key_stage) & (values["measure"] == measure)


def _areas(values: pd.DataFrame) -> list[str]:
    """The areas of the widest level below the country, by name."""
    level = next((one for one in LEVELS if one != "national" and (values["level"] == one).any()), "national")
    names = values.loc[values["level"] == level, "area_name"]
    return sorted(str(one) for one in names.unique())[:MOST_AREAS]


def _groups(values: pd.DataFrame) -> list[Who]:
    """The groups of the data that somebody's gap may be taken of, in the order of the definitions."""
    pairs = set(each(values, "dimension", "group"))
    found = [Who(str(dimension), str(group)) for dimension, group in pairs if " x " not in str(dimension)]
    focus = [who for who in found if not who.is_reference and any(who.group in one for one in _focus(who))]
    return sorted(focus, key=lambda who: (_order(who), who.group))


def _focus(who: Who) -> list[tuple[str, ...]]:
    return [dimensions()[part].focus for part in who.parts]


def _order(who: Who) -> int:
    return list(dimensions()).index(who.dimension)


def _target(who: Who, values: pd.DataFrame) -> list[str]:
    """The lines of a target for a group, in the measure it has the latest results of."""
    theirs = values[(values["dimension"] == who.dimension) & (values["group"] == who.group)]
    latest = theirs["period"].max()
    theirs = theirs[theirs["period"] == latest]
    key_stage, id = next(key for key in measures() if _of(theirs, *key).any())
    name = who.group if who_named(who.group) == who else f"{who.dimension}.{who.group}"
    return [
        comment(f"# {group_text(who)}: results up to {latest}"),
        "[[target]]",
        f"id = {quoted(name.replace('.', '-').upper())}",
        'says = "What the document says"',
        "source = { page = 1 }",
        'kind = "narrow_by"',
        f"measures = {listed([f'{key_stage} {id}'])}",
        f"groups = {listed([name])}",
        f'by = "1 {PROPOSED[measures()[key_stage, id].kind]}"',
    ]
