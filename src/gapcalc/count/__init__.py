"""Count: pupils in, counts out. One explicit registry of engines, all of which must agree with `by_hand`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from gapcalc.count.by_hand import by_hand
from gapcalc.count.duck import duck
from gapcalc.count.spark import spark
from gapcalc.definitions import ALL, TIMES, UNKNOWN, areas, dimension_parts, reference_group
from gapcalc.errors import UnknownName
from gapcalc.model import CELL, COUNTS, SUMS, Pupils, place
from gapcalc.tally import Ask, Tally
from gapcalc.texts import few, numbered, renamed, stacked

if TYPE_CHECKING:
    import pandas as pd

Engine = Callable[[Pupils, Ask], Tally]

ENGINES: dict[str, Engine] = {"duckdb": duck, "by_hand": by_hand, "spark": spark}


def count(pupils: Pupils, ask: Ask, engine: str = "duckdb") -> tuple[pd.DataFrame, Tally]:
    """Pupils in; their counts (COUNTS, texts as categories) at each level asked for, and what the engine met, out."""
    import numpy as np

    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    tally = ENGINES[engine](pupils, ask)
    cells = with_nobody(tally.cells)
    names = _area_names(pupils, tally)
    counts = cells.assign(
        area_name=renamed(cells["area_code"], lambda code: names.get(code, code)),
        basis=numbered(np.zeros(len(cells), dtype=np.int64), ["counted"]),
        symbol=None,
    )
    return counts[COUNTS], replace(tally, unread=dict(sorted(tally.unread.items())))


def within(pupils: Pupils, tally: Tally) -> dict[str, str]:
    """The code of each district or school that an engine met, and that of its authority."""
    found = {}
    for level, places in tally.places.items():
        key = pupils.keys[level]
        for one in places:
            authority = key.within.read(one.authority) if key.within else None
            word = key.read(one.text)
            if authority is not None and word is not None:
                found[place(authority, word)] = authority
    return found


def _area_names(pupils: Pupils, tally: Tally) -> dict[str, str]:
    """The code of every area that an engine met: its name."""
    codes = {code for code, level in _codes(tally.cells) if level == "la"} | {*within(pupils, tally).values()}
    names = {code: areas()[code].name for code in codes}
    several = len(names) > 1
    for level, places in tally.places.items():
        key = pupils.keys[level]
        # The last name in alphabetical order, so that the answer does not hang on the order of rows.
        for one in sorted(places):
            authority = key.within.read(one.authority) if key.within else None
            word = key.read(one.text)
            if word is None or authority is None:
                continue
            name = one.name.strip() or word
            names[place(authority, word)] = f"{name} ({names[authority]})" if several else name
    return names


def _codes(cells: pd.DataFrame) -> set[tuple[str, str]]:
    return {*cells[["area_code", "level"]].drop_duplicates().itertuples(index=False, name=None)}


def with_nobody(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of nobody, too, for `unknown` and reference groups without a pupil: nobody is not the same as not said.

    Of counts that have all cells that anybody is in: what an engine returns, or a warehouse. The texts are categories.
    """
    import numpy as np

    cells = few(cells)
    keys = [name for name in CELL if name != "group"]
    number = cells.groupby(keys, sort=False).ngroup().to_numpy()
    first = np.unique(number, return_index=True)[1]
    lacking = []
    for dimension in cells["dimension"].unique():
        parts = dimension_parts(dimension)
        of = (cells["dimension"] == dimension).to_numpy()
        for group in (reference_group(parts), TIMES.join([UNKNOWN] * len(parts))) if dimension != ALL else ():
            there = np.zeros(len(first), dtype=bool)
            # A cell that stands twice, as in a file that somebody has put together, is for who reads it to refuse.
            there[number[of & (cells["group"] == group).to_numpy()]] = True
            lacking.append(cells.iloc[first[of[first] & ~there]].assign(group=group, **dict.fromkeys(SUMS, 0)))
    return stacked([cells, *lacking])
