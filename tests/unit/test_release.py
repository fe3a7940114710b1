"""The lock at the door: a figure leaves only with cleared counts to its name."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from gapcalc.pipeline import compute
from gapcalc.release import MADE_FROM, SAYS_WHICH, NotCleared, Release
from gapcalc.request import Request

SHOWN = {"focus_pupils", "reference_pupils", "unknown_pupils", "pupils_per_point", "one_pupil", "small_cohort"}
HEADER = "period,area,key_stage,measure,group,pupils,total\n"
START = "2012/13,873,KS2,rwm_l4"


def release(tmp_path: Path, **options: object) -> Release:
    lines = [f"{START},{group}\n" for group in ("lac,18,6", "not_lac,5882,4238", "fsm,648,303", "not_fsm,5230,3932")]
    path = tmp_path / "data.csv"
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return compute(Request(data=(str(path),), scales=True, **options))  # type: ignore[arg-type]


def again(made: Release, gaps: pd.DataFrame) -> Release:
    return replace(made, gaps=gaps)


def test_what_is_made_from_a_hidden_count_is_not_there(tmp_path: Path) -> None:
    made = release(tmp_path)
    lac, fsm = (made.gaps[made.gaps["focus"] == focus].iloc[0] for focus in ("lac", "fsm"))
    # 6 of 18 is hidden; the number of looked-after children is not, and what the peers reached would tell it.
    assert (lac["focus_pupils"], lac["reference_pupils"], lac["symbol"]) == (18, 5882, "hidden")
    for name in ("focus_total", "focus_value", "reference_total", "reference_value", "gap", "gap_lower", "gap_upper"):
        assert pd.isna(lac[name]), name
        assert not pd.isna(fsm[name]), name


@pytest.mark.parametrize("column", MADE_FROM)
def test_a_figure_made_from_a_hidden_count_is_refused(tmp_path: Path, column: str) -> None:
    made, bare = release(tmp_path), release(tmp_path, internal=True)
    if column in SHOWN:
        return  # shown here
    put_back = made.gaps.copy()
    put_back[column] = bare.gaps[column].fillna(1.0)  # of a rate there is no Hedges' g
    with pytest.raises(NotCleared, match=column):
        again(made, put_back)


def test_a_figure_that_names_no_counts_is_refused(tmp_path: Path) -> None:
    made = release(tmp_path)
    with pytest.raises(NotCleared, match="rank: it is not said from which counts"):
        again(made, made.gaps.assign(rank=1))


def test_a_figure_of_a_cell_that_was_not_cleared_is_refused(tmp_path: Path) -> None:
    made = release(tmp_path)
    elsewhere = made.gaps.assign(area_code="E10000016")
    with pytest.raises(NotCleared):
        again(made, elsewhere)


def test_every_column_either_names_its_counts_or_is_no_figure(tmp_path: Path) -> None:
    made = release(tmp_path)
    assert set(made.gaps.columns) <= set(MADE_FROM) | SAYS_WHICH
    assert not set(MADE_FROM) & SAYS_WHICH


def test_internal_shows_everything_and_says_so(tmp_path: Path) -> None:
    made = release(tmp_path, internal=True)
    assert made.internal
    assert made.gaps["gap"].notna().all()
    assert any("not for release" in warning for warning in made.warnings)
