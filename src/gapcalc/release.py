"""What leaves the program: the release that `present` takes, and the counts that each of its figures is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gapcalc.definitions import ALL, TIMES, UNKNOWN
from gapcalc.model import COHORT, KEY, NATIONAL, Cleared
from gapcalc.results import InputFacts, Protection

if TYPE_CHECKING:
    import pandas as pd


class NotCleared(TypeError):
    """A figure is about to leave the program whose counts were not cleared: a fault of gapcalc."""


# The counts that each figure of a gap is made from. A figure that is not here cannot be released.
_FOCUS, _REFERENCE = ("focus.pupils", "focus.total"), ("reference.pupils", "reference.total")
_NATIONAL = tuple(f"national_{count}" for count in (*_FOCUS, *_REFERENCE))
MADE_FROM: Mapping[str, tuple[str, ...]] = {
    "focus_pupils": ("focus.pupils",),
    "focus_total": ("focus.total",),
    "focus_value": _FOCUS,
    "reference_pupils": ("reference.pupils",),
    "reference_total": ("reference.total",),
    "reference_value": _REFERENCE,
    "gap": (*_FOCUS, *_REFERENCE),
    "gap_lower": (*_FOCUS, *_REFERENCE),
    "gap_upper": (*_FOCUS, *_REFERENCE),
    "unknown_pupils": ("unknown.pupils",),
    "national_gap": _NATIONAL,
    "difference": (*_FOCUS, *_REFERENCE, *_NATIONAL),
}
# What a gap is of, and how its figures were made: no figures themselves.
SAYS_WHICH = {
    *COHORT, *(f"national_{name}" for name in NATIONAL), "area_name", "dimension", "focus", "reference",
    *(f"{name}_symbol" for name in ("focus", "reference", "unknown", "national")),
    "unit", "method", "basis", "national_basis", "symbol",
}  # fmt: skip


@dataclass(frozen=True)
class Release:
    """The only thing `present` takes: results that have been cleared to leave the program.

    `gaps` has the columns GAPS and COMPARED, with proportions as proportions. `cells` (CELLS) are what `protect`
    cleared, of the data and of the national files. Raises NotCleared for a figure that names no counts it is made
    from, or is made from one that is hidden or not cleared.
    """

    gaps: pd.DataFrame
    inputs: tuple[InputFacts, ...]
    options: Mapping[str, str | list[str] | None]
    warnings: tuple[str, ...]
    protection: Protection
    data: Cleared
    national: Cleared | None = None

    def __post_init__(self) -> None:
        """Look up every figure's counts."""
        strange = [str(name) for name in self.gaps.columns if name not in MADE_FROM and name not in SAYS_WHICH]
        if strange:
            raise NotCleared(f"{', '.join(strange)}: it is not said from which counts this is made")
        shown = {side: _shown(self.gaps, side, self._cells(side)) for side in _SIDES}
        for name, counts in MADE_FROM.items():
            if name not in self.gaps:
                continue
            there = self.gaps[name].notna().to_numpy()
            for count in counts:
                side, _, which = count.partition(".")
                if (there & ~shown[side][which]).any():
                    raise NotCleared(f"{name}: made from {count}, which is hidden or was not cleared")

    def _cells(self, side: str) -> pd.DataFrame:
        cleared = self.national if side.startswith("national") else self.data
        return self.data.cells.iloc[:0] if cleared is None else cleared.cells

    @property
    def internal(self) -> bool:
        """Whether nothing is hidden, so that it must not be passed on."""
        return self.data.internal


@dataclass(frozen=True)
class InternalCounts:
    """Counts as they are, for another run to read back and protect: no release, and written as internal only.

    `within` says in which area of the table another one lies. Raises NotCleared for counts of a run that is not
    internal.
    """

    data: Cleared
    within: Mapping[str, str]
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what nobody has called internal."""
        if not self.data.internal:
            raise NotCleared("counts are not protected, and leave the program as internal only")


def protection(gaps: pd.DataFrame, data: Cleared) -> Protection:
    """Gaps and what was cleared of the data in; what was hidden, and by which policy, out."""
    policy = data.policy
    hidden = (gaps["symbol"] == "hidden").to_numpy()
    small = {side: _shown(gaps, side, data.cells)["small"] for side in ("focus", "reference")}
    others = hidden & ~(small["focus"] | small["reference"])
    return Protection(
        policy=policy.name if policy else None,
        sha256=policy.sha256 if policy else None,
        label=policy.label if policy else None,
        symbol=policy.symbol if policy else "c",
        internal=data.internal,
        gaps=len(gaps),
        hidden=int(hidden.sum()),
        hidden_for_others=int(others.sum()) if policy else 0,
    )


_SIDES = ("focus", "reference", "unknown", "national_focus", "national_reference")


def _shown(gaps: pd.DataFrame, side: str, cells: pd.DataFrame) -> dict[str, Any]:
    """Of each gap's cell on a side: whether its pupils and its total are shown, and whether it is small itself.

    The unknown are several cells, all of which must be shown; what was not cleared is not shown.
    """
    import numpy as np

    where = side.removeprefix("national_")
    names = {name: name for name in (*COHORT, "dimension")}
    if side.startswith("national"):
        names |= {name: f"national_{name}" for name in NATIONAL if name in COHORT}
    wanted = gaps[list(names.values())].set_axis(list(names), axis=1)
    if where == "unknown":
        parts = cells[[UNKNOWN in str(group).split(TIMES) for group in cells["group"]]]
        found = parts.groupby([*COHORT, "dimension"], as_index=False, sort=False)[["shows_pupils", "shows_total"]].all()
        found = found.assign(small=False)
        keys = [*COHORT, "dimension"]
    else:
        wanted = wanted.assign(group=gaps[where].to_numpy())
        everybody = (wanted["group"] == ALL).to_numpy()
        wanted["dimension"] = wanted["dimension"].where(~everybody, ALL)
        found, keys = cells, KEY
    columns = ["shows_pupils", "shows_total", "small"]
    wanted = wanted.astype(object).where(wanted.notna(), "")
    looked_up = wanted.merge(found[[*keys, *columns]], on=keys, how="left")[columns]
    told = (looked_up.fillna(False).astype(bool)[name].to_numpy(dtype=np.bool_) for name in columns)
    return dict(zip(("pupils", "total", "small"), told, strict=True))
