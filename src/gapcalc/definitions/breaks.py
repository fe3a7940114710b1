"""Breaks: between which periods the results of a measure, or the groups of a dimension, cannot be compared."""

import csv
import io
import re
from functools import cache
from importlib.resources import files
from typing import Literal

from gapcalc.definitions import dimension_parts, measures
from gapcalc.definitions.schema import Block
from gapcalc.errors import UnknownName

Kind = Literal["break", "no data", "caution"]  # from what forbids a comparison to what only clouds it
Answer = Literal["break", "no data", "caution", "comparable"]
ANY = "*"
PERIOD = re.compile(r"\d{4}/\d{2}")


class Break(Block):
    """A range of periods that differs from all others, or has no data; a blank `to_period` is from then on."""

    key_stage: str
    measures: tuple[str, ...]
    dimensions: tuple[str, ...]
    from_period: str
    to_period: str
    kind: Kind
    reason: str
    source: str

    def holds(self, period: str) -> bool:
        """Whether a period (`2013/14`) lies in the range."""
        return self.from_period <= period and (not self.to_period or period <= self.to_period)

    def concerns(self, key_stage: str, measure: str, parts: tuple[str, ...]) -> bool:
        """Whether it is about this measure and, if it is about groups, about a part of this dimension."""
        of_measure = self.key_stage in (ANY, key_stage) and (ANY in self.measures or measure in self.measures)
        return of_measure and (not self.dimensions or not set(parts).isdisjoint(self.dimensions))


class Comparability(Block):
    """Whether two periods can be compared, the breaks that say so, and years without data that lie between."""

    answer: Answer
    reasons: tuple[Break, ...] = ()
    not_bridged: tuple[str, ...] = ()


@cache
def breaks() -> tuple[Break, ...]:
    """All breaks, as in breaks.csv."""
    text = files("gapcalc.definitions").joinpath("breaks.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text))
    return tuple(
        Break.model_validate(
            row | {"measures": tuple(row["measures"].split()), "dimensions": tuple(row["dimensions"].split())}
        )
        for row in rows
    )


def previous_period(period: str) -> str:
    """`2021/22` in, `2020/21` out: the year before by the calendar, whether there are data of it or not."""
    start = int(period[:4])
    return f"{start - 1}/{start % 100:02d}"


def earlier_period(name: str, period: str) -> str | None:
    """`previous`, or an academic year, and a period in; the period it sets beside this one out, None for no year."""
    return previous_period(period) if name == "previous" else name if PERIOD.fullmatch(name) else None


def comparability(key_stage: str, measure: str, period: str, other: str, dimension: str = "all") -> Comparability:
    """A measure, two periods in any order, and whose gap, in; whether they can be compared out.

    A range of a break or caution speaks when one of the periods lies in it and the other does not; a range without
    data when either lies in it. Years without data between the two are named and never filled: a change across them
    is no change from the previous year. Raises UnknownName.
    """
    if (key_stage, measure) not in measures():
        raise UnknownName("measure", f"{key_stage} {measure}", (" ".join(key) for key in measures()))
    parts = dimension_parts(dimension)
    ours = [one for one in breaks() if one.concerns(key_stage, measure, parts)]
    reasons = []
    for kind in ("break", "no data", "caution"):
        for one in (one for one in ours if one.kind == kind):
            held = one.holds(period), one.holds(other)
            if any(held) if kind == "no data" else held[0] != held[1]:
                reasons.append(one)
    between, last = [], min(period, other)
    year = previous_period(max(period, other))
    while year > last:
        if any(one.kind == "no data" and one.holds(year) for one in ours):
            between.append(year)
        year = previous_period(year)
    return Comparability(
        answer=reasons[0].kind if reasons else "comparable", reasons=tuple(reasons), not_bridged=tuple(between[::-1])
    )
