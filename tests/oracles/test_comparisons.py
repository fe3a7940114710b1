"""Neighbour lists and averages against the published files (comparisons.csv)."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gapcalc.definitions import area_named
from gapcalc.definitions.neighbours import neighbour_lists
from gapcalc.harmonise import harmonise
from gapcalc.model import Neighbours
from gapcalc.moves import pupils_needed, pupils_per_point
from gapcalc.present.words import rounded
from gapcalc.scales import v_of_index
from tests.whole import read

ROWS = list(csv.DictReader((Path(__file__).parent / "comparisons.csv").read_text(encoding="utf-8").splitlines()))

FIGURES = [one for one in ROWS if one["what"] in ("value", "mean")]
BY_HAND = [one for one in ROWS if one not in FIGURES]


@pytest.mark.parametrize("figure", BY_HAND, ids=lambda one: "-".join(list(one.values())[:2]))
def test_a_figure_worked_out_by_another_hand(figure: dict[str, str]) -> None:
    if figure["what"] == "v of index":
        found = float(v_of_index(np.array([float(figure["code"])]))[0])
    else:
        x, n, others_x, others = map(int, figure["code"].split())
        group = np.array([n], dtype=float), np.array([x], dtype=float)
        needed = pupils_needed(*group, np.array([others_x / others]))
        found = float((needed if figure["what"] == "to close" else pupils_per_point(group[0]))[0])
    assert rounded(found, int(figure["places"])) == figure["expected"]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda one: "-".join(list(one.values())[:4]))
def test_a_published_comparison(figure: dict[str, str], published: Callable[[str], Path]) -> None:
    with published("lait/lait_cambs_sn_extract.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {
            area_named(row["LA and Regions"]): row["Values"]
            for row in csv.DictReader(file)
            if (row["Short Desc"], row["Years"]) == (figure["code"], figure["year"])
        }
    values = {area.code: float(text) if text != "-" else np.nan for area, text in found.items() if area}
    area = area_named(figure["area"])
    assert area is not None
    if figure["what"] == "value":
        assert values[area.code] == float(figure["expected"])
        return
    neighbours = neighbour_lists()[figure["version"]].of[area.code]
    ten = np.array([values[one.code] for one in neighbours])
    mean, of = float(np.nanmean(ten)), int((~np.isnan(ten)).sum())
    assert (rounded(mean, int(figure["places"])), of) == (figure["expected"], int(figure["of"]))


@pytest.mark.parametrize(
    ("name", "version"),
    [("New_Statistical_Neighbour_Groupings_April_2021.csv", "2021-04"), ("sn_model_2025_wide.csv", "2025-05")],
)
def test_our_list_is_the_published_one(published: Callable[[str], Path], name: str, version: str) -> None:
    content = harmonise(read(str(published(f"neighbours/{name}")))).content
    assert isinstance(content, Neighbours)
    theirs = {
        (row.area_code, row.rank): (row.neighbour_code, row.closeness) for row in content.table.itertuples(index=False)
    }
    of = neighbour_lists()[version].of
    ours = {(area, rank): (one.code, one.closeness) for area, ten in of.items() for rank, one in enumerate(ten, 1)}
    assert ours == theirs
