"""Whether targets can be judged when their day comes: breaks, years without data, sums that do not work."""

from collections.abc import Iterator
from decimal import Decimal
from difflib import get_close_matches

from gapcalc.definitions import ALL, area_named, areas, key_stages
from gapcalc.definitions.breaks import comparability
from gapcalc.locate import KeyPath
from gapcalc.strategy.model import Strategy
from gapcalc.strategy.promises import figure_of, singles
from gapcalc.strategy.remarks import Remark
from gapcalc.targets import AnyTarget, AtLeast, AtLeastComparator, AtMost, Floor, NarrowBy, NoWiderThan, RaiseBy
from gapcalc.targets.amounts import Amount
from gapcalc.targets.names import Who, measure_named, reference_of
from gapcalc.targets.words import whos

CODES = {"break": "G201", "no data": "G202", "caution": "G203"}
SURE = 0.85  # how like a known area a name must be to be taken for a slip


def judgeable(strategy: Strategy) -> Iterator[Remark]:
    """A strategy whose targets say all they need in, remarks on what will stand in the judge's way out."""
    if not strategy.target:
        yield Remark(("strategy",), "G210", "there are no targets", "`gapcalc strategy init` drafts some")
    yield from _areas(strategy)
    for path, target in singles(strategy):
        yield from _over_time(path, target)
        yield from _cohort(path, target)
    yield from _adding_up(singles(strategy))


def _areas(strategy: Strategy) -> Iterator[Remark]:
    named: list[tuple[KeyPath, str]] = []
    blocks: list[tuple[KeyPath, tuple[str | tuple[str, ...], ...]]] = [(("strategy", "areas"), strategy.strategy.areas)]
    for place, target in enumerate(strategy.target):
        blocks.append((("target", place, "areas"), target.areas))
        parts = getattr(target, "parts", ())
        blocks += [(("target", place, "parts", part, "areas"), one.areas) for part, one in enumerate(parts)]
    for path, listed in blocks:
        for number, one in enumerate(listed):
            named += [((*path, number), name) for name in ([one] if isinstance(one, str) else one)]
    for name in ("national", "region"):
        place_ = getattr(strategy.strategy.comparators, name)
        named += [(("strategy", "comparators", name, "area"), place_.area)] if place_ else []
    known = {area.name.lower(): area.name for area in areas().values() if area.level != "school"}
    for path, name in named:
        like = get_close_matches(name.lower(), known, 1, SURE)
        if area_named(name) is None and like:
            yield Remark(path, "G209", "an area that gapcalc does not know", f'did you mean "{known[like[0]]}"?')


def _over_time(path: KeyPath, target: AnyTarget) -> Iterator[Remark]:
    """One remark for each kind of trouble, with all measures that have it."""
    trouble: dict[tuple[str, str], list[str]] = {}
    dimensions = {who.dimension for who in whos(target)}
    over_time = not _in_one_year(target)
    for name in target.measured:
        measure = measure_named(name)
        if measure is None:
            continue
        periods = [one for one in (target.baseline if over_time else None, target.deadline) if one]
        unmeasured = [period for period in periods if not measure.covers(measure.key_stage, period)]
        for period in unmeasured:
            trouble.setdefault(("G204", f"not measured in {period}"), []).append(name)
        # What is not measured cannot be compared either: that is said once.
        if unmeasured or not (over_time and target.baseline and target.deadline):
            continue
        for dimension in sorted(dimensions):
            found = comparability(measure.key_stage, measure.id, target.baseline, target.deadline, dimension)
            for reason in found.reasons:
                when = f"{reason.kind} from {reason.from_period}: {reason.reason}"
                listed = trouble.setdefault((CODES[reason.kind], when), [])
                listed += [name] if name not in listed else []
    for (code, what), found_in in trouble.items():
        at = (*path, "deadline" if code in CODES.values() else "measures")
        yield Remark(at, code, f"{', '.join(found_in)}: {what}")


def _in_one_year(target: AnyTarget) -> bool:
    """Whether a target sets figures of one year against each other, so that a break before does not matter."""
    beside = isinstance(target, (NoWiderThan, AtLeastComparator)) or (
        isinstance(target, Floor) and all(one.comparator for one in target.thresholds)
    )
    return beside and not any(one.by for one in target.milestones)


def _cohort(path: KeyPath, target: AnyTarget) -> Iterator[Remark]:
    stages = list(key_stages())
    for name in target.measures if target.cohort else ():
        measure = measure_named(name)
        if target.cohort and measure and stages.index(target.cohort.prior) >= stages.index(measure.key_stage):
            yield Remark(
                (*path, "cohort"), "G208", "pupils are chosen by a result that is not earlier than the measure"
            )
            return


def _adding_up(places: list[tuple[KeyPath, AnyTarget]]) -> Iterator[Remark]:
    """Targets for a group, its peers and their gap that cannot all be just met."""
    told: dict[tuple[object, ...], tuple[KeyPath, AnyTarget, Decimal]] = {}
    for path, target in places:
        for key, number in _bounds(target):
            told.setdefault(key, (path, target, number))
    for key, (path, target, narrowing) in told.items():
        what, who, *rest = key
        if what not in ("narrow", "gap") or not isinstance(who, Who):
            continue
        value = "raise" if what == "narrow" else "level"
        group, peers = told.get((value, who, *rest)), told.get((value, reference_of(who), *rest))
        if group is None:
            continue
        if what == "narrow" and peers is None and narrowing > group[2]:
            fall = narrowing - group[2]
            yield Remark(
                path, "G207",
                f"{target.id} narrows the gap by {narrowing:f}, and {group[1].id} raises the group by {group[2]:f}:"
                f" when both are just met, the peers have fallen by {fall:f} ppt",
                "raise the group's target, or say what the peers are to do",
            )  # fmt: skip
        elif peers is not None:
            got = group[2] - peers[2] if what == "narrow" else peers[2] - group[2]
            if (got < narrowing) if what == "narrow" else (got > narrowing):
                ids = f"{group[1].id} and {peers[1].id}"
                change = "narrows by" if what == "narrow" else "is"
                yield Remark(
                    path, "G207",
                    f"when {ids} are just met, the gap {change} {got:f} ppt, and {target.id} asks for {narrowing:f}",
                    "let the gap be the peers less the group",
                )  # fmt: skip


def _bounds(target: AnyTarget) -> Iterator[tuple[tuple[object, ...], Decimal]]:
    """What a target asks for, under a key that targets of one measure, group, place and time share."""
    what = _what(target)
    amount: Amount | None = getattr(target, "by" if what in ("raise", "narrow") else "bound", None)
    if what is None or amount is None or amount.unit not in ("%", "ppt") or target.cohort:
        return
    start = target.baseline if what in ("raise", "narrow") else None
    for measure in target.measures:
        for area in target.areas:
            for who in whos(target):
                yield (what, who, measure, area, start, target.deadline, target.judged_on), amount.number


def _what(target: AnyTarget) -> str | None:
    gap = figure_of(target) == "gap"
    if isinstance(target, RaiseBy):
        return "raise"
    if isinstance(target, NarrowBy):
        return "narrow" if target.against != ALL else None
    if isinstance(target, AtMost) and gap and target.against != ALL:
        return "gap"
    return "level" if isinstance(target, AtLeast) and not gap else None
