"""The kinds of target. A new kind is one class, named in the unions here.

Those that ask for a level are in `levels`, those that ask for a change in `steps`; here are those made of several. What
a kind needs is in its fields, which mean the same in all.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from gapcalc.definitions.schema import Block
from gapcalc.forms import constant
from gapcalc.targets.amounts import Level
from gapcalc.targets.asked import Asked, Case
from gapcalc.targets.base import AreaLevel, Comparator, Figure, MeasureName, Promise
from gapcalc.targets.levels import AtLeast, AtLeastComparator, AtMost, Banded, NoWiderThan
from gapcalc.targets.steps import NarrowBy, Outpace, RaiseBy
from gapcalc.targets.words import (
    LEVEL_WORDS,
    SAME,
    by_deadline,
    closing,
    group_text,
    joined,
    measures_text,
    where_text,
    whos,
)


class Threshold(Block):
    """What is asked of each area of a level: a measure at a level or above, or below, or against a comparator."""

    measure: MeasureName
    figure: Figure = "value"
    at_least: Level | None = None
    at_most: Level | None = None
    comparator: Comparator | None = None

    def words(self) -> str:
        """The threshold in words."""
        measure = f"{'the gap in ' if self.figure == 'gap' else ''}{measures_text((self.measure,))}"
        if self.comparator:
            than = "no wider than" if self.figure == "gap" else "at least as good as"
            return f"{measure} {than} {SAME[self.comparator]} {'gap' if self.figure == 'gap' else 'figure'}"
        return f"{measure} {f'at least {self.at_least}' if self.at_least else f'at most {self.at_most}'}"

    def asked(self, case: Case) -> Asked:
        """What is asked for of one area."""
        gap = self.figure == "gap"
        actual = case.gap(case.period) if gap else case.value(case.period)
        if self.comparator:
            theirs = case.theirs(self.comparator, self.figure, case.period)
            return Asked(self.figure, actual, theirs, -1 if gap else case.better)
        bound = self.at_least or self.at_most
        return Asked(self.figure, actual, constant(bound.size if bound else 0.0), 1 if self.at_least else -1)


class Floor(Promise):
    """Every area of a level reaches thresholds. An area fails when it misses `any` of them, or `all`."""

    kind: Literal["floor"]
    level: AreaLevel
    thresholds: Annotated[tuple[Threshold, ...], Field(min_length=1)]
    fails: Literal["any", "all"] = "any"
    allowed: Annotated[StrictInt, Field(ge=0)] = 0

    @property
    def measured(self) -> tuple[str, ...]:
        """The names of all measures that it speaks of."""
        return tuple(one.measure for one in self.thresholds)

    def sentence(self) -> str:
        """The target in a plain sentence."""
        who = (
            f"No {LEVEL_WORDS[self.level]}"
            if not self.allowed
            else f"At most {self.allowed} {LEVEL_WORDS[self.level]}s"
        )
        where = where_text(self.model_copy(update={"level": None}))
        misses = "misses" if not self.allowed else "miss"
        which = f" {self.fails} of these" if len(self.thresholds) > 1 else ""
        asked = joined(one.words() for one in self.thresholds) if not which else "; ".join(
            one.words() for one in self.thresholds
        )  # fmt: skip
        groups = f", for {joined(group_text(who) for who in whos(self))}," if self.groups else ""
        return f"{who}{where} {misses}{which}: {asked}{groups}{by_deadline(self)}{closing(self, '')}"

    def fails_with(self, reached: Sequence[bool | None]) -> bool | None:
        """Whether an area reaches each of the thresholds (None: it is not known) in; whether it fails out."""
        if self.fails == "all":
            return False if True in reached else None if None in reached else True
        return True if False in reached else None if None in reached else False


Single = Annotated[
    AtLeast | AtMost | RaiseBy | NarrowBy | NoWiderThan | AtLeastComparator | Outpace | Banded | Floor,
    Field(discriminator="kind"),
]


class AllOf(Promise):
    """Several at once, all of which must be met. Parts say only what differs from the whole."""

    kind: Literal["all_of"]
    parts: Annotated[tuple[Single, ...], Field(min_length=1)]

    def sentence(self) -> str:
        """The target in a plain sentence."""
        return "All of these: " + " ".join(f"({n}) {part.sentence()}" for n, part in enumerate(self.parts, 1))


AnyTarget = Annotated[
    AtLeast | AtMost | RaiseBy | NarrowBy | NoWiderThan | AtLeastComparator | Outpace | Banded | Floor | AllOf,
    Field(discriminator="kind"),
]
