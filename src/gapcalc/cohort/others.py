"""The rows below the combinations: all pupils, and those of them who are in no combination."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gapcalc.cohort.words import Record, number, row
from gapcalc.definitions import ALL, UNKNOWN, measures
from gapcalc.model import BASES


def all_pupils(cell: Record | None, known: Sequence[Record], unsure: Sequence[Record], name: str) -> Record:
    """The values of all pupils (None: not said), rows of combinations, and values of the unknown, in; a row out.

    Where all pupils are not said, they are the rows together, if none of these is hidden.
    """
    if cell is not None and (number(cell["value"]) is not None or cell["symbol"] == "hidden"):
        less = measures()[cell["key_stage"], cell["measure"]].lower_is_better
        pupils, total, value = (number(cell[one]) for one in ("pupils", "total", "value"))
        missed = total if less else None if pupils is None or total is None else pupils - total
        share = None if value is None else value if less else 1 - value
        made = row(cell, "all", ALL, pupils, missed, share, half_unit=cell["half_unit"] or 0.0, symbol=cell["symbol"])
        return made | {"dimension": name}
    like = known[0] if known else unsure[0]
    pupils = [one["pupils"] for one in known] + [number(one["pupils"]) for one in unsure]
    missed = [one["missed"] for one in known]
    symbols = [
        one["symbol"] for one in (*known, *unsure) if number(one["symbol"]) and one["symbol"] != "not_applicable"
    ]
    there = None not in pupils
    # How many of the unknown missed it is not told, which does not matter where there are none.
    said = there and None not in missed and not any(number(one["pupils"]) for one in unsure)
    made = row(
        like, "all", ALL, sum(pupils) if there else None, sum(missed) if said else None, None,
        symbol=None if said else (symbols or [None])[0],
        basis=max((one["basis"] for one in (*known, *unsure)), key=BASES.index),
    )  # fmt: skip
    return made | {"dimension": name, "pupils_from": "rows", "missed_from": "rows"}


def others(
    known: Sequence[Record], unsure: Sequence[Record], whole: Record, *, exact: bool, hides: bool = False
) -> Iterator[Record]:
    """The rows of combinations, the values of the unknown, and the row of all pupils in; the rows between them out.

    It `hides` where a combination may be hidden that has no row.

    How many of the unknown missed the standard is told only where it is all pupils less the combinations, everybody
    being in one row: `protect` takes it that it is told nowhere else.
    """
    of_unknown = [number(one["pupils"]) for one in unsure]
    unknown = None if None in of_unknown else sum(of_unknown)
    left, missed = (_left(whole, known, figure) if exact else None for figure in ("pupils", "missed"))
    more = None if left is None or unknown is None else left - unknown
    # Those who are in no combination are the unknown, or the others, but not both.
    told = missed if more is not None and not (unsure and more) else None
    hides = hides or "hidden" in {one["symbol"] for one in (*known, *unsure, whole)}
    symbol = None if told is not None else "hidden" if hides else None
    if unsure:
        basis = max((one["basis"] for one in unsure), key=BASES.index)
        made = row(unsure[0], "unknown", UNKNOWN, unknown, told, None, basis=basis, missed_from="rest")
        yield made | {"symbol": "not_applicable" if unknown == 0 else symbol or made["symbol"]}
    if more is not None and more > 0:
        made = row(known[0] if known else unsure[0], "rest", "rest", more, None if unsure else told, None)
        made |= {"basis": whole["basis"], "symbol": symbol or made["symbol"]}
        yield made | {"pupils_from": "rest_of_pupils" if unsure else "rest", "missed_from": "rest"}


def _left(whole: Record, known: Sequence[Record], figure: str) -> int | None:
    """What is left of all pupils' figure when the combinations' are taken off; None where one is not there."""
    figures = [one[figure] for one in (whole, *known)]
    if whole["pupils_from"] != ALL or None in figures:
        return None
    left = int(figures[0]) - sum(figures[1:])
    return left if left >= 0 else None
