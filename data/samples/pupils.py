"""Make the synthetic pupils of one cohort: their schools, and the groups they belong to.

Group sizes are exact: of the pupils who may have an attribute, those who lean to it most are given it. The
leaning is part circumstance (a boy to SEN, a poorer district to free meals) and part chance, so groups
overlap as they do in life.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from outcomes import Margin, Pupil, School

# District, deprivation 0-10, ethnic diversity 0-10, primary schools, secondary schools. Made up, but in the
# order that the strategies' own choice of districts suggests.
DISTRICTS = (
    ("Wisbech", 10, 5, 14, 2),
    ("March", 7, 2, 10, 1),
    ("Chatteris", 7, 2, 5, 1),
    ("Whittlesey", 5, 1, 8, 1),
    ("Huntingdon", 6, 4, 23, 3),
    ("Ramsey/Sawtry/Yaxley", 5, 2, 17, 2),
    ("St Ives", 4, 2, 13, 2),
    ("St Neots", 5, 3, 19, 3),
    ("Ely", 3, 3, 17, 2),
    ("Soham", 4, 3, 12, 2),
    ("Cambridge North", 8, 9, 14, 3),
    ("Cambridge South", 4, 10, 16, 4),
    ("Cambourne", 1, 5, 11, 2),
    ("Sawston", 1, 3, 14, 2),
    ("Cottenham", 1, 4, 10, 1),
)
# The order in which attributes are given, so that a later one can lean on an earlier one.
ORDER = ("sex", "fsm", "sen", "code", "bme", "major", "grt", "ethnicity", "eal", "lac")
ETHNICITIES = {
    "Y": {"WOTH": 380, "WIRI": 30, "WIRT": 10, "WROM": 30, "MWBC": 60, "MWBA": 30, "MWAS": 80, "MOTH": 70,
          "AIND": 75, "APKN": 40, "ABAN": 40, "AOTH": 50, "BCRB": 12, "BAFR": 38, "BOTH": 10, "CHNE": 30,
          "OOTH": 40},
    "N": {"WBRI": 1},
    "unknown": {"REFU": 1, "NOBT": 2},
    "white": {"WBRI": 950, "WIRI": 5, "WIRT": 2, "WROM": 5, "WOTH": 40},
    "mixed": {"MWBC": 28, "MWBA": 10, "MWAS": 32, "MOTH": 30},
    "asian": {"AIND": 37, "APKN": 20, "ABAN": 21, "AOTH": 22},
    "black": {"BCRB": 20, "BAFR": 65, "BOTH": 15},
    "chinese": {"CHNE": 1},
    "other": {"OOTH": 5, "REFU": 3, "NOBT": 4},
}  # fmt: skip
EFFECT_OF_ETHNICITY = {"WROM": -9000, "WIRT": -9000, "APKN": -800, "BCRB": -1200, "CHNE": 2500, "AIND": 1500,
                       "MWAS": 1000}  # fmt: skip
SPEAKS_ENGLISH = {"WBRI", "WIRI", "WIRT", "MWBC", "BCRB"}
SPEAKS_EITHER = {"MWBA", "MWAS", "MOTH", "REFU", "NOBT", "WROM"}
# The codes of pupils with SEN, before and from the reform of September 2014; E is made E or S later on.
SEN_SHARES = ({"A": 590, "P": 290, "S": 120}, {"K": 860, "E": 140})
REFORM = "2014/15"
# Pupils who had free meals in an earlier year but not in this one: per thousand of the cohort.
FORMERLY_FSM = {"EYFS": 25, "KS1": 60, "KS2": 90, "KS4": 100}
SMALLEST_COHORT = 11  # smaller cohorts are not judged against the floor standard


def bell(rng: Random) -> int:
    """A whole number around nought, about normal; from `random()`, the one draw Python promises to keep."""
    return sum(int(rng.random() * 10_000) for _ in range(4)) - 20_000


def pick(rng: Random, shares: dict[str, int]) -> str:
    """One of the names, as often as its share says."""
    left = int(rng.random() * sum(shares.values()))
    for name, share in shares.items():
        left -= share
        if left < 0:
            return name
    raise ValueError("shares must be positive")


def schools(rng: Random) -> tuple[list[School], list[School]]:
    """The primary and the secondary schools of the county."""
    primaries: list[School] = []
    secondaries: list[School] = []
    for district, deprivation, diversity, n_primary, n_secondary in DISTRICTS:
        for made, n, first, name in (
            (primaries, n_primary, 900_001, "Synthetic Primary {:03d}"),
            (secondaries, n_secondary, 900_301, "Synthetic Secondary {:02d}"),
        ):
            for _ in range(n):
                size = 2 + int(rng.random() * 60)
                number = len(made)
                made.append(School(first + number, name.format(number + 1), district, deprivation, diversity,
                                   size, bell(rng) // 6))  # fmt: skip
    return primaries, secondaries


def seats(places: Sequence[School], n: int) -> list[School]:
    """The school of each of `n` pupils, in proportion to the sizes of the schools."""
    spread = n - SMALLEST_COHORT * len(places)
    total = sum(school.size for school in places)
    counts = [SMALLEST_COHORT + spread * school.size // total for school in places]
    largest_rest_first = sorted(range(len(places)), key=lambda i: (-(spread * places[i].size % total), i))
    for i in largest_rest_first[: n - sum(counts)]:
        counts[i] += 1
    return [school for school, count in zip(places, counts, strict=True) for _ in range(count)]


def leaning(pupil: Pupil, name: str, value: str) -> int:
    """How much circumstance inclines a pupil to have this value of the attribute."""
    has = pupil.attributes
    if value == "unknown":
        return pupil.unmatched * 4  # a record without a census match lacks several flags at once
    if name == "fsm":
        return 700 * pupil.school.deprivation
    if name in ("sen", "code"):
        return (2400 if has["sex"] == "M" else 0) + (4500 if has["fsm"] == "Y" else 0)
    if name in ("bme", "major"):
        return (-500 if value == "white" else 500) * pupil.school.diversity
    if name == "eal":
        code = has["ethnicity"]
        return 0 if code in SPEAKS_ENGLISH else 7_000 if code in SPEAKS_EITHER else 18_000
    return 3_000 if name == "lac" and has["sen"] == "any" else 0


def give(pupils: Sequence[Pupil], margin: Margin, rng: Random) -> None:
    """Give the last attribute of the margin to as many of the pupils as it says."""
    *conditions, (name, value) = margin.where
    fits = Margin("", tuple(conditions), 0, None)
    able = [pupil for pupil in pupils if name not in pupil.attributes and fits.holds(pupil)]
    ranked = sorted((-leaning(pupil, name, value) - bell(rng), i) for i, pupil in enumerate(able))
    for _, i in ranked[: margin.pupils]:
        able[i].attributes[name] = value


def complete(pupil: Pupil, name: str, period: str, rng: Random) -> None:
    """Work out an attribute that the margins of the cohort leave open from the ones they fix."""
    has = pupil.attributes
    if name == "code" and "code" in has:
        has["sen"] = {"N": "no", "unknown": "unknown"}.get(has["code"], "any")
    elif name == "code":
        shares = {"no": {"N": 1}, "unknown": {"unknown": 1}, "any": SEN_SHARES[period >= REFORM]}
        has["code"] = pick(rng, shares[has["sen"]])
    elif name == "ethnicity":
        codes = ETHNICITIES[has.get("major") or has["bme"]]
        if "grt" in has:
            codes = {code: share for code, share in codes.items() if (code == "WROM") is (has["grt"] == "Y")}
        has["ethnicity"] = pick(rng, codes)


def mark(pupils: Sequence[Pupil], margins: Sequence[Margin], period: str, rng: Random) -> None:
    """Give every pupil every attribute; raise ValueError if a group is not the size its margin says."""
    for name in ORDER:
        for margin in margins:
            if margin.where and margin.where[-1][0] == name:
                give(pupils, margin, rng)
        for pupil in pupils:
            complete(pupil, name, period, rng)
    for margin in margins:
        found = sum(1 for pupil in pupils if margin.holds(pupil))
        if found != margin.pupils:
            raise ValueError(f"{margin} is held by {found} pupils")


def score(pupils: Sequence[Pupil], key_stage: str, rng: Random) -> None:
    """Mark the formerly FSM, and give every pupil a score before any margin is heeded."""
    former = Margin("", (("former", "Y"),), len(pupils) * FORMERLY_FSM[key_stage] // 1000, None)
    able = [pupil for pupil in pupils if pupil.attributes["fsm"] == "N"]
    ranked = sorted((-700 * pupil.school.deprivation - bell(rng), i) for i, pupil in enumerate(able))
    for _, i in ranked[: former.pupils]:
        able[i].attributes["former"] = "Y"
    of_school = {school: bell(rng) // 8 for school in dict.fromkeys(pupil.school for pupil in pupils)}
    for pupil in pupils:
        has = pupil.attributes
        pupil.score = bell(rng) + pupil.school.effect + of_school[pupil.school]
        pupil.score += -280 * pupil.school.deprivation + EFFECT_OF_ETHNICITY.get(has["ethnicity"], 0)
        pupil.score -= 2_600 if has.get("former") == "Y" else 0


def deal(places: Sequence[School], margins: Sequence[Margin], key_stage: str, period: str, rng: Random) -> list[Pupil]:
    """The pupils of one cohort, with attributes and first scores, in the order of their schools."""
    n = next(margin.pupils for margin in margins if not margin.where)
    pupils = [Pupil(school, bell(rng)) for school in seats(places, n)]
    mark(pupils, margins, period, rng)
    score(pupils, key_stage, rng)
    return pupils
