"""Kinds of target that ask for a level: one that is named, or a comparator's. Each says itself in a plain sentence."""

from dataclasses import replace
from typing import Literal

from pydantic import StrictBool

from gapcalc.forms import Form, constant
from gapcalc.targets.amounts import Amount, Level
from gapcalc.targets.asked import Asked, Case, Knot, stepped
from gapcalc.targets.base import Comparator, Figure, Promise
from gapcalc.targets.words import (
    SAME,
    beside,
    by_deadline,
    closing,
    figure_text,
    is_text,
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

    def asked(self, case: Case) -> tuple[Asked, ...]:
        """What is asked for, of one measure, group and area."""
        return (_level(self, case, self.figure, self.bound, better=1, strict=self.strict),)


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

    def asked(self, case: Case) -> tuple[Asked, ...]:
        """What is asked for, of one measure, group and area."""
        return (_level(self, case, self.figure, self.bound, better=-1, strict=self.strict),)


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

    def asked(self, case: Case) -> tuple[Asked, ...]:
        """A gap no wider than the comparator's of the same year."""
        start = case.gap(case.baseline) if case.baseline else None
        theirs = case.theirs(self.comparator, "gap", case.period)
        return (_beside(self, case.gap(case.period), theirs, start, better=-1, strict=False),)


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

    def asked(self, case: Case) -> tuple[Asked, ...]:
        """A value at least as good as the comparator's of the same group and year."""
        start = case.value(case.baseline) if case.baseline else None
        theirs = case.theirs(self.comparator, "value", case.period)
        return (_beside(self, case.value(case.period), theirs, start, better=case.better, strict=self.strict),)


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

    def asked(self, case: Case) -> tuple[Asked, ...]:
        """What is asked for, of one measure, group and area; and the level at which somebody steps in."""
        better = 1 if self.better == "higher" else -1
        asked = _level(self, case, self.figure, self.bound, better=better, strict=False)
        return (replace(asked, intervention=constant(self.intervention.size)),)


def _level(
    target: AtLeast | AtMost | Banded, case: Case, figure: Figure, bound: Amount, *, better: int, strict: bool
) -> Asked:
    look = case.gap if figure == "gap" else case.value
    knots = tuple(
        Knot(one.period, constant(one.bound.size), strict if one.strict is None else one.strict)
        for one in target.milestones
        if one.bound is not None
    )
    start = look(case.baseline) if case.baseline else None
    return Asked(figure, look(case.period), constant(bound.size), better, strict=strict, start=start, knots=knots)


def _beside(
    target: NoWiderThan | AtLeastComparator,
    actual: Form,
    theirs: Form,
    start: Form | None,
    *,
    better: int,
    strict: bool,
) -> Asked:
    """On the way a milestone asks for a step from the baseline, or for what the comparator has then."""
    knots = tuple(
        Knot(
            one.period, theirs if one.by is None or start is None else stepped(start, one.by, better), bool(one.strict)
        )
        for one in target.milestones
    )
    figure: Figure = "gap" if isinstance(target, NoWiderThan) else "value"
    return Asked(figure, actual, theirs, better, strict=strict, start=start, knots=knots)
