"""`gapcalc compute` and its neighbours, as a user runs them."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gapcalc.definitions import layouts, measures, usual_dimensions

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
PUPILS, ENGLAND = SAMPLES / "synthetic-pupils.csv", SAMPLES / "england.csv"
Run = Callable[..., Any]
Write = Callable[..., Path]
PROMISED = """period term status area_code area_name level key_stage measure dimension focus reference focus_pupils
focus_total focus_value reference_pupils reference_total reference_value gap gap_lower gap_upper unit method
basis""".split()  # what other programs rely on


def output(run: Run, *arguments: object) -> dict[str, Any]:
    ran = run("compute", *arguments, "-f", "json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_json_holds_what_is_promised_and_fits_its_schema(run: Run) -> None:
    results = output(run, PUPILS, "--national", ENGLAND, "--period", "2012/13", "--period", "2015/16")
    schema = json.loads(run("schema", "results").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(results, schema)
    assert list(results) == [
        "schema_version",
        "gapcalc",
        "protection",
        "inputs",
        "options",
        "warnings",
        "wider",
        "without_row",
        "gaps",
    ]
    assert set(PROMISED) <= set(results["gaps"][0])
    assert {gap["unit"] for gap in results["gaps"]} == {"ppt", "points"}
    assert results["inputs"][0]["file"] == "synthetic-pupils.csv"
    assert [one["role"] for one in results["inputs"]] == ["data", "beside"]


def test_percentages_are_from_0_to_100_and_unrounded(run: Run) -> None:
    (gap,) = output(run, PUPILS, "--measure", "5ac_em", "--group", "fsm", "--period", "2012/13")["gaps"]
    assert gap["focus_value"] == pytest.approx(100 * 170 / 555, abs=1e-12)
    assert gap["gap"] == pytest.approx(100 * (3523 / 5503 - 170 / 555), abs=1e-12)
    assert (gap["focus_pupils"], gap["focus_total"], gap["term"]) == (555, 170, None)


def test_every_group_and_measure_of_the_sample_comes_out(run: Run) -> None:
    gaps = output(run, PUPILS)["gaps"]
    assert {gap["dimension"] for gap in gaps} == set(usual_dimensions()) - {"fsm6", "pp"}  # no column tells these
    expected = {
        key for key, one in measures().items() if one.parts and key[0] != "y1" and not key[1].startswith("em_9")
    }
    assert {(gap["key_stage"], gap["measure"]) for gap in gaps} == expected
    assert {gap["period"] for gap in gaps} == {f"{year}/{year - 1999}" for year in range(2010, 2016)}
    assert all(gap["gap"] is None or gap["gap_lower"] <= gap["gap"] <= gap["gap_upper"] for gap in gaps)


def test_intersections_on_request(run: Run) -> None:
    gaps = output(run, PUPILS, "--measure", "rwm_l4", "--period", "2012/13", "-g", "fsm:sen", "-g", "sen x fsm")["gaps"]
    assert [(gap["dimension"], gap["focus"], gap["reference"]) for gap in gaps] == [
        ("fsm x sen", "fsm x any_sen", "not_fsm x no_sen"),
        ("fsm x sen", "fsm x no_sen", "not_fsm x no_sen"),
        ("fsm x sen", "not_fsm x any_sen", "not_fsm x no_sen"),
    ]


def test_unknown_is_kept_and_reported(run: Run) -> None:
    results = output(run, PUPILS, "--measure", "rwm_l4", "--period", "2012/13", "-g", "sen", "-g", "lac")
    sen, lac = results["gaps"]
    with PUPILS.open(encoding="utf-8", newline="") as file:
        cohort = [row for row in csv.DictReader(file) if (row["academic_year"], row["key_stage"]) == ("2012/13", "KS2")]
    assert sen["unknown_pupils"] == sum(row["sen_provision"] == "" for row in cohort) > 0
    assert sen["focus_pupils"] + sen["reference_pupils"] + sen["unknown_pupils"] == len(cohort)
    assert lac["unknown_pupils"] == 0


def test_against_all_pupils(run: Run) -> None:
    (gap,) = output(run, PUPILS, "--measure", "rwm_l4", "--period", "2012/13", "-g", "fsm", "--reference", "all")[
        "gaps"
    ]
    assert (gap["reference"], gap["method"]) == ("all", "newcombe_overlap")
    assert gap["gap"] == pytest.approx(gap["reference_value"] - gap["focus_value"])


def test_districts_add_up_to_the_authority(run: Run) -> None:
    options = (PUPILS, "--measure", "gld", "--period", "2013/14", "-g", "fsm", "--internal")
    (whole,) = output(run, *options)["gaps"]
    districts = output(run, *options, "--by", "district")["gaps"]
    assert len(districts) > 10
    for name in ("focus_pupils", "focus_total", "reference_pupils", "reference_total", "unknown_pupils"):
        assert sum(one[name] for one in districts) == whole[name]


def test_schools_go_by_name(run: Run) -> None:
    gaps = output(run, PUPILS, "--measure", "5ac_em", "--period", "2013/14", "-g", "fsm", "--by", "school")["gaps"]
    assert all(gap["area_name"].startswith("Synthetic Secondary") for gap in gaps)
    assert all(gap["level"] == "school" for gap in gaps)


def test_csv_has_the_columns_and_figures_of_the_json(run: Run) -> None:
    options = (PUPILS, "--measure", "rwm_l4", "-g", "fsm")
    gaps = output(run, *options)["gaps"]
    rows = list(csv.DictReader(io.StringIO(run("compute", *options, "-f", "csv").out)))
    assert list(rows[0]) == [
        *(name for name in gaps[0] if name not in ("protected", "scales", "comparisons")),
        "protection",
    ]
    assert {row["protection"].split()[0] for row in rows} == {"strict"}
    assert [float(row["gap"]) for row in rows] == [gap["gap"] for gap in gaps]
    assert {row["term"] for row in rows} == {""}


def test_the_table_says_what_a_reader_needs(run: Run) -> None:
    ran = run("compute", PUPILS, "--national", ENGLAND, "--measure", "5ac_em", "--period", "2012/13", "-g", "fsm")
    assert "Cambridgeshire - Key stage 4: Five or more A*-C including English and mathematics" in ran.out
    (line,) = [line for line in ran.out.splitlines() if "FSM v not FSM" in line]
    assert line.split("  ") and all(text in line for text in ("30.6% of 555", "64.0% of 5,503", "33.4", "29.2 to 37.3"))
    assert "26.7" in line
    assert "positive means the group is behind" in ran.out
    assert "Protected by the policy strict" in ran.out


@pytest.mark.parametrize("symbol", ["c", "x", "z"])
def test_symbols_are_seen_in_the_table(run: Run, tmp_path: Path, symbol: str) -> None:
    # Rich takes [c] for a style and would print nothing.
    path = tmp_path / "a.csv"
    text = "period,area,key_stage,measure,group,pupils,total\n2012/13,873,KS2,rwm_l4,fsm,20,{}\n"
    path.write_text(text.format(symbol) + "2012/13,873,KS2,rwm_l4,not_fsm,100,50\n", encoding="utf-8")
    ran = run("compute", path)
    (line,) = [line for line in ran.out.splitlines() if "FSM v not FSM" in line]
    assert line.count(f"[{symbol}]") == 2
    assert any(line.startswith(f"[{symbol}] ") for line in ran.out.splitlines())


def test_stdout_holds_nothing_but_json(run: Run) -> None:
    ran = run("compute", PUPILS, "-f", "json", "--measure", "gld")
    json.loads(ran.out)
    assert "NaN" not in ran.out
    assert ran.out.endswith("}\n")


def test_a_mean_s_total_is_in_points(run: Run) -> None:
    (gap,) = output(run, PUPILS, "--measure", "attainment8", "-g", "fsm")["gaps"]
    assert gap["focus_total"] / gap["focus_pupils"] == pytest.approx(gap["focus_value"])
    assert gap["unit"] == "points"
    assert gap["focus_value"] == pytest.approx(36.4, abs=0.05)


def test_schools_of_one_name_in_two_authorities_stay_apart(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = ["academic_year,la,school,key_stage,fsm,reading"]
    for la, level in (("873", 4), ("886", 3)):
        lines += [f"2012/13,{la},{school},KS2,{fsm},{level}" for school in ("St Mary's", "") for fsm in "YN"]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    for engine in ("duckdb", "by_hand"):
        options = ("--by", "school", "-g", "fsm", "--measure", "reading_l4", "--engine", engine, "--internal")
        gaps = output(run, path, *options)["gaps"]
        assert {gap["area_name"]: gap["focus_value"] for gap in gaps} == {
            "St Mary's (Cambridgeshire)": 100.0,
            "St Mary's (Kent)": 0.0,
            "unknown (Cambridgeshire)": 100.0,
            "unknown (Kent)": 0.0,
        }


def test_two_runs_are_the_same_to_the_byte(tmp_path: Path) -> None:
    outputs = []
    strange = PUPILS.read_text(encoding="utf-8").splitlines()[:2000]
    strange = [strange[0], *(line.replace(",ENG,", ",QQ,").replace(",N,", ",?!,", 1) for line in strange[1:])]
    path = tmp_path / "strange.csv"
    path.write_text("\n".join([*strange, ""]), encoding="utf-8")
    for name, seed in (("a.json", "1"), ("b.json", "2")):
        options = ["-q", "--engine", "by_hand", "-o", str(tmp_path / name)]
        command = [sys.executable, "-m", "gapcalc", "compute", str(path), *options]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""})
        outputs.append((tmp_path / name).read_bytes())
    assert outputs[0] == outputs[1]


def test_the_output_s_extension_decides_the_format(run: Run, tmp_path: Path) -> None:
    for name, start in (("a.json", "{"), ("a.csv", "period,"), ("a.txt", "Cambridgeshire")):
        ran = run("compute", PUPILS, "--measure", "gld", "-g", "fsm", "-o", tmp_path / name)
        assert (ran.code, ran.out) == (0, "")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


def test_standard_input(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    text = (
        b"period,area,key_stage,measure,group,value\n2012/13,873,KS2,rwm_l4,fsm,47\n2012/13,873,KS2,rwm_l4,not_fsm,75\n"
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    (gap,) = output(run, "-")["gaps"]
    assert gap["gap"] == pytest.approx(28)


@pytest.mark.parametrize("what", ["measures", "groups", "layouts", "areas", "policies"])
def test_lists(run: Run, what: str) -> None:
    ran = run("list", what)
    assert ran.code == 0
    assert len(ran.out.splitlines()) > 3


def test_the_list_of_layouts_says_what_each_needs(run: Run) -> None:
    lines = {line.split()[0]: line for line in run("list", "layouts").out.splitlines()}
    assert lines.keys() - {"layout"} == set(layouts())
    assert "period (academic_year / " in lines["pupils"]
    assert "*phonics_outcome" in lines["npd_phonics"]


def test_engines_give_the_same_output(run: Run) -> None:
    options = (PUPILS, "--period", "2012/13", "--key-stage", "ks2")
    assert output(run, *options)["gaps"] == output(run, *options, "--engine", "by_hand")["gaps"]


def test_a_group_of_which_nobody_is_in_focus_is_not_said_to_be_absent(run: Run, write: Write) -> None:
    rows = [f"2012/13,873,KS2,N,{'YN'[place % 2]},{3 + place % 3}" for place in range(60)]
    ran = run(
        "compute",
        write("\n".join(["academic_year,la,key_stage,fsm,looked_after,reading", *rows, ""])),
        "-g",
        "fsm",
        "-g",
        "lac",
    )
    assert ran.code == 0, ran.err
    assert "asked for, and in the data, but with nobody to set against others: group fsm" in ran.err
    assert "not in the data" not in ran.err


def test_pupils_who_stand_twice_are_counted_and_told_of(run: Run, write: Write) -> None:
    header = "upn,academic_year,la,key_stage,fsm,reading"
    rows = [f"{one},2012/13,873,KS2,{'YN'[one % 2]},{3 + one // 2 % 2}" for one in range(120)]
    said = "column upn: the same pupil, key stage and period again in"
    once, twice = (write("\n".join([header, *rows, *more, ""]), "p.csv").read_text("utf-8") for more in ([], rows[:3]))
    for command in (("compute", "-g", "fsm"), ("cohort", "-g", "fsm")):
        assert said not in run(command[0], write(once, "p.csv"), *command[1:]).err
        ran = run(command[0], write(twice, "p.csv"), *command[1:])
        assert ran.code == 0
        assert f"{said} rows that `gapcalc validate` names" in ran.err
    assert f"{said} 3 rows (122, 123 and 124)" in run("compute", write(twice, "p.csv"), "--internal").err


def test_a_measure_of_which_a_column_is_missing(run: Run, write: Write) -> None:
    rows = [f"2012/13,873,KS2,{'YN'[one % 2]},{3 + one // 2 % 2},4" for one in range(120)]
    path = write("\n".join(["academic_year,la,key_stage,fsm,reading,writing", *rows, ""]), "pupils.csv")
    ran = run("compute", path, "--measure", "rwm_l4", "--measure", "reading_l4", "-g", "fsm")
    assert ran.code == 0
    assert "pupils.csv: without a column maths there is no rwm_l4 (ks2)" in ran.err
    assert "there is no" not in run("compute", path, "-g", "fsm").err
    other = write("\n".join(["academic_year,la,key_stage,fsm,five_ac_em", "2012/13,873,KS4,Y,Y", ""]), "ks4.csv")
    ran = run("compute", path, other, "--measure", "reading_l4", "-g", "fsm")
    assert "there is no" not in ran.err


def test_an_authority_names_all_that_lies_in_it(run: Run, write: Write) -> None:
    rows = [f"2012/13,{la},{place},KS2,{fsm},{3 + one % 2}" for la, place in (("873", "North"), ("874", "South"))
            for fsm in "YN" for one in range(60)]  # fmt: skip
    data = write("\n".join(["academic_year,la,district,key_stage,fsm,reading", *rows]) + "\n", "pupils.csv")
    asked = ("compute", data, "-g", "fsm", "--by", "district", "-f", "json", "--area")
    for name in ("Cambridgeshire", "873", "North"):
        assert {gap["area_name"] for gap in json.loads(run(*asked, name).out)["gaps"]} == {"North (Cambridgeshire)"}
    ran = run(*asked, "Nort")
    assert ran.code == 2
    assert "North, if that is meant" in ran.err
    assert "South, if" not in ran.err
    # Another area that gapcalc knows is not misspelt, though its code is nearly one of these.
    for other in ("Essex", "E10000004"):
        assert "if that is meant" not in run("compute", data, "-g", "fsm", "--area", other).err
