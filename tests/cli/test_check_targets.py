"""The check-targets command: exit codes, formats, what is said of an earlier run, locks, and explain."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from gapcalc.present import VERDICT_FORMATS
from gapcalc.present.places import hold
from tests.conftest import SAMPLES, Run

FOLDER = SAMPLES / "strategies"
CAERPHILLY, HWB = FOLDER / "caerphilly-2017-18.toml", FOLDER / "hwb-2015.toml"
HEADER = "period,area,key_stage,measure,group,pupils,total"
HEAD = '[strategy]\ntitle = "A % plan, <with> | \\"marks\\""\nareas = ["Kent"]\n'
HEAD += 'baseline = "2012/13"\ndeadline = "2014/15"\n'
TARGET = (
    '[[target]]\nid = "T{n}"\nsays = "{says}"\nsource = {{ page = 1 }}\nmeasures = ["ks2 rwm_l4"]\ngroups = ["fsm"]\n'
)


def strategy(folder: Path, *bounds: str, says: str = "as said: 10%, and more") -> Path:
    """A strategy of targets that the FSM pupils' rate is at least so much."""
    path = folder / "s.toml"
    blocks = [
        TARGET.format(n=n, says=says) + f'kind = "at_least"\nbound = "{one}"\n' for n, one in enumerate(bounds, 1)
    ]
    path.write_text("\n".join([HEAD, *blocks]), encoding="utf-8")
    return path


def data(folder: Path, *rows: str, name: str = "d.csv") -> Path:
    path = folder / name
    found = rows or ("2012/13,Kent,KS2,rwm_l4,fsm,500,200", "2014/15,Kent,KS2,rwm_l4,fsm,500,250")
    path.write_text("\n".join([HEADER, *found, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("bounds", "fail_on", "code"),
    [
        (("40%",), "missed", 0),
        (("40%", "60%"), "missed", 1),
        (("40%", "60%"), "never", 0),
        (("50%",), "cannot_say", 0),
    ],
)
def test_the_exit_code_says_whether_a_target_is_missed(
    run: Run, tmp_path: Path, bounds: tuple[str, ...], fail_on: str, code: int
) -> None:
    ran = run("check-targets", data(tmp_path), "-s", strategy(tmp_path, *bounds), "--fail-on", fail_on, "-f", "json")
    assert ran.code == code, ran.err
    made = json.loads(ran.out)
    assert made["exit_code"] == code
    assert made["status"] == ("failed" if code else "passed")


def test_before_the_deadline_the_line_decides(run: Run, tmp_path: Path) -> None:
    rows = ("2012/13,Kent,KS2,rwm_l4,fsm,500,200", "2013/14,Kent,KS2,rwm_l4,fsm,500,210")
    asked = ["check-targets", data(tmp_path, *rows), "-s", strategy(tmp_path, "50%"), "-f", "json"]
    ran = run(*asked)
    (target,) = json.loads(ran.out)["targets"]
    assert (ran.code, target["verdict"]) == (0, "off_track")
    assert run(*asked, "--fail-on", "off_track").code == 1
    assert run(*asked, "--as-of", "2015-09-30").code == 5


def test_what_cannot_be_said_is_5_unless_it_shall_fail(run: Run, tmp_path: Path) -> None:
    rows = ("2014/15,Kent,KS2,rwm_l4,fsm,20,3",)
    both = ["check-targets", data(tmp_path, *rows), "-s", strategy(tmp_path, "50%")]
    ran = run(*both, "-f", "json")
    made = json.loads(ran.out)
    assert (ran.code, made["status"], made["targets"][0]["reason"]) == (5, "undecided", "hidden")
    assert run(*both, "--internal", "-f", "json").code == 1
    everybody = data(tmp_path, *rows, "2014/15,Kent,KS2,rwm_l4,all,5000,3000", name="e.csv")
    said = (tmp_path / "s.toml").read_text(encoding="utf-8")
    more = TARGET.format(n=2, says="all").replace('["fsm"]', '["all"]') + 'kind = "at_least"\nbound = "50%"\n'
    (tmp_path / "s.toml").write_text(said + more, encoding="utf-8")
    asked = ["check-targets", everybody, "-s", tmp_path / "s.toml"]
    assert run(*asked).code == 0
    assert run(*asked, "--fail-on", "cannot_say").code == 1


def test_what_is_wrong_has_its_own_exit_code(run: Run, tmp_path: Path) -> None:
    good = strategy(tmp_path, "40%")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(good.read_text(encoding="utf-8").replace('bound = "40%"', 'bound = "40"'), encoding="utf-8")
    ran = run("check-targets", data(tmp_path), "-s", wrong)
    assert ran.code == 2
    assert "G102" in ran.err
    assert run("check-targets", "-s", good).code == 2  # no data are named
    assert run("check-targets", tmp_path / "nowhere.csv", "-s", good).code == 3
    assert run("check-targets", data(tmp_path), "-s", good, "-o", tmp_path / "no" / "v.json").code == 4
    assert run("check-targets", data(tmp_path), "-s", good, "-o", tmp_path / "s.toml", "-f", "json").code == 4
    assert run("check-targets", data(tmp_path), "-s", good, "--as-of", "soon").code == 2
    assert run("check-targets", data(tmp_path), "-s", good, "-f", "csv").code == 2
    assert run("check-targets", data(tmp_path), "-s", good, "--since", data(tmp_path)).code == 3


def test_the_files_that_a_strategy_names_lie_beside_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("check-targets", "-s", CAERPHILLY)
    assert ran.code == 1
    assert "missed (amber)" in ran.out
    assert "CAE-11: the document says worse (its comment)" in ran.out


def test_every_format_has_every_target(run: Run, tmp_path: Path) -> None:
    for format in VERDICT_FORMATS:
        first = run("check-targets", "-q", "-s", CAERPHILLY, "-f", format)
        assert first.code == 1
        assert all(f"CAE-{n}" in first.out for n in range(1, 12))
        assert first.out == run("check-targets", "-q", "-s", CAERPHILLY, "-f", format).out


def test_json_is_as_its_schema_says(run: Run) -> None:
    made = json.loads(run("check-targets", "-q", "-s", CAERPHILLY, "-f", "json").out)
    schema = json.loads(run("schema", "verdicts").out)
    jsonschema.validate(made, schema)
    known = {one["id"] for one in made["figures"]}
    for target in made["targets"]:
        for claim in target["claims"]:
            assert claim["made_from"]["actual"]
            assert all(id in known for ids in claim["made_from"].values() for id in ids)


def test_lines_of_json_can_be_read_one_by_one(run: Run) -> None:
    lines = run("check-targets", "-q", "-s", CAERPHILLY, "-f", "jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [f"CAE-{n}" for n in range(1, 12)]


def test_junit_is_xml_whatever_the_document_says(run: Run, tmp_path: Path) -> None:
    says = "a <b> & 'c' ]]> \\u0007"
    path = strategy(tmp_path, "40%", "60%", says=says)
    ran = run("check-targets", data(tmp_path), "-s", path, "-f", "junit", "-q")
    suite = ET.fromstring(ran.out)  # noqa: S314 - our own output
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("2", "1", "0")
    cases = suite.findall(".//testcase")
    assert [case.get("name") for case in cases] == ["T1 a <b> & 'c' ]]>  ", "T2 a <b> & 'c' ]]>  "]
    assert cases[0].find("failure") is None
    failure = cases[1].find("failure")
    assert failure is not None
    assert (failure.get("type"), "required 60.0%" in str(failure.get("message"))) == ("missed", True)


def test_annotations_are_one_line_each_and_escaped(run: Run, tmp_path: Path) -> None:
    path = strategy(tmp_path, "40%", "60%", says="10%: a, b\\n::error::c")
    lines = run("check-targets", data(tmp_path), "-s", path, "-f", "github", "-q").out.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::notice", "::error"]
    assert all("10%25: a, b" in line and line.count("::error::") <= 1 for line in lines)
    assert lines[1].startswith("::error title=T2 missed::")


def test_what_has_changed_since_an_earlier_run(run: Run, tmp_path: Path) -> None:
    first, path = tmp_path / "first.json", strategy(tmp_path, "45%", "60%")
    assert run("check-targets", data(tmp_path), "-s", path, "-o", first).code == 1
    better = data(tmp_path, "2014/15,Kent,KS2,rwm_l4,fsm,500,310", name="later.csv")
    ran = run("check-targets", better, "-s", path, "--since", first, "-f", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["changes"] == [{"id": "T2", "before": "missed", "now": "met"}]
    said = run("check-targets", better, "-s", path, "--since", first).out
    assert "T2: missed before, now met" in said
    assert "No verdict has changed" in run("check-targets", data(tmp_path), "-s", path, "--since", first).out


def test_an_output_is_held_by_one_run_at_a_time(run: Run, tmp_path: Path) -> None:
    output, path = tmp_path / "v.json", strategy(tmp_path, "45%")
    asked = ["check-targets", data(tmp_path), "-s", path, "-o", output]
    with hold(str(output)):
        ran = run(*asked)
        assert ran.code == 75
        assert "another run holds it" in ran.err
        assert not output.exists()
    assert run(*asked).code == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["d.csv", "s.toml", "v.json"]


@pytest.mark.skipif(os.name == "nt", reason="skipped: Windows has no SIGKILL")
def test_a_lock_does_not_outlive_its_run(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "v.json"
    script = f"""
import os, signal
from gapcalc.present.places import hold
with hold({str(output)!r}):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert (tmp_path / ".v.json.lock").exists()
    assert run("check-targets", data(tmp_path), "-s", strategy(tmp_path, "45%"), "-o", output).code == 0
    assert not (tmp_path / ".v.json.lock").exists()


def test_internal_output_says_so_everywhere(run: Run, tmp_path: Path) -> None:
    path = strategy(tmp_path, "45%")
    for format in VERDICT_FORMATS:
        out = run("check-targets", data(tmp_path), "-s", path, "--internal", "-f", format).out
        assert "internal" in out.lower(), format
    run("check-targets", data(tmp_path), "-s", path, "--internal", "-o", tmp_path / "v.json")
    assert (tmp_path / "v.internal.json").exists()


def test_a_scheduled_job_on_the_sample(run: Run, tmp_path: Path) -> None:
    """Done means: exit code 1, a table a director understands, JSON, and every verdict followed to its counts."""
    path, output = FOLDER / "cambridgeshire-2014-16.toml", tmp_path / "run.json"
    ran = run("check-targets", SAMPLES / "synthetic-pupils.csv", "-s", path, "-o", output, "-q")
    assert ran.code == 1, ran.err
    made: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    assert made["whole"]["missed"] >= 1
    for target in made["targets"]:
        said = run("explain", output, target["id"])
        assert said.code == 0
        assert target["says"].split(" ")[0] in said.out
    text = run("explain", output, "cam-1").out
    assert "CAM-1: missed" in text
    assert "303 of 648 pupils, 46.8%" in " ".join(text.split())
    assert "The actual figure is made from:" in text
    assert run("explain", output, "unheard").code == 2
    assert run("explain", path, "CAM-1").code == 3
