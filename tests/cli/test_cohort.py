"""The cohort command: figure 5 on the sample, outputs, protection, and what is asked wrongly."""

import csv
import io
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gapcalc.present import MISSED_FORMATS
from tests.cli.planted import CANARIES, as_csv, leaks, table
from tests.conftest import PUPIL_HEADER, SAMPLES, Run

Write = Callable[[str, str], Path]
PUPILS = SAMPLES / "synthetic-pupils.csv"
FIGURE_5 = Path(__file__).resolve().parents[1] / "oracles" / "figure_5.csv"
ASKED = [PUPILS, "--measure", "rwm_l4", "--period", "2012/13", "-g", "sen,fsm,bme"]
PRINTED = [
    "--national", SAMPLES / "figure5-england.csv", "--printed", SAMPLES / "figure5-printed.csv",
    "--printed", SAMPLES / "evidence-printed.csv",
]  # fmt: skip
LABELS = {
    "SEN": "Any SEN only", "SEN+FSM": "Any SEN + FSM", "SEN+BME": "Any SEN + BME", "BME": "BME only",
    "BME+FSM": "FSM + BME", "FSM": "FSM only", "SEN+BME+FSM": "Any SEN + FSM + BME",
}  # fmt: skip


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def pupils(**kinds: tuple[int, int]) -> str:
    """Pupils by FSM and SEN flag (`YN`), so many, of whom so many reached level 4 in reading."""
    rows = [PUPIL_HEADER]
    for flags, (number, reached) in kinds.items():
        fsm, sen = (one.replace("_", "") for one in flags)
        rows += [f"2013/14,873,KS2,F,{fsm},{sen},ENG,WBRI,{4 if one < reached else 3},," for one in range(number)]
    return "\n".join(rows) + "\n"


SMALL = pupils(YE=(30, 25), YN=(40, 20), NE=(50, 20), NN=(90, 70), N_=(12, 6))


def test_figure_5_of_the_school_improvement_strategy(run: Run) -> None:
    ran = run("cohort", *ASKED, *PRINTED, "--policy", "dfe", "-f", "json")
    assert ran.code == 0, ran.err
    made = json.loads(ran.out)
    rows = {one["label"]: one for one in made["rows"]}
    england = {row["group"]: float(row["missed_value"]) for row in read(SAMPLES / "figure5-england.csv")}
    for row in read(FIGURE_5):
        one = rows[LABELS[row["combination"]]]
        assert (one["pupils"], one["missed"]) == (int(row["cohort"]), int(row["missed"])), row
        assert one["share"] == pytest.approx(100 * int(row["missed"]) / int(row["cohort"]))
        assert one["national_share"] == pytest.approx(england[one["group"]])
        assert one["difference"] == pytest.approx(one["share"] - one["national_share"])
    others = {row["source"].split(", ")[-1]: row["missed"] for row in read(SAMPLES / "figure5-printed.csv")}
    assert rows["All pupils"]["missed"] == int(others["title"]) == 1659
    assert sum(one["missed"] for one in made["rows"] if one["kind"] != "all") == 1659
    assert sum(one["pupils"] for one in made["rows"] if one["kind"] != "all") == rows["All pupils"]["pupils"]
    assert [one["pupils"] for one in made["rows"]][:3] == [3358, 923, 719]
    assert [(one["figure"], one["printed"], one["counted"]) for one in made["contradictions"]] == [
        ("share", 36, pytest.approx(100 * 27 / 67)), ("together", 1659, 1211), ("missed", 1668, 1659),
    ]  # fmt: skip
    said = [
        "figure5-printed.csv: FSM + BME: printed 36%, its counts give 40% (27 of 67)",
        "figure5-printed.csv: All pupils: printed 1,659 who missed it, the 7 groups printed with it are 1,211 together:"
        " 448 are in none of these",
        "evidence-printed.csv: All pupils: printed 1,668 who missed it, counted 1,659",
    ]
    assert [one["says"] for one in made["contradictions"]] == said
    assert ran.err.splitlines()[:3] == [f"warning: {one}" for one in said]
    assert "of other groups than these, and not compared: any_sen, fsm" in ran.err
    assert [one["role"] for one in made["inputs"]] == ["data", "beside", "printed", "printed"]
    assert made["options"]["groups"] == ["sen", "fsm", "bme"]


def test_the_sample_files_say_what_figure_5_prints() -> None:
    printed = {row["source"].rpartition("column ")[2]: row for row in read(SAMPLES / "figure5-printed.csv")[1:]}
    assert len(printed) == 7
    for row in read(FIGURE_5):
        one = next(one for name, one in printed.items() if {*name.split("/")} == {*row["combination"].split("+")})
        assert (one["pupils"], one["missed"]) == (row["cohort"], row["missed"])


def test_a_single_group_against_another_document(run: Run) -> None:
    ran = run("cohort", *ASKED[:-1], "sen", "--printed", SAMPLES / "evidence-printed.csv")
    assert ran.code == 0
    for says in ("Any SEN: printed 988 who missed it, counted 981", "Any SEN: printed 72%, its counts give 71%"):
        assert says in ran.out
        assert says in ran.err


def test_strict_hides_eight_who_reached_it_and_what_would_tell_them(run: Run) -> None:
    ran = run("cohort", *ASKED, *PRINTED, "-f", "json", "-q")
    made = json.loads(ran.out)
    rows = {one["label"]: one for one in made["rows"]}
    few, unknown = rows["Any SEN + FSM + BME"], rows["Group not known"]
    assert (few["pupils"], few["missed"], few["share"], few["symbol"]) == (50, None, None, "hidden")
    assert (unknown["pupils"], unknown["missed"], unknown["symbol"]) == (100, None, "hidden")
    assert rows["All pupils"]["missed"] == 1659
    # Neither does a printed figure that counts deny or bear out.
    assert all("SEN + FSM + BME" not in one["says"] for one in made["contradictions"])
    table_ = run("cohort", *ASKED, *PRINTED[:2], "-q").out
    assert any(line.split() == "FSM only 282 70 24.8% 20.0% 4.8".split() for line in table_.splitlines())
    table_ = run("cohort", *ASKED, "-q").out
    assert any(
        line.split() == ["Any", "SEN", "+", "FSM", "+", "BME", "50", "[c]", "[c]"] for line in table_.splitlines()
    )
    assert "2 of 10 rows are hidden" in table_


def test_a_printed_figure_of_a_hidden_count_is_not_judged(run: Run, write: Write) -> None:
    text = (SAMPLES / "figure5-printed.csv").read_text(encoding="utf-8").replace("50,42,84", "50,43,86")
    ran = run("cohort", *ASKED, "--printed", write(text, "other.csv"))
    assert ran.code == 0
    assert "84" not in ran.err
    assert "86" not in ran.err
    assert "SEN + FSM + BME:" not in ran.out + ran.err


def test_json_is_as_its_schema_says_and_two_runs_are_the_same(run: Run, write: Write) -> None:
    data = write(SMALL, "data.csv")
    schema = json.loads(run("schema", "cohort").out)
    first = run("cohort", data, "-g", "fsm", "-g", "sen", "--measure", "reading_l4", "-f", "json")
    jsonschema.validate(json.loads(first.out), schema)
    assert run("cohort", data, "-g", "fsm", "-g", "sen", "--measure", "reading_l4", "-f", "json").out == first.out
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(first.out) | {"gaps": []}, schema)


def test_csv_has_contradictions_and_how_it_was_protected(run: Run) -> None:
    ran = run("cohort", *ASKED, *PRINTED, "-f", "csv", "-q", "--policy", "dfe")
    rows = {row["label"]: row for row in csv.DictReader(io.StringIO(ran.out))}
    assert rows["FSM + BME"]["contradictions"].endswith("printed 36%, its counts give 40% (27 of 67)")
    assert rows["All pupils"]["contradictions"].count("1,659") == 2
    assert all(row["protection"].startswith("dfe ") for row in rows.values())


def test_aggregates_are_data_too_and_protected(run: Run, write: Write) -> None:
    counts = run("count", PUPILS, "--measure", "rwm_l4", "--period", "2012/13", "-g", "sen:fsm:bme", "--internal", "-q",
                 "-o", write("", "counts.csv"))  # fmt: skip
    assert counts.code == 0
    read_back = write("", "x").with_name("counts.internal.csv")
    one, other = (run("cohort", data, *ASKED[1:], "-f", "json", "-q") for data in (PUPILS, read_back))
    assert other.code == 0, other.err
    assert json.loads(one.out)["rows"] == json.loads(other.out)["rows"]


def test_what_is_printed_is_an_aggregate_too(run: Run) -> None:
    ran = run("cohort", SAMPLES / "figure5-printed.csv", "-g", "sen,fsm,bme", "--policy", "dfe", "-f", "json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["rows"][-1]["label"] == "Rows together"
    assert (json.loads(ran.out)["rows"][-1]["pupils"], json.loads(ran.out)["rows"][-1]["missed"]) == (2442, 1211)


def test_areas_and_periods_have_a_table_each(run: Run) -> None:
    ran = run("cohort", PUPILS, "--measure", "rwm_l4", "--period", "2012/13,2013/14", "-g", "fsm", "--by", "district",
              "--area", "Wisbech", "--area", "March", "-q")  # fmt: skip
    assert ran.code == 0, ran.err
    titles = [line for line in ran.out.splitlines() if " - Key stage 2" in line]
    assert [title.split(" - ")[0] for title in titles] == ["March", "March", "Wisbech", "Wisbech"]
    assert [title[-7:] for title in titles] == ["2012/13", "2013/14"] * 2


def test_internal_is_marked_and_named_so(run: Run, write: Write, tmp_path: Path) -> None:
    data = write(SMALL, "data.csv")
    asked = ("cohort", data, "-g", "fsm,sen", "--measure", "reading_l4", "--internal")
    shown = run(*asked)
    assert shown.out.startswith("INTERNAL: nothing is hidden. Not for release.")
    assert "[c]" not in shown.out
    assert "not for release" in run(*asked, "-q").err
    for name in MISSED_FORMATS:
        ran = run(*asked, "-f", name, "-q", "-o", tmp_path / f"out.{name}")
        assert ran.code == 0
        assert "internal" in (tmp_path / f"out.internal.{name}").read_text(encoding="utf-8").lower()
        assert not (tmp_path / f"out.{name}").exists()


def test_it_never_writes_over_what_it_reads(run: Run, write: Write) -> None:
    data, printed = (
        write(SMALL, "data.csv"),
        write((SAMPLES / "evidence-printed.csv").read_text("utf-8"), "printed.csv"),
    )
    asked = ("cohort", data, "-g", "fsm", "--measure", "reading_l4", "--printed", printed)
    for path in (data, printed):
        before = path.read_bytes()
        ran = run(*asked, "-f", "csv", "-o", path)
        assert (ran.code, path.read_bytes()) == (4, before)


WRONG: list[tuple[list[object], int, str]] = [
    (["-g", "fsm"], 2, "say with --measure"),
    (["-g", "fsm", "--measure", "attainment8"], 2, "a mean score, which nobody reaches or misses"),
    (["-g", "fsm,sen,sex,bme,eal", "--measure", "reading_l4"], 2, "combinations of 5 groups"),
    (["-g", ",", "--measure", "reading_l4"], 2, "combinations of 0 groups"),
    (["--measure", "reading_l4"], 2, "--group"),
    (["-g", "all", "--measure", "reading_l4"], 2, "there is no group 'all'"),
    (["-g", "unheard", "--measure", "reading_l4"], 2, "there is no group 'unheard'"),
    (["-g", "lac", "--measure", "reading_l4"], 3, "lacks the column"),
    (["-g", "fsm", "--measure", "gld"], 2, "nothing in the data matches"),
    (["-g", "fsm", "--measure", "reading_l4", "--period", "2001/02"], 2, "nothing in the data matches"),
    (["-g", "fsm", "--measure", "reading_l4", "-f", "xml"], 2, "there is no format"),
    (["-g", "fsm", "--measure", "reading_l4", "--printed", "data.csv"], 3, "no figures in gapcalc's own layout"),
    (["-g", "fsm", "--measure", "reading_l4", "--printed", "nowhere.csv"], 3, "no such file"),
    (["-g", "fsm", "--measure", "reading_l4", "--national", "data.csv"], 3, "it holds pupils"),
]


@pytest.mark.parametrize(
    ("asked", "code", "words"), WRONG, ids=lambda one: " ".join(map(str, one)) if isinstance(one, list) else ""
)
def test_what_is_asked_wrongly(
    run: Run, write: Write, monkeypatch: pytest.MonkeyPatch, asked: list[object], code: int, words: str
) -> None:
    monkeypatch.chdir(write(SMALL.replace(",,\n", ",4,4\n"), "data.csv").parent)
    ran = run("cohort", "data.csv", *asked)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err


def test_the_only_measure_need_not_be_said(run: Run, write: Write) -> None:
    text = "period,area,key_stage,measure,group,pupils,missed,value\n"
    text += "2015/16,873,KS2,rwm_exp,fsm,600,350,\n2015/16,873,KS4,attainment8,fsm,500,,38.1\n"  # a mean is no standard
    ran = run("cohort", write(text, "data.csv"), "-g", "fsm")
    assert ran.code == 0, ran.err
    assert "expected standard" in ran.out
    assert "350" in ran.out


def test_a_printed_file_that_says_nothing_of_it_is_refused(run: Run, write: Write) -> None:
    text = "period,area,key_stage,measure,group,pupils,total\n2014/15,873,KS4,attainment8,fsm,,\n"
    ran = run("cohort", write(SMALL, "data.csv"), "-g", "fsm", "--measure", "reading_l4", "--printed",
              write(text.replace("2014/15", "2015/16"), "printed.csv"))  # fmt: skip
    assert ran.code == 3
    assert "no row of it says anything of who missed a standard" in ran.err


def test_the_audit_reads_it_and_finds_what_another_run_adds(run: Run, tmp_path: Path) -> None:
    who, gaps = tmp_path / "who.json", tmp_path / "gaps.json"
    assert run("cohort", *ASKED, "-q", "-o", who).code == 0
    assert run("compute", *ASKED[:-1], "fsm", "-q", "-o", gaps).code == 0
    assert run("audit", who).code == 0
    # The two together tell it: FSM pupils who reached it, less those in the other combinations.
    ran = run("audit", who, "--known", gaps)
    assert ran.code == 1
    assert "1 given away" in ran.out
    assert run("audit", gaps, "--known", who).code == 0


def test_the_audit_finds_what_is_put_back_by_hand(run: Run, tmp_path: Path) -> None:
    who = tmp_path / "who.json"
    assert run("cohort", *ASKED, "-q", "-o", who).code == 0
    made = json.loads(who.read_text(encoding="utf-8"))
    few = next(one for one in made["rows"] if one["label"] == "Any SEN + FSM + BME")
    few |= {"missed": 42, "share": 84.0}
    who.write_text(json.dumps(made), encoding="utf-8")
    ran = run("audit", who)
    assert ran.code == 1
    assert "2 figures are printed and should be hidden" in ran.out
    assert "fsm x sen x bme, fsm x any_sen x bme: share is printed, and should be hidden" in ran.out
    for wrong in ({"group": "fsm x lac"}, {"dimension": "nothing"}, {"pupils": -1}, {"measure": "unheard"}):
        who.write_text(json.dumps(made | {"rows": [few | wrong]}), encoding="utf-8")
        assert run("audit", who).code == 3, wrong


@pytest.mark.parametrize("step", ["cohort", "disputed", "figures", "harmonise", "MissedRelease"])
def test_an_internal_error_withholds_what_it_says(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    own = " ".join(CANARIES.values())
    data = tmp_path / "data.csv"
    data.write_bytes(as_csv(table("tidy", {"source": [own]})))

    def fail(*args: object, **options: object) -> Any:
        raise ValueError(own)

    room = import_module("gapcalc.who_missed")
    assert hasattr(room, step)
    monkeypatch.setattr(room, step, fail)
    ran = run("cohort", data, "-g", "fsm", "--measure", "rwm_l4", "--printed", data)
    assert ran.code == 70
    assert not leaks(ran.out, ran.err)


@pytest.mark.parametrize(("unknown", "missed"), [(1, 1), (2, 0), (30, 4)])
def test_how_a_few_of_unknown_group_did_is_not_told(
    run: Run, write: Write, tmp_path: Path, unknown: int, missed: int
) -> None:
    header = "academic_year,la,key_stage,fsm,reading,writing,maths\n"
    groups = (("Y", 60, 20), ("N", 90, 30), ("", unknown, missed))
    rows = [f"2012/13,873,KS2,{flag},{3 if one < of else 4},4,4\n" for flag, many, of in groups for one in range(many)]
    path, this = write(header + "".join(rows), "data.csv"), tmp_path / "who.json"
    assert run("cohort", path, "-g", "fsm", "--measure", "reading_l4", "-q", "-o", this).code == 0
    found = {one["kind"]: one for one in json.loads(this.read_text(encoding="utf-8"))["rows"]}
    assert (found["unknown"]["pupils"], found["unknown"]["missed"], found["unknown"]["symbol"]) == (
        unknown, None, "hidden",
    )  # fmt: skip
    assert (found["all"]["missed"], found["all"]["share"]) == (None, None)
    assert found["combination"]["missed"] in (20, 30)
    assert run("audit", this).code == 0
    made = json.loads(this.read_text(encoding="utf-8"))
    next(one for one in made["rows"] if one["kind"] == "unknown").update(missed=missed)
    this.write_text(json.dumps(made), encoding="utf-8")
    ran = run("audit", this)
    assert ran.code == 1
    assert "missed is printed, and should be hidden" in ran.out
