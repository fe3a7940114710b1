"""Against all others, by hand: all pupils less the group, those of unknown group included."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gapcalc.intervals import newcombe, welch
from gapcalc.model import Cleared
from gapcalc.pipeline import compute
from gapcalc.release import MADE_FROM, NotCleared, Release
from gapcalc.request import Request

Write = Callable[..., Path]
HEADER = "period,area,key_stage,measure,group,pupils,total,value"
START = "2012/13,873,KS2,rwm_l4"


def made(path: Path, **options: Any) -> Release:
    return compute(Request(data=(str(path),), reference="others", **{"internal": True, **options}))


def gap(write: Write, *lines: str, **options: Any) -> dict[Any, Any]:
    path = write("\n".join([HEADER, *(f"{START},{line}" for line in lines), ""]))
    (one,) = made(path, **options).gaps.to_dict("records")
    return dict(one)


def array(*values: float) -> tuple[Any, ...]:
    return tuple(np.array([value], dtype=float) for value in values)


def test_all_less_the_group(write: Write) -> None:
    one = gap(write, "fsm,648,303,", "not_fsm,5230,3932,", "all,5900,4241,")
    assert (one["focus"], one["reference"]) == ("fsm", "others")
    # 22 pupils whose group is not known are among them, 6 of whom reached the standard.
    assert (one["reference_pupils"], one["reference_total"]) == (5252, 3938)
    assert one["gap"] == 3938 / 5252 - 303 / 648
    lower, upper = newcombe(*array(3938, 5252, 303, 648))
    assert (one["gap_lower"], one["gap_upper"]) == (lower[0], upper[0])
    assert (one["method"], one["basis"], one["symbol"]) == ("newcombe", "counted", None)


def test_a_mean(write: Write) -> None:
    header = "period,area,key_stage,measure,group,pupils,total,total_sq"
    start = "2015/16,873,KS4,attainment8"
    path = write("\n".join([header, f"{start},fsm,3,120.5,4880.25", f"{start},all,7,340.5,17080.25", ""]))
    (one,) = made(path).gaps.to_dict("records")
    # The others are 4 pupils with 220 points.
    assert (one["reference_pupils"], one["reference_total"]) == (4, 22000)
    assert one["gap"] == pytest.approx(55 - 120.5 / 3)
    lower, upper = welch(array(4, 220, 12200), array(3, 120.5, 4880.25))
    assert (one["gap_lower"], one["gap_upper"]) == (pytest.approx(lower[0]), pytest.approx(upper[0]))
    assert one["method"] == "welch"


def test_against_others_is_against_all_over_their_share(write: Write) -> None:
    lines = ("fsm,648,303,", "all,5900,4241,")
    others = gap(write, *lines)["gap"]
    path = write("\n".join([HEADER, *(f"{START},{line}" for line in lines), ""]))
    (against,) = compute(Request(data=(str(path),), reference="all", internal=True)).gaps["gap"]
    assert against == pytest.approx((1 - 648 / 5900) * others)


@pytest.mark.parametrize(
    ("focus", "everybody", "pupils", "symbol"),
    [
        (",,47", ",,72", None, "not_available"),  # percentages do not subtract
        (",,47", "5900,4241,", None, "not_available"),
        ("648,303,", ",,72", None, "not_available"),
        ("648,c,", "5900,4241,", 5252, "hidden"),
        ("648,303,", "5900,c,", 5252, "hidden"),
        ("648,x,", "5900,4241,", 5252, "not_available"),
        ("100,20,", "90,50,", None, "not_available"),  # more than all
        ("20,5,", "90,85,", 70, "not_available"),  # 80 of 70 others
        ("20,15,", "90,5,", 70, "not_available"),
        ("90,50,", "90,50,", 0, "not_applicable"),
    ],
)
def test_why_there_is_no_gap(write: Write, focus: str, everybody: str, pupils: int | None, symbol: str) -> None:
    one = gap(write, f"fsm,{focus}", f"all,{everybody}")
    assert one["symbol"] == symbol
    assert pd.isna(one["gap"])
    assert pd.isna(one["reference_value"])
    assert (None if pd.isna(one["reference_pupils"]) else int(one["reference_pupils"])) == pupils


def test_without_a_row_of_all_pupils_there_are_no_others(write: Write) -> None:
    one = gap(write, "fsm,648,303,", "not_fsm,5230,3932,")
    assert (one["symbol"], one["focus_value"]) == ("not_available", 303 / 648)


def test_a_percentage_with_a_number_of_pupils_subtracts_as_a_count(write: Write) -> None:
    one = gap(write, "fsm,648,,46.8", "all,5900,4241,")
    assert (one["reference_pupils"], one["reference_total"], one["basis"]) == (5252, 4241 - 303, "reconstructed")


def test_a_national_gap_is_against_others_too(write: Write) -> None:
    england = "2012/13,England,KS2,rwm_l4"
    lines = [f"{england},fsm,100000,60000,", f"{england},all,500000,375000,", f"{england},not_fsm,390000,300000,"]
    national = write("\n".join([HEADER, *lines, ""]), "england.csv")
    path = write("\n".join([HEADER, f"{START},fsm,648,303,", f"{START},all,5900,4241,", ""]))
    beside = made(path, beside=(str(national),), compare=("national",)).compared.comparisons
    assert beside["gap"].tolist() == pytest.approx([315000 / 400000 - 0.6])
    assert beside["difference"].tolist() == pytest.approx([3938 / 5252 - 303 / 648 - (315000 / 400000 - 0.6)])


def test_released_only_where_all_and_the_group_are_cleared(write: Write) -> None:
    path = write("\n".join([HEADER, f"{START},fsm,648,303,", f"{START},all,5900,4241,", ""]))
    release = made(path, internal=False)
    assert release.gaps["gap"].notna().all()
    for dimension in ("all", "fsm"):
        for what in ("pupils", "total"):
            cells = release.data.cells.copy()
            cells.loc[cells["dimension"] == dimension, f"shows_{what}"] = False
            data = replace(release.data, cells=cells)
            with pytest.raises(NotCleared, match=f"reference.{what}" if dimension == "all" else f"focus.{what}"):
                again(release, release.gaps, data)
            # What is made from the group's own counts alone may stay where all pupils are hidden.
            gone = [
                name for name, counts in MADE_FROM.items() if f"reference.{what}" in counts and name in release.gaps
            ]
            kept = release.gaps.assign(**dict.fromkeys(gone))
            if dimension == "all":
                again(release, kept, data)
                with pytest.raises(NotCleared, match=f"reference_{what}"):
                    again(release, kept.assign(**{f"reference_{what}": release.gaps[f"reference_{what}"]}), data)


def again(release: Release, gaps: pd.DataFrame, data: Cleared) -> Release:
    return replace(release, gaps=gaps, data=data, beside=None)


def test_a_few_others_are_hidden(write: Write) -> None:
    """85 of 100 pupils are FSM; of the 15 others, five reached the standard, all of them of unknown group."""
    lines = ("fsm,85,45,", "not_fsm,10,0,", "all,100,50,")
    one = gap(write, *lines, internal=False)
    assert (one["focus_pupils"], one["reference_pupils"], one["symbol"]) == (85, 15, "hidden")
    assert pd.isna(one["focus_total"])
    assert pd.isna(one["reference_total"])


@pytest.mark.parametrize(("pupils", "hidden"), [(9, True), (10, False)])
def test_so_is_how_few_they_are(write: Write, pupils: int, hidden: bool) -> None:
    one = gap(write, f"fsm,{100 - pupils},45,", f"all,100,{45 + pupils},", internal=False)
    assert pd.isna(one["focus_pupils"]) == pd.isna(one["reference_pupils"]) == hidden
