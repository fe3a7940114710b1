"""The audit command: what passes, what fails, what a reader's other files add, and what is no run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.protect import protect
from gapcalc.results import Comparison
from tests.conftest import PUPIL_HEADER, Run

Write = Callable[[str, str], Path]
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "samples" / "synthetic-pupils.csv"


def pupils(fsm: tuple[int, int], peers: tuple[int, int]) -> str:
    """A file of so many pupils, of whom so many reached level 4 in reading."""
    rows = [PUPIL_HEADER]
    for flag, (number, reached) in (("Y", fsm), ("N", peers)):
        rows += [
            f"2013/14,873,KS2,{'FM'[one % 2]},{flag},N,ENG,WBRI,{4 if one < reached else 3},," for one in range(number)
        ]
    return "\n".join(rows) + "\n"


@pytest.fixture
def made(run: Run, write: Write, tmp_path: Path) -> Callable[..., Path]:
    """A run's JSON."""

    def made_(name: str, text: str, *options: str) -> Path:
        data, output = write(text, f"{name}.csv"), tmp_path / f"{name}.json"
        ran = run("compute", data, "-g", "fsm", "-g", "sex", "--measure", "reading_l4", *options, "-q", "-o", output)
        assert ran.code == 0, ran.err
        return output

    return made_


def doctored(path: Path, change: Callable[[dict[str, Any]], None], name: str = "doctored.json") -> Path:
    run = json.loads(path.read_text(encoding="utf-8"))
    change(run)
    output = path.with_name(name)
    output.write_text(json.dumps(run), encoding="utf-8")
    return output


FEW = pupils((60, 56), (90, 40))
PLAIN = pupils((60, 30), (90, 40))


def test_a_protected_run_passes(run: Run, made: Callable[..., Path]) -> None:
    ran = run("audit", made("run", FEW))
    assert ran.code == 0, ran.err
    assert "0 given away" in ran.out
    assert "policy strict" in ran.out


def test_a_count_put_back_by_hand_gives_another_away(run: Run, made: Callable[..., Path]) -> None:
    def put_back(results: dict[str, Any]) -> None:
        for one in results["gaps"]:
            if one["dimension"] == "fsm":
                one["reference_total"], one["reference_symbol"] = 40.0, None

    ran = run("audit", doctored(made("run", FEW), put_back), "-f", "json")
    assert ran.code == 1
    found = json.loads(ran.out)
    given = [
        (one["group"], one["count"], one["lowest"], one["highest"])
        for one in found["counts"]
        if one["verdict"] == "fails"
    ]
    assert given == [("fsm", "not_reached", 4, 4)]
    assert "given away" in run("audit", doctored(made("run", FEW), put_back)).out


def test_a_gap_put_back_by_hand_is_as_good_as_the_count(run: Run, made: Callable[..., Path]) -> None:
    def put_back(results: dict[str, Any]) -> None:
        for one in results["gaps"]:
            if one["dimension"] == "fsm":
                one["reference_value"], one["gap"] = 44.444, -48.889

    assert run("audit", doctored(made("run", FEW), put_back)).code == 1


def test_others_and_a_group_are_all_pupils(run: Run, made: Callable[..., Path]) -> None:
    """40 of the 90 others are put back; boys and their others, who are shown, tell that 96 of all reached it."""

    def put_back(results: dict[str, Any]) -> None:
        fsm_gap(results).update(reference_total=40.0, reference_symbol=None)

    this = made("run", FEW, "--reference", "others")
    assert {one["reference"] for one in json.loads(this.read_text(encoding="utf-8"))["gaps"]} == {"others"}
    assert run("audit", this).code == 0
    ran = run("audit", doctored(this, put_back), "-f", "json")
    assert ran.code == 1
    names = ("group", "count", "lowest", "highest")
    given = [[one[name] for name in names] for one in json.loads(ran.out)["counts"] if one["verdict"] == "fails"]
    assert given == [["fsm", "not_reached", 4, 4]]
    # By itself it tells nothing: all pupils have to be known.
    alone = doctored(doctored(this, put_back), lambda results: results.update(gaps=[fsm_gap(results)]), "alone.json")
    assert run("audit", alone).code == 0
    assert run("audit", alone, "--known", made("all", FEW, "--reference", "all")).code == 1


def test_a_few_others_in_plain_sight_are_found(run: Run, made: Callable[..., Path]) -> None:
    def show(results: dict[str, Any]) -> None:
        results["gaps"] = [fsm_gap(results)]
        fsm_gap(results).update(reference_total=4.0, reference_value=4 / 0.9, reference_symbol=None)

    ran = run("audit", doctored(made("run", FEW, "--reference", "others"), show))
    assert ran.code == 1
    assert "should be hidden" in ran.out


def test_an_earlier_run_may_show_what_this_one_hides(run: Run, made: Callable[..., Path]) -> None:
    this = made("run", FEW)
    earlier = made("earlier", FEW, "--policy", "dfe")
    assert run("audit", this).code == 0
    ran = run("audit", this, "--known", earlier)
    assert ran.code == 1
    assert "with earlier.json known" in ran.out


def test_what_is_no_run_is_refused(run: Run, made: Callable[..., Path], write: Write) -> None:
    this = made("run", FEW)
    others = {
        write("a,b\n1,2\n", "other.csv"): "it is not JSON, or broken off",
        write(this.read_text(encoding="utf-8")[:-99], "cut.json"): "it is not JSON, or broken off",
        write('{"gaps": 7}', "other.json"): "it is JSON, but not the output of",
        write('{"schema_version": 1}', "old.json"): "its schema_version is 1",
    }
    for path, why in others.items():
        for arguments in (("audit", path), ("audit", this, "--known", path)):
            ran = run(*arguments)
            assert ran.code == 3
            assert ran.out == ""
            assert ran.err.count("gapcalc:") == 1
            assert why in ran.err
    assert run("audit", this.with_name("nowhere.json")).code == 3
    assert run("audit").code == 2
    assert run("audit", this, "-f", "csv").code == 2


def test_an_internal_run_is_refused(run: Run, made: Callable[..., Path]) -> None:
    ran = run("audit", made("run", FEW, "--internal"))
    assert ran.code == 3
    assert "internal" in ran.err


def test_a_policy_of_ones_own_is_given_again(run: Run, made: Callable[..., Path], write: Write) -> None:
    own = write("largest = 4\n", "own.toml")
    this = made("run", FEW, "--policy", str(own))
    ran = run("audit", this)
    assert ran.code == 2
    assert "--policy" in ran.err
    assert run("audit", this, "--policy", own).code == 0
    other = write("largest = 5\n", "own.toml")
    assert run("audit", this, "--policy", other).code == 2


def test_rounded_counts_are_intervals(run: Run, made: Callable[..., Path]) -> None:
    ran = run("audit", made("run", FEW, "--policy", "opensafely"), "-f", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["fails"] == 0


NATIONAL = {
    "comparator": "national", "label": "England", "areas": 1, "areas_with_rate": 1, "areas_with_gap": 1, "gap": 20.0,
    "difference": -68.9,
}  # fmt: skip


def fsm_gap(results: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in results["gaps"] if one["dimension"] == "fsm")
    return found


@pytest.mark.parametrize(
    "figures",
    [
        {"gap": -48.88888888888889, "symbol": None},
        {"gap_lower": -58.2, "gap_upper": -36.1},
        {"focus_value": 93.33333333333333},
        {"comparisons": [dict.fromkeys(Comparison.model_fields) | NATIONAL]},
        {"pupils_to_close": 3},
    ],
)
def test_a_figure_of_a_hidden_count_is_found_by_itself(
    figures: dict[str, Any], run: Run, made: Callable[..., Path]
) -> None:
    ran = run("audit", doctored(made("run", FEW), lambda results: fsm_gap(results).update(figures)))
    assert ran.code == 1
    assert "should be hidden" in ran.out


@pytest.mark.parametrize(("total", "code"), [(4.0, 1), (20.0, 0), (56.0, 1)])
def test_a_small_count_in_plain_sight_is_found(total: float, code: int, run: Run, made: Callable[..., Path]) -> None:
    def show(results: dict[str, Any]) -> None:
        results["gaps"] = [fsm_gap(results)]
        fsm_gap(results).update(focus_total=total, focus_value=total / 0.6, focus_symbol=None)

    assert run("audit", doctored(made("run", FEW), show)).code == code


def test_a_count_is_read_wherever_it_stands(run: Run, made: Callable[..., Path]) -> None:
    def put_back(results: dict[str, Any]) -> None:
        again = {**fsm_gap(results), "reference_total": 40.0, "reference_symbol": None}
        results["gaps"].append(again)

    assert run("audit", doctored(made("run", FEW), put_back)).code == 1


def test_what_contradicts_itself_is_no_pass(run: Run, made: Callable[..., Path]) -> None:
    def break_(results: dict[str, Any]) -> None:
        for one in results["gaps"]:
            one.update(unknown_pupils=7 if one["dimension"] == "fsm" else 0)

    ran = run("audit", doctored(made("run", FEW), break_), "--known", made("all", FEW, "--reference", "all"))
    assert ran.code == 5
    assert "contradicts itself" in ran.out


@pytest.mark.parametrize(
    "nonsense", [{"focus_pupils": -5}, {"focus": "zzz"}, {"focus_value": float("inf")}, {"dimension": "fsm x fsm"}]
)
def test_nonsense_is_refused(nonsense: dict[str, Any], run: Run, made: Callable[..., Path]) -> None:
    ran = run("audit", doctored(made("run", FEW), lambda results: fsm_gap(results).update(nonsense)))
    assert ran.code == 3
    assert "not the" in ran.err
    assert "output of" in ran.err


@pytest.mark.parametrize("reference", ["peers", "all", "others"])
def test_a_run_by_district_passes_whatever_groups_are_set_against(reference: str, run: Run, tmp_path: Path) -> None:
    output = tmp_path / "run.json"
    asked = ("--period", "2013/14", "--key-stage", "ks1", "--measure", "reading_l2", "--reference", reference)
    assert run("compute", SAMPLE, "--by", "district", *asked, "-q", "-o", output).code == 0
    ran = run("audit", output, "-f", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["hidden"] > 50


def test_only_the_periods_asked_for_are_protected(
    run: Run, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    periods: list[str] = []

    def spy(counts: Any, *more: Any) -> Any:
        periods.extend(counts["period"].unique())
        return protect(counts, *more)

    monkeypatch.setattr("gapcalc.figures.protect", spy)
    data = write(FEW + FEW.partition("\n")[2].replace("2013/14", "2012/13"), "two.csv")
    shown = [run("compute", data, "-f", "csv", "-q", *asked).out for asked in ((), ("--period", "2013/14"))]
    assert periods == ["2012/13", "2013/14", "2013/14"]
    both, one = (text.splitlines() for text in shown)
    assert one == [line for line in both if not line.startswith("2012/13")]


def test_published_figures_are_no_secret(run: Run, published: Callable[[str], Path], tmp_path: Path) -> None:
    """DfE prints some of small groups and hides the rest; nothing of it is an analyst's own."""
    sfr05 = published("sfr05_2014/SFR05_2014_UD_LA_1.csv")
    this = tmp_path / "published.json"
    assert run("compute", sfr05, "--area", "North East Lincolnshire", "-q", "-o", this).code == 0
    results = json.loads(this.read_text(encoding="utf-8"))
    assert results["protection"]["protected"] == 0
    assert results["protection"]["hidden"] > 0
    ran = run("audit", this)
    assert ran.code == 0
    assert "no policy was applied, and nothing attacked" in ran.out
    assert "no policy was applied" in run("compute", sfr05, "-g", "eal").out


@pytest.mark.parametrize(
    ("figure", "value"), [("focus_value", 12.5), ("gap", 3.25), ("reference_total", 1e6), ("reference_value", 0.5)]
)
def test_a_row_that_denies_itself_is_found(figure: str, value: float, run: Run, made: Callable[..., Path]) -> None:
    this = doctored(made("run", PLAIN), lambda results: fsm_gap(results).update({figure: value}))
    ran = run("audit", this, "-f", "json")
    found = json.loads(ran.out)
    assert ran.code == 5
    assert found["contradictory"]
    assert figure in {one["figure"] for one in found["shown"] if one["why"] == "denied"}
    assert f"fsm: {figure} is printed, and is denied by the others of its row" in run("audit", this).out


def test_a_figure_that_is_put_back_is_named(run: Run, made: Callable[..., Path]) -> None:
    this = doctored(made("run", FEW), lambda results: fsm_gap(results).update(gap=1.5))
    ran = run("audit", this)
    assert ran.code == 1
    assert "fsm, fsm: gap is printed, and should be hidden" in ran.out
    assert "1 figure is printed and should be hidden" in ran.out


def test_policies_may_be_named(run: Run, made: Callable[..., Path], write: Write) -> None:
    this = made("run", FEW, "--policy", "dfe")
    assert run("audit", this, "--policy", "dfe", "--policy", "strict").code == 0
    data = write(FEW, "data.csv")
    ran = run("compute", data, "--policy", write("largest = 3\n", "strict.toml"))
    assert ran.code == 2
    assert "strict is the name of a policy that gapcalc brings" in ran.err
    ran = run("compute", data, "--policy", write('largest = "five"\n', "ours.toml"))
    assert "largest: is no whole number" in ran.err


def test_a_run_that_says_it_is_published_is_not_believed(run: Run, made: Callable[..., Path]) -> None:
    def deny(results: dict[str, Any]) -> None:
        for one in results["gaps"]:
            one["protected"] = False
        fsm_gap(results).update(gap=1.5)

    ran = run("audit", doctored(made("run", FEW), deny))
    assert ran.code == 1
    assert "no policy was applied" not in ran.out


def test_of_a_pool_beside_its_areas_it_cannot_be_said(run: Run, write: Write, tmp_path: Path) -> None:
    header, rest = PUPIL_HEADER.replace(",la,", ",la,district,"), pupils((60, 30), (90, 40)).splitlines()[1:]
    lines = [line.replace(",873,", f",873,{name},") for name in ("March", "Ely", "Soham") for line in rest]
    data, one, other = write("\n".join([header, *lines, ""]), "d.csv"), tmp_path / "a.json", tmp_path / "b.json"
    asked = ("--by", "district", "-g", "fsm", "--measure", "reading_l4", "-q")
    assert run("compute", data, *asked, "-o", one).code == 0
    assert run("compute", data, *asked, "--pool", "Two=March,Ely", "-o", other).code == 0
    assert run("audit", other).code == 0
    ran = run("audit", one, "--known", other)
    assert ran.code == 5
    assert "a pool (--pool) is among these runs" in ran.out
