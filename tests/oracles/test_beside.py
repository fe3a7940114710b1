"""What stands beside published gaps, against the published figures (beside.csv) and another hand."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gapcalc.definitions import area_named
from gapcalc.present.words import rounded

Run = Callable[..., Any]
ROWS = list(csv.DictReader((Path(__file__).parent / "beside.csv").read_text(encoding="utf-8").splitlines()))


def output(run: Run, *arguments: object) -> dict[str, Any]:
    ran = run("compute", *arguments, "-f", "json", "-q")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, ...], Any]:
    return {}


@pytest.mark.parametrize("figure", ROWS, ids=lambda one: "-".join(list(one.values())[:6]))
def test_a_published_comparison(
    figure: dict[str, str], run: Run, published: Callable[[str], Path], made: dict[tuple[str, ...], Any]
) -> None:
    group, version = figure["group"], figure["version"] or "2025-05"
    if (group, version) not in made:
        path = published("lait/lait_cambs_sn_extract.csv")
        compared = ("-c", "national", "-c", "neighbours", "--neighbours", version, "-c", "previous")
        options = ("--area", figure["area"], "--measure", "rwm_exp", "-g", group, *compared)
        made[group, version] = output(run, path, *options)
    results = made[group, version]
    assert results["options"]["neighbours"] == version
    (gap,) = [one for one in results["gaps"] if one["period"] == figure["period"]]
    beside = {one["comparator"]: one for one in gap["comparisons"]} | {"": gap}
    assert rounded(float(beside[figure["comparator"]][figure["field"]]), int(figure["places"])) == figure["expected"]


def test_ten_years_leave_the_years_without_data_empty_and_cross_no_break(
    run: Run, published: Callable[[str], Path]
) -> None:
    options = ("--area", "Cambridgeshire", "--measure", "rwm_exp", "-g", "fsm", "-c", "neighbours", "-c", "national")
    gaps = output(run, published("lait/lait_cambs_sn_extract.csv"), *options, "-c", "previous")["gaps"]
    assert [gap["period"] for gap in gaps] == [f"{year}/{year - 1999}" for year in range(2015, 2025)]
    empty = [gap["period"] for gap in gaps if gap["gap"] is None]
    assert empty == ["2019/20", "2020/21"]
    before = {gap["period"]: gap["comparisons"][2] for gap in gaps}
    assert {one["comparator"] for one in before.values()} == {"previous"}
    changed = [period for period, one in before.items() if one["difference"] is not None]
    assert changed == ["2016/17", "2018/19", "2022/23", "2023/24", "2024/25"]
    assert (before["2015/16"]["comparable"], before["2017/18"]["comparable"]) == ("break", "break")
    assert (before["2021/22"]["comparable"], before["2021/22"]["gap"]) == ("no data", None)
    for gap in gaps:
        for one in gap["comparisons"][:2]:
            assert (one["gap"] is None) == (gap["gap"] is None)


def test_ranks_and_bands_of_all_authorities(run: Run, published: Callable[[str], Path]) -> None:
    """Against pandas' own ranks and quantiles, from the file as it is printed."""
    path = published("eyfsp_2022/1_eyfsp_headline_measures_2022.csv")
    options = ("--measure", "gld", "-g", "fsm", "--by", "la", "-c", "las", "-c", "national")
    gaps = {one["area_code"]: one for one in output(run, path, *options)["gaps"]}
    assert len(gaps) == 152
    rows = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    rows = rows[(rows["geographic_level"] == "Local authority") & (rows["gender"] == "Total")]
    rows = rows[rows["characteristic"] == "Free school meal eligibility"]
    numbers = rows.assign(
        **{name: pd.to_numeric(rows[name], errors="coerce") for name in ("children_number", "gld_number")}
    )
    rate = (numbers["gld_number"] / numbers["children_number"]).to_numpy()
    table = numbers.assign(rate=rate).pivot_table(index="new_la_code", columns="characteristic_type", values="rate")
    table.columns = ["other" if str(name).startswith("Not") else "fsm" for name in table.columns]
    table["gap"] = table["other"] - table["fsm"]
    for what, column, ascending in (("gap", "gap", True), ("rate", "fsm", False)):
        known = table[column].dropna().round(9)
        ranks = known.rank(method="min", ascending=ascending)
        quarters = known.quantile([0.25, 0.5, 0.75]).to_numpy()
        for code, rank in ranks.items():
            area = area_named(str(code))
            assert area is not None
            (las, _) = gaps[area.code]["comparisons"]
            assert las[f"{what}_rank"] == rank
            above = int((known.loc[str(code)] > quarters + 1e-12).sum())
            assert las[f"{what}_band"] == ("ABCD" if ascending else "DCBA")[above]
    mean = table["gap"].mean()
    assert gaps["E10000003"]["comparisons"][0]["gap"] == pytest.approx(100 * mean)
