"""What leaves the program of targets: verdicts as the JSON output has them, and the release that looks them up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from pydantic import Field

from gapcalc import __version__
from gapcalc.forms import Figure
from gapcalc.model import KEY, Basis, Cleared, Symbol
from gapcalc.release import NotCleared
from gapcalc.results import SCHEMA_VERSION, InputFacts, Protected, Record
from gapcalc.targets.asked import Rag, Reason, Verdict

if TYPE_CHECKING:
    import pandas as pd

Direction = Literal["better", "worse", "same", "none"]
FailOn = Literal["missed", "off_track", "cannot_say", "never"]
FAIL_ON: tuple[FailOn, ...] = get_args(FailOn)
Unit = Literal["ppt", "points", "areas"]
# The numbers of a claim, each of which has to say which figures it was made from.
NUMBERS = (
    "actual", "required", "required_now", "distance", "distance_now", "lower", "upper", "rounding", "before",
    "pupils_needed", "pupils_needed_now", "per_year_needed", "per_year_best", "per_year_best_of_neighbours",
    "failing", "not_known",
)  # fmt: skip
CANNOT: Mapping[Reason, str] = {
    "no_data": "no data", "break": "break in the series", "hidden": "hidden to protect pupils",
    "too_small": "cohort too small", "ambiguous": "ambiguous",
}  # fmt: skip


class UsedFigure(Record):
    """A figure that a verdict was made from, with its counts where they are shown."""

    id: str
    source: Literal["data", "beside"]
    period: str
    status: str
    area_code: str = Field(description="of several areas counted as one: their codes, with + between")
    area_name: str
    level: str
    key_stage: str
    measure: str
    dimension: str
    group: str = Field(description="`all but fsm` is all pupils less this group")
    proportion: bool = Field(description="whether it is a share, of which the value is per cent")
    value: float | None = Field(description="per cent, or a mean score")
    pupils: int | None
    reached: float | None = Field(description="how many reached the standard, or the sum of scores")
    basis: Basis | None
    symbol: Symbol | None = Field(description="why there is no figure; null where there is one")


class LastKnown(Record):
    """Where a target stood in the last year that can be compared, when its own year cannot."""

    period: str
    verdict: Verdict
    actual: float
    required_now: float | None
    distance_now: float | None
    made_from: tuple[str, ...]


class Claim(Record):
    """A target for one measure, group and area; or for all areas of a level. Shares and gaps in per cent or ppt."""

    part: int | None = Field(description="which part of an all_of, from 1; null of a target that has none")
    kind: str
    figure: Literal["value", "gap", "lead", "areas"] = Field(
        description="what actual and required are: a value, a gap, by how much more a figure improved than another, or"
        " how many areas fail"
    )
    key_stage: str
    measure: str
    dimension: str
    group: str
    area_code: str
    area_name: str
    period: str = Field(description="whose figures are judged")
    deadline: str
    due: bool = Field(description="whether this year decides; else the straight line from the baseline does")
    verdict: Verdict
    reason: Reason | None = Field(description="why it cannot be said; null where it can")
    why: str | None = Field(description="the same in words")
    predicted: bool = Field(description="true: judged on predictions, and no result")
    rag: Rag | None
    reached: bool = Field(description="whether what is asked for in the end holds already")
    within_tolerance: bool = Field(description="whether it holds only within the tolerance")
    unit: Unit
    actual: float | None
    required: float | None = Field(description="what is asked for by the deadline")
    required_now: float | None = Field(
        description="what the straight line, over the milestones, asks for in the period"
    )
    distance: float | None = Field(description="from what is asked for by the deadline: negative, it falls short")
    distance_now: float | None = Field(description="from what the straight line asks for")
    decided_by: Literal["distance", "distance_now"] | None
    lower: float | None = Field(description="95% limits of the distance that decided")
    upper: float | None
    method: str | None
    within_chance: bool | None = Field(description="whether chance alone could explain the distance; null: not known")
    rounding: float | None = Field(description="how far the rounding of printed figures may move the distance")
    within_rounding: bool | None
    direction: Direction = Field(description="since the year before; none: nothing to compare with, or a break")
    before: float | None = Field(description="the actual figure of the year before")
    before_period: str | None
    pupils_needed: int | None = Field(
        description="how many more of the group would have to reach the standard by the deadline, the others' results"
        " staying"
    )
    pupils_needed_now: int | None = Field(default=None, description="the same until the straight line is reached")
    per_year_needed: float | None = Field(description="by how much it has to improve each year until the deadline")
    per_year_best: float | None = Field(description="the most it ever improved here from one year to the next")
    per_year_best_period: str | None
    per_year_best_of_neighbours: float | None
    per_year_best_neighbour: str | None
    feasible: bool | None = Field(description="whether it ever improved as much, here or at a neighbour")
    areas: int | None = Field(description="of a level: how many areas were looked at")
    failing: int | None = Field(description="how many of them fail, or do not hold")
    not_known: int | None = Field(description="of how many it cannot be said")
    failing_areas: tuple[str, ...] | None = Field(description="their names: of an internal run alone")
    notes: tuple[str, ...]
    last_known: LastKnown | None
    made_from: dict[str, tuple[str, ...]] = Field(
        description="for each number, the ids of the figures behind it; those of areas that are only counted are among"
        " `figures` in internal output alone"
    )


class Contradiction(Record):
    """Something the document says of a target, and the figures, or the document itself elsewhere, say otherwise."""

    about: Literal["start", "stated", "verdict", "direction"]
    document: str = Field(description="what the document says")
    where: str | None
    period: str | None
    found: float | None = Field(description="what the figures say, in per cent or ppt; null of words")
    found_word: str | None
    unit: Literal["%", "ppt", "points"] | None
    made_from: tuple[str, ...]


class TargetVerdict(Record):
    """A target and its verdict: the worst of its claims."""

    id: str
    says: str = Field(description="the document's sentence")
    sentence: str = Field(description="the target as gapcalc understands it")
    source: str
    kind: str
    verdict: Verdict
    reason: Reason | None
    why: str | None
    rag: Rag | None
    predicted: bool
    decided_by: int = Field(description="which of the claims the verdict is from, counted from 0")
    claims: tuple[Claim, ...]
    contradictions: tuple[Contradiction, ...]
    note: str | None


class RollUp(Record):
    """The verdicts of a key stage, or of the whole strategy: the worst, and how many there are of each."""

    key_stage: str | None
    verdict: Verdict
    met: int
    on_track: int
    cannot_say: int
    off_track: int
    missed: int


class Change(Record):
    """A target whose verdict is another than in an earlier run."""

    id: str
    before: Verdict | None = Field(description="null: the target was not there")
    now: Verdict | None = Field(description="null: the target is there no more")


class VerdictProtection(Protected):
    """What was hidden of the figures behind verdicts, and by which policy."""

    protected: bool = Field(description="false: all that was read is published, and shown as it is")
    figures: int
    hidden: int


class Verdicts(Record):
    """The JSON output of `gapcalc check-targets`."""

    schema_version: Literal[2] = SCHEMA_VERSION
    gapcalc: str = __version__
    strategy: str
    document: str
    as_of: str | None = Field(description="the period that is now")
    status: Literal["passed", "failed", "undecided"]
    exit_code: Literal[0, 1, 5]
    fail_on: FailOn
    whole: RollUp
    key_stages: tuple[RollUp, ...]
    targets: tuple[TargetVerdict, ...]
    changes: tuple[Change, ...] | None = Field(description="since an earlier run; null where none was given")
    figures: tuple[UsedFigure, ...]
    protection: VerdictProtection
    inputs: tuple[InputFacts, ...]
    options: dict[str, bool | str | list[str] | None]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class VerdictRelease:
    """Verdicts, cleared to leave the program: the only thing of theirs that `present` takes.

    `figures` are those that the verdicts name, by their ids; `cleared` what `protect` cleared, by the name that the
    figures' cells give. Raises NotCleared for a number that does not say from which figures it was made, and for one
    that is made from a figure whose counts are hidden or were not cleared.
    """

    verdicts: Verdicts
    figures: Mapping[str, Figure]
    cleared: Mapping[str, Cleared]

    def __post_init__(self) -> None:
        """Look up every number's counts."""
        shown = self._shown()
        for one in self.verdicts.figures:
            figure = self.figures.get(one.id)
            if one.value is None and one.reached is None:
                continue
            if figure is None or not shown[one.id]:
                raise NotCleared(f"{one.id}: a figure that is hidden or was not cleared")
        for target in self.verdicts.targets:
            for claim in target.claims:
                _look_up(claim, shown)
                if claim.failing_areas is not None and not self.internal:
                    raise NotCleared("the names of failing areas leave the program in internal output alone")
            for said in target.contradictions:
                if not all(shown.get(id, False) for id in said.made_from) or (said.found and not said.made_from):
                    raise NotCleared("a contradiction is made from a figure that is hidden or was not cleared")

    def _shown(self) -> dict[str, bool]:
        """Of each figure: whether it names at least one cell, and all it names are cleared and shown."""
        cells = {part: _cells(one.cells) for part, one in self.cleared.items()}
        return {
            id: bool(one.cells) and all(cells.get(part, {}).get(tuple(key), False) for part, *key in one.cells)
            for id, one in self.figures.items()
        }

    @property
    def internal(self) -> bool:
        """Whether nothing is hidden, so that it must not be passed on."""
        return self.verdicts.protection.internal or any(one.internal for one in self.cleared.values())


def _look_up(claim: Claim, shown: Mapping[str, bool]) -> None:
    for name in NUMBERS:
        if getattr(claim, name) is None:
            continue
        made_from = claim.made_from.get(name)
        if made_from is None:
            raise NotCleared(f"{name}: it is not said from which figures this is made")
        if not all(shown.get(id, False) for id in made_from):
            raise NotCleared(f"{name}: made from a figure that is hidden or was not cleared")
    last = claim.last_known
    if last is not None and not (last.made_from and all(shown.get(id, False) for id in last.made_from)):
        raise NotCleared("last_known: made from a figure that is hidden or was not cleared")
    if claim.decided_by is not None and getattr(claim, claim.decided_by) is None:
        raise NotCleared("a verdict that was decided by a distance which is not there")
    # What decides a verdict is a distance, or a number of areas; without one of them nothing can be said.
    if claim.verdict != "cannot_say" and claim.decided_by is None:
        raise NotCleared("a verdict without the distance it was made from")


def _cells(cells: pd.DataFrame) -> dict[tuple[str, ...], bool]:
    keys = cells[KEY].astype(object).where(cells[KEY].notna(), "")
    shown = (cells["shows_pupils"] & cells["shows_total"]).tolist()
    return {
        tuple(map(str, key)): bool(one) for key, one in zip(keys.itertuples(index=False, name=None), shown, strict=True)
    }
