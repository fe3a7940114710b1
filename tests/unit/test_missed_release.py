"""The lock at the door for who missed a standard: a figure leaves only with cleared counts to its name."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from gapcalc.missed import MADE_FROM, SAYS_WHICH, MissedRelease
from gapcalc.present import present, present_missed
from gapcalc.printed import Denied
from gapcalc.release import NotCleared
from gapcalc.request import Request
from gapcalc.who_missed import who_missed

HEADER = "period,area,level,key_stage,measure,dimension,group,pupils,total,value\n"
CELLS = [
    ("fsm x any_sen", 50, 8),
    ("fsm x no_sen", 80, 40),
    ("not_fsm x any_sen", 80, 30),
    ("not_fsm x no_sen", 300, 240),
]
UNSURE = [("unknown x unknown", 14, 12)]
ENGLAND = "2012/13,England,national,KS2,rwm_l4,fsm x sen,fsm x any_sen,,,34\n"


def release(
    tmp_path: Path, *, internal: bool = False, cells: list[tuple[str, int, int]] | None = None
) -> MissedRelease:
    start, cells = "2012/13,873,la,KS2,rwm_l4", [*CELLS, *UNSURE] if cells is None else cells
    lines = [f"{start},fsm x sen,{group},{pupils},{total},\n" for group, pupils, total in cells]
    lines += [f"{start},all,all,{sum(one[1] for one in cells)},{sum(one[2] for one in cells)},\n"]
    data, national = tmp_path / "data.csv", tmp_path / "england.csv"
    data.write_text(HEADER + "".join(lines), encoding="utf-8")
    national.write_text(HEADER + ENGLAND, encoding="utf-8")
    return who_missed(Request(data=(str(data),), groups=("fsm", "sen"), beside=(str(national),), internal=internal))


def at(made: MissedRelease, group: str) -> int:
    return int(made.rows.index[made.rows["group"] == group][0])


def test_what_is_made_from_a_hidden_count_is_not_there(tmp_path: Path) -> None:
    made = release(tmp_path)
    few, unknown, everybody = (made.rows.loc[at(made, group)] for group in ("fsm x any_sen", "unknown", "all"))
    assert (few["pupils"], few["missed"], few["share"], few["difference"]) == (50, None, None, None)
    assert few["symbol"] == "hidden"
    assert few["national_share"] == pytest.approx(0.66)
    # 14 are not known; how many of them missed it is all less the others, and would tell the one that is hidden.
    assert (unknown["pupils"], unknown["missed"]) == (14, None)
    assert everybody["missed"] == 524 - 330
    assert made.protection.hidden >= 2


@pytest.mark.parametrize("group", ["fsm x any_sen", "unknown"])
@pytest.mark.parametrize("column", ["missed", "share"])
def test_a_figure_made_from_a_hidden_count_is_refused(tmp_path: Path, group: str, column: str) -> None:
    made, bare = release(tmp_path), release(tmp_path, internal=True)
    put_back = made.rows.copy()
    figure = bare.rows[column].to_list()[at(bare, group)]
    assert figure is not None
    put_back[column] = [figure if place == at(made, group) else one for place, one in enumerate(made.rows[column])]
    with pytest.raises(NotCleared, match=column):
        replace(made, rows=put_back)


def test_a_difference_from_a_hidden_share_is_refused(tmp_path: Path) -> None:
    made = release(tmp_path)
    put_back = made.rows.copy()
    put_back.loc[at(made, "fsm x any_sen"), "difference"] = 0.1
    with pytest.raises(NotCleared, match="difference"):
        replace(made, rows=put_back)


def test_a_national_figure_without_national_counts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotCleared, match="national_share"):
        replace(release(tmp_path), national=None)


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("missed_from", "unknown"),
        ("missed_from", "combination"),
        ("missed_from", "nowhere"),
        ("pupils_from", "nowhere"),
    ],
)
def test_it_does_not_help_to_say_that_a_figure_is_made_from_others(tmp_path: Path, column: str, word: str) -> None:
    made = release(tmp_path, cells=[("fsm x any_sen", 50, 20), *CELLS[1:], ("unknown x unknown", 44, 22)])
    assert made.rows.loc[at(made, "unknown"), "missed"] == 22  # told by the rows that are shown
    other = made.rows.copy()
    other.loc[at(made, "unknown"), column] = word
    with pytest.raises(NotCleared):
        replace(made, rows=other)


def test_a_figure_that_names_no_counts_is_refused(tmp_path: Path) -> None:
    made = release(tmp_path)
    with pytest.raises(NotCleared, match="rank: it is not said from which counts"):
        replace(made, rows=made.rows.assign(rank=1))


def test_a_figure_of_a_cell_that_was_not_cleared_is_refused(tmp_path: Path) -> None:
    made = release(tmp_path)
    with pytest.raises(NotCleared):
        replace(made, rows=made.rows.assign(area_code="E10000016"))


def test_a_contradiction_says_no_count_that_no_row_shows(tmp_path: Path) -> None:
    made = release(tmp_path)
    key = tuple(str(made.rows[name].iloc[0]) for name in made.rows.columns[:7])
    shown = Denied(key, "combination", "fsm x no_sen", "a.csv", "missed", 41, 40)
    assert replace(made, contradictions=(shown,)).contradictions == (shown,)
    hidden = Denied(key, "combination", "fsm x any_sen", "a.csv", "missed", 41, 42)
    share = Denied(key, "combination", "fsm x any_sen", "a.csv", "share", 36, 84.0, 0, (42, 50))
    nowhere = Denied(key, "combination", "fsm x lac", "a.csv", "pupils", 36, 84)
    for one in (hidden, share, nowhere):
        with pytest.raises(NotCleared, match="contradiction"):
            replace(made, contradictions=(one,))


def test_every_column_either_names_its_counts_or_is_no_figure(tmp_path: Path) -> None:
    assert set(release(tmp_path).rows.columns) == set(MADE_FROM) | SAYS_WHICH
    assert not set(MADE_FROM) & SAYS_WHICH


def test_present_takes_nothing_else(tmp_path: Path) -> None:
    made = release(tmp_path)
    for other in (made.rows, pd.DataFrame(), None):
        with pytest.raises(TypeError):
            present_missed(other, "table")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        present(made, "table")  # type: ignore[arg-type]


def test_internal_shows_everything_and_says_so(tmp_path: Path) -> None:
    made = release(tmp_path, internal=True)
    assert made.internal
    assert made.rows["missed"].notna().all()
    assert any("not for release" in warning for warning in made.warnings)
