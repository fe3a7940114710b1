"""Every published file beside the project goes through `validate` and, where it has results, through `compute`."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Published = Callable[[str], Path]

# A file, the layout it fits, and the least number of gaps it holds (none: it holds no results).
READ = {
    "cambridgeshire-figures.csv": ("gapcalc tidy aggregate", 5),
    "cla/ks2_la.csv": ("Explore Education Statistics, outcomes of children in social care groups", 0),
    "eyfsp_2022/1_eyfsp_headline_measures_2022.csv": ("Explore Education Statistics data file", 1000),
    "lait/lait_cambs_sn_extract.csv": ("Local Authority Interactive Tool, long extract", 500),
    "neighbours/New_Statistical_Neighbour_Groupings_April_2021.csv": ("Statistical neighbours, April 2021", None),
    "neighbours/sn_model_2025_wide.csv": ("Statistical neighbours, May 2025", None),
    "perf_tables/2018-850-ks2.csv": ("DfE performance tables, key stage 2", 900),
    "sfr05_2014/SFR05_2014_UD_LA_1.csv": ("DfE SFR05/2014, LA files (key stage 4, 2012/13)", 300),
    "sfr05_2014/SFR05_2014_UD_LA_2.csv": ("DfE SFR05/2014, LA files (key stage 4, 2012/13)", 300),
}
FEWEST = 5
# Look-ups and metadata: no results, and no layout.
NOT_READ = [
    "codes/comparability_breaks.csv",
    "codes/ethnicity_codes.csv",
    "codes/first_language_codes.csv",
    "codes/sen_codes.csv",
    "codes/statistical_neighbours.csv",
    "ees/data-dictionary.csv",
    "ees/ethnicity.csv",
    "ees/las.csv",
    "neighbours/la_codes.csv",
    "perf_tables/2018-2019_ks2_meta.csv",
]


def test_no_published_file_is_forgotten(published: Published) -> None:
    folder = published(".")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")}
    assert there == {*READ, *NOT_READ}


@pytest.mark.parametrize("name", READ)
def test_validate_knows_a_published_file_and_finds_no_error_in_it(run: Run, published: Published, name: str) -> None:
    path = published(name)
    ran = run("validate", path, "-f", "json")
    (report,) = json.loads(ran.out)["files"]
    assert (ran.code, report["layout"]) == (0, READ[name][0])
    with path.open(encoding="cp1252", newline="") as file:
        rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    assert report["rows"] == len(rows) - 1
    assert len(report["columns"]) + len(report["columns_unused"]) == len(rows[0])


@pytest.mark.parametrize("name", [name for name, (_, gaps) in READ.items() if gaps is not None])
def test_compute_takes_every_published_file_that_has_results(run: Run, published: Published, name: str) -> None:
    ran = run("compute", published(name), "-f", "json")
    results = json.loads(ran.out)
    assert ran.code == 0
    gaps = [one for one in results["gaps"] if one["gap"] is not None]
    assert len(gaps) >= (READ[name][1] or 0)
    # A file of looked-after children alone has nobody to set them against, and still says what they reached.
    assert sum(one["focus_value"] is not None for one in results["gaps"]) >= FEWEST
    assert results["inputs"][0]["layout"] == READ[name][0]


@pytest.mark.parametrize("name", NOT_READ)
def test_what_holds_no_results_is_refused_with_a_hint(run: Run, published: Published, name: str) -> None:
    ran = run("compute", published(name))
    assert ran.code == 3
    assert "\n  try: " in ran.err
