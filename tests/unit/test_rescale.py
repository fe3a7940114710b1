"""What other scales are made from: pupils by score of shown cells alone, and figures whose counts are shown."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from gapcalc.definitions import measures
from gapcalc.definitions.schema import Measure
from gapcalc.pipeline import compute
from gapcalc.release import NotCleared, Release
from gapcalc.request import Request
from gapcalc.scales import SCALES

FIGURES = [name for name in SCALES if name != "v_method"]


def release(tmp_path: Path, *, internal: bool = False, policy: str = "strict") -> Release:
    """Nine pupils with free meals, and thirty without; of each sex more than nine."""
    lines = [
        f"2015/16,873,KS4,{flag},{'FM'[one % 2]},{40 + one}"
        for flag, pupils in (("Y", 9), ("N", 30))
        for one in range(pupils)
    ]
    path = tmp_path / "pupils.csv"
    path.write_text("\n".join(["academic_year,la,key_stage,fsm,sex,attainment8", *lines, ""]), encoding="utf-8")
    return compute(Request(data=(str(path),), scales=True, internal=internal, policy=policy))


def groups(made: Release) -> set[str]:
    assert made.data.scores is not None
    return set(made.data.scores["group"])


def test_pupils_by_score_are_those_of_shown_cells(tmp_path: Path) -> None:
    assert groups(release(tmp_path, internal=True)) == {"all", "fsm", "not_fsm", "girls", "boys"}
    assert groups(release(tmp_path)) == {"all", "girls", "boys"}
    assert groups(release(tmp_path, policy="opensafely")) == set()


@pytest.mark.parametrize("column", FIGURES)
def test_a_scale_of_a_hidden_gap_is_refused(tmp_path: Path, column: str) -> None:
    made = release(tmp_path)
    place = made.gaps.index[made.gaps["focus"] == "fsm"][0]
    assert made.gaps.loc[place, "symbol"] == "hidden"
    assert made.gaps.loc[place, FIGURES].isna().all()
    put_back = made.gaps.copy()
    put_back.loc[place, column] = 1.0
    with pytest.raises(NotCleared, match=f"{column}: made from"):
        replace(made, gaps=put_back)


def test_an_index_is_exact_until_it_is_shown(tmp_path: Path) -> None:
    """Girls have 40, 42 .. and boys 41, 43 ..: of free meals five and four, of others fifteen each."""
    (row,) = release(tmp_path).gaps.query("dimension == 'sex'").to_dict("records")
    scores = {sex: [40 + one for pupils in (9, 30) for one in range(pupils) if one % 2 == (sex == "boys")]
              for sex in ("girls", "boys")}  # fmt: skip
    order = pd.Series(scores[row["focus"]] + scores[row["reference"]]).rank()
    ends = len(scores[row["focus"]])
    assert isinstance(row["gap_index"], Fraction)
    assert float(row["gap_index"]) == pytest.approx(20 * (order[ends:].mean() - order[:ends].mean()) / len(order))


def test_cuts_of_one_variable_are_of_one_kind() -> None:
    cuts: dict[tuple[str, str], list[Measure]] = {}
    for one in measures().values():
        if one.cut_of:
            cuts.setdefault((one.key_stage, one.cut_of), []).append(one)
    assert [[one.id for one in several] for several in cuts.values()] == [["em_9_4", "em_9_5"]]
    assert all(len({one.lower_is_better for one in several}) == 1 for several in cuts.values())


def test_a_mean_is_no_cut() -> None:
    with pytest.raises(ValueError, match="a mean is no cut of anything"):
        Measure(key_stage="ks4", id="x", label="x", kind="mean", cut_of="em", parts=(), source="")
