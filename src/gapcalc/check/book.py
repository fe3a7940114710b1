"""The book: values in; the figure of a group, place and period, and what stands beside it, out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from gapcalc.definitions import area_named, areas, measures
from gapcalc.definitions.neighbours import NeighbourList
from gapcalc.definitions.parents import authority_of, parents_of
from gapcalc.forms import Cell, Figure, pooled
from gapcalc.model import KEY, STATUSES

if TYPE_CHECKING:
    import pandas as pd

Role = Literal["data", "beside"]
Place = str | tuple[str, ...]  # the code of an area, or the codes of several that are counted as one
Slot = tuple[str, str, str, str, str]  # area, key stage, measure, dimension, group
PREDICTED = "predicted"
GAP_OF = "gap of "  # begins the group of a gap that is printed with no figure of either group beside it
NAMES = ("area_code", "key_stage", "measure", "dimension", "group")


@dataclass(frozen=True)
class Neighbours:
    """A list of neighbours, and how their figures become one."""

    list: NeighbourList
    average: str


@dataclass
class Book:
    """All values of a run, to be looked up: those of the data first, then those given to be set beside."""

    rows: dict[tuple[Slot, str, str], Figure] = field(default_factory=dict)
    periods: dict[tuple[Slot, str], list[str]] = field(default_factory=dict)
    areas: dict[str, tuple[str, str]] = field(default_factory=dict)  # code: name and level
    within: dict[str, str] = field(default_factory=dict)
    neighbours: Neighbours | None = None
    gaps: dict[tuple[Slot, str, str], Figure] = field(default_factory=dict)

    def add(self, role: Role, values: pd.DataFrame, part: str, rounding: int = 1) -> None:
        """Take values (VALUES); `part` names the table in which their cells were cleared; `rounding` is the policy's.

        Of one figure in several tables the first is kept, of several statuses the most final, and whole years alone.
        """
        for row in self._rows(values):
            if rounding > 1 and row["basis"] == "reconstructed" and row["value"] is not None and row["pupils"]:
                # Both counts may be off by half of what they are rounded to.
                row["half_unit"] = rounding / 2 * (1 + row["value"]) / row["pupils"]
            self._take(role, part, row)

    def add_gaps(self, role: Role, gaps: pd.DataFrame, part: str) -> None:
        """Take gaps that are printed alone (VALUES, the gap as the value)."""
        for row in self._rows(gaps):
            slot, judged_on = _slot(row), _judged_on(row)
            figure = replace(_figure(role, part, row), group=f"{GAP_OF}{row['group']}")
            self.gaps.setdefault((slot, judged_on, row["period"]), figure)

    def _rows(self, values: pd.DataFrame) -> list[dict[Any, Any]]:
        # Of a term alone there is no verdict on a year.
        table = values[values["term"].isin([""])].copy()
        table["place"] = table["status"].map({one: place for place, one in enumerate(STATUSES)})
        table = table.astype(object).where(table.notna(), None)
        rows: list[dict[Any, Any]] = table.sort_values("place", kind="stable").to_dict("records")
        return rows

    def _take(self, role: Role, part: str, row: Mapping[Any, Any]) -> None:
        slot, judged_on = _slot(row), _judged_on(row)
        if (slot, judged_on, row["period"]) in self.rows:
            return
        self.rows[slot, judged_on, row["period"]] = _figure(role, part, row)
        self.periods.setdefault((slot, judged_on), []).append(row["period"])
        if role == "data":
            self.areas.setdefault(slot[0], (str(row["area_name"]), str(row["level"])))

    def above(self, code: str) -> set[str]:
        """The areas in which an area lies."""
        parents = parents_of(list(self.areas), [level for _, level in self.areas.values()]) | self.within
        found: set[str] = set()
        while (code := parents.get(code, "")) and code not in found:
            found.add(code)
        return found

    def hide(self, cells: Collection[Cell]) -> None:
        """Hide every figure of these cells: it is not there, and `hidden` is why."""
        for key, one in self.rows.items():
            if one.cells and set(one.cells) <= set(cells):
                self.rows[key] = replace(one, value=None, pupils=None, total=None, squares=None, symbol="hidden")

    def latest(self, judged_on: str) -> str | None:
        """The latest period of which there are figures of the data, and that are not only the absence of one."""
        there = [key[2] for key, one in self.rows.items() if key[1] == judged_on and one.own and _tells(one)]
        return max(there, default=None)

    def figure(self, place: Place, what: Sequence[str], period: str, judged_on: str) -> Figure:
        """Where, what (key stage, measure, dimension, group) and when in; the figure, with or without a value, out."""
        if isinstance(place, tuple):
            parts = [self.figure(one, what, period, judged_on) for one in place]
            return pooled(parts, " and ".join(one.area_name for one in parts))
        slot: Slot = (place, *what)  # type: ignore[assignment]
        found = self.rows.get((slot, judged_on, period))
        if found is not None:
            return found
        known = area_named(place)
        name, level = self.areas.get(place, (known.name, known.level) if known else (place, ""))
        return Figure(
            period=period, status=judged_on, area_code=place, area_name=name, level=level, key_stage=what[0],
            measure=what[1], dimension=what[2], group=what[3], symbol="not_available",
        )  # fmt: skip

    def printed_gap(self, focus: Figure, reference: Figure) -> Figure | None:
        """The gap as it is printed, where neither side's figure is there and neither is hidden."""
        sides = (focus, reference)
        if any(one.value is not None or one.symbol == "hidden" for one in sides):
            return None
        slot: Slot = (focus.area_code, focus.key_stage, focus.measure, focus.dimension, focus.group)
        found = self.gaps.get((slot, _judged_on({"status": focus.status}), focus.period))
        return None if found is None else replace(found, own=focus.own)

    def has(self, place: Place, what: Sequence[str], judged_on: str) -> list[str]:
        """The periods of which there is a figure, or a reason why there is none, sorted."""
        if isinstance(place, tuple):
            parts = [set(self.has(one, what, judged_on)) for one in place]
            return sorted(set.intersection(*parts))
        slot: Slot = (place, *what)  # type: ignore[assignment]
        return sorted(self.periods.get((slot, judged_on), []))

    def known(self, place: Place, what: Sequence[str], judged_on: str) -> list[str]:
        """The periods of which there is a figure, shown or hidden, sorted."""
        return [one for one in self.has(place, what, judged_on) if _tells(self.figure(place, what, one, judged_on))]

    def named(self, text: str) -> list[str]:
        """The codes of the areas that a name may mean: one, none, or several."""
        known = area_named(text)
        if known is not None and known.code in self.areas:
            return [known.code]
        wanted = text.strip().casefold()
        exact = [code for code in self.areas if code.casefold() == wanted]
        named = [code for code, (name, _) in self.areas.items() if name.casefold() == wanted]
        return exact or named or ([known.code] if known else [])

    def of_level(self, level: str, inside: Sequence[str]) -> list[str]:
        """The codes of the areas of a level that lie in some areas, or of which it is not told where they lie."""
        found = []
        for code, (_, its) in self.areas.items():
            above = self.within.get(code) or authority_of(code)
            around = {code, above, *_around(above)}
            if its == level and (not around.isdisjoint(inside) or (above == code and level != "la")):
                found.append(code)
        return sorted(found)

    def beside(self, codes: Sequence[str], what: Sequence[str], period: str) -> Iterator[Figure]:
        """The figures of other areas, as comparators."""
        for code in codes:
            yield replace(self.figure(code, what, period, "results"), own=False)


def _tells(one: Figure) -> bool:
    """Whether there is a figure, be it hidden, and not only the absence of one."""
    return one.value is not None or one.symbol == "hidden"


def _slot(row: Mapping[Any, Any]) -> Slot:
    return (*(str(row[name]) for name in NAMES),)  # type: ignore[return-value]


def _judged_on(row: Mapping[Any, Any]) -> str:
    return PREDICTED if row["status"] == PREDICTED else "results"


def _figure(role: Role, part: str, row: Mapping[Any, Any]) -> Figure:
    measure = measures()[row["key_stage"], row["measure"]]
    there = row["value"] is not None
    return Figure(
        **{name: str(row[name]) for name in (*NAMES, "period", "status", "area_name", "level")},
        value=row["value"],
        pupils=_number(row["pupils"]),
        total=_number(row["total"]) if there else None,
        squares=_number(row["total_sq"]) if there else None,
        per_unit=measure.per_unit,
        proportion=measure.kind == "proportion",
        half_unit=row["half_unit"] or 0.0,
        basis=row["basis"],
        symbol=None if there else str(row["symbol"] or "not_available"),
        own=role == "data",
        cells=((part, *(str(row[name] or "") for name in KEY)),),
    )


def _around(code: str) -> Iterator[str]:
    """The region and the country in which an authority lies, where that is known."""
    known = areas().get(code)
    if known is not None and known.level == "la":
        yield from (one.code for one in areas().values() if one.level == "national" and one.code[:1] == code[:1])
        if known.region:
            yield known.region


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
