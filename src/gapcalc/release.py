"""What leaves the program: the release that `present` takes, and the counts that each of its figures is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gapcalc.comparisons import FIGURES, USES, Compared
from gapcalc.comparisons import WHICH as WHICH_COMPARISON
from gapcalc.definitions import ALL, OTHERS, TIMES, UNKNOWN, areas
from gapcalc.model import COHORT, KEY, PLACES, Cleared
from gapcalc.results import InputFacts, Place, Protection, Wider
from gapcalc.scales import SCALES
from gapcalc.sides import NOTHING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]


WHICH_AREAS = ["period", "term", "status", "level", "key_stage", "measure", "dimension", "focus"]


class NotCleared(TypeError):
    """A figure is about to leave the program whose counts were not cleared: a fault of gapcalc."""


# The counts that each figure of a gap is made from. A figure that is not here cannot be released.
ROUGH = 10  # to a multiple of that it is said how many are hidden for others
_FOCUS, _REFERENCE = ("focus.pupils", "focus.total"), ("reference.pupils", "reference.total")
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
    "pupils_to_close": (*_FOCUS, *_REFERENCE),
    "pupils_per_point": ("focus.pupils",),
    "one_pupil": ("focus.pupils",),
    "small_cohort": ("focus.pupils",),
    # Pupils by score are there only where their number and their total are shown.
    **{name: (*_FOCUS, *_REFERENCE) for name in SCALES if name != "v_method"},
}
# What a gap is of, and how its figures were made: no figures themselves.
SAYS_WHICH = {
    *COHORT, "area_name", "dimension", "focus", "reference",
    *(f"{side}_symbol" for side in ("focus", "reference", "unknown")),
    "unit", "method", "basis", "symbol", "v_method",
}  # fmt: skip
# Of what stands beside a gap: which counts of the gap's own, and which cells of the comparator's areas.
_BOTH = (*_FOCUS, *_REFERENCE)
_GAPS = (_BOTH, ("focus", "reference"))
BESIDE_FROM: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "focus_pupils": ((), ("focus.pupils",)),
    "focus_value": ((), ("focus",)),
    "reference_pupils": ((), ("reference.pupils",)),
    "reference_value": ((), ("reference",)),
    "all_value": ((), ("all",)),
    "gap": ((), ("focus", "reference")),
    "same": (_FOCUS, ("focus",)),
    "other": (_FOCUS, ("reference",)),
    "all": (_FOCUS, ("all",)),
    "focus_part": (_FOCUS, ("focus",)),
    "reference_part": (_REFERENCE, ("reference",)),
    "pupils_to_match_rate": (_FOCUS, ("focus",)),
    **dict.fromkeys(("rate_rank", "rate_rank_shared", "rate_rank_of", "rate_band"), (_FOCUS, ("focus",))),
} | dict.fromkeys(
    (
        "difference", "difference_lower", "difference_upper", "rounding", "growth_lower", "growth_upper",
        "gap_rank", "gap_rank_shared", "gap_rank_of", "gap_band", "pupils_to_match_gap", "probit_disagrees",
    ),
    _GAPS,
)  # fmt: skip


@dataclass(frozen=True)
class Release:
    """The only thing `present` takes: results that have been cleared to leave the program.

    `gaps` has the columns GAPS and NEEDS, and SCALES where they were asked for, with proportions as proportions;
    `compared` is what stands beside them.
    `data` and `beside` are what `protect` cleared, of the data and of the files with figures to set beside. Raises
    NotCleared for a figure that names no counts it is made from, or is made from one that is hidden or not cleared, and
    for a row of a district or school that says only that somebody is in a group. `places` are those without a row.
    """

    gaps: pd.DataFrame
    inputs: tuple[InputFacts, ...]
    options: Mapping[str, bool | str | list[str] | None]
    warnings: tuple[str, ...]
    protection: Protection
    data: Cleared
    compared: Compared
    beside: Cleared | None = None
    places: tuple[Place, ...] = ()

    def __post_init__(self) -> None:
        """Look up every figure's counts."""
        shown = self._looked_up
        focus = shown["focus"]
        if (self.gaps["level"].isin(PLACES).to_numpy() & focus["protected"] & ~focus["pupils"]).any():
            raise NotCleared("a row says that somebody is in a group of a district or school, and is hidden")
        _refuse_unnamed(self.gaps, {*MADE_FROM, *SAYS_WHICH})
        for name, counts in MADE_FROM.items():
            if name not in self.gaps:
                continue
            there = self.gaps[name].notna().to_numpy()
            for count in counts:
                side, _, which = count.partition(".")
                if (there & ~shown[side][which]).any():
                    raise NotCleared(f"{name}: made from {count}, which is hidden or was not cleared")
        self._look_up_comparisons(shown)

    @cached_property
    def _looked_up(self) -> dict[str, dict[str, Array]]:
        """What `_shown` says of each side of the gaps, which takes long enough to do once only."""
        return {side: _shown(self.gaps, side, self.data.cells) for side in ("focus", "reference", "unknown")}

    def _look_up_comparisons(self, shown: Mapping[str, Mapping[str, Array]]) -> None:
        """The same for what stands beside: its own counts, and those of every area it is made of."""
        table = self.compared.comparisons
        _refuse_unnamed(table, {*BESIDE_FROM, *WHICH_COMPARISON})
        if set(FIGURES) - set(BESIDE_FROM):
            raise NotCleared("a figure beside a gap does not say from which counts it is made")
        if table.empty:
            return
        row = table["row"].to_numpy(dtype=int)
        theirs = self._shown_beside()
        for name, (own, sides) in BESIDE_FROM.items():
            there = table[name].notna().to_numpy()
            for count in own:
                side, _, which = count.partition(".")
                if (there & ~shown[side][which][row]).any():
                    raise NotCleared(f"{name}: made from {count}, which is hidden or was not cleared")
            for side in sides:
                if (there & ~theirs[side]).any():
                    raise NotCleared(f"{name}: made from an area's {side}, which is hidden or was not cleared")

    def _shown_beside(self) -> dict[str, Array]:
        """Of each comparison: whether it names at least one cell of a side, and all it names are shown."""
        import pandas as pd

        members = self.compared.members
        of = members["row"].to_numpy(dtype=int)
        told = self.gaps.iloc[of][["dimension", "focus", "reference"]].reset_index(drop=True)
        cells = pd.concat([members.reset_index(drop=True), told], axis=1)
        found = {}
        for use in USES:
            used, side = cells[cells[use].astype(bool)], use.partition("_")[2]
            pupils = use.startswith("counts")
            looked_up = [
                part.assign(shown=_both(_shown(part.assign(all=ALL), side, cleared.cells), pupils=pupils))
                for source, cleared in self._sources()
                if len(part := used[used["source"] == source])
            ]
            whole = pd.concat(looked_up) if looked_up else used.assign(shown=False)
            every = whole.groupby(["row", "comparator"])["shown"].all().rename("shown").reset_index()
            merged = self.compared.comparisons[["row", "comparator"]].merge(every, how="left", on=["row", "comparator"])
            found[f"{side}.pupils" if pupils else side] = merged["shown"].fillna(False).to_numpy(dtype=bool)
        return found

    def _sources(self) -> Iterator[tuple[str, Cleared]]:
        yield "data", self.data
        if self.beside is not None:
            yield "beside", self.beside

    @property
    def internal(self) -> bool:
        """Whether nothing is hidden, so that it must not be passed on."""
        return self.data.internal

    @property
    def protected(self) -> Array:
        """Of each gap: whether the policy was applied to it, and not to published figures alone."""
        either: Array = self._looked_up["focus"]["protected"] | self._looked_up["reference"]["protected"]
        return either

    @property
    def wider(self) -> tuple[Wider, ...]:
        """How many areas have a wider gap than what stands beside them, where a level has more than one."""
        table = self.compared.comparisons
        told = self.gaps.iloc[table["row"].to_numpy(dtype=int)].reset_index(drop=True)[WHICH_AREAS]
        told = told.assign(comparator=table["comparator"], difference=table["difference"].astype(float))
        # Inner and Outer London lie in London, and are no further regions.
        parts = [code for code, one in areas().items() if one.level == "region" and one.region]
        told = told[~self.gaps["area_code"].isin(parts).to_numpy()[table["row"].to_numpy(dtype=int)]]
        return tuple(
            Wider.model_validate(
                dict(zip(["comparator", *WHICH_AREAS], (word or None for word in key), strict=True))
                | {"wider": int((found > NOTHING).sum()), "compared": int(found.notna().sum()), "areas": len(found)}
            )
            for key, found in told.groupby(["comparator", *WHICH_AREAS], sort=False)["difference"]
            if len(found) > 1
        )


def protected(gaps: pd.DataFrame, data: Cleared) -> Array:
    """Gaps and what was cleared of the data in; of which gaps one side at least is protected, out."""
    focus, reference = (_shown(gaps, side, data.cells)["protected"] for side in ("focus", "reference"))
    either: Array = focus | reference
    return either


def _refuse_unnamed(table: pd.DataFrame, known: set[str]) -> None:
    strange = [str(name) for name in table.columns if name not in known]
    if strange:
        raise NotCleared(f"{', '.join(strange)}: it is not said from which counts this is made")


def _both(shown: Mapping[str, Array], *, pupils: bool) -> Array:
    """Whether both counts of a cell are shown, or its pupils alone."""
    both: Array = shown["pupils"] if pupils else shown["pupils"] & shown["total"]
    return both


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
    """Gaps and what was cleared of the data in; what was hidden, and by which policy, out.

    Of groups of districts and schools that have no row nothing is counted, which could tell why.
    """
    policy = data.policy
    focus, reference = (_shown(gaps, side, data.cells) for side in ("focus", "reference"))
    hidden, applied = (gaps["symbol"] == "hidden").to_numpy(), focus["protected"] | reference["protected"]
    others = int((hidden & ~(focus["small"] | reference["small"])).sum()) if policy else 0
    return Protection(
        policy=policy.name if policy else None,
        sha256=policy.sha256 if policy else None,
        label=policy.says if policy else None,
        symbol=policy.symbol if policy else "c",
        internal=data.internal,
        gaps=len(gaps),
        protected=int(applied.sum()),
        hidden=int(hidden.sum()),
        hidden_for_others=_roughly(others, int((hidden & applied).sum())),
    )


def _roughly(others: int, hidden: int) -> int | None:
    """How many of what is hidden are so for others, to the nearest ten; None where that could tell of a single one."""
    return None if 0 < hidden < 2 * ROUGH else min((others + ROUGH // 2) // ROUGH, hidden // ROUGH) * ROUGH


def _shown(gaps: pd.DataFrame, side: str, cells: pd.DataFrame) -> dict[str, Array]:
    """Of each gap's cell on a side: whether its pupils and its total are shown, and whether it is small itself.

    The unknown are several cells, all of which must be shown; others are made from two, all pupils and the focus
    group. What was not cleared is not shown.
    """
    import numpy as np

    wanted = gaps[[*COHORT, "dimension"]]
    if side == "unknown":
        parts = cells[[UNKNOWN in str(group).split(TIMES) for group in cells["group"].tolist()]]
        found = parts.groupby([*COHORT, "dimension"], as_index=False, sort=False)[["shows_pupils", "shows_total"]].all()
        found = found.assign(small=False, protected=False)
        keys = [*COHORT, "dimension"]
    else:
        everybody = gaps[side].isin([ALL, OTHERS]).to_numpy()
        wanted = wanted.assign(group=gaps[side].mask(everybody, ALL).to_numpy())
        wanted["dimension"] = wanted["dimension"].mask(everybody, ALL)
        found, keys = cells, KEY
    columns = ["shows_pupils", "shows_total", "small", "protected"]
    wanted = wanted.astype(object).where(wanted.notna(), "")
    looked_up = wanted.merge(found[[*keys, *columns]], on=keys, how="left")[columns]
    looked_up = looked_up.fillna(False).astype(bool)
    told = dict(zip(("pupils", "total", "small", "protected"), looked_up.to_numpy(dtype=np.bool_).T, strict=True))
    less = (gaps[side] == OTHERS).to_numpy() if side == "reference" else np.zeros(len(gaps), dtype=np.bool_)
    if not less.any():
        return told
    focus = _shown(gaps, "focus", cells)
    shown = {name: told[name] & (focus[name] | ~less) for name in ("pupils", "total")}
    either = {name: told[name] | (focus[name] & less) for name in ("small", "protected")}
    return shown | either
