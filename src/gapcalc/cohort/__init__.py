"""Cohort: values in, who missed a standard out, by exclusive combination of groups: each pupil is in one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gapcalc.cohort.disputed import disputed
from gapcalc.cohort.others import all_pupils, others
from gapcalc.cohort.words import MISSED, NATIONAL_SIDE, Record, number, row
from gapcalc.definitions import ALL, TIMES, UNKNOWN, dimension, dimension_parts, key_stages, measures
from gapcalc.model import COHORT, LEVELS, PLACES, STATUSES, TERMS
from gapcalc.printed import NATIONAL

if TYPE_CHECKING:
    import pandas as pd

SAME = ["period", "key_stage", "measure", "group"]

__all__ = ["MISSED", "cohort", "disputed"]


def cohort(
    values: pd.DataFrame,
    name: str,
    national: pd.DataFrame | None = None,
    *,
    exact: bool = True,
    small: Callable[[int], bool] | None = None,
) -> pd.DataFrame:
    """Values (VALUES) of an intersection and of all pupils in; who missed the standard (MISSED) out.

    Combinations come first, the largest first; those of equal or hidden size in the order of outputs. Then come those
    who are in none of them, and all pupils. A row's `share` is of its own pupils, from 0 to 1; `difference` is share
    less national share. Not `exact`: counts are rounded, so that nothing is worked out from their sum. `small` says
    which counts are too small to be told of those who are in no combination, where counts are protected: there a
    district or school has all pupils' row whether somebody is in a combination or nobody.
    """
    import pandas as pd

    tables = [row for table in _tables(values, name, exact, small) for row in table]
    made = pd.DataFrame(tables, columns=MISSED, dtype=object)
    return made if national is None or made.empty else _beside(made, cohort(national, name))


def _tables(
    values: pd.DataFrame, name: str, exact: bool, small: Callable[[int], bool] | None
) -> Iterator[list[Record]]:
    parts = dimension_parts(name)
    places = {group: place for place, group in enumerate(_groups(parts))}
    everybody = {_key(one): one for one in values[values["dimension"] == ALL].to_dict("records")}
    together: dict[tuple[object, ...], list[Record]] = {}
    for one in values[values["dimension"] == name].to_dict("records"):
        together.setdefault(_key(one), []).append(one)
    if small is not None:
        cohorts = {_beside_place(key) for key in together}
        told = {key for key, one in everybody.items() if number(one["value"]) is not None or one["symbol"] == "hidden"}
        bare = {key for key in told if everybody[key]["level"] in PLACES and _beside_place(key) in cohorts}
        together |= {key: [] for key in bare if key not in together}
    for key in sorted(together, key=_order):
        records = together[key]
        known = [_combination(one) for one in records if UNKNOWN not in str(one["group"]).split(TIMES)]
        unsure = [one for one in records if UNKNOWN in str(one["group"]).split(TIMES)]
        # Hidden sizes are not there, so the order cannot tell them.
        known.sort(key=lambda one: (-(number(one["pupils"]) or 0), places[one["group"]]))
        whole = all_pupils(everybody.get(key), known, unsure, name)
        # Where no combination is shown it is the same whether there is one that is hidden.
        place = small is not None and whole["level"] in PLACES
        untold = place and all(number(one["pupils"]) is None for one in known)
        rest = list(others(known, unsure, whole, exact=exact and not untold, hides=untold))
        if small is not None and any(_few(one, small) for one in rest):
            # All pupils' would give it away again: all less the combinations.
            rest, whole = [_hidden(one) for one in rest], _hidden(whole)
        yield [*known, *rest, whole]


def _few(one: Record, small: Callable[[int], bool]) -> bool:
    """Whether a row tells how many missed it of a few pupils, or of whom a few missed it or reached it."""
    if one["missed"] is None or not one["pupils"]:
        return False
    return any(map(small, (one["pupils"], one["missed"], one["pupils"] - one["missed"])))


def _hidden(one: Record) -> Record:
    return one | ({} if one["pupils"] == 0 else {"missed": None, "share": None, "symbol": "hidden"})


def _groups(parts: Sequence[str]) -> list[str]:
    """The combinations of focus and reference groups, in the order of outputs."""
    combined: list[tuple[str, ...]] = [()]
    for part in parts:
        combined = [(*start, group) for start in combined for group in dimension(part).groups]
    return [TIMES.join(groups) for groups in combined]


def _key(one: Mapping[Any, Any]) -> tuple[object, ...]:
    return tuple(one[name] or "" for name in COHORT)


def _beside_place(key: tuple[object, ...]) -> tuple[object, ...]:
    """The cohort of a table but for where it is."""
    return tuple(one for name, one in zip(COHORT, key, strict=True) if name not in ("area_code", "level"))


def _order(key: tuple[object, ...]) -> tuple[object, ...]:
    """Where a table stands: by where, what and when, each in the order of the definitions."""
    period, term, status, area, level, key_stage, measure = map(str, key)
    stages, ids = list(key_stages()), [id for _, id in measures()]
    when = (period, ["", *TERMS].index(term), STATUSES.index(status))
    return (LEVELS.index(level), area, stages.index(key_stage), ids.index(measure), *when)


def _combination(one: Record) -> Record:
    """The values of one combination as a row."""
    less = measures()[one["key_stage"], one["measure"]].lower_is_better
    pupils, total, value = number(one["pupils"]), number(one["total"]), number(one["value"])
    missed = total if less else None if pupils is None or total is None else pupils - total
    share = None if value is None else value if less else 1 - value
    if total is not None and pupils:
        share = (total if less else pupils - total) / pupils
    half = one["half_unit"] or 0.0
    return row(one, "combination", one["group"], pupils, missed, share, half_unit=half, symbol=one["symbol"])


def _beside(made: pd.DataFrame, national: pd.DataFrame) -> pd.DataFrame:
    """The same combination of the same year and measure, nationally, beside each row.

    A national figure is for the year: the one without a term and the most final is taken, if it can be read.
    """
    import pandas as pd

    there = national[national["missed_from"].isin(["combination", ALL])]
    read = there.assign(none=there["share"].isna()).sort_values("none", kind="stable").drop_duplicates(SAME)
    names = {name: f"national_{name}" for name in ("share", "basis", "symbol", *NATIONAL)}
    side = read[[*SAME, *names]].rename(columns=names)
    found = made.drop(columns=[*NATIONAL_SIDE, "difference"]).merge(side, on=SAME, how="left")
    found[NATIONAL_SIDE] = found[NATIONAL_SIDE].astype(object).where(found[NATIONAL_SIDE].notna(), None)
    shares = (pd.to_numeric(found[name]) for name in ("share", "national_share"))
    less = next(shares)
    difference = less - next(shares)
    found["difference"] = difference.astype(object).where(difference.notna(), None)
    return found[MISSED]
