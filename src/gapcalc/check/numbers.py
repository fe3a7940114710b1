"""Numbers: a judgement in, everything that is said beside the verdict out, each number with its figures."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from gapcalc.check.cases import Group
from gapcalc.definitions import measures
from gapcalc.definitions.breaks import previous_period
from gapcalc.definitions.small_cohorts import small_cohorts
from gapcalc.forms import Figure, Form, Limits, limits
from gapcalc.sides import NOTHING
from gapcalc.targets import AnyTarget, Banded
from gapcalc.targets.asked import Asked, Judged, Reason, said
from gapcalc.verdicts import Claim, Direction, LastKnown, UsedFigure

NOISE = 1e-7  # what is short of a whole pupil by less is the noise of binary fractions
APART = ("break", "no data")


@dataclass
class Ledger:
    """The figures that verdicts were made from, each under a short name."""

    names: dict[Figure, str] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)

    def ids(self, *forms: Form | None, listed: bool = True) -> tuple[str, ...]:
        """Forms in; the names of their figures, those that are new among them, out.

        Of areas that are only counted, such as schools, the figures are looked up and not listed.
        """
        found = []
        for one in (one for form in forms if form is not None for one in form.figures):
            if one not in self.names and not listed:
                self.unlisted.add(f"f{len(self.names) + 1}")
            found.append(self.names.setdefault(one, f"f{len(self.names) + 1}"))
        if listed:
            self.unlisted -= set(found)
        return tuple(dict.fromkeys(found))

    def used(self) -> tuple[UsedFigure, ...]:
        """Those that are listed, as the output has them."""
        return tuple(_used(id, one) for one, id in self.names.items() if id not in self.unlisted)


def _used(id: str, one: Figure) -> UsedFigure:
    there = one.value is not None
    names = ("period", "status", "area_code", "area_name", "level", "key_stage", "measure", "dimension", "group")
    return UsedFigure(
        id=id,
        source="data" if one.own else "beside",
        **{name: getattr(one, name) for name in names},
        proportion=one.proportion,
        value=(one.value or 0.0) * (100 if one.proportion else 1) if there else None,
        pupils=int(one.pupils) if there and one.pupils is not None else None,
        reached=one.total / one.per_unit if there and one.total is not None else None,
        basis=one.basis,  # type: ignore[arg-type]
        symbol=one.symbol,  # type: ignore[arg-type]
    )


def blank(target: AnyTarget, case: Group, part: int | None, name: str) -> dict[str, Any]:
    """What every claim says of what it is about, and nothing yet of how it stands."""
    nothing = dict.fromkeys(Claim.model_fields)
    return nothing | {
        "part": part, "kind": target.kind, "figure": "value", "key_stage": case.key_stage, "measure": case.measure,
        "dimension": case.who.dimension, "group": case.who.group, "area_name": name,
        "area_code": case.place if isinstance(case.place, str) else " + ".join(case.place),
        "period": case.period, "deadline": case.deadline, "due": case.due, "verdict": "cannot_say",
        "predicted": case.predicted, "reached": False, "within_tolerance": False, "direction": "none", "notes": (),
        "unit": measures()[case.key_stage, case.measure].unit, "made_from": {},
    }  # fmt: skip


def claim(target: AnyTarget, case: Group, one: Judged, ledger: Ledger, part: int | None) -> Claim:
    """A target, whom it is judged for, and the judgement in; the claim as the output has it out."""
    asked = one.asked
    factor = 100.0 if measures()[case.key_stage, case.measure].kind == "proportion" else 1.0
    made: dict[str, Any] = blank(target, case, part, case.focus(one.period).area_name)
    made |= {"figure": asked.figure, "period": one.period, "due": one.due, "verdict": one.verdict}
    reason, why = unmeasured(case, one.period, one.reason, one.why)
    made |= {"reason": reason, "why": why or None, "rag": one.rag, "reached": one.reached}
    made |= {"within_tolerance": one.by_tolerance}
    made_from: dict[str, tuple[str, ...]] = {}

    def put(name: str, value: float | None, *forms: Form | None, times: float = factor) -> None:
        made[name] = None if value is None else value * times + 0.0
        if value is not None:
            made_from[name] = ledger.ids(*forms)

    put("actual", asked.actual.value, asked.actual)
    put("required", asked.required.value, asked.required)
    known = one.verdict != "cannot_say"
    # The line that is drawn through what is wanted needs no figure of its own to be shown.
    put("required_now", one.now.value if one.now else None, one.now)
    end = one.end if known else None
    put("distance", end.value if end else None, end)
    now = (asked.actual - one.now) * asked.better if one.now and known else None
    put("distance_now", now.value if now else None, now)
    notes = list(one.notes)
    if one.margin is not None and known:
        made["decided_by"] = "distance" if one.margin is one.end else "distance_now"
        found = limits(one.margin)
        _put_limits(made, found, one.margin, put)
        if found and found.method != "rounding":
            made["within_chance"] = found.lower <= 0.0 <= found.upper
        if one.margin.rounding:
            put("rounding", one.margin.rounding, one.margin)
            made["within_rounding"] = abs(one.margin.value or 0.0) <= one.margin.rounding + NOTHING
        put("pupils_needed", _pupils_needed(one, case, one.end, one.slack, strict=asked.strict), one.end, times=1)
        if now is not None:
            needed = _pupils_needed(one, case, now, one.slack_now, strict=one.strict_now)
            put("pupils_needed_now", needed, now, times=1)
    notes += _direction(target, case, one, made, put)
    notes += _small(case, one)
    if known and not one.due and asked.figure != "lead":
        _feasible(case, one, made, put)
    made["made_from"] = made_from
    made["notes"] = tuple(notes)
    made["last_known"] = _last_known(target, case, one, ledger, factor)
    for name in ("pupils_needed", "pupils_needed_now"):
        made[name] = None if made[name] is None else int(made[name])
    return Claim.model_validate(made)


R = TypeVar("R", bound=Reason | None)


def unmeasured(case: Group, period: str, reason: R, why: str) -> tuple[R | Reason, str]:
    """Why nothing can be said; where the measure had ended, or not begun, that is it."""
    measure = measures()[case.key_stage, case.measure]
    if reason != "no_data" or measure.covers(case.key_stage, period):
        return reason, why
    told = case.comparable(case.baseline or previous_period(period), period)
    known = "; ".join(f"{found.reason} ({found.source})" for found in told.reasons)
    return "break" if told.answer == "break" else "no_data", f"not measured in {period}{known and f': {known}'}"


def _put_limits(made: dict[str, Any], found: Limits | None, margin: Form, put: Callable[..., None]) -> None:
    if found is not None:
        put("lower", found.lower, margin)
        put("upper", found.upper, margin)
        made["method"] = found.method


def _pupils_needed(one: Judged, case: Group, margin: Form | None, slack: float, *, strict: bool) -> int | None:
    """How many more of the group, the others' results staying, until a margin is closed."""
    focus = case.focus(one.period)
    if margin is None or margin.value is None or not (focus.proportion and focus.counted):
        return None
    pupils, reached = focus.pupils or 0.0, focus.total or 0.0
    weight = abs(margin.weight_of(focus))
    if weight < NOTHING:
        return None
    short = -((margin.value or 0.0) + slack) * pupils / weight
    needed = math.floor(short + NOISE) + 1 if strict else math.ceil(short - NOISE)
    left = pupils - reached if case.better > 0 else reached
    return max(0, needed) if max(0, needed) <= left else None


def look(case: Group, asked: Asked) -> Callable[[str], Form]:
    """What a claim is about, by period."""
    return case.gap if asked.figure == "gap" else case.value


def _direction(
    target: AnyTarget, case: Group, one: Judged, made: dict[str, Any], put: Callable[..., None]
) -> list[str]:
    """Whether the figure is better or worse than a year before. A scorecard prints it across a break, with a note."""
    if one.asked.figure == "lead":
        return []
    before = previous_period(one.period)
    then = replace(case, baseline=before).gap(before) if one.asked.figure == "gap" else replace(
        case, baseline=before
    ).value(before)  # fmt: skip
    now = one.asked.actual
    if then.value is None or now.value is None:
        return []
    told = case.comparable(before, one.period)
    if told.answer in APART and not isinstance(target, Banded):
        return []
    put("before", then.value, then)
    made["before_period"] = before
    change = ((now - then) * one.asked.better).value or 0.0
    found: Direction = "same" if abs(change) < NOTHING else "better" if change > 0 else "worse"
    made["direction"] = found
    if told.answer not in APART:
        return []
    return [
        f"the direction is the scorecard's, though the two years cannot be compared: {said(told, before, one.period)}"
    ]


def _small(case: Group, one: Judged) -> list[str]:
    pupils = case.pupils(one.period)
    words = [band.word for band in small_cohorts()[1:] if pupils is not None and band.fewest <= pupils <= band.most]
    return [f"small cohort: {words[0]}"] if words and one.verdict != "cannot_say" else []


def _feasible(case: Group, one: Judged, made: dict[str, Any], put: Callable[..., None]) -> None:
    """How fast it has to improve from here, and how fast it, or a neighbour, ever did from one year to the next."""
    years = int(case.deadline[:4]) - int(one.period[:4])
    end = one.end
    if years <= 0 or end is None or end.value is None:
        return
    needed = max(0.0, -end.value / years)
    put("per_year_needed", needed, end)
    best = _best(case, one.asked, one.period)
    if best is not None:
        put("per_year_best", best[0].value, best[0])
        made["per_year_best_period"] = best[1]
    theirs = [
        (found, code)
        for code in case.codes("neighbours")
        if (found := _best(replace(case, place=code), one.asked, one.period)) is not None
    ]
    most = max(theirs, key=lambda pair: pair[0][0].value or 0.0, default=None)
    if most is not None:
        put("per_year_best_of_neighbours", most[0][0].value, most[0][0])
        made["per_year_best_neighbour"] = most[0][0].figures[0].area_name
    known = [made[name] for name in ("per_year_best", "per_year_best_of_neighbours") if made[name] is not None]
    if needed == 0.0:
        made["feasible"] = True
    elif known:
        made["feasible"] = max(known) + NOTHING >= made["per_year_needed"]


def _best(case: Group, asked: Asked, last: str) -> tuple[Form, str] | None:
    """The greatest improvement from one year to the next, up to the last, and the year in which it was reached."""
    results = replace(case, predicted=False)
    found = []
    for period in (one for one in case.book.known(case.place, case.what, "results") if one <= last):
        before = previous_period(period)
        step = (look(results, asked)(period) - look(results, asked)(before)) * asked.better
        if step.value is not None and case.comparable(before, period).answer not in APART:
            found.append((step, period))
    return max(found, key=lambda pair: pair[0].value or 0.0, default=None)


def _last_known(target: AnyTarget, case: Group, one: Judged, ledger: Ledger, factor: float) -> LastKnown | None:
    """Where it stood in the last year that can be compared with the baseline, when its own year cannot be judged."""
    if one.reason not in ("break", "no_data") or not one.due or one.asked.year is not None or case.predicted:
        return None
    for period in reversed(case.book.has(case.place, case.what, "results")):
        if period >= one.period or (case.baseline is not None and period <= case.baseline):
            continue
        (then,) = target.judge(replace(case, period=period, due=False))
        if then.verdict == "cannot_say" or then.asked.actual.value is None:
            continue
        now = (then.asked.actual - then.now) * then.asked.better if then.now else None
        return LastKnown(
            period=period,
            verdict=then.verdict,
            actual=then.asked.actual.value * factor,
            required_now=None if then.now is None or then.now.value is None else then.now.value * factor,
            distance_now=None if now is None or now.value is None else now.value * factor,
            made_from=ledger.ids(then.asked.actual, then.now),
        )
    return None
