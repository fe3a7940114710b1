"""The commands about strategy files, from end to end."""

import json
import re
from pathlib import Path

import pytest

from gapcalc.definitions.rules import rules
from gapcalc.strategy import checked
from tests.conftest import SAMPLES, Run
from tests.unit.test_rules import whole

PUPILS = SAMPLES / "synthetic-pupils.csv"
CAM = SAMPLES / "strategies" / "cambridgeshire-2014-16.toml"
RIGHT, WRONG = whole(rules()["G201"].right), whole(rules()["G101"].wrong)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, below one that a gapcalc.toml may lie in."""
    monkeypatch.delenv("GAPCALC_STRATEGY", raising=False)
    folder = tmp_path / "below"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_right_file_is_right(run: Run, here: Path) -> None:
    Path("s.toml").write_text(RIGHT, encoding="utf-8")
    ran = run("strategy", "check", "s.toml")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "s.toml: 1 target, no errors, no warnings\n"


def test_warnings_do_not_fail(run: Run) -> None:
    ran = run("strategy", "check", CAM)
    assert ran.code == 0
    assert "G109 warning" in ran.out
    assert "18 targets, no errors" in ran.err


def test_errors_end_with_2_and_are_shown_in_their_lines(run: Run, here: Path) -> None:
    Path("s.toml").write_text(WRONG, encoding="utf-8")
    ran = run("strategy", "check", "s.toml")
    assert ran.code == 2
    first, shown, mark, hint = ran.out.splitlines()
    assert re.fullmatch(r"s\.toml:16:1: G101 error: .*", first)
    assert (shown, mark) == ('    by = "5%"', "    ^")
    assert "17.0" in hint
    assert "20.9" in hint
    assert "1 error" in ran.err


def test_findings_as_json(run: Run, here: Path) -> None:
    Path("s.toml").write_text(WRONG, encoding="utf-8")
    ran = run("strategy", "check", "s.toml", "-f", "json", "-o", "found.json")
    assert (ran.code, ran.out) == (2, "")
    found = json.loads(Path("found.json").read_text(encoding="utf-8"))
    assert found["errors"] == 1
    assert [(one["code"], one["line"], one["column"]) for one in found["findings"]] == [("G101", 16, 1)]


def test_a_wrong_file_is_not_shown_but_its_errors_are(run: Run, here: Path) -> None:
    Path("s.toml").write_text(WRONG, encoding="utf-8")
    ran = run("strategy", "show", "s.toml")
    assert (ran.code, ran.out) == (2, "")
    assert "s.toml:16:1: G101" in ran.err
    assert "gapcalc: s.toml: 1 error" in ran.err


def test_the_strategy_is_found(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the argument, the option, the environment, and gapcalc.toml here or above; in this order."""

    def title(*arguments: str) -> str:
        ran = run("strategy", "show", *arguments, "-f", "json")
        assert ran.code == 0, ran.err
        found: str = json.loads(ran.out)["strategy"]["title"]
        return found

    assert run("strategy", "show").code == 2
    assert "gapcalc.toml" in run("strategy", "check").err
    files = {"above": here.parent / "gapcalc.toml", "here": here / "gapcalc.toml"}
    files |= {name: here / f"{name}.toml" for name in ("environment", "option", "argument")}
    for name, path in files.items():
        path.write_text(RIGHT.replace('"Example"', f'"{name}"'), encoding="utf-8")
    assert title("argument.toml", "-s", "option.toml") == "argument"
    assert title() == "here"
    files["here"].unlink()
    assert title() == "above"
    monkeypatch.setenv("GAPCALC_STRATEGY", "environment.toml")
    assert title() == "environment"
    assert title("--strategy", "option.toml") == "option"
    assert title("argument.toml") == "argument"


@pytest.mark.parametrize("format", ["table", "md", "json"])
def test_every_target_is_shown(run: Run, format: str) -> None:
    ran = run("strategy", "show", CAM, "-f", format)
    assert ran.code == 0
    ids = dict.fromkeys(re.findall(r"\bCAM-[0-9]+\b(?=[\" ])", ran.out))
    assert list(ids) == [f"CAM-{n}" for n in range(1, 19)]
    assert ran.out == run("strategy", "show", CAM, "-f", format).out
    words = " ".join(ran.out.split())
    assert "improve by at least 3 ppt more than their peers, in every year from 2012/13 to 2015/16" in words


def test_json_says_all_that_is_settled(run: Run) -> None:
    shown = json.loads(run("strategy", "show", CAM, "-f", "json").out)
    cam_11 = next(one for one in shown["targets"] if one["id"] == "CAM-11")
    narrow, no_wider = cam_11["target"]["parts"]
    assert (narrow["areas"], narrow["baseline"], narrow["deadline"]) == (["Cambridgeshire"], "2012/13", "2015/16")
    assert (no_wider["comparator"], no_wider["stated"]) == ("national", "17 ppt")
    assert cam_11["source"].startswith("Cambridgeshire County Council, ")


def test_the_output_s_ending_decides(run: Run, here: Path) -> None:
    assert run("strategy", "show", CAM, "-o", "shown.md").code == 0
    assert "| CAM-1 | " in Path("shown.md").read_text(encoding="utf-8")
    ran = run("strategy", "show", CAM, "-f", "csv")
    assert ran.code == 2
    assert "format of a strategy" in ran.err


def test_a_strategy_is_not_written_over(run: Run, here: Path) -> None:
    Path("s.toml").write_text(RIGHT, encoding="utf-8")
    assert run("strategy", "show", "s.toml", "-o", "s.toml").code == 4
    assert Path("s.toml").read_text(encoding="utf-8") == RIGHT


def test_a_draft_of_pupils_is_right_and_so_are_its_targets(run: Run, here: Path) -> None:
    ran = run("strategy", "init", PUPILS, "-o", "drafts.toml")
    assert (ran.code, ran.out) == (0, "")
    draft = Path("drafts.toml").read_text(encoding="utf-8")
    found = checked(draft, "drafts.toml")
    assert [one.code for one in found.findings] == ["G210"]
    assert found.strategy is not None
    head = found.strategy.strategy
    assert (head.areas, head.baseline, head.deadline) == (("Cambridgeshire",), "2015/16", "2018/19")
    assert (here / head.data.local[0]).resolve() == PUPILS
    before, _, after = draft.partition("\n\n# # ")
    full = checked(before + f"\n\n# # {after}".replace("\n# ", "\n"), "drafts.toml")
    assert full.errors == 0, [line for one in full.findings for line in one.lines()]
    assert full.strategy is not None
    groups = [one.groups[0] for one in full.strategy.target]
    assert groups[:3] == ["fsm", "disadvantaged", "any_sen"]
    assert {"lac_12_months", "eal", "bme", "boys", "sen_support"} <= set(groups)
    assert len(groups) == len(set(groups)) == draft.count("[[target]]")
    # No figures: no number but years, levels in the names of measures, and what is to be filled in.
    told = re.sub(r"20[0-9]{2}/[0-9]{2}|page = 1|1 (ppt|points)|5ac_em", "", draft)
    told = re.sub(r"(?i)\b[a-z_]+[_ ]?[0-9]\w*", "", told)
    assert not re.search(r"[0-9]", told)


def test_a_draft_of_published_figures(run: Run) -> None:
    ran = run("strategy", "init", SAMPLES / "england.csv")
    assert ran.code == 0
    assert 'areas = ["England"]' in ran.out
    assert ran.out == run("strategy", "init", SAMPLES / "england.csv").out


def test_the_schema_is_printed(run: Run) -> None:
    schema = json.loads(run("strategy", "schema").out)
    assert set(schema["properties"]) == {"strategy", "target", "statement"}


@pytest.mark.parametrize("code", rules())
def test_every_code_is_explained(run: Run, code: str) -> None:
    ran = run("explain", code.lower())
    assert ran.code == 0
    assert ran.out.startswith(f"{code} {rules()[code].severity}: {rules()[code].title}\n")
    assert "Why it matters: " in ran.out
    for example in (rules()[code].wrong, rules()[code].right):
        assert example.strip().splitlines()[-1] in ran.out


def test_a_code_that_there_is_not(run: Run) -> None:
    ran = run("explain", "G999")
    assert ran.code == 2
    assert "G101" in ran.err
