"""Measured: tables in; what follows for each row from its measure, out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gapcalc.definitions import Measure, measures
from gapcalc.model import each

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]


def measures_of(table: pd.DataFrame) -> list[Measure]:
    """The measure of each row."""
    return [measures()[key] for key in each(table, "key_stage", "measure")]


def signs(table: pd.DataFrame) -> Array:
    """1 for each row of a measure of which more is better, -1 where less is."""
    return _by_measure(table, float, lambda one: -1.0 if one.lower_is_better else 1.0)


def proportions(table: pd.DataFrame) -> Array:
    """Which rows are of a standard that is reached or not, and not of a mean score."""
    return _by_measure(table, bool, lambda one: one.kind == "proportion")


def per_units(table: pd.DataFrame) -> Array:
    """How many of the waist's whole units make one pupil or point, of each row."""
    return _by_measure(table, int, lambda one: one.per_unit)


def _by_measure(table: pd.DataFrame, kind: type, what: Callable[[Measure], bool | int | float]) -> Array:
    import numpy as np

    # Measures are few, and tables may be long.
    keys = ["key_stage", "measure"]
    number = table.groupby(keys, sort=False).ngroup().to_numpy()
    return np.array([what(measures()[key]) for key in each(table.drop_duplicates(keys), *keys)], dtype=kind)[number]
