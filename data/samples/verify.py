"""Count the synthetic pupils by hand and compare every published figure with what they say.

    python data/samples/verify.py

Nothing is shared with generate.py or with gapcalc: the definitions are written out again here, so that a
fault in one place cannot hide in the other.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
Row = dict[str, str]
Test = Callable[[Row], bool]
Cohorts = dict[tuple[str, str], list[Row]]


class Found(NamedTuple):
    """What the pupils say: the size of the group, how many or how much, and the figure from both."""

    pupils: int | None
    total: int | None
    value: Fraction | None


def is_in(column: str, *codes: str) -> Test:
    return lambda row: row[column] in codes


LEVEL_2, LEVEL_4, EXPECTED = ("2C", "2B", "2A", "3"), ("4", "5", "6"), ("EXS", "GDS")
SUBJECTS = ("reading", "writing", "maths")
FLAGS: dict[str, Test] = {
    "gld": is_in("gld", "1"),
    "five_ac_em": is_in("five_ac_em", "1"),
    "ac_em": is_in("ac_em", "1"),
}
GROUPS: dict[str, Test] = {
    "all": lambda row: True,
    "girls": is_in("sex", "F"),
    "boys": is_in("sex", "M"),
    "fsm": is_in("fsm", "Y"),
    "not_fsm": is_in("fsm", "N"),
    "any_sen": lambda row: row["sen_provision"] not in ("N", ""),
    "no_sen": is_in("sen_provision", "N"),
    "school_action": is_in("sen_provision", "A"),
    "school_action_plus": is_in("sen_provision", "P", "Q"),
    "sen_without_statement": is_in("sen_provision", "A", "P", "Q"),
    "sen_support": is_in("sen_provision", "K"),
    "statement": is_in("sen_provision", "S", "E"),
    "eal": is_in("first_language", "OTH", "OTB"),
    "english": is_in("first_language", "ENG", "ENB"),
    "lac": is_in("looked_after", "Y"),
    "gypsy_roma": is_in("ethnicity", "WROM"),
    "bme": lambda row: row["ethnicity"] not in ("WBRI", "REFU", "NOBT"),
    "white": is_in("ethnicity", "WBRI", "WIRI", "WIRT", "WROM", "WOTH"),
    "mixed": is_in("ethnicity", "MWBC", "MWBA", "MWAS", "MOTH"),
    "asian": is_in("ethnicity", "AIND", "APKN", "ABAN", "AOTH"),
    "black": is_in("ethnicity", "BCRB", "BAFR", "BOTH"),
    "chinese": is_in("ethnicity", "CHNE"),
}
# The group a gap is taken against.
REFERENCE = {"fsm": "not_fsm", "any_sen": "no_sen", "school_action": "no_sen", "eal": "english"}
COMBINATIONS = ("SEN", "SEN+FSM", "SEN+BME", "BME", "BME+FSM", "FSM", "SEN+BME+FSM")


def reaches(measure: str, row: Row) -> bool:
    """Whether the pupil reached the standard; a subject measure is `reading_l2`, all three are `rwm_l2`."""
    if measure in FLAGS:
        return FLAGS[measure](row)
    subject, _, standard = measure.partition("_")
    if subject == "rwm":
        return all(reaches(f"{each}_{standard}", row) for each in SUBJECTS)
    if standard == "expected" and row["key_stage"] == "KS2" and subject != "writing":
        score = row[f"{subject}_score"]
        return score.isdigit() and int(score) >= 100
    return row[subject] in {"l2": LEVEL_2, "l4": LEVEL_4, "expected": EXPECTED}[standard]


def combination(row: Row) -> str:
    """Which of the seven exclusive combinations of figure 5 a pupil is in; one unknown flag rules out all."""
    if row["fsm"] == "" or row["sen_provision"] == "" or row["ethnicity"] in ("REFU", "NOBT"):
        return ""
    flags = (("SEN", "any_sen"), ("BME", "bme"), ("FSM", "fsm"))
    return "+".join(name for name, group in flags if GROUPS[group](row))


def in_group(group: str, row: Row) -> bool:
    """Whether the pupil is in the group; `girls fsm` is an intersection, `only SEN+FSM` a combination."""
    if group.startswith("only "):
        return combination(row) == group.removeprefix("only ")
    return all(GROUPS[part](row) for part in group.split())


def read(path: Path) -> Iterator[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def cohorts(path: Path) -> Cohorts:
    """The pupils of each (key stage, academic year)."""
    made: Cohorts = {}
    for row in read(path):
        made.setdefault((row["key_stage"], row["academic_year"]), []).append(row)
    return made


def share(pupils: Iterable[Row], measure: str, group: str) -> Found:
    """The pupils of the group, how many of them reached the standard, and the percentage."""
    members = [row for row in pupils if in_group(group, row)]
    total = sum(reaches(measure, row) for row in members)
    return Found(len(members), total, Fraction(100 * total, len(members)) if members else None)


def mean_points(pupils: Iterable[Row], group: str) -> Found:
    """The mean Attainment 8 score of the group."""
    scores = [Fraction(row["attainment8"]) for row in pupils if in_group(group, row)]
    return Found(len(scores), None, sum(scores, Fraction(0)) / len(scores))


def schools_below(pupils: Iterable[Row], measure: str, floor: int) -> Found:
    """How many schools have less than `floor` per cent of their pupils at the standard, and of how many."""
    rolls: dict[str, list[bool]] = {}
    for row in pupils:
        rolls.setdefault(row["school"], []).append(reaches(measure, row))
    below = sum(100 * sum(roll) < floor * len(roll) for roll in rolls.values())
    return Found(len(rolls), below, None)


def figure(made: Cohorts, key_stage: str, period: str, measure: str, group: str) -> Found:
    """The figure a row of published.csv gives; README.md says how the measures are named."""
    if measure.endswith("_change"):
        first, last = (
            figure(made, key_stage, each, measure.removesuffix("_change"), group).value for each in period.split(" to ")
        )
        return Found(None, None, None if first is None or last is None else last - first)
    pupils = made[key_stage, period]
    if measure.endswith("_gap"):
        base = measure.removesuffix("_gap")
        focus, reference = share(pupils, base, group).value, share(pupils, base, REFERENCE[group]).value
        return Found(None, None, None if focus is None or reference is None else reference - focus)
    if measure.endswith("_missed"):
        reached = share(pupils, measure.removesuffix("_missed"), group)
        size, met = reached.pupils or 0, reached.total or 0
        return Found(size, size - met, Fraction(100 * (size - met), size) if size else None)
    if measure.endswith("_schools_below_60"):
        return schools_below(pupils, measure.removesuffix("_schools_below_60"), 60)
    if measure == "schools":
        return Found(None, len({row["school"] for row in pupils}), None)
    return mean_points(pupils, group) if measure == "attainment8" else share(pupils, measure, group)


def printed(value: Fraction, decimals: int) -> Decimal:
    """The value as it prints: halves away from nought, taken from the exact fraction."""
    scaled = abs(value) * 10**decimals
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


def called(row: Row) -> str:
    """What to call a published row."""
    return " ".join(row[column] for column in ("key_stage", "period", "measure", "group"))


def fault(made: Cohorts, row: Row) -> str | None:
    """What the pupils say instead of the published row, or None if they say the same."""
    name = called(row)
    try:
        found = figure(made, row["key_stage"], row["period"], row["measure"], row["group"])
    except KeyError:
        return f"{name}: the pupil file does not hold this"
    faults = [
        f"{column} {actual}, published {row[column]}"
        for column, actual in (("pupils", found.pupils), ("total", found.total))
        if row[column] and int(row[column]) != actual
    ]
    if row["value"]:
        decimals = int(row["decimals"])
        actual = None if found.value is None else printed(found.value, decimals)
        wanted = Decimal(row["value"]).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        if actual != wanted:
            faults.append(f"value {actual}, published {wanted}")
    return f"{name}: {'; '.join(faults)}" if faults else None


def mismatches(pupils_csv: Path, published_csv: Path) -> list[str]:
    """The published rows that are marked as matched and are not; empty if all is well."""
    made = cohorts(pupils_csv)
    wrong: list[str] = []
    for row in read(published_csv):
        found = fault(made, row)
        if found and row["matched"] == "yes":
            wrong.append(found)
    return wrong


def figure_5(pupils_csv: Path) -> dict[str, tuple[int, int]]:
    """Cohort and missed (level 4 in all three, key stage 2, 2012/13) of each exclusive combination."""
    pupils = cohorts(pupils_csv)["KS2", "2012/13"]
    counts: dict[str, tuple[int, int]] = {}
    for name in COMBINATIONS:
        members = [row for row in pupils if combination(row) == name]
        counts[name] = (len(members), sum(not reaches("rwm_l4", row) for row in members))
    return counts


def main() -> int:
    """Print every published row with its verdict."""
    made = cohorts(HERE / "synthetic-pupils.csv")
    wrong = 0
    for row in read(HERE / "published.csv"):
        found = fault(made, row)
        expected = (found is None) is (row["matched"] == "yes")
        wrong += not expected
        label = "differs" if found else "ok     "
        print(label, found or called(row), "" if expected else "<- marked otherwise")
    print(f"{wrong} rows are not as published.csv marks them")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
