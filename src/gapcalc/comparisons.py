"""What stands beside a gap: the columns of the tables that `compare` makes, and what it is told to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gapcalc.definitions.neighbours import NeighbourList
from gapcalc.model import COHORT

if TYPE_CHECKING:
    import pandas as pd

Average = Literal["mean", "median", "pooled"]
SIDES = ("focus", "reference", "all")
# Which gap (by its row in the table of gaps), and what stands beside it.
WHICH = [
    "row", "comparator", "label", "period", "term", "status", "area_code", "level", "version", "average", "areas",
    "areas_with_rate", "areas_with_gap", "basis", "symbol", "unit", "method", "comparable", "reasons", "not_bridged",
    "movement",
]  # fmt: skip
FIGURES = [
    "focus_pupils", "focus_value", "reference_pupils", "reference_value", "all_value", "gap",
    "difference", "difference_lower", "difference_upper", "rounding", "same", "other", "all",
    "focus_part", "reference_part", "growth_lower", "growth_upper", "probit_disagrees",
    "gap_rank", "gap_rank_shared", "gap_rank_of", "gap_band", "rate_rank", "rate_rank_shared", "rate_rank_of",
    "rate_band", "pupils_to_match_gap", "pupils_to_match_rate",
]  # fmt: skip
COMPARISONS = [*WHICH, *FIGURES]
# The areas that a comparator is made of, and which of their cells: `source` says in which files they stand.
USES = ["uses_focus", "uses_reference", "uses_all", "counts_focus", "counts_reference"]  # `counts`: its pupils alone
MEMBERS = ["row", "comparator", "source", *COHORT, *USES]
NEEDS = ["pupils_to_close", "pupils_per_point", "one_pupil", "small_cohort"]


@dataclass(frozen=True)
class Compared:
    """What stands beside gaps: COMPARISONS, and the MEMBERS they are made of."""

    comparisons: pd.DataFrame
    members: pd.DataFrame


@dataclass(frozen=True)
class Setting:
    """What is to stand beside gaps, and how: the comparators in order, whose average, and which area lies in which."""

    comparators: tuple[str, ...] = ()
    neighbours: NeighbourList | None = None
    average: Average = "mean"
    within: Mapping[str, str] = field(default_factory=dict)
