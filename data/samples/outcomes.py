"""Decide which synthetic pupils reach a standard, so that every margin is met exactly.

A margin says: of the pupils who match these attributes, so many reach the standard. Margins that name the
same attributes form one dimension, and one pupil is in at most one of its groups.

First the margins are *raked*: the scores of a group are moved up or down together until the right number is
above nought, dimension after dimension, several times round. That leaves the likely pupils met and a few
groups one or two out. Those are put right by swaps: one pupil loses the standard, another gains it.
Only whole numbers are used, so the answer is the same on every machine and version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

Group = tuple[str, ...]
Targets = dict[tuple[str, ...], dict[Group, int]]
Signature = tuple[Group | None, ...]
Errors = list[dict[Group, int]]
ROUNDS = 12
MOST_SWAPS = 400
FINE = 10_000  # scores are drawn finer than they are kept, so that no two pupils tie


@dataclass(frozen=True)
class School:
    """A made-up school; `effect` is what it adds to the score of its pupils."""

    urn: int
    name: str
    district: str
    deprivation: int
    diversity: int
    size: int
    effect: int


@dataclass(eq=False)
class Pupil:
    """One row to be: attributes in the words of the margins, outcomes in the words of the file."""

    school: School
    unmatched: int
    attributes: dict[str, str] = field(default_factory=dict)
    score: int = 0
    met: dict[str, bool] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Margin:
    """`pupils` pupils match `where`; `met` of them reach `measure`, or None if that is left open."""

    measure: str
    where: tuple[tuple[str, str], ...]
    pupils: int
    met: int | None

    @property
    def dimension(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.where)

    @property
    def group(self) -> tuple[str, ...]:
        return tuple(value for _, value in self.where)

    def holds(self, pupil: Pupil) -> bool:
        return all(pupil.attributes.get(name) == value for name, value in self.where)


class Margins:
    """The targets of one measure, by dimension, and the group of each pupil in each dimension."""

    def __init__(self, pupils: Sequence[Pupil], targets: Targets) -> None:
        self.wanted = list(targets.values())
        self.signatures = [signature(pupil, targets) for pupil in pupils]

    def rake(self, scores: list[int]) -> None:
        """Shift the scores, in place, until in each group about the wanted number is above nought."""
        for _ in range(ROUNDS):
            for d, wanted in enumerate(self.wanted):
                members: dict[Group, list[int]] = defaultdict(list)
                for i, signed in enumerate(self.signatures):
                    group = signed[d]
                    if group is not None:
                        members[group].append(i)
                for group, target in wanted.items():
                    shift = _threshold([scores[i] for i in members[group]], target)
                    for i in members[group]:
                        scores[i] -= shift

    def errors(self, met: list[bool]) -> Errors:
        """How many too many reach the standard, for each group of each dimension."""
        errors = [{group: -target for group, target in wanted.items()} for wanted in self.wanted]
        for i, signed in enumerate(self.signatures):
            for d, group in enumerate(signed):
                if met[i] and group is not None:
                    errors[d][group] += 1
        return errors

    def repair(self, scores: list[int], met: list[bool]) -> None:
        """Swap met and missed, in place, until no group is out; raise ValueError if that cannot be done."""
        for _ in range(MOST_SWAPS):
            errors = self.errors(met)
            if not any(error for of_dimension in errors for error in of_dimension.values()):
                return
            loser, gainer = self._best_swap(scores, met, errors)
            if loser is not None:
                met[loser] = False
            if gainer is not None:
                met[gainer] = True
        raise ValueError("the margins are not met after the most swaps allowed")

    def _best_swap(self, scores: list[int], met: list[bool], errors: Errors) -> tuple[int | None, int | None]:
        """The swap that lowers the total error most and, among those, disturbs the scores least.

        Either side may be nobody (None), which mends a total.
        """
        losers: dict[Signature, int] = {}
        gainers: dict[Signature, int] = {}
        nobody: Signature = (None,) * len(self.wanted)
        for i, signed in enumerate(self.signatures):
            side, sign = (losers, 1) if met[i] else (gainers, -1)
            out = [errors[d][g] for d, g in enumerate(signed) if g is not None]
            if not any(error * sign > 0 for error in out):
                continue  # a swap which mends nothing on this side only moves the fault elsewhere
            best = side.get(signed)
            if best is None or (scores[i] * sign, i) < (scores[best] * sign, best):
                side[signed] = i
        pairs = product([(nobody, None), *losers.items()], [(nobody, None), *gainers.items()])
        swaps: list[tuple[int, int, int, int | None, int | None]] = []
        for n, ((a, down), (b, up)) in enumerate(pairs):
            disturbance = (0 if down is None else scores[down]) - (0 if up is None else scores[up])
            swaps.append((_change(a, b, errors), disturbance, n, down, up))
        change, _, _, loser, gainer = min(swaps, key=lambda swap: swap[:3])
        if change >= 0:
            left = [pair for of_dimension in errors for pair in of_dimension.items() if pair[1]]
            raise ValueError(f"no swap of two pupils brings these groups nearer to their margins: {left}")
        return loser, gainer


def signature(pupil: Pupil, targets: Targets) -> Signature:
    """The group of the pupil in each dimension; None where the pupil is in none that has a target."""
    groups = ((tuple(pupil.attributes.get(name, "") for name in names), names) for names in targets)
    return tuple(group if group in targets[names] else None for group, names in groups)


def _threshold(scores: list[int], target: int) -> int:
    """The number that exactly `target` of the scores are above (ties aside)."""
    scores.sort(reverse=True)
    if not 0 <= target <= len(scores):
        raise ValueError(f"{target} of {len(scores)} pupils cannot reach the standard")
    if not scores:
        return 0
    if target == 0:
        return scores[0]
    return (scores[target - 1] + scores[target]) // 2 if target < len(scores) else scores[-1] - 1


def _change(a: Signature, b: Signature, errors: Errors) -> int:
    """What the total error changes by if a pupil of `a` loses the standard and one of `b` gains it."""
    change = 0
    for d, (group_a, group_b) in enumerate(zip(a, b, strict=True)):
        if group_a == group_b:
            continue
        if group_a is not None:
            change += abs(errors[d][group_a] - 1) - abs(errors[d][group_a])
        if group_b is not None:
            change += abs(errors[d][group_b] + 1) - abs(errors[d][group_b])
    return change


def decide(pupils: Sequence[Pupil], margins: Sequence[Margin], measure: str, given: str | None = None) -> None:
    """Set `met[measure]` of every pupil; who met `given` meets this too, and keeps the score it has."""
    mine = [margin for margin in margins if margin.measure == measure and margin.met is not None]
    open_to = [pupil for pupil in pupils if given is None or not pupil.met[given]]
    wanted: Targets = {}
    for margin in mine:
        already = sum(1 for pupil in pupils if given is not None and pupil.met[given] and margin.holds(pupil))
        wanted.setdefault(margin.dimension, {})[margin.group] = (margin.met or 0) - already
    table = Margins(open_to, wanted)
    scores = [pupil.score * FINE + i for i, pupil in enumerate(open_to)]
    table.rake(scores)
    met = [score > 0 for score in scores]
    table.repair(scores, met)
    for pupil in pupils:
        pupil.met[measure] = True
    for pupil, score, reached in zip(open_to, scores, met, strict=True):
        pupil.met[measure] = reached
        pupil.score = score // FINE if given is None else pupil.score
