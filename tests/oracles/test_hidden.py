"""What DfE hid in SFR05/2014 stays hidden: a cell printed `x` is never worked out from its neighbours.

Source: SFR05/2014, underlying data, local authority tables 1 and 2 (January 2014, Open Government Licence).
"""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conftest import Run

AREA = "Cambridgeshire"
MEASURES = {"KS4_LEVEL2_EM": "5ac_em", "KS4_L2BASICS": "ac_em"}
GROUPS = {
    "noSEN": ("sen_provision", "no_sen"),
    "SENwithoutstatement": ("sen_provision", "sen_support"),
    "SENwithstatement": ("sen_provision", "ehc_plan"),
    "English": ("eal", "not_eal"),
    "otherthanEnglish": ("eal", "eal"),
    "mixed": ("ethnicity", "mixed"),
    "black": ("ethnicity", "black"),
    "chinese": ("ethnicity", "chinese"),
}


def cells(path: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """Of Cambridgeshire: measure, dimension, group, sex and cell, as the file prints it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["LA_name"] == AREA)
    for column, measure in MEASURES.items():
        for name, (dimension, group) in GROUPS.items():
            for sex in ("girls", "boys", "all"):
                if cell := row.get(f"{column}_{sex}_{name}_13"):
                    yield measure, dimension, group, sex, cell


def test_cells_printed_x_are_hidden(published: Callable[[str], Path], run: Run, tmp_path: Path) -> None:
    files = [published(f"sfr05_2014/SFR05_2014_UD_LA_{number}.csv") for number in (1, 2)]
    output = tmp_path / "run.json"
    asked = [f"{name}:sex" for name in ("sen_provision", "eal", "ethnicity")] + ["sen_provision", "eal", "ethnicity"]
    groups = [word for name in asked for word in ("-g", name)]
    ran = run("compute", *files, "--area", AREA, *groups, "-q", "-o", output)
    assert ran.code == 0, ran.err
    printed = {}
    for gap in json.loads(output.read_text(encoding="utf-8"))["gaps"]:
        for side in ("focus", "reference"):
            printed[gap["measure"], gap["dimension"], gap[side]] = (gap[f"{side}_total"], gap[f"{side}_symbol"], gap)
    hidden = 0
    for measure, dimension, group, sex, cell in (one for file in files for one in cells(file)):
        name, who = (dimension, group) if sex == "all" else (f"{dimension} x sex", f"{group} x {sex}")
        total, symbol, gap = printed[measure, name, who]
        if cell == "x":
            hidden += 1
            assert (total, symbol) == (None, "hidden")
            assert [gap[figure] for figure in ("gap", "gap_lower", "gap_upper")] == [None] * 3
            assert gap["symbol"] == "hidden"
        else:
            assert total == float(cell)
    assert hidden == 4, "girls and boys with SEN, with a statement and without, in GCSE English and mathematics"
