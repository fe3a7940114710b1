"""Kinds of target that ask for a change since the baseline. Each says itself in a plain sentence."""

from typing import Literal

from pydantic import StrictBool

from gapcalc.definitions.breaks import previous_period
from gapcalc.forms import Form, constant
from gapcalc.targets.amounts import Amount, Step
from gapcalc.targets.asked import Asked, Case, Knot, stepped
from gapcalc.targets.base import Comparator, Figure, Promise
from gapcalc.targets.words import SAME, closing, figure_text, is_text, lower_is_better, span

AHEAD = "the group was not behind at the baseline: it is asked not to fall behind"


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

    def asked(self, case: Case) -> tuple[Asked, ...]:
        """A step from the baseline's value, to the better side."""
        start = case.value(case.since)
        return (_step(self, "value", case.value(case.period), start, case, better=case.better),)


class NarrowBy(Promise):
    """A gap narrows by a step since the baseline: in points, or in per cent of the gap there was."""

    kind: Literal["narrow_by"]
    by: Step

    def sentence(self) -> str:
        """The target in a plain sentence."""
        narrows = "narrows" if is_text(self) == "is" else "each narrow"
        return f"{figure_text(self, 'gap')} {narrows} by at least {self.by}{span(self)}{closing(self, 'by {by}')}"

    def asked(self, case: Case) -> tuple[Asked, ...]:
        """A step from the baseline's gap."""
        return (_step(self, "gap", case.gap(case.period), case.gap(case.since), case, better=-1),)


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

    def asked(self, case: Case) -> tuple[Asked, ...]:
        """By how much more it improved: over the whole span, or one for each year that is over."""
        by = constant(self.by.size if self.by else 0.0)
        if not self.each_year:
            knots = tuple(Knot(one.period, constant(one.by.size), strict=False) for one in self.milestones if one.by)
            lead = self._lead(case, case.since, case.period)
            return (
                Asked(
                    "lead", lead, by, 1, strict=self.by is None, start=lead * 0.0, knots=knots,
                    compared=((case.since, case.period),),
                ),
            )  # fmt: skip
        years = _years(case.since, case.period)
        return tuple(
            Asked(
                "lead", self._lead(case, before, year), by, 1, strict=self.by is None, year=year,
                compared=((before, year),),
            )
            for before, year in years
        )  # fmt: skip

    def _lead(self, case: Case, before: str, year: str) -> Form:
        """How much more it improved between two periods than what it is held against."""
        if self.figure == "gap":
            ours = case.gap(before) - case.gap(year)
        else:
            ours = (case.value(year) - case.value(before)) * case.better
        if self.than == "peers":
            return ours - (case.peers(year) - case.peers(before)) * case.better
        then, now = (case.theirs(self.than, self.figure, one) for one in (before, year))
        return ours - (then - now if self.figure == "gap" else (now - then) * case.better)


def _step(target: RaiseBy | NarrowBy, figure: Figure, actual: Form, start: Form, case: Case, *, better: int) -> Asked:
    # A lead is not asked for: the line of a group that was ahead runs where there is no gap.
    ahead = figure == "gap" and start.value is not None and start.value <= 0.0
    start = start * 0.0 if ahead else start

    def level(step: Amount) -> Form:
        return start if ahead else stepped(start, step, better)

    knots = tuple(Knot(one.period, level(one.by), strict=False) for one in target.milestones if one.by)
    return Asked(
        figure, actual, level(target.by), better, start=start, knots=knots,
        compared=((case.since, case.period),), notes=(AHEAD,) if ahead else (),
    )  # fmt: skip


def _years(first: str, last: str) -> list[tuple[str, str]]:
    """The pairs of years that follow each other, after the first up to the last."""
    found: list[tuple[str, str]] = []
    while last > first:
        found.append((previous_period(last), last))
        last = previous_period(last)
    return found[::-1]
