"""What every target says: of what, of whom, where, from when to when, and who wrote it down where."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from gapcalc.definitions.schema import Block
from gapcalc.harmonise.words import period_word
from gapcalc.targets.amounts import Level, Slack, Step
from gapcalc.targets.asked import Asked, Case, Judged, judged
from gapcalc.targets.names import known_groups, known_measures, measure_named, near, who_named

Comparator = Literal["national", "region", "neighbours"]
COMPARATORS: tuple[str, ...] = get_args(Comparator)
Figure = Literal["value", "gap"]
AreaLevel = Literal["region", "la", "district", "ward", "school"]


def _period(value: object) -> object:
    word = period_word(value) if isinstance(value, str) else None
    if word is None:
        hint = "results of summer 2016 are of 2015/16"
        raise PydanticCustomError("G008", 'is not an academic year, as in "2015/16"', {"hint": hint})
    return word


def _measure(value: object) -> object:
    if not isinstance(value, str) or measure_named(value) is None:
        hint = near(value, known_measures()) or "`gapcalc list measures` has them"
        raise PydanticCustomError("G006", 'is not a measure, as in "ks2 rwm_l4"', {"hint": hint})
    return " ".join(value.lower().split())


def _group(value: object) -> object:
    if not isinstance(value, str) or who_named(value) is None:
        hint = near(value, known_groups()) or "`gapcalc list groups` has them"
        raise PydanticCustomError("G006", 'is not a group, as in "fsm" or "fsm x any_sen"', {"hint": hint})
    return " ".join(value.lower().split())


def _text(description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": description})


Period = Annotated[str, BeforeValidator(_period), _text("An academic year, as 2015/16")]
MeasureName = Annotated[str, BeforeValidator(_measure), _text("A key stage and a measure, as ks2 rwm_l4")]
GroupName = Annotated[str, BeforeValidator(_group), _text("A group, as fsm; groups together as fsm x any_sen")]
AreaName = Annotated[str, Field(min_length=1, description="An area by name, number or code")]
Pooled = Annotated[tuple[AreaName, ...], Field(min_length=2, description="Areas counted as one")]


class Source(Block):
    """Where a sentence stands: the document, if it is not the strategy's own, and the page or section."""

    document: str = ""
    page: StrictInt | str = ""
    section: str = ""

    def words(self, document: str) -> str:
        """The document of the strategy in, where the sentence stands out."""
        page = f"page {self.page}" if self.page != "" else ""
        return ", ".join(part for part in (self.document or document, page, self.section) if part)


class Milestone(Block):
    """What shall hold on the way, in one period: a level, a step from the baseline, or a strict bound or not."""

    period: Period
    bound: Level | None = None
    by: Step | None = None
    strict: StrictBool | None = None


class Cohort(Block):
    """Only pupils who were at most at a level, in an earlier key stage: `{ prior = "ks1", at_most = "1" }`."""

    prior: Literal["eyfs", "y1", "ks1", "ks2", "ks3"]
    at_most: Annotated[str, Field(min_length=1)]


class Printed(Block):
    """What the document itself says of the outcome, to be held against the figures: `{ direction = "worse" }`."""

    verdict: Literal["met", "missed", "on_track", "off_track", "cannot_say"] | None = None
    direction: Literal["better", "worse", "same"] | None = None
    start: Level | None = None
    where: str = ""


class Promise(Block):
    """What a target of any kind may say. What it does not say itself, the strategy or the whole it is part of says.

    `areas` has names, and lists of names that are counted as one; `level` asks for every area of a level. `start` is
    what the document says the figure was at the baseline, and is held against the data, never used instead of them.
    """

    id: str = ""
    says: str = ""
    source: Source | None = None
    measures: tuple[MeasureName, ...] = ()
    groups: tuple[GroupName, ...] = ()
    against: Literal["peers", "all"] | None = None
    areas: tuple[AreaName | Pooled, ...] = ()
    level: AreaLevel | None = None
    baseline: Period | None = None
    start: Level | None = None
    deadline: Period | None = None
    milestones: tuple[Milestone, ...] = ()
    tolerance: Slack | None = None
    cohort: Cohort | None = None
    judged_on: Literal["results", "predicted"] = "results"
    printed: Printed | None = None
    note: str = ""

    @property
    def measured(self) -> tuple[str, ...]:
        """The names of all measures that it speaks of."""
        return self.measures

    def asked(self, case: Case) -> tuple[Asked, ...]:
        """What is asked for of one measure, group and area; a kind that is judged otherwise asks for nothing here."""
        return ()

    def judge(self, case: Case) -> tuple[Judged, ...]:
        """One measure, group and area in; a verdict for each thing that is asked for out."""
        return tuple(judged(one, case, self.tolerance) for one in self.asked(case))
