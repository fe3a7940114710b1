"""Gaps against published figures, worked out from the printed numbers by another hand (figures.csv)."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from gapcalc.harmonise import harmonise
from gapcalc.harmonise.words import la_word
from gapcalc.model import KEY, Aggregates, Neighbours
from gapcalc.pipeline import compute
from gapcalc.present.words import rounded
from gapcalc.request import Request
from tests.whole import read

ROOT = Path(__file__).resolve().parents[2]
FIGURES = list(csv.DictReader((Path(__file__).parent / "figures.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("figure", FIGURES, ids=lambda one: "-".join(list(one.values())[:6]))
def test_a_published_figure(figure: dict[str, str], published: Callable[[str], Path]) -> None:
    inputs = {
        "sfr05": lambda: [published(f"sfr05_2014/SFR05_2014_UD_LA_{i}.csv") for i in (1, 2)],
        "eyfsp": lambda: [published("eyfsp_2022/1_eyfsp_headline_measures_2022.csv")],
        "lait": lambda: [published("lait/lait_cambs_sn_extract.csv")],
        "perf": lambda: [published("perf_tables/2018-850-ks2.csv")],
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
    of_levels = release.gaps["level"].isin(["national", "la"])  # Rutland is a district too
    gaps = release.gaps[(release.gaps["focus"] == figure["focus"]) & of_levels]
    assert len(gaps) == 1
    assert rounded(100 * gaps["gap"].iloc[0], int(figure["places"])) == figure["gap"]
    for limit in ("lower", "upper"):
        if figure[limit]:
            assert rounded(100 * gaps[f"gap_{limit}"].iloc[0], 1) == figure[limit]


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


def test_hidden_and_missing_stay_apart_in_looked_after_outcomes(published: Callable[[str], Path]) -> None:
    """Key stage 2 of looked-after children: `c` is hidden, `x` blanks out the years that were not assessed."""
    path = published("cla/ks2_la.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["social_care_group"] == "CLA 12 months at 31 March"]
    content = harmonise(read(str(path))).content
    assert isinstance(content, Aggregates)
    counts = content.counts
    of_measure = counts[(counts["measure"] == "rwm_exp") & (counts["level"] == "la")]
    column = "t_rwm_met_expected_standard"
    las = [row for row in rows if row["geographic_level"] == "Local authority"]
    assert (of_measure["symbol"] == "hidden").sum() == sum(row[column] == "c" for row in las) > 0
    blank = of_measure[of_measure["period"].isin(["2019/20", "2020/21"])]
    assert len(blank) > 300
    assert set(blank["symbol"]) == {"not_available"}
    assert blank["total"].isna().all()
    shown = of_measure["total"].dropna()
    assert sum(shown) == sum(int(row[column]) for row in las if row[column].isdigit())


def test_levels_of_one_file_are_kept_apart(published: Callable[[str], Path]) -> None:
    """The EYFS profile mixes authorities and districts; Rutland is both, under one code."""
    content = harmonise(read(str(published("eyfsp_2022/1_eyfsp_headline_measures_2022.csv")))).content
    assert isinstance(content, Aggregates)
    counts = content.counts
    rutland = counts[(counts["area_name"] == "Rutland") & (counts["dimension"] == "all")]
    assert sorted(rutland["level"]) == ["district", "la"]
    assert not counts.duplicated(KEY).any()
    assert set(counts["level"]) == {"national", "region", "la", "district"}


def test_a_figure_that_stands_under_the_wrong_year_is_moved(published: Callable[[str], Path]) -> None:
    content = harmonise(read(str(published("lait/lait_cambs_sn_extract.csv")))).content
    assert isinstance(content, Aggregates)
    values = content.values
    chinese = values[(values["measure"] == "gld") & (values["group"] == "chinese") & (values["level"] == "national")]
    found = chinese.set_index("period")["value"].to_dict()
    assert "2020/21" not in found
    assert found["2021/22"] == pytest.approx(0.749) or found["2021/22"] == pytest.approx(0.813)


def test_provisional_years_are_marked(published: Callable[[str], Path]) -> None:
    content = harmonise(read(str(published("lait/lait_cambs_sn_extract.csv")))).content
    assert isinstance(content, Aggregates)
    phonics = content.values[content.values["measure"] == "phonics"]
    assert set(phonics[phonics["period"] == "2024/25"]["status"]) >= {"provisional"}
    assert set(phonics[phonics["period"] == "2023/24"]["status"]) == {"final"}


@pytest.mark.parametrize(
    ("name", "version", "first", "closeness"),
    [
        ("neighbours/New_Statistical_Neighbour_Groupings_April_2021.csv", "2021-04", "201", "Not close"),
        ("neighbours/sn_model_2025_wide.csv", "2025-05", "301", "Close"),
    ],
)
def test_neighbour_tables(
    published: Callable[[str], Path], name: str, version: str, first: str, closeness: str
) -> None:
    content = harmonise(read(str(published(name)))).content
    assert isinstance(content, Neighbours)
    table = content.table
    assert set(table["version"]) == {version}
    assert (table.groupby("area_code").size() == 10).all()
    nearest = table[(table["area_code"] == la_word(first)) & (table["rank"] == 1)].iloc[0]
    assert nearest["closeness"] == closeness
    with published("codes/statistical_neighbours.csv").open(encoding="utf-8", newline="") as file:
        long = {
            (row["old_la_code"], row["sn_rank"]): row["sn_old_la_code"]
            for row in csv.DictReader(file)
            if row["sn_version"] == version
        }
    # The long list has authorities that have ended, which the table of 2025 leaves out.
    ours = {key: one for key, one in long.items() if la_word(key[0]) in set(table["area_code"])}
    assert len(ours) >= len(table)
    for (number, rank), neighbour in ours.items():
        found = table[(table["area_code"] == la_word(number)) & (table["rank"] == int(rank))]
        assert found["neighbour_code"].tolist() == [la_word(neighbour)]
