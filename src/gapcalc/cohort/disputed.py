"""Printed figures of those who missed a standard, held against the counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gapcalc.cohort.words import number
from gapcalc.definitions import ALL, dimension_parts, focus_groups
from gapcalc.model import COHORT, KEY
from gapcalc.printed import Denied, Printed

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-9
DIMENSION, GROUP = KEY.index("dimension"), KEY.index("group")
Row = Mapping[Any, Any]


def disputed(made: pd.DataFrame, name: str, printed: Sequence[Printed], file: str, rounding: int = 1) -> list[Denied]:
    """Who missed the standard (MISSED) and what a document prints of it in; what the counts deny out.

    Only what is shown is compared, so that neither a word nor silence tells a hidden count. Counts that are rounded to
    a multiple deny only what no count that rounds so can be.
    """
    rows = {_place(one): one for one in made.to_dict("records") if one["kind"] in ("combination", ALL)}
    found = list[Denied]()
    for one in printed:
        there = rows.get((one.key[: len(COHORT)], one.key[GROUP]))
        if there is not None and one.key[DIMENSION] in (name, ALL):
            found += _of_row(one, there, file, 0 if rounding == 1 else rounding)
    return list(dict.fromkeys([*found, *_together(printed, name, {key for key, _ in rows}, file)]))


def _place(row: Row) -> tuple[tuple[str, ...], str]:
    return tuple(str(row[column]) for column in COHORT), str(row["group"])


def _of_row(one: Printed, row: Row, file: str, slack: int) -> Iterator[Denied]:
    key, group = _place(row)
    counts = {"pupils": number(row["pupils"]), "missed": number(row["missed"]) if row["basis"] == "counted" else None}
    if slack:
        counts["missed"] = number(row["missed"])
    for figure, printed in (("pupils", one.pupils), ("missed", one.missed)):
        if printed is not None and (count := counts[figure]) is not None and abs(printed - count) > slack:
            yield Denied(key, row["kind"], group, file, "pupils" if figure == "pupils" else "missed", printed, count)
    share, missed, pupils = (number(row[name]) for name in ("share", "missed", "pupils"))
    if one.share is None or share is None:
        return
    ends = 100 * share, 100 * share
    open_ = one.half_unit + 100 * row["half_unit"]
    if missed is not None and pupils:
        # What is worked out from a percentage is half a pupil off at the most.
        off = slack or (0 if row["basis"] == "counted" else 0.5)
        ends = 100 * max(0, missed - off) / (pupils + slack), 100 * (missed + off) / max(1, pupils - slack)
    if ends[0] - one.share > open_ + TOLERANCE or one.share - ends[1] > open_ + TOLERANCE:
        of = None if missed is None or pupils is None else (missed, pupils)
        yield Denied(key, row["kind"], group, file, "share", one.share, 100 * share, one.decimals, of)


def _together(printed: Sequence[Printed], name: str, cohorts: set[tuple[str, ...]], file: str) -> Iterator[Denied]:
    """Printed totals of all who missed the standard that are not what the groups printed with them add up to.

    Of some of the groups only that they are more than all: a document need not print every group.
    """
    every = {*focus_groups(dimension_parts(name))}
    for total in printed:
        key = total.key[: len(COHORT)]
        if total.missed is None or total.key[DIMENSION] != ALL or key not in cohorts:
            continue
        parts = {
            one.key[GROUP]: one.missed
            for one in printed
            if one.key[: len(COHORT)] == key and one.key[DIMENSION] == name and one.missed is not None
        }
        counted = sum(parts.values())
        if counted > total.missed or (counted < total.missed and len(every) > 1 and parts.keys() >= every):
            yield Denied(key, ALL, ALL, file, "together", total.missed, counted, groups=len(parts))
