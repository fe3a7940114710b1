"""What a target asks for, of one measure, group and area, as forms; and whether it is so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from gapcalc.definitions.breaks import Comparability
from gapcalc.definitions.small_cohorts import small_cohorts
from gapcalc.forms import Form, between
from gapcalc.model import PLACES
from gapcalc.sides import NOTHING
from gapcalc.targets.amounts import Amount

Verdict = Literal["met", "on_track", "cannot_say", "off_track", "missed"]
VERDICTS: tuple[Verdict, ...] = ("met", "on_track", "cannot_say", "off_track", "missed")  # from the best to the worst
Reason = Literal["no_data", "break", "hidden", "too_small", "ambiguous"]
Rag = Literal["green", "amber/green", "amber", "amber/red", "red"]
RAGS: tuple[Rag, ...] = ("green", "amber/green", "amber", "amber/red", "red")  # from the best to the worst
RAG: dict[Verdict, Rag | None] = {
    "met": "green", "on_track": "amber/green", "cannot_say": None, "off_track": "amber/red", "missed": "red",
}  # fmt: skip


class Case(Protocol):
    """One measure, group and area, and the figures there are of them. Forms lack a value where there is none."""

    @property
    def period(self) -> str:
        """Whose figures are judged."""

    @property
    def baseline(self) -> str | None:
        """The period that steps are counted from."""

    @property
    def deadline(self) -> str:
        """The period whose results decide."""

    @property
    def due(self) -> bool:
        """Whether the period decides; else the straight line does."""

    @property
    def predicted(self) -> bool:
        """Whether predictions are judged."""

    @property
    def better(self) -> int:
        """1 where more of the measure is better, -1 where less is."""

    @property
    def since(self) -> str:
        """The baseline, of a kind that has one."""

    def value(self, period: str) -> Form:
        """The group's value."""

    def gap(self, period: str) -> Form:
        """How far the group is behind those it is set against."""

    def peers(self, period: str) -> Form:
        """The value of those it is set against."""

    def theirs(self, comparator: str, figure: str, period: str) -> Form:
        """A comparator's value for the same group, or its gap."""

    def pupils(self, period: str) -> float | None:
        """How many pupils the group has, where that is shown."""

    def comparable(self, period: str, other: str) -> Comparability:
        """Whether two periods can be compared."""


@dataclass(frozen=True)
class Knot:
    """A milestone: what shall hold in its period."""

    period: str
    level: Form
    strict: bool


@dataclass(frozen=True)
class Asked:
    """What is asked for: `actual` shall be on the better side of `required`, by the deadline.

    `start` is where the figure was at the baseline, from which the straight line is drawn. `compared` are periods that
    have to be comparable for the actual figure and the required one to be set against each other at all.
    """

    figure: Literal["value", "gap", "lead"]  # `lead`: by how much more a figure improved than another
    actual: Form
    required: Form
    better: int
    strict: bool = False
    start: Form | None = None
    knots: tuple[Knot, ...] = ()
    compared: tuple[tuple[str, str], ...] = ()
    year: str | None = None  # of a target that has to hold in every year: this one alone
    intervention: Form | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A verdict, and the forms it was made from. `margin` is what decided: at nothing or above, it holds."""

    verdict: Verdict
    asked: Asked
    period: str
    due: bool
    reason: Reason | None = None
    why: str = ""
    now: Form | None = None  # what the straight line asks for in the period
    margin: Form | None = None
    end: Form | None = None  # the margin to what is asked for in the end
    slack: float = 0.0
    slack_now: float = 0.0  # the same of the line, and whether more than the line is asked for
    strict_now: bool = False
    by_tolerance: bool = False
    reached: bool = False
    rag: Rag | None = None
    notes: tuple[str, ...] = ()


def stepped(start: Form, step: Amount, better: int) -> Form:
    """A form and a step in, the form after the step to the better side out; a share of a gap is taken of that gap.

    Where the group was not behind, it shall not fall behind.
    """
    if step.unit == "percent of the gap":
        if start.value is not None and start.value <= 0.0:
            return start * 0.0
        return start * (1.0 - step.size)
    return start + Form(constant=better * step.size)


def judged(asked: Asked, case: Case, tolerance: Amount | None) -> Judged:
    """What is asked for, of whom, and what may be lacking, in; the verdict out.

    Before the deadline the straight line from the baseline to the target decides, over its milestones; afterwards the
    target itself. A prediction is never met or missed.
    """
    period = asked.year or case.period
    due = case.due or asked.year is not None
    end = (asked.actual - asked.required) * asked.better
    blank = Judged("cannot_say", asked, period, due, end=end)
    now, strict_now = (None, asked.strict) if due else _line(asked, case, period)
    for one, other in asked.compared:
        told = case.comparable(one, other)
        if told.answer in ("break", "no data"):
            return _cannot(blank, "break" if told.answer == "break" else "no_data", said(told, one, other))
    # On the way a milestone can be judged even where a comparator's figure is not there.
    if asked.actual.symbol or (end.symbol and now is None):
        return _cannot(
            blank,
            "hidden" if "hidden" in (asked.actual.symbol, asked.required.symbol) else "no_data",
            _lacking(asked, period),
        )
    pupils = case.pupils(period)
    if pupils is not None and pupils <= small_cohorts()[0].most:
        return _cannot(blank, "too_small", f"of {small_cohorts()[0].most} pupils or fewer nothing is said")
    margin = end if due or now is None else (asked.actual - now) * asked.better
    # A share of what is asked for: in the end, or by now.
    slack, slack_now = (
        _slack(tolerance, one, pupils) for one in (asked.required, now if now is not None else asked.required)
    )
    reached = end.value is not None and _holds(end, slack, strict=asked.strict)
    notes = asked.notes + tuple(
        f"take care: {said(told, one, other)}"
        for one, other in asked.compared
        if (told := case.comparable(one, other)).answer == "caution"
    )
    verdict: Verdict
    if due:
        verdict = "met" if reached else "missed"
        if verdict == "met" and asked.year is not None and not case.due:
            verdict = "on_track"
        if case.predicted:
            verdict = "on_track" if reached else "off_track"
    elif reached:
        verdict, margin = "on_track", end
    elif now is None:
        reason, why = _no_line(asked, case, period)
        return _cannot(Judged("cannot_say", asked, period, due, end=end), reason, why)
    else:
        verdict = "on_track" if _holds(margin, slack_now, strict=strict_now) else "off_track"
    if tolerance is not None and tolerance.unit == "pupils" and not pupils:
        notes += ("the tolerance is of pupils, and how many there are is not known: it is left out",)
    good = verdict in ("met", "on_track")
    strict = asked.strict if margin is end else strict_now
    return Judged(
        verdict, asked, period, due, now=now, margin=margin, end=end, slack=slack, slack_now=slack_now,
        strict_now=strict_now, reached=reached, notes=notes,
        by_tolerance=good and not _holds(margin, 0.0, strict=strict), rag=_rag(verdict, asked, reached=reached),
    )  # fmt: skip


def worst(verdicts: list[Verdict]) -> Verdict:
    """Verdicts in, the worst out; of none it cannot be said."""
    return max(verdicts, key=VERDICTS.index) if verdicts else "cannot_say"


def said(told: Comparability, one: str, other: str) -> str:
    """Why two periods cannot be compared, or only with care, in words."""
    return f"{one} and {other}: " + "; ".join(f"{why.kind}, {why.reason} ({why.source})" for why in told.reasons)


def _cannot(blank: Judged, reason: Reason, why: str) -> Judged:
    return Judged("cannot_say", blank.asked, blank.period, blank.due, reason, why, end=blank.end)


def _holds(margin: Form, slack: float, *, strict: bool) -> bool:
    left = (margin.value or 0.0) + slack
    return left > NOTHING if strict else left >= -NOTHING


def _lacking(asked: Asked, period: str) -> str:
    """Which figure is not there, in words."""
    missing = [one for form in (asked.actual, asked.required) for one in form.figures if one.value is None]
    if not missing:
        return asked.actual.lacking or asked.required.lacking or f"there is no figure of {period}"
    first = next((one for one in missing if one.symbol == "hidden"), missing[0])
    where = f"of {first.area_name} for {first.period}"
    told = " that may be told" if first.level in PLACES else ""
    return f"the figure {where} is hidden" if first.symbol == "hidden" else f"no figure {where}{told}"


def _year(period: str) -> int:
    return int(period[:4])


def _line(asked: Asked, case: Case, period: str) -> tuple[Form | None, bool]:
    """What is asked for in a period on the way, and whether more than that is."""
    for knot in asked.knots:
        if knot.period == period:
            return (knot.level if knot.level.value is not None else None), knot.strict
    ends = [(case.baseline or "", asked.start), *((one.period, one.level) for one in sorted(asked.knots, key=_when))]
    ends.append((case.deadline, asked.required))
    before = max((at for at, one in enumerate(ends) if one[0] < period), default=None)
    if before is None or before + 1 == len(ends):
        return None, False
    (from_, low), (to, high) = ends[before], ends[before + 1]
    if low is None or low.value is None or high is None or not from_:
        return None, False
    if case.comparable(from_, period).answer in ("break", "no data"):
        return None, False
    line = between(low, high, (_year(period) - _year(from_)) / (_year(to) - _year(from_)))
    return (line if line.value is not None else None), False


def _when(knot: Knot) -> str:
    return knot.period


def _no_line(asked: Asked, case: Case, period: str) -> tuple[Reason, str]:
    """Why there is no straight line."""
    if asked.start is None or case.baseline is None:
        return "no_data", "before the deadline, and there is no baseline from which to draw the line"
    if asked.start.symbol == "hidden":
        return "hidden", f"the figure at the baseline, {case.baseline}, is hidden"
    if asked.start.value is None:
        return "no_data", f"there is no figure at the baseline, {case.baseline}"
    if period <= case.baseline:
        return "no_data", f"there is no figure later than the baseline, {case.baseline}"
    told = case.comparable(case.baseline, period)
    if told.answer in ("break", "no data"):
        return ("break" if told.answer == "break" else "no_data"), said(told, case.baseline, period)
    return "no_data", "a figure of the line is not there"


def _slack(tolerance: Amount | None, required: Form, pupils: float | None) -> float:
    """By how much a figure may fall short, in the unit of the figure."""
    if tolerance is None:
        return 0.0
    if tolerance.unit == "percent":
        return tolerance.size * abs(required.value or 0.0)
    if tolerance.unit == "pupils":
        return tolerance.size / pupils if pupils else 0.0
    return tolerance.size


def _rag(verdict: Verdict, asked: Asked, *, reached: bool) -> Rag | None:
    """Red, amber or green; of a scorecard by its own two levels."""
    if asked.intervention is None:
        return "green" if reached and verdict == "on_track" else RAG[verdict]
    bad = (asked.actual - asked.intervention) * asked.better
    return "green" if reached else "red" if (bad.value or 0.0) <= NOTHING else "amber"
