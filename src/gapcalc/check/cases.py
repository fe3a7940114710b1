"""Cases: one measure, group and area of a target, and the forms of their figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gapcalc.check.book import Book, Place
from gapcalc.definitions import area_named, measures
from gapcalc.definitions.breaks import Comparability, comparability
from gapcalc.forms import Figure, Form, less, of, pooled
from gapcalc.strategy.model import Comparators
from gapcalc.targets.names import Who


@dataclass(frozen=True)
class Group:
    """One measure, group and place: `Case`, as targets ask for it."""

    book: Book
    comparators: Comparators
    place: Place
    key_stage: str
    measure: str
    who: Who
    versus: Who  # those the group is set against: its peers or all pupils, among those that a target chooses
    against: str
    period: str
    baseline: str | None
    deadline: str
    due: bool
    predicted: bool
    trouble: str = ""  # why it cannot be told which pupils are meant

    @property
    def better(self) -> int:
        """1 where more of the measure is better, -1 where less is."""
        return -1 if measures()[self.key_stage, self.measure].lower_is_better else 1

    @property
    def since(self) -> str:
        """The baseline, which the linter has seen to be there for the kinds that need one."""
        return self.baseline or ""

    @property
    def what(self) -> tuple[str, ...]:
        """Key stage, measure, dimension and group."""
        return (self.key_stage, self.measure, self.who.dimension, self.who.group)

    @property
    def others(self) -> tuple[str, ...]:
        """The same of those the group is set against."""
        return (*self.what[:2], self.versus.dimension, self.versus.group)

    def judged_on(self, period: str) -> str:
        """Of a prediction, the year that is judged is predicted, and what lies between and has no results."""
        if not self.predicted or (self.baseline is not None and period <= self.baseline):
            return "results"
        between = period != self.period and period in self.book.known(self.place, self.what, "results")
        return "results" if between else "predicted"

    def focus(self, period: str) -> Figure:
        """The group's figure."""
        return self.book.figure(self.place, self.what, period, self.judged_on(period))

    def value(self, period: str) -> Form:
        """The group's value."""
        return of(self.focus(period))

    def peers(self, period: str) -> Form:
        """The value of those it is set against."""
        return of(self.book.figure(self.place, self.others, period, self.judged_on(period)))

    def gap(self, period: str) -> Form:
        """How far the group is behind those it is set against."""
        reference = self.book.figure(self.place, self.others, period, self.judged_on(period))
        return self._gap(self.focus(period), reference)

    def _gap(self, focus: Figure, reference: Figure) -> Form:
        printed = self.book.printed_gap(focus, reference)
        if printed is not None:
            return of(printed)
        rest = less(reference, focus) if self.against == "all" and self.who.parts else None
        if rest is not None:
            # Against all pupils, the group among them: (1 - w) of the gap to everybody else.
            others, share = rest
            return (of(others) - of(focus)) * (share * self.better)
        return (of(reference) - of(focus)) * self.better

    def theirs(self, comparator: str, figure: str, period: str) -> Form:
        """A comparator's value for the same group, or its gap."""
        gap = figure == "gap"
        codes = self.codes(comparator)
        average = self.book.neighbours.average if comparator == "neighbours" and self.book.neighbours else "mean"
        if not codes:
            return Form(lacking=f"there is no comparator {comparator} of {self._name}")
        ours = list(self.book.beside(codes, self.what, period))
        reference = list(self.book.beside(codes, self.others, period)) if gap else []
        if comparator != "neighbours":
            return self._gap(ours[0], reference[0]) if gap else of(ours[0])
        if average == "pooled":
            both = [at for at, one in enumerate(ours) if one.counted and (not gap or reference[at].counted)]
            if not both:
                return Form(lacking=f"there are no counts of neighbours for {period}")
            sums = [pooled([side[at] for at in both], "neighbours") for side in (ours, reference) if side]
            return self._gap(sums[0], sums[1]) if gap else of(sums[0])
        forms = [self._gap(*pair) for pair in zip(ours, reference, strict=True)] if gap else [of(one) for one in ours]
        forms = [one for one in forms if one.value is not None]
        if not forms:
            return Form(lacking=f"there are no figures of neighbours for {period}")
        if average == "median":
            return _median(forms)
        return sum(forms[1:], start=forms[0]) * (1 / len(forms))

    def codes(self, comparator: str) -> list[str]:
        """The areas of a comparator."""
        if comparator == "neighbours":
            known = self.book.neighbours
            lists = known.list.of.get(self.place, ()) if known and isinstance(self.place, str) else ()
            return [one.code for one in lists]
        named = getattr(self.comparators, comparator)
        area = area_named(named.area) if named else None
        return [area.code] if area else [named.area] if named else []

    @cached_property
    def _name(self) -> str:
        return self.book.figure(self.place, self.what, self.period, "results").area_name

    def pupils(self, period: str) -> float | None:
        """How many pupils the group has, where that is shown."""
        return self.focus(period).pupils

    def comparable(self, period: str, other: str) -> Comparability:
        """Whether two periods can be compared."""
        return comparability(self.key_stage, self.measure, period, other, self.who.dimension)


def _median(forms: Sequence[Form]) -> Form:
    """The form in the middle, or half of each of the two that are."""
    ordered = sorted(forms, key=lambda one: one.value or 0.0)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return low if low is high else (low + high) * 0.5
