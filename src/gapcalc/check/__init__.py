"""Check: the figures of a run and a strategy in, a verdict on every target out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from gapcalc.check.book import Book, Neighbours, Role
from gapcalc.check.claims import Judge
from gapcalc.check.numbers import Ledger
from gapcalc.check.unknown import telling
from gapcalc.definitions import key_stages
from gapcalc.forms import Form
from gapcalc.sides import NOTHING
from gapcalc.strategy.model import Strategy
from gapcalc.targets import AllOf, AnyTarget, AtLeastComparator, Floor, NoWiderThan
from gapcalc.targets.amounts import Amount
from gapcalc.targets.asked import RAGS, VERDICTS, Verdict, worst
from gapcalc.verdicts import Claim, Contradiction, RollUp, TargetVerdict

__all__ = ["Book", "Judge", "Ledger", "Neighbours", "Role", "check", "rolled_up", "telling"]


def check(strategy: Strategy, judge: Judge) -> tuple[TargetVerdict, ...]:
    """A strategy and what its figures are looked up in, in; the verdicts in the order of the file out."""
    return tuple(_checked(target, strategy.strategy.document, judge) for target in strategy.settled())


def _checked(target: AnyTarget, document: str, judge: Judge) -> TargetVerdict:
    parts = list(target.parts) if isinstance(target, AllOf) else [target]
    numbers = range(1, len(parts) + 1) if isinstance(target, AllOf) else [None]
    claims = [one for part, number in zip(parts, numbers, strict=True) for one in judge.claims(part, number)]
    verdict = worst([one.verdict for one in claims])
    bad = [at for at, one in enumerate(claims) if one.verdict == verdict]
    decided_by = max(bad, key=lambda at: (*_badness(claims[at]), -at))
    deciding = claims[decided_by]
    said = [one for part in parts for one in _contradictions(part, judge)]
    said += _printed(target, verdict, deciding)
    return TargetVerdict(
        id=target.id,
        says=target.says,
        sentence=target.sentence(),
        source=target.source.words(document) if target.source else document,
        kind=target.kind,
        verdict=verdict,
        reason=deciding.reason,
        why=deciding.why,
        rag=deciding.rag,
        predicted=any(one.predicted for one in claims),
        decided_by=decided_by,
        claims=tuple(claims),
        contradictions=tuple(dict.fromkeys(said)),
        note=target.note or None,
    )


def _badness(one: Claim) -> tuple[int, float]:
    """Of two claims with one verdict the worse has the worse colour, then falls further short."""
    distance = one.distance_now if one.decided_by == "distance_now" else one.distance
    return (-1 if one.rag is None else RAGS.index(one.rag)), -math.inf if distance is None else -distance


def rolled_up(targets: Sequence[TargetVerdict]) -> tuple[RollUp, tuple[RollUp, ...]]:
    """Verdicts in; those of the whole strategy, and of each key stage, added up, out. The worst stands for all."""
    stages = []
    for stage in key_stages():
        of = [[claim.verdict for claim in one.claims if claim.key_stage == stage] for one in targets]
        if any(of):
            stages.append(_roll_up(stage, [worst(found) for found in of if found]))
    return _roll_up(None, [one.verdict for one in targets]), tuple(stages)


def _roll_up(stage: str | None, found: list[Verdict]) -> RollUp:
    return RollUp(key_stage=stage, verdict=worst(found), **{one: found.count(one) for one in VERDICTS})


def _contradictions(target: AnyTarget, judge: Judge) -> Iterator[Contradiction]:
    """Where the document's figure at the baseline, or a comparator's, is not what the figures say."""
    if isinstance(target, Floor) or target.level is not None or target.baseline is None:
        return
    printed = target.printed.start if target.printed else None
    where = target.printed.where if target.printed else ""
    stated: Amount | None = getattr(target, "stated", None)
    for name in target.measures:
        for case in judge.cases(target, name):
            look = case.gap if _of_gap(target) else case.value
            for amount, place in ((target.start, ""), (printed, where)):
                yield from _differs("start", amount, place, target.baseline, look(target.baseline), judge)
            if stated is not None and isinstance(target, (NoWiderThan, AtLeastComparator)):
                theirs = case.theirs(target.comparator, "gap" if _of_gap(target) else "value", target.baseline)
                yield from _differs("stated", stated, "", target.baseline, theirs, judge)


def _of_gap(target: AnyTarget) -> bool:
    return getattr(target, "figure", "value") == "gap" or target.kind in ("narrow_by", "no_wider_than")


def _differs(
    about: str, amount: Amount | None, where: str, period: str, form: Form, judge: Judge
) -> Iterator[Contradiction]:
    """Something that is printed, and the figure, where rounding does not explain how they differ."""
    if amount is None or form.value is None:
        return
    exponent = amount.number.as_tuple().exponent
    half = 0.5 * 10.0 ** int(exponent) * (1 if amount.unit == "points" else 0.01)
    if abs(form.value - amount.size) <= half + form.rounding + NOTHING:
        return
    factor = 1.0 if amount.unit == "points" else 100.0
    yield Contradiction(
        about=about,  # type: ignore[arg-type]
        document=str(amount),
        where=where or None,
        period=period,
        found=form.value * factor,
        found_word=None,
        unit=amount.unit,  # type: ignore[arg-type]
        made_from=judge.ledger.ids(form),
    )


def _printed(target: AnyTarget, verdict: Verdict, deciding: Claim) -> Iterator[Contradiction]:
    """What the document says of the outcome, where the figures say otherwise."""
    said = target.printed
    if said is None:
        return
    pairs = (("verdict", said.verdict, verdict), ("direction", said.direction, deciding.direction))
    for about, document, found in pairs:
        # That nothing can be said denies nothing.
        if document is not None and document != found and found not in ("cannot_say", "none"):
            yield Contradiction(
                about=about,  # type: ignore[arg-type]
                document=document,
                where=said.where or None,
                period=deciding.period,
                found=None,
                found_word=found,
                unit=None,
                made_from=(),
            )
