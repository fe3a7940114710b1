"""Equations: what must be true of any pupils who print as they do, as rows of a system of whole numbers.

A table is one cohort of one area; each has three counts in every cell: pupils, and who of them reached and did not
reach the standard. Its place in the system is (table * 3 + layer) * cells + cell.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gapcalc.attack.bounds import CAP
from gapcalc.attack.program import System
from gapcalc.definitions import ALL, TIMES, UNKNOWN
from gapcalc.kinds import given_by, unknown
from gapcalc.measured import proportions
from gapcalc.model import COHORT, LEVELS, each
from gapcalc.roles import names_in, others_than, rest, role, unusual
from gapcalc.structure import structure

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

PRINTED, CODES, ACROSS, ALIKE, NOBODY = 0, 1, 2, 3, 4  # how sure a row is: the classes of System.weak
ABSENT = -1


class Equations:
    """The rows so far, and where everything stands."""

    def __init__(self, seen: pd.DataFrame, parents: Mapping[str, str]) -> None:
        import numpy as np

        printed = dict.fromkeys(str(name) for name in seen["dimension"] if name != ALL)
        # What is printed gives the sums of its groups, too.
        self.given = given_by(printed)
        built = structure([*printed, *self.given])
        self.cells = list(built.cells)
        self.sums = [(one.whole, one.parts, CODES if one.by_codes else PRINTED) for one in built.sums]
        # All of an intersection who are not known are printed as one number.
        for name in dict.fromkeys(name for name in printed if TIMES in name):
            some = [place for place, (one, group) in enumerate(built.cells) if one == name and unknown(group)]
            self.sums.append((len(self.cells), tuple(some), PRINTED))
            self.cells.append((name, UNKNOWN))
        # All others than a group, who are printed where groups are set against them.
        at = {(name, others_than(group)): place for place, (name, group) in enumerate(self.cells)}
        for cell in dict.fromkeys(each(seen, "dimension", "group")):
            if cell in at:
                self.sums.append((0, (at[cell], len(self.cells)), PRINTED))
                self.cells.append(cell)
        self.parents = parents
        self.tables = seen[COHORT].drop_duplicates(ignore_index=True)
        code = {tuple(row): place for place, row in enumerate(self.tables.itertuples(index=False))}
        self.of = np.array([code[row] for row in each(seen, *COHORT)], dtype=np.int64)
        place = {cell: at for at, cell in enumerate(self.cells)}
        self.at = np.array([place.get(pair, ABSENT) for pair in each(seen, "dimension", "group")], dtype=np.int64)
        self.proportion = proportions(self.tables)
        self.there = self._there()
        self.shape = len(self.tables), 3, len(self.cells)
        self.most: Array = np.repeat(np.where(self.there[:, None], CAP, 0.0), 3, axis=1).ravel()
        self.least: Array = np.zeros_like(self.most)
        self._terms: list[tuple[Array, Array, Array]] = []
        self._ends: list[tuple[Array, Array, Array]] = []
        self._rows = 0

    def _there(self) -> Array:
        """By table and cell: whether its dimension is printed there at all."""
        import numpy as np

        named = np.zeros((len(self.tables), len(self.cells)), dtype=bool)
        named[self.of[self.at >= 0], self.at[self.at >= 0]] = True
        by_name: dict[str, Any] = {}
        for name in dict.fromkeys(name for name, _ in self.cells if not rest(name)):
            mine = [place for place, (one, _) in enumerate(self.cells) if one == name]
            by_name[name] = named[:, mine].any(axis=1)
        for wide, names in self.given.items():
            by_name[wide] = np.any([by_name[name] for name in names], axis=0)
        by_name[ALL] = np.ones(len(self.tables), dtype=np.bool_)
        # Where others of a year have a dimension, there are as many pupils in its groups if there are as many in all.
        unit = self._same_pupils()
        for name, where in by_name.items():
            by_name[name] = np.isin(unit, unit[where])
        columns = [functools.reduce(np.logical_and, [by_name[one] for one in names_in(name)]) for name, _ in self.cells]
        return np.stack(columns, axis=1)

    def _same_pupils(self) -> Array:
        """By table: a number for its area and year, in whatever measure, term or status."""
        numbers: Array = (
            self.tables.groupby(["period", "area_code", "level", "key_stage"], sort=False).ngroup().to_numpy()
        )
        return numbers

    def add(
        self, terms: Sequence[tuple[Array, float | Array]], low: float | Array, high: float | Array, weak: int
    ) -> None:
        """Rows: of each the counts and their weights, the ends of their sum, and how sure it is."""
        import numpy as np

        size = len(terms[0][0])
        row = self._rows + np.arange(size)
        for places, by in terms:
            self._terms.append((row, places, np.broadcast_to(by, size).astype(float)))
        self._ends.append(tuple(np.broadcast_to(one, size).astype(float) for one in (low, high, weak)))  # type: ignore[arg-type]
        self._rows += size

    def _add_one(self, places: Array, low: float, weak: int) -> None:
        """One row: the counts at all places but the last less that at the last, which is no less than they are."""
        import numpy as np

        by = np.ones(len(places))
        by[-1] = -1.0
        self._terms.append((np.full(len(places), self._rows), places, by))
        self._ends.append((np.array([low]), np.zeros(1), np.array([float(weak)])))
        self._rows += 1

    def places(self, tables: Array, layer: int, cell: int | Array) -> Array:
        """Where a cell's counts of a layer stand."""
        return (tables * 3 + layer) * self.shape[2] + cell

    def system(self, dropped: Array | None = None) -> System:
        """All rows so far; `dropped` are those of the first that are to bind nothing."""
        import numpy as np
        from scipy.sparse import csr_array

        row, column, by = (np.concatenate(one) for one in zip(*self._terms, strict=True))
        low, high, weak = (np.concatenate(one) for one in zip(*self._ends, strict=True))
        if dropped is not None:
            gone = np.flatnonzero(dropped)
            low[gone], high[gone] = -np.inf, np.inf
        matrix = csr_array((by, (row, column)), shape=(self._rows, len(self.least)))
        return System(matrix, low, high, self.least.copy(), self.most.copy(), weak.astype(int))

    def alike(self, least: Array, most: Array) -> None:
        """As many pupils in each cell where measures, terms or statuses of a period have as many in all."""
        import numpy as np

        least, most = (one.reshape(self.shape)[:, 0] for one in (least, most))
        unit = self._same_pupils()
        told = np.flatnonzero(least[:, 0] == most[:, 0])
        told = told[np.lexsort((told, least[told, 0], unit[told]))]
        one, other = told[:-1], told[1:]
        same = (unit[one] == unit[other]) & (least[one, 0] == least[other, 0])
        one, other = one[same], other[same]
        both = self.there[one] & self.there[other]
        possible = ~(both & ((least[one] > most[other]) | (least[other] > most[one]))).any(axis=1)
        pair, cell = np.nonzero(both & possible[:, None])
        first, second = ((table[pair] * 3) * self.shape[2] + cell for table in (one, other))
        self.add([(first, 1.0), (second, -1.0)], 0, 0, ALIKE)

    def across(self, least: Array, most: Array) -> None:
        """The areas within one add up to it, or to no more than it where some are not printed."""
        import numpy as np

        least, most = (one.reshape(self.shape)[:, 0] for one in (least, most))
        cohort = ["term", "status", "measure", "period", "key_stage"]
        roles = [role(*cell) if cell[1] != UNKNOWN else UNKNOWN for cell in self.cells]
        if self.tables["level"].nunique() < 2:
            return
        level = dict(zip(self.tables.index, self.tables["level"], strict=True))
        of = {key: dict(zip(one["area_code"], one.index, strict=True)) for key, one in self.tables.groupby(cohort)}
        together: dict[Any, list[dict[str, int]]] = {}
        for key, where in of.items():
            together.setdefault(tuple(key)[3:], []).append(where)
        for key, where in of.items():
            others = [one for one in together[tuple(key)[3:]] if one is not where]
            mine, within = set(where.values()), dict[tuple[int, str], list[int]]()
            for code, table in where.items():
                above = self._above(code, where)
                # What is not printed in a measure, term or status may be printed in another.
                aboves = [above] if above is not None else [self._above(code, one) for one in others]
                for one in aboves:
                    if one is not None and LEVELS.index(level[one]) < LEVELS.index(level[table]):
                        within.setdefault((one, level[table]), []).append(table)
            for (above, below), found in within.items():
                parts = np.array(found)
                told = (least[[above, *found], 0] == most[[above, *found], 0]).all()
                whole = least[parts, 0].sum() == least[above, 0] if told else below in ("district", "school")
                if above not in mine and not (told and whole):
                    continue
                alike = self.tables["measure"][above] == self.tables["measure"][found[0]]
                layers = (0, 1, 2) if self.proportion[above] and alike else (0,)
                for cell in np.flatnonzero(self.there[above]).tolist():
                    some = parts[self.there[parts, cell]]
                    # A group that no place prints has no pupils there; of peers and others only so many are printed.
                    equal = whole and (len(some) == len(parts) or roles[cell] == "focus")
                    for layer in layers if len(some) else ():
                        self._add_one(self.places(np.append(some, above), layer, cell), 0 if equal else -np.inf, ACROSS)

    def _above(self, code: str, where: Mapping[str, int]) -> int | None:
        seen: set[str] = set()
        while code in self.parents and code not in seen:
            seen.add(code)
            code = self.parents[code]
            if code in where:
                return where[code]
        return None


def equations(seen: pd.DataFrame, parents: Mapping[str, str]) -> Equations:
    """What is seen (SEEN) in; the system of all that is printed out, without what needs totals to be known first."""
    import numpy as np

    made = Equations(seen, parents)
    every = np.arange(len(made.tables))
    for whole, parts, weak in made.sums:
        there = made.there[:, [whole, *parts]].all(axis=1)
        for layer in range(3):
            tables = every[there & (made.proportion | (layer == 0))]
            terms: list[tuple[Array, float | Array]] = [(made.places(tables, layer, part), 1.0) for part in parts]
            made.add([*terms, (made.places(tables, layer, whole), -1.0)], 0, 0, weak)
    for cell in range(len(made.cells)):
        tables = every[made.there[:, cell] & made.proportion]
        three = [made.places(tables, layer, cell) for layer in range(3)]
        made.add([(three[1], 1.0), (three[2], 1.0), (three[0], -1.0)], 0, 0, PRINTED)
    known = made.at >= 0
    table, cell_of = made.of[known], made.at[known]
    limits = {
        name: seen[name].to_numpy(dtype=float)[known] for name in seen.columns if name.endswith(("_least", "_most"))
    }
    assumed = seen["assumed"].to_numpy(dtype=bool)[known]
    for layer, name in enumerate(("pupils", "reached", "not_reached")):
        least, most = limits[f"{name}_least"], limits[f"{name}_most"]
        said = ~np.isnan(least)
        places = (table * 3 + layer) * made.shape[2] + cell_of
        firm = said & ~assumed
        made.least[places[firm]], made.most[places[firm]] = least[firm], most[firm]
        if (said & assumed).any():
            made.add([(places[said & assumed], 1.0)], least[said & assumed], most[said & assumed], NOBODY)
    somebody = seen["somebody"].to_numpy(dtype=bool)[known]
    if somebody.any():
        made.add([(made.places(table[somebody], 0, cell_of[somebody]), 1.0)], 1, np.inf, NOBODY)
    for cell in (cell for cell, one in enumerate(made.cells) if unusual(*one)):
        made.add([(made.places(every[made.there[:, cell]], 0, cell), 1.0)], 0, 0, NOBODY)
    rated = ~np.isnan(limits["rate_least"])
    if rated.any():
        pupils, reached = (((table * 3 + layer) * made.shape[2] + cell_of)[rated] for layer in (0, 1))
        made.add([(reached, 1.0), (pupils, -limits["rate_most"][rated])], -np.inf, 0, PRINTED)
        made.add([(reached, 1.0), (pupils, -limits["rate_least"][rated])], 0, np.inf, PRINTED)
    return made
