"""The kinds of target, one class each. Each says itself in one plain sentence.

A new kind is one class here, named in the union. What a kind needs is in its fields, which mean the same in all.
"""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from gapcalc.definitions.schema import Block
from gapcalc.targets.amounts import Level, Step
from gapcalc.targets.base import AreaLevel, Comparator, Figure, MeasureName, Promise
from gapcalc.targets.words import (
    LEVEL_WORDS,
    SAME,
    beside,
    by_deadline,
    closing,
    figure_text,
    group_text,
    is_text,
    joined,
    lower_is_better,
    measures_text,
    span,
    where_text,
    whos,
)


class AtLeast(Promise):
    """A figure is at a level or above; with `strict`, above it."""

    kind: Literal["at_least"]
    figure: Figure = "value"
    bound: Level
    strict: StrictBool = False

    def sentence(self) -> str:
        """The target in a plain sentence."""
        than = "above" if self.strict else "at least"
        end = closing(self, "at least {bound}", "above {bound}")
        return f"{figure_text(self, self.figure)} {is_text(self)} {than} {self.bound}{by_deadline(self)}{end}"


class AtMost(Promise):
    """A figure is at a level or below; with `strict`, below it."""

    kind: Literal["at_most"]
    figure: Figure = "value"
    bound: Level
    strict: StrictBool = False

    def sentence(self) -> str:
        """The target in a plain sentence."""
        than = "below" if self.strict else "at most"
        end = closing(self, "at most {bound}", "below {bound}")
        return f"{figure_text(self, self.figure)} {is_text(self)} {than} {self.bound}{by_deadline(self)}{end}"


class RaiseBy(Promise):
    """A value gets better by a step since the baseline: it rises, or falls where less is better."""

    kind: Literal["raise_by"]
    by: Step

    def sentence(self) -> str:
        """The target in a plain sentence."""
        verb = ("falls", "fall") if lower_is_better(self) else ("rises", "rise")
        many = is_text(self) != "is"
        end = closing(self, "by {by}")
        subject, moves = figure_text(self, "value"), f"each {verb[1]}" if many else verb[0]
        return f"{subject} {moves} by at least {self.by}{span(self)}{end}"


class NarrowBy(Promise):
    """A gap narrows by a step since the baseline: in points, or in per cent of the gap there was."""

    kind: Literal["narrow_by"]
    by: Step

    def sentence(self) -> str:
        """The target in a plain sentence."""
        narrows = "narrows" if is_text(self) == "is" else "each narrow"
        return f"{figure_text(self, 'gap')} {narrows} by at least {self.by}{span(self)}{closing(self, 'by {by}')}"


class NoWiderThan(Promise):
    """A gap is no wider than a comparator's; `stated` is the comparator's gap as the document gives it."""

    kind: Literal["no_wider_than"]
    comparator: Comparator
    stated: Level | None = None

    def sentence(self) -> str:
        """The target in a plain sentence."""
        other = f"{SAME[self.comparator]} gap{beside(self.stated)}"
        end = closing(self, "no wider", "narrower")
        return f"{figure_text(self, 'gap')} {is_text(self)} no wider than {other}{by_deadline(self)}{end}"


class AtLeastComparator(Promise):
    """A value is at least as good as a comparator's for the same group; with `strict`, better."""

    kind: Literal["at_least_comparator"]
    comparator: Comparator
    stated: Level | None = None
    strict: StrictBool = False

    def sentence(self) -> str:
        """The target in a plain sentence."""
        than = "better than" if self.strict else "at least as good as"
        other = f"{SAME[self.comparator]} figure for the same pupils{beside(self.stated)}"
        end = closing(self, "at least as good", "better")
        return f"{figure_text(self, 'value')} {is_text(self)} {than} {other}{by_deadline(self)}{end}"


class Outpace(Promise):
    """A value improves more than the peers' or a comparator's, or a gap narrows more than a comparator's.

    By `by` more, each year or over the whole span; without it, at all.
    """

    kind: Literal["outpace"]
    figure: Figure = "value"
    than: Literal["peers"] | Comparator
    by: Step | None = None
    each_year: StrictBool = False

    def sentence(self) -> str:
        """The target in a plain sentence."""
        verb = ("narrows", "each narrow") if self.figure == "gap" else ("improves", "each improve")
        more = f"by at least {self.by} more" if self.by else "by more"
        others = f"{'their peers' if self.than == 'peers' else SAME[self.than] + ' figure'}"
        every = ", in every year" if self.each_year else ","
        moves = verb[is_text(self) != "is"]
        end = closing(self, "by {by} more")
        return f"{figure_text(self, self.figure)} {moves} {more} than {others}{every}{span(self)}{end}".replace(
            ",.", "."
        )


class Banded(Promise):
    """A row of a scorecard: a level to reach, and one at which somebody steps in. `better` says which way is better."""

    kind: Literal["banded"]
    figure: Figure = "value"
    bound: Level
    intervention: Level
    better: Literal["higher", "lower"]

    def sentence(self) -> str:
        """The target in a plain sentence."""
        more, less = ("or more", "or less") if self.better == "higher" else ("or less", "or more")
        end = closing(self, f"{{bound}} {more}")
        subject = f"{figure_text(self, self.figure)} {is_text(self)} {self.bound} {more}{by_deadline(self)}"
        return f"{subject}; at {self.intervention} {less} somebody has to step in{end}"


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


class Floor(Promise):
    """Every area of a level reaches thresholds. An area fails when it misses `any` of them, or `all`."""

    kind: Literal["floor"]
    level: AreaLevel
    thresholds: Annotated[tuple[Threshold, ...], Field(min_length=1)]
    fails: Literal["any", "all"] = "any"
    allowed: Annotated[StrictInt, Field(ge=0)] = 0

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
