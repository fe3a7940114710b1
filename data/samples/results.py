"""Turn who met the headline standard into the levels, scores and grades that say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

from outcomes import ROUNDS, Margin, Pupil, decide
from pupils import bell

SUBJECTS = ("reading", "writing", "maths")
# Of a thousand pupils who only just miss the three together, how many miss each, to 2014/15 and in 2015/16:
# writing is where most fall short, but for the tests of 2015/16 at key stage 2.
MISSES = {
    ("KS1", False): {"reading": 560, "writing": 720, "maths": 460},
    ("KS1", True): {"reading": 560, "writing": 765, "maths": 595},
    ("KS2", False): {"reading": 440, "writing": 530, "maths": 460},
    ("KS2", True): {"reading": 630, "writing": 460, "maths": 595},
}
# Levels from the weakest pupil to the strongest, with shares per thousand: (missed, met).
Bands = tuple[dict[str, int], dict[str, int]]
KS1_LEVELS: Bands = ({"W": 130, "1": 870}, {"2C": 120, "2B": 240, "2A": 330, "3": 310})
KS1_STANDARDS: Bands = ({"PKF": 200, "WTS": 800}, {"EXS": 700, "GDS": 300})
KS2_LEVELS: Bands = ({"N": 190, "2": 120, "3": 690}, {"4": 560, "5": 410, "6": 30})
KS2_WRITING: Bands = ({"WTS": 1000}, {"EXS": 780, "GDS": 220})
# The pupil's place from the bottom in thousandths, and the Attainment 8 there in quarters of a point.
ATTAINMENT_8 = ((0, 0), (20, 16), (50, 56), (100, 98), (250, 156), (500, 212), (750, 260), (900, 292),
                (980, 322), (1000, 348))  # fmt: skip
MOST_POINTS = 360

Label = Callable[[int, int], str]


def banded(shares: dict[str, int]) -> Label:
    """A labeller which deals the levels to places 0 .. n - 1 in order, by their shares."""

    def label(place: int, n: int) -> str:
        upto = 0
        for level, share in shares.items():
            upto += share
            if 1000 * place < upto * n:
                return level
        raise ValueError("the shares do not add up to a thousand")

    return label


def below_100(place: int, n: int) -> str:
    """A scaled score from 80 to 99; the very weakest are not scored."""
    if 100 * place < 7 * n:
        return "B" if place % 4 else "N"
    rest = n - 1 - place
    return str(99 - 20 * rest * rest // (n * n))


def from_100(place: int, n: int) -> str:
    """A scaled score from 100 to 120, most of them in the lower half."""
    return str(100 + 21 * place * place // (n * n))


def attainment_8(place: int, n: int) -> str:
    """Quarter points, by linear steps between the fixed points of the distribution."""
    at = 1000 * place // n
    (x0, y0), (x1, y1) = next(pair for pair in pairwise(ATTAINMENT_8) if at < pair[1][0])
    return str(y0 + (y1 - y0) * (at - x0) // (x1 - x0))


def settle_points(pupils: Sequence[Pupil], margins: Sequence[Margin]) -> None:
    """Stretch the quarter points of each group in turn until every group has its total, or very nearly."""
    points = [int(pupil.cells["attainment8"]) for pupil in pupils]
    wanted = [margin for margin in margins if margin.measure == "attainment8"]
    members = [[i for i, pupil in enumerate(pupils) if margin.holds(pupil)] for margin in wanted]
    for _ in range(ROUNDS):
        for margin, group in zip(wanted, members, strict=True):
            found = sum(points[i] for i in group)
            for i in group:
                points[i] = min(points[i] * (margin.met or 0) // found, MOST_POINTS)
            for i in group[: (margin.met or 0) - sum(points[i] for i in group)]:
                points[i] += points[i] < MOST_POINTS
    for pupil, quarters in zip(pupils, points, strict=True):
        pupil.cells["attainment8"] = f"{quarters // 4}.{quarters % 4 * 25:02d}"


def label(pupils: Sequence[Pupil], column: str, made: Label, rng: Random) -> None:
    """Fill the column in the order of the pupils' scores, with a little chance of its own."""
    places = sorted((pupil.score + bell(rng) // 2, i) for i, pupil in enumerate(pupils))
    for place, (_, i) in enumerate(places):
        pupils[i].cells[column] = made(place, len(pupils))


def grade(pupils: Sequence[Pupil], subject: str, column: str, labels: tuple[Label, Label], rng: Random) -> None:
    """Label the pupils who missed the standard in the subject, and those who met it."""
    for met in (False, True):
        label([pupil for pupil in pupils if pupil.met[subject] is met], column, labels[met], rng)


def spread(pupil: Pupil, misses: dict[str, int], rng: Random) -> None:
    """Say which of the three subjects a pupil met, given the three together and, perhaps, reading."""
    chance = {subject: int(rng.random() * 1000) - misses[subject] for subject in SUBJECTS}
    for subject in SUBJECTS:
        if pupil.met["rwm"]:
            pupil.met[subject] = True
        elif subject != "reading" or "reading" not in pupil.met:
            pupil.met[subject] = chance[subject] > -pupil.score // 60
    if not pupil.met["rwm"] and all(pupil.met[subject] for subject in SUBJECTS):
        pupil.met["writing"] = False


def key_stage_1(pupils: Sequence[Pupil], margins: Sequence[Margin], period: str, rng: Random) -> None:
    decide(pupils, margins, "reading", given="rwm")
    missed, met = KS1_STANDARDS if period == "2015/16" else KS1_LEVELS
    for pupil in pupils:
        spread(pupil, MISSES["KS1", period == "2015/16"], rng)
    for subject in SUBJECTS:
        grade(pupils, subject, subject, (banded(missed), banded(met)), rng)


def key_stage_2(pupils: Sequence[Pupil], period: str, rng: Random) -> None:
    scaled = period == "2015/16"
    for pupil in pupils:
        spread(pupil, MISSES["KS2", scaled], rng)
    for subject in SUBJECTS:
        tested = scaled and subject != "writing"
        missed, met = KS2_WRITING if scaled else KS2_LEVELS
        labels = (below_100, from_100) if tested else (banded(missed), banded(met))
        grade(pupils, subject, f"{subject}_score" if tested else subject, labels, rng)


def key_stage_4(pupils: Sequence[Pupil], margins: Sequence[Margin], period: str, rng: Random) -> None:
    if period == "2015/16":
        label(pupils, "attainment8", attainment_8, rng)
        settle_points(pupils, margins)
    else:
        decide(pupils, margins, "ac_em", given="five_ac_em")
    for measure in ("five_ac_em", "ac_em"):
        for pupil in pupils:
            if measure in pupil.met:
                pupil.cells[measure] = str(int(pupil.met[measure]))


def results(pupils: Sequence[Pupil], margins: Sequence[Margin], key_stage: str, period: str, rng: Random) -> None:
    """Decide the headline measure of the cohort, the first its margins name, and fill the outcome cells."""
    headline = margins[0].measure
    decide(pupils, margins, headline)
    if key_stage == "EYFS":
        for pupil in pupils:
            pupil.cells["gld"] = str(int(pupil.met[headline]))
    elif key_stage == "KS1":
        key_stage_1(pupils, margins, period, rng)
    elif key_stage == "KS2":
        key_stage_2(pupils, period, rng)
    else:
        key_stage_4(pupils, margins, period, rng)
