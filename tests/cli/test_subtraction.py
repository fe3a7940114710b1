"""What a reader of the sample county's gaps can subtract: nothing of it may give a small count.

Two runs that once did are recomputed as a reader would. Then every printed count is an equation over the kinds of
pupils in the file (each has one ethnicity and one time in care), and no small count may follow from them by linear
algebra. Neither knows how gapcalc puts groups together.
"""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gapcalc.definitions import dimensions, policies
from tests.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "samples" / "synthetic-pupils.csv"
Row = dict[str, str]
COHORT = ("period", "area_code", "key_stage", "measure")
SIDES = ("focus", "reference")


def rows(run: Run, *options: str) -> list[Row]:
    ran = run("compute", SAMPLE, "-f", "csv", "-q", *options)
    assert ran.code == 0, ran.err
    return list(csv.DictReader(io.StringIO(ran.out)))


def reached(found: list[Row], dimension: str, group: str) -> int | None:
    """How many of a group reached the standard, where it is printed."""
    for row in (row for row in found if row["dimension"] == dimension):
        for side in SIDES:
            if row[side] == group and row[f"{side}_total"]:
                return round(float(row[f"{side}_total"]))
    return None


def less(whole: int | None, *parts: int | None) -> int | None:
    """A whole less its parts, where all of them are printed."""
    return None if whole is None or None in parts else whole - sum(part for part in parts if part is not None)


LAC = ("--period", "2012/13", "--measure", "rwm_l2", "-g", "lac", "-g", "lac_12_months", "-g", "sex")


def looked_after(found: list[Row]) -> int | None:
    """Looked-after children who reached the standard: boys and girls less those who are not looked after."""
    girls = reached(found, "sex", "girls")
    everybody = less(reached(found, "sex", "boys"), None if girls is None else -girls)
    others = [reached(found, name, "not_lac") for name in ("lac", "lac_12_months")]
    known = [one for one in others if one is not None]
    return less(everybody, known[0]) if known else None


def test_looked_after_children_are_not_the_rest(run: Run) -> None:
    assert looked_after(rows(run, *LAC, "--internal")) == 6
    assert looked_after(rows(run, *LAC)) is None


ETHNIC = ("--period", "2012/13", "--measure", "rwm_l4", "-g", "bme", "-g", "ethnicity")


def chinese(found: list[Row]) -> int | None:
    """Chinese pupils who reached the standard: BME less the other groups and the white pupils who are not British."""
    white = less(reached(found, "ethnicity", "white"), reached(found, "bme", "white_british"))
    others = [reached(found, "ethnicity", group) for group in ("mixed", "asian", "black", "other")]
    return less(reached(found, "bme", "bme"), white, *others)


def test_chinese_pupils_are_not_the_rest(run: Run) -> None:
    assert chinese(rows(run, *ETHNIC, "--internal")) == 22
    assert chinese(rows(run, *ETHNIC)) is None


NAMES = ("sex", "bme", "ethnicity", "lac", "lac_12_months")
ASKED = [option for name in NAMES for option in ("-g", name)]


@pytest.fixture(scope="module")
def kinds() -> list[Row]:
    """The kinds of pupils in the file, by the group of each dimension, read from it with the code list beside it."""
    with (ROOT / "src/gapcalc/definitions/codes/ethnicity.csv").open(encoding="utf-8") as file:
        ethnic = {row["code"].upper(): row for row in csv.DictReader(file)}
    found = {}
    with SAMPLE.open(encoding="utf-8") as file:
        for pupil in csv.DictReader(file):
            months = int(pupil["looked_after_months"] or 0)
            cared_for = pupil["looked_after"] == "Y"
            code = ethnic.get(pupil["ethnicity"].upper(), {})
            kind = {
                "sex": {"M": "boys", "F": "girls"}.get(pupil["sex"], "unknown"),
                "bme": code.get("bme", "unknown"),
                "ethnicity": code.get("ethnicity", "unknown"),
                "lac": "lac" if cared_for else "not_lac",
                "lac_12_months": "not_lac"
                if not cared_for
                else "lac_12_months"
                if months >= 12
                else "lac_under_12_months",
            }
            found[tuple(kind.values())] = kind
    return list(found.values())


def told(found: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """The groups of a cohort of which it is printed how many reached the standard, and how many did not."""
    for row, side in itertools.product(found, SIDES):
        if row[f"{side}_total"]:
            yield row["dimension"], row[side]


def given_away(shown: list[Row], internal: list[Row], kinds: list[Row], policy: str) -> list[str]:
    """The small counts of those who reached the standard, or did not, that follow from what is printed."""
    truth = {cohort: list(some) for cohort, some in _cohorts(internal)}
    found = []
    for cohort, some in _cohorts(shown):
        everybody = np.ones(len(kinds))  # how many pupils reached it is known from elsewhere
        known = [everybody, *(_members(kinds, *cell) for cell in told(some))]
        basis = _basis(np.stack(known))
        for row, side in itertools.product(truth[cohort], SIDES):
            name, group = row["dimension"], row[side]
            largest = policies()[policy].largest_in((name,))
            total, pupils = round(float(row[f"{side}_total"])), int(row[f"{side}_pupils"])
            wanted = _members(kinds, name, group)
            follows = np.abs(wanted - basis.T @ (basis @ wanted)).max() < 1e-9
            if follows and pupils and any(1 <= count <= largest for count in (total, pupils - total)):
                found.append(" ".join((*cohort, name, group)))
    return found


def _cohorts(found: list[Row]) -> Iterator[tuple[tuple[str, ...], Iterator[Row]]]:
    def key(row: Row) -> tuple[str, ...]:
        return tuple(row[name] for name in COHORT)

    for cohort, some in itertools.groupby(sorted(found, key=key), key):
        yield cohort, iter(list(some))


def _members(kinds: list[Row], name: str, group: str) -> Any:
    return np.array([float(kind[name] == group) for kind in kinds])


def _basis(known: Any) -> Any:
    """Directions that span what is known."""
    _, sizes, directions = np.linalg.svd(known, full_matrices=False)
    return directions[sizes > 1e-9]


@pytest.mark.parametrize(
    ("policy", "options"),
    [
        ("strict", ()),
        ("dfe", ()),
        ("strict", ("--by", "district", "--period", "2012/13", "--key-stage", "ks4")),
        ("dfe", ("--by", "district", "--period", "2012/13", "--key-stage", "ks4")),
    ],
)
def test_no_small_count_follows_from_what_is_printed(
    policy: str, options: tuple[str, ...], run: Run, kinds: list[Row]
) -> None:
    internal = rows(run, *ASKED, *options, "--internal")
    assert given_away(rows(run, *ASKED, *options, "--policy", policy), internal, kinds, policy) == []


def test_what_nobody_protects_does_follow(run: Run, kinds: list[Row]) -> None:
    """The check itself: with all but the small counts printed, some do follow."""
    internal = rows(run, *ASKED, "--period", "2012/13", "--internal")
    shown = []
    for row in internal:
        small = any(
            1 <= count <= 9
            for side in SIDES
            for count in (float(row[f"{side}_total"]), float(row[f"{side}_pupils"]) - float(row[f"{side}_total"]))
        )
        shown.append({**row, "focus_total": ""} if small else row)
    found = given_away(shown, internal, kinds, "strict")
    assert len(found) > 5
    assert set(NAMES) <= set(dimensions())
