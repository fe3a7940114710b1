"""Whether a target says all that its kind needs, and nothing that contradicts its kind or its measures."""

from collections.abc import Iterator
from typing import Any

from gapcalc.definitions import area_named, dimensions, key_stages, policies
from gapcalc.definitions.neighbours import neighbour_lists
from gapcalc.locate import KeyPath
from gapcalc.strategy.model import Strategy
from gapcalc.strategy.remarks import Remark
from gapcalc.targets import (
    AllOf,
    AnyTarget,
    AtLeast,
    AtLeastComparator,
    AtMost,
    Banded,
    Floor,
    NarrowBy,
    NoWiderThan,
    Outpace,
    RaiseBy,
)
from gapcalc.targets.amounts import Amount
from gapcalc.targets.base import COMPARATORS, Promise
from gapcalc.targets.names import measure_named, narrowed, near, who_named
from gapcalc.targets.words import lower_is_better, whos

Place = tuple[KeyPath, AnyTarget]
HUNDRED = 100
DESCRIBED = {
    "national": 'area = "England"',
    "region": 'area = "East of England"',
    "neighbours": 'version = "2021-04"',
}
NEEDS_BASELINE = (RaiseBy, NarrowBy, Outpace)
# What a milestone of a kind may say of the way: a level, a step, or neither.
MILESTONES: dict[type[Promise], str] = {
    AtLeast: "bound", AtMost: "bound", Banded: "bound", RaiseBy: "by", NarrowBy: "by", Outpace: "by",
    NoWiderThan: "by", AtLeastComparator: "by",
}  # fmt: skip


def singles(strategy: Strategy) -> list[Place]:
    """A strategy in; its targets with all that is said for them, parts instead of wholes, each with its path, out."""
    found: list[Place] = []
    for place, target in enumerate(strategy.settled()):
        if isinstance(target, AllOf):
            found += [(("target", place, "parts", part), one) for part, one in enumerate(target.parts)]
        else:
            found.append((("target", place), target))
    return found


def promises(strategy: Strategy) -> Iterator[Remark]:
    """A strategy in, remarks on what its targets lack or contradict out."""
    yield from _head(strategy)
    yield from _twice(strategy)
    for place, target in enumerate(strategy.settled()):
        if isinstance(target, AllOf) and target.milestones:
            at: KeyPath = ("target", place, "milestones")
            yield Remark(at, "G112", "a milestone of several targets at once", "give it to the part it is of")
    for path, target in singles(strategy):
        yield from _measures(path, target)
        yield from _figure(path, target)
        yield from _chosen(path, target)
        yield from _when(path, target)
        yield from _comparator(path, target, strategy)
        yield from _sides(path, target)
        yield from _amounts(path, target)
        yield from _milestones(path, target)


def _head(strategy: Strategy) -> Iterator[Remark]:
    head = strategy.strategy
    if head.policy not in policies() and not head.policy.endswith(".toml"):
        hint = near(head.policy, policies()) or f"one of {', '.join(policies())}, or a file of your own"
        yield Remark(("strategy", "policy"), "G006", "policy names no disclosure policy", hint)
    neighbours = head.comparators.neighbours
    at: KeyPath = ("strategy", "comparators", "neighbours")
    if neighbours and not neighbours.version:
        hint = f'add version = "{list(neighbour_lists())[-1]}"; lists differ in half of the neighbours'
        yield Remark(at, "G108", "neighbours without a version of their list", hint)
    elif neighbours and not neighbours.file and neighbours.version not in neighbour_lists():
        hint = near(neighbours.version, neighbour_lists()) or f"one of {', '.join(neighbour_lists())}"
        yield Remark((*at, "version"), "G006", "version names no list of neighbours that gapcalc brings", hint)


def _twice(strategy: Strategy) -> Iterator[Remark]:
    seen: set[str] = set()
    for block in ("target", "statement"):
        for place, one in enumerate(getattr(strategy, block)):
            if one.id in seen:
                yield Remark((block, place, "id"), "G007", f"id {one.id!r} is given twice", "each id stands once")
            seen.add(one.id)
    blocks: list[tuple[KeyPath, Any]] = [(("strategy",), strategy.strategy)]
    for place, one in enumerate(strategy.target):
        blocks.append((("target", place), one))
        blocks += [(("target", place, "parts", part), each) for part, each in enumerate(getattr(one, "parts", ()))]
    for path, one in blocks:
        for name in ("measures", "groups", "areas", "milestones"):
            listed = [getattr(each, "period", each) for each in getattr(one, name, ())]
            pooled = [((*path, name, n), each) for n, each in enumerate(listed) if not isinstance(each, str)]
            for at, some in [((*path, name), listed), *pooled]:
                plain = [_plainly(name, each) for each in some]
                again = [each for n, each in enumerate(some) if plain[n] in plain[:n]]
                if again:
                    said = again[0] if isinstance(again[0], str) else " and ".join(again[0])
                    yield Remark(at, "G007", f"{said} is given twice", "it would be judged, or counted, twice")


def _plainly(name: str, word: Any) -> object:
    """What a word of a list names, however it is spelt."""
    if name == "groups" and isinstance(word, str):
        return who_named(word) or word
    if name != "areas":
        return word
    if not isinstance(word, str):
        return frozenset(_plainly(name, one) for one in word)
    known = area_named(word.strip())
    return known.code if known else " ".join(word.casefold().split())


def _measures(path: KeyPath, target: AnyTarget) -> Iterator[Remark]:
    if not target.measures and not isinstance(target, Floor):
        yield Remark(path, "G003", "measures is missing", 'as in measures = ["ks2 rwm_l4"]')
    if isinstance(target, Floor):
        for place, one in enumerate(target.thresholds):
            said = [one.at_least is not None, one.at_most is not None, one.comparator is not None]
            if sum(said) != 1:
                at = (*path, "thresholds", place)
                yield Remark(at, "G003", "a threshold is exactly one of at_least, at_most and comparator")


def _figure(path: KeyPath, target: AnyTarget) -> Iterator[Remark]:
    """A gap needs somebody who is behind."""
    gaps = figure_of(target) == "gap" or (
        isinstance(target, Floor) and any(one.figure == "gap" for one in target.thresholds)
    )
    needs_group = gaps or (isinstance(target, Outpace) and target.than == "peers")
    if isinstance(target, Outpace) and target.figure == "gap" and target.than == "peers":
        hint = 'a gap has the peers in it already: than = "national", or figure = "value"'
        yield Remark((*path, "than"), "G110", "a gap, held against one of its two sides", hint)
    if needs_group and any(who.is_reference for who in whos(target)):
        hint = 'as in groups = ["fsm"]; a gap is taken from the group to its peers'
        yield Remark((*path, "groups"), "G110", "a gap, and no group that is behind", hint)


def _chosen(path: KeyPath, target: AnyTarget) -> Iterator[Remark]:
    """Pupils who are chosen by an earlier result have to be told by a dimension, in the subject of each measure."""
    if target.cohort is None:
        return
    prior, at_most = target.cohort.prior, target.cohort.at_most
    measures = [measure for name in target.measured if (measure := measure_named(name))]
    untold = [one for one in measures for who in whos(target) if narrowed(who, prior, at_most, one) is None]
    if untold:
        told = [one.prior for one in dimensions().values() if one.prior]
        known = dict.fromkeys(
            f'{one.subject} with prior = "{one.key_stage}", at_most = "{one.at_most}"' for one in told
        )
        said = ", ".join(dict.fromkeys(f"{one.key_stage} {one.id}" for one in untold))
        what = (
            f"{said}: no further dimension tells who was at {at_most} or below in {key_stages()[prior].label.lower()}"
        )
        yield Remark((*path, "cohort"), "G113", what, f"there are {', '.join(known)}")


def figure_of(target: AnyTarget) -> str:
    """Whether a target is about a value or a gap."""
    if isinstance(target, (NarrowBy, NoWiderThan)):
        return "gap"
    return getattr(target, "figure", "value")


def _when(path: KeyPath, target: AnyTarget) -> Iterator[Remark]:
    if target.deadline is None:
        hint = 'add deadline = "2015/16", here or under [strategy]'
        yield Remark((*path, "deadline"), "G105", "no deadline, here or in the strategy", hint)
    if target.baseline is None and isinstance(target, NEEDS_BASELINE):
        hint = 'add baseline = "2012/13", here or under [strategy]'
        yield Remark((*path, "baseline"), "G103", "no baseline to count the step from", hint)
    if target.deadline and target.baseline and target.deadline <= target.baseline:
        yield Remark((*path, "deadline"), "G008", "the deadline is not after the baseline")
    for place, one in enumerate(target.milestones):
        early = target.baseline is not None and one.period <= target.baseline
        late = target.deadline is not None and one.period >= target.deadline
        if early or late:
            at = (*path, "milestones", place)
            yield Remark(at, "G008", "a milestone that does not lie between baseline and deadline")


def _comparator(path: KeyPath, target: AnyTarget, strategy: Strategy) -> Iterator[Remark]:
    named: list[tuple[KeyPath, Any]] = [((*path, "than"), getattr(target, "than", None))]
    named.append(((*path, "comparator"), getattr(target, "comparator", None)))
    if isinstance(target, Floor):
        named += [((*path, "thresholds", place), one.comparator) for place, one in enumerate(target.thresholds)]
    for at, name in named:
        if name in COMPARATORS and getattr(strategy.strategy.comparators, name) is None:
            hint = f"add [strategy.comparators.{name}] with {DESCRIBED[name]}"
            yield Remark(at, "G104", f"the strategy does not say what the comparator {name} is", hint)
    in_line = isinstance(target, (NoWiderThan, AtLeastComparator)) and "in line with" in target.says.lower()
    if in_line and target.tolerance is None:
        at = (*path, "comparator")
        yield Remark(at, "G109", '"in line with", and no tolerance', 'add tolerance = "1 ppt", or as agreed')


def _sides(path: KeyPath, target: AnyTarget) -> Iterator[Remark]:
    """Bounds on the side that the measure, or the file itself, calls better."""
    less = lower_is_better(target, figure_of(target))
    better = "less" if less else "more"
    if isinstance(target, (AtLeast, AtMost)) and isinstance(target, AtLeast) == less:
        other = "at_most" if less else "at_least"
        hint = f'kind = "{other}" would ask for better results'
        yield Remark((*path, "kind"), "G107", f"{target.kind}, where {better} is better", hint)
    if isinstance(target, Banded):
        if (target.better == "lower") != less:
            at = (*path, "better")
            yield Remark(at, "G107", f"{target.better} is called better, where {better} of this measure is better")
        elif (target.intervention.number > target.bound.number) != less or (
            target.intervention.number == target.bound.number
        ):
            at = (*path, "intervention")
            yield Remark(at, "G107", "the intervention level is not on the bad side of the target")
    if isinstance(target, Floor):
        for place, one in enumerate(target.thresholds):
            measure = measure_named(one.measure)
            low = one.figure == "gap" or (measure is not None and measure.lower_is_better)
            if (one.at_least is not None and low) or (one.at_most is not None and not low):
                yield Remark((*path, "thresholds", place), "G107", "a threshold on the wrong side of its measure")


def _amounts(path: KeyPath, target: AnyTarget) -> Iterator[Remark]:
    """Units that fit the measure and the figure, and levels that there can be."""
    kinds: set[str] = {measure.kind for name in target.measures if (measure := measure_named(name))}
    figure = figure_of(target)
    named: list[tuple[KeyPath, Any, str, set[str]]] = [
        ((*path, name), getattr(target, name, None), figure, kinds)
        for name in ("bound", "intervention", "stated", "start", "by", "tolerance")
    ]
    if target.printed is not None:
        named.append(((*path, "printed", "start"), target.printed.start, figure, kinds))
    for place, milestone in enumerate(target.milestones):
        named += [((*path, "milestones", place, name), getattr(milestone, name), figure, kinds)
                  for name in ("bound", "by")]  # fmt: skip
    if isinstance(target, Floor):
        for place, one in enumerate(target.thresholds):
            kind: set[str] = {measure.kind for measure in [measure_named(one.measure)] if measure}
            for name in ("at_least", "at_most"):
                named.append(((*path, "thresholds", place, name), getattr(one, name), one.figure, kind))
    for at, value, what, of in named:
        if isinstance(value, Amount) and of:
            yield from _amount(at, value, what, of, share=not isinstance(target, Outpace))


def _amount(at: KeyPath, value: Amount, figure: str, kinds: set[str], *, share: bool) -> Iterator[Remark]:
    """`share` is whether a step may be a share of the gap there was."""
    step, key = at[-1] == "by", at[-1]
    mean = kinds == {"mean"}
    fits = ({"points"} if mean else {"ppt"}) if step or figure == "gap" else {"points"} if mean else {"%"}
    if step and figure == "gap" and share:
        fits |= {"percent of the gap"}
    if key == "tolerance":
        fits = {"percent"} | ({"points"} if mean else {"ppt", "pupils"} if kinds == {"proportion"} else set())
    if (len(kinds) > 1 and key != "tolerance") or value.unit not in fits:
        right = sorted(f'"{Amount(number=value.number, unit=one)}"' for one in fits)  # type: ignore[arg-type]
        yield Remark(at, "G102", f"the unit of {key} does not fit what is measured", f"write {' or '.join(right)}")
    elif value.unit in ("%", "ppt", "percent of the gap") and value.number > HUNDRED:
        yield Remark(at, "G111", f"{key} is more than there can be", "a share lies between 0% and 100%")


def _milestones(path: KeyPath, target: AnyTarget) -> Iterator[Remark]:
    for place, one in enumerate(target.milestones):
        wanted = MILESTONES.get(type(target), "")
        said = {name for name in ("bound", "by") if getattr(one, name) is not None}
        optional = isinstance(target, (NoWiderThan, AtLeastComparator))
        if said != {wanted} and not (optional and not said):
            hint = f"{target.kind} takes {{ period = ..., {wanted} = ... }}" if wanted else "leave it out"
            yield Remark((*path, "milestones", place), "G112", "a milestone that does not say how far", hint)
