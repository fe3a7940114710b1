"""Helpers of tests that judge: a book of figures made by hand, a target as its file would say it, and the verdict."""

from collections.abc import Mapping
from typing import Any

from gapcalc.check import Book, Judge, Ledger, check
from gapcalc.definitions import area_named, measures
from gapcalc.forms import Figure
from gapcalc.model import KEY
from gapcalc.strategy.model import Strategy
from gapcalc.targets.names import who_named
from gapcalc.verdicts import Claim, TargetVerdict

KENT, ENGLAND = "Kent", "England"
Where = tuple[str, str, str, str]  # area, measure (`ks2 csi`), group, period


def figure(where: Where, reached: float | None, pupils: int | None = None, **said: Any) -> Figure:
    """A figure: counts, or a share alone where there are no pupils; None is one that is hidden."""
    area, measure, group, period = where
    stage, id = measure.split()
    who, known = who_named(group), area_named(area)
    assert who is not None
    code = known.code if known else area
    key = (period, "", "final", code, known.level if known else "la", stage, id, who.dimension, who.group)
    value = None if reached is None else reached / pupils if pupils else reached
    made: dict[str, Any] = {
        "value": value,
        "pupils": float(pupils) if pupils and value is not None else None,
        "total": float(reached) if pupils and reached is not None else None,
        "squares": float(reached) if pupils and reached is not None else None,
        "proportion": measures()[stage, id].kind == "proportion",
        "per_unit": measures()[stage, id].per_unit,
        "symbol": "hidden" if value is None else None,
        "basis": "counted" if pupils else "published",
        "cells": (("data", *key),),
        "status": "final",
    } | said
    named = dict(zip(KEY, key, strict=True))
    names = ("period", "area_code", "level", "key_stage", "measure", "dimension", "group")
    return Figure(**{"area_name": area} | {name: named[name] for name in names} | made)


def book(figures: Mapping[Where, Figure]) -> Book:
    """Figures in, the book that holds them out."""
    made = Book()
    for one in figures.values():
        slot = (one.area_code, one.key_stage, one.measure, one.dimension, one.group)
        judged_on = "predicted" if one.status == "predicted" else "results"
        made.rows[slot, judged_on, one.period] = one
        made.periods.setdefault((slot, judged_on), []).append(one.period)
        made.areas[one.area_code] = (one.area_name, one.level)
    return made


def verdict(
    said: Mapping[str, Any], figures: Mapping[Where, Figure], as_of: str | None = None, *, internal: bool = False
) -> TargetVerdict:
    """What a target says, and figures, in; the verdict out."""
    strategy = strategy_of(said)
    (found,) = check(strategy, Judge(book(figures), strategy.strategy, as_of, internal, Ledger()))
    return found


def strategy_of(said: Mapping[str, Any]) -> Strategy:
    """What a target says in, a strategy with it alone out."""
    head: dict[str, Any] = {"title": "T", "areas": [KENT], "baseline": "2012/13", "deadline": "2014/15"}
    head |= {"comparators": {"national": {"area": ENGLAND}}}
    target = {"id": "T1", "says": "as said", "source": {"page": 1}, **said}
    return Strategy.model_validate({"strategy": head, "target": [target]})


def claim(said: Mapping[str, Any], figures: Mapping[Where, Figure], as_of: str | None = None) -> Claim:
    """The same, and the claim that decided."""
    found = verdict(said, figures, as_of)
    return found.claims[found.decided_by]


def counts(measure: str, rows: Mapping[tuple[str, str, str], tuple[float, int]]) -> dict[Where, Figure]:
    """Area, group and period, each with how many reached the standard, of how many, in; figures out."""
    return {
        (area, measure, group, period): figure((area, measure, group, period), *one)
        for (area, group, period), one in rows.items()
    }


def alike(found: object, wanted: object) -> bool:
    """Whether two are the same, where one of them may hold numbers that are only near."""
    return found == wanted
