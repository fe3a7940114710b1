"""Gaps against published figures, worked out from the printed numbers by another hand (figures.csv)."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from gapcalc.pipeline import Request, compute
from gapcalc.present.words import rounded

ROOT = Path(__file__).resolve().parents[2]
FIGURES = list(csv.DictReader((Path(__file__).parent / "figures.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("figure", FIGURES, ids=lambda one: "-".join(list(one.values())[:6]))
def test_a_published_figure(figure: dict[str, str], published: Callable[[str], Path]) -> None:
    inputs = {
        "sfr05": lambda: [published(f"sfr05_2014/SFR05_2014_UD_LA_{i}.csv") for i in (1, 2)],
        "figures": lambda: [published("cambridgeshire-figures.csv")],
        "sample": lambda: [ROOT / "data" / "samples" / "synthetic-pupils.csv"],
    }
    release = compute(
        Request(
            data=tuple(str(path) for path in inputs[figure["input"]]()),
            areas=(figure["area"],),
            periods=(figure["period"],),
            measures=(figure["measure"],),
            groups=(figure["group"],),
        )
    )
    gaps = release.gaps[release.gaps["focus"] == figure["focus"]]
    assert len(gaps) == 1
    assert rounded(100 * gaps["gap"].iloc[0], int(figure["places"])) == figure["gap"]


def test_symbols_in_the_real_files_are_never_zero(published: Callable[[str], Path]) -> None:
    path = published("sfr05_2014/SFR05_2014_UD_LA_1.csv")
    with path.open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file))
    column = "KS4_LEVEL2_EM_all_chinese_13"
    hidden = {row["LA_name"] for row in rows if row[column] == "x" and row["LA_name"]}
    empty = {row["LA_name"] for row in rows if row[column] == "." and row["LA_name"]}
    assert hidden
    assert empty
    release = compute(Request(data=(str(path),), measures=("5ac_em",), groups=("ethnicity",)))
    gaps = release.gaps[release.gaps["focus"] == "chinese"].set_index("area_name")
    # Names may differ between then and now, so only those that stayed are looked up.
    for names, symbol in ((hidden, "hidden"), (empty, "not_applicable")):
        found = gaps.loc[gaps.index.intersection(sorted(names))]
        assert len(found) >= len(names) - 2
        assert set(found["symbol"]) == {symbol}
        assert found["gap"].isna().all()
        assert found["focus_value"].isna().all()


def test_every_gap_of_the_real_files_is_what_their_own_numbers_say(published: Callable[[str], Path]) -> None:
    """Every authority's FSM gap, worked out again from the file with nothing but the csv module."""
    path = published("sfr05_2014/SFR05_2014_UD_LA_2.csv")
    with path.open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = []
    for row in rows:
        cells = [
            row[f"{start}_all_{group}_13"] for group in ("FSM", "allother") for start in ("KS4_LEVEL2_EM", "Laden")
        ]
        if row["LA_name"] and all(cell.isdigit() and int(cells[1]) for cell in cells):
            reached, pupils, others_reached, others = map(int, cells)
            expected.append(others_reached / others - reached / pupils)
    release = compute(Request(data=(str(path),), measures=("5ac_em",), groups=("fsm",), by="la"))
    found = release.gaps["gap"].dropna()
    assert len(found) == len(expected) > 140
    assert sorted(found) == pytest.approx(sorted(expected), abs=1e-12)
