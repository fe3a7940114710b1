"""The table of those who missed a standard, and how a row of it is made."""

from __future__ import annotations

from typing import Any, Literal

from gapcalc.model import COHORT
from gapcalc.printed import NATIONAL

Record = dict[Any, Any]
# A combination of groups; pupils of whom a group is not known; others who are in no row; all pupils.
Kind = Literal["combination", "unknown", "rest", "all"]
# `pupils_from` and `missed_from` say from which cells a figure is made: see MADE_FROM in missed.py.
From = Literal["combination", "unknown", "rest", "rest_of_pupils", "all", "rows"]
NATIONAL_SIDE = ["national_share", "national_basis", "national_symbol", *(f"national_{name}" for name in NATIONAL)]
MISSED = [
    *COHORT, "area_name", "dimension", "kind", "group", "pupils", "missed", "share", "half_unit", "basis", "symbol",
    "pupils_from", "missed_from", *NATIONAL_SIDE, "difference",
]  # fmt: skip


def number(value: Any) -> Any:
    """A figure, or None where there is none."""
    import pandas as pd

    return None if value is None or pd.isna(value) else value


def row(like: Record, kind: Kind, group: str, pupils: Any, missed: Any, share: Any, **others: Any) -> Record:
    """A row of the table, of the cohort that the record `like` is of. What is not said is nothing."""
    made: Record = dict.fromkeys(MISSED) | {name: like[name] for name in (*COHORT, "area_name", "dimension", "basis")}
    made |= {"term": like["term"] or "", "kind": kind, "group": group, "half_unit": 0.0}
    made |= {"pupils_from": kind, "missed_from": kind}
    made |= {"pupils": _whole(pupils), "missed": _whole(missed), "share": number(share)}
    made |= {name: number(value) for name, value in others.items()}
    if made["missed"] is not None and made["pupils"]:
        made["share"] = made["missed"] / made["pupils"]
    if made["share"] is None and made["symbol"] is None:
        made["symbol"] = "not_applicable" if made["pupils"] == 0 else "not_available"
    return made


def _whole(value: Any) -> int | None:
    return None if number(value) is None else int(value)
