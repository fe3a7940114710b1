"""`gapcalc compute --scales`: what is printed, in which format, and what is not printed because it is hidden."""

import csv
import io
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from scipy.stats import norm

from gapcalc.results import Scales
from tests.cli.planted import CANARIES, leaks
from tests.conftest import SAMPLES, Run

Write = Callable[[str, str], Path]
PUPILS = SAMPLES / "synthetic-pupils.csv"
NONE = dict.fromkeys(Scales.model_fields)
HEADER = "academic_year,la,district,key_stage,sex,fsm,sen_provision,em_9_4,em_9_5,attainment8"
AGGREGATE = "period,area,key_stage,measure,group,pupils,total,value"


def rows(scores: dict[str, list[float]], district: str = "March") -> list[str]:
    """Pupils of key stage 4 with so many points, by what stands under free school meals."""
    return [
        f"2018/19,873,{district},KS4,{'FM'[place % 2]},{flag},{'NK'[place % 3 == 0]},"
        f"{int(score >= 40)},{int(score >= 50)},{score}"
        for flag, some in scores.items()
        for place, score in enumerate(some)
    ]


def test_where_nothing_has_a_score_there_is_none(run: Run, write: Write) -> None:
    few = "academic_year,la,key_stage,fsm,reading\n2014/15,873,KS2,Y,4\n2014/15,873,KS2,N,4\n"
    ran = run("compute", write(few, "few.csv"), "--scales", "-f", "json")
    assert ran.code == 0, ran.err
    (gap,) = json.loads(ran.out)["gaps"]
    assert gap["symbol"] == "hidden"
    assert set(gap["scales"].values()) == {None}


FSM = [20.5, 31, 36.25, 41, 41, 44, 48, 52, 55, 58, 60, 61.5] * 2
PEERS = [36.25, 41, 44, 49, 52, 52, 56, 58, 63, 70, 77.5, 80] * 3
UNKNOWN = [10.0, 85]
FILE = "\n".join([HEADER, *rows({"Y": FSM, "N": PEERS, "": UNKNOWN}), ""])


def gaps(run: Run, *arguments: object) -> list[dict[str, Any]]:
    ran = run("compute", *arguments, "-q", "-f", "json")
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = json.loads(ran.out)["gaps"]
    return found


def auc(focus: list[float], reference: list[float]) -> Fraction:
    twice = sum(2 * (o > g) + (o == g) for o in reference for g in focus)
    return Fraction(twice, 2 * len(focus) * len(reference))


@pytest.mark.parametrize("engine", ["duckdb", "by_hand"])
@pytest.mark.parametrize("reference", ["peers", "all", "others"])
def test_scores_of_pupils(run: Run, write: Write, engine: str, reference: str) -> None:
    """Against every pair of pupils, and by numpy's mean and deviation."""
    options = ["--measure", "attainment8", "-g", "fsm", "--reference", reference, "--engine", engine, "--scales"]
    (gap,) = gaps(run, write(FILE, "data.csv"), *options)
    against = {"peers": PEERS, "all": FSM + PEERS + UNKNOWN, "others": PEERS + UNKNOWN}[reference]
    others = PEERS if reference == "peers" else PEERS + UNKNOWN
    share = auc(FSM, against)
    found = gap["scales"]
    assert found["gap_index"] == float(10 * (2 * share - 1))
    assert found["v"] == pytest.approx(2**0.5 * norm.ppf(float(share)))
    assert found["v_method"] == "scores"
    d, error = hedges(FSM, others)
    shrunk = len(others) / len(against) if reference == "all" else 1
    n = len(FSM) + len(others)
    assert found["hedges_g"] == pytest.approx(d * (1 - 3 / (4 * n - 9)) * shrunk)
    assert found["hedges_g_error"] == pytest.approx(error * shrunk)
    assert (found["ratio"], found["odds_ratio"], found["probit_gap"]) == (None, None, None)


def test_scores_of_pools_and_of_regions_are_those_of_their_areas(run: Run, write: Write) -> None:
    """The same pupils in one district or in two of two files, pooled; and as a part of their region."""
    options = ["--measure", "attainment8", "-g", "fsm", "--reference", "others", "--scales"]
    (whole,) = gaps(run, write(FILE, "data.csv"), *options)
    halves = [
        "\n".join([HEADER, *rows({"Y": FSM[place::2], "N": PEERS[place::2], "": UNKNOWN[place::2]}, name), ""])
        for place, name in enumerate(("March", "Ely"))
    ]
    files = [write(text, f"{place}.csv") for place, text in enumerate(halves)]
    (pooled,) = gaps(run, *files, *options, "--by", "district", "--pool", "Fens=March,Ely")
    (region,) = gaps(run, write(FILE, "data.csv"), *options, "--by", "region")
    assert whole["scales"]["gap_index"] is not None
    assert pooled["scales"] == region["scales"] == whole["scales"]


def hedges(focus: list[float], reference: list[float]) -> tuple[float, float]:
    """Cohen's d and its standard error as METHODS has them, from the scores themselves."""
    n, m = len(focus), len(reference)
    means = sum(focus) / n, sum(reference) / m
    squares = sum((x - means[0]) ** 2 for x in focus) + sum((x - means[1]) ** 2 for x in reference)
    d = (means[1] - means[0]) / (squares / (n + m - 2)) ** 0.5
    return d, ((n + m) / (n * m) + d**2 / (2 * (n + m))) ** 0.5


def test_rates_and_the_two_thresholds_of_one_scale(run: Run, write: Write) -> None:
    path = write(FILE, "data.csv")
    strong, standard = sorted(
        gaps(run, path, "--measure", "em_9_4,em_9_5", "-g", "fsm", "--scales", "--internal"),
        key=lambda one: one["measure"],
        reverse=True,
    )
    for gap in (strong, standard):
        found, p, q = gap["scales"], gap["focus_value"] / 100, gap["reference_value"] / 100
        assert found["ratio"] == pytest.approx(p / q)
        assert found["odds_ratio"] == pytest.approx(p / (1 - p) / (q / (1 - q)))
        assert found["probit_gap"] == pytest.approx(norm.ppf(q) - norm.ppf(p))
        assert found["gap_index"] == pytest.approx(gap["gap"] / 10)
        assert (found["hedges_g"], found["hedges_g_error"]) == (None, None)
        assert found["v_method"] == "thresholds"
    x = [norm.ppf(1 - one["reference_value"] / 100) for one in (standard, strong)]
    y = [norm.ppf(1 - one["focus_value"] / 100) for one in (standard, strong)]
    m = (y[1] - y[0]) / (x[1] - x[0])
    assert (
        standard["scales"]["v"]
        == strong["scales"]["v"]
        == pytest.approx(2**0.5 * (y[0] - m * x[0]) / (1 + m * m) ** 0.5)
    )
    (alone,) = gaps(run, path, "--measure", "em_9_4", "-g", "fsm", "--scales", "--internal")
    assert (alone["scales"]["v"], alone["scales"]["v_method"]) == (alone["scales"]["probit_gap"], "one threshold")


def test_thresholds_of_other_periods_and_groups_are_other_thresholds(run: Run, write: Write) -> None:
    lines = [
        f"{period},873,KS4,{measure},{group},,,{value}"
        for period, measure, group, value in (
            ("2017/18", "em_9_4", "fsm", 40), ("2017/18", "em_9_4", "not_fsm", 70),
            ("2018/19", "em_9_5", "fsm", 20), ("2018/19", "em_9_5", "not_fsm", 45),
            ("2018/19", "em_9_4", "eal", 60), ("2018/19", "em_9_4", "not_eal", 65),
        )
    ]  # fmt: skip
    found = gaps(run, write("\n".join([AGGREGATE, *lines, ""]), "data.csv"), "--scales")
    assert len(found) == 3
    assert {gap["scales"]["v_method"] for gap in found} == {"one threshold"}
    assert all(gap["scales"]["v"] == gap["scales"]["probit_gap"] for gap in found)


def test_where_less_is_better_the_sign_turns(run: Run, write: Write) -> None:
    lines = [f"2017/18,873,KS4,{one},,,{value}" for one, value in (("neet,fsm", 12), ("neet,not_fsm", 4))]
    (gap,) = gaps(run, write("\n".join([AGGREGATE, *lines, ""]), "data.csv"), "--scales")
    found = gap["scales"]
    assert gap["gap"] == pytest.approx(8)
    assert found["gap_index"] == pytest.approx(0.8)
    assert found["probit_gap"] == found["v"] == pytest.approx(norm.ppf(0.12) - norm.ppf(0.04))
    assert found["ratio"] == pytest.approx(3)


def test_a_mean_without_pupils_by_score_or_squares(run: Run, write: Write) -> None:
    """Of published sums only Hedges' g can be told, and that only with squares."""
    start = "2018/19,873,KS4,attainment8"
    lines = [f"{start},fsm,40,1600,{{}}", f"{start},not_fsm,60,3000,{{}}", ""]
    text = "\n".join(["period,area,key_stage,measure,group,pupils,total,total_sq", *lines])
    for squares, told in ((("70000", "170000"), True), (("", ""), False)):
        (gap,) = gaps(run, write(text.format(*squares), "data.csv"), "--scales")
        assert gap["gap"] == pytest.approx(10)
        assert (gap["scales"]["hedges_g"] is not None) == told
        assert gap["scales"] == NONE | {name: gap["scales"][name] for name in ("hedges_g", "hedges_g_error")}


def test_every_area_ranks_its_own(run: Run, write: Write) -> None:
    """Two districts that are alike inside and far apart: the index of each is small, that of both together not."""
    low, high = [*range(10, 22)], [*range(60, 72)]
    text = "\n".join(
        [HEADER, *rows({"Y": low * 2, "N": low}, "March"), *rows({"Y": high, "N": high * 2}, "Wisbech"), ""]
    )
    options = ["--measure", "attainment8", "-g", "fsm", "--scales"]
    path = write(text, "data.csv")
    districts = gaps(run, path, *options, "--by", "district")
    assert [gap["scales"]["gap_index"] for gap in districts] == [0, 0]
    (whole,) = gaps(run, path, *options)
    assert whole["scales"]["gap_index"] == float(10 * (2 * auc(low * 2 + high, low + high * 2) - 1)) > 3


def test_an_intersection(run: Run, write: Write) -> None:
    text = "\n".join([HEADER, *rows({"Y": FSM * 3, "N": PEERS * 3}), ""])
    found = gaps(run, write(text, "data.csv"), "--measure", "attainment8", "-g", "fsm:sen", "--scales")
    assert [gap["focus"] for gap in found] == ["fsm x any_sen", "fsm x no_sen", "not_fsm x any_sen"]
    sen = [x for place, x in enumerate(FSM * 3) if place % 3 == 0]
    none = [x for place, x in enumerate(PEERS * 3) if place % 3]
    assert found[0]["scales"]["gap_index"] == float(10 * (2 * auc(sen, none) - 1))


def test_nothing_unless_asked(run: Run, write: Write) -> None:
    path = write(FILE, "data.csv")
    ran = run("compute", path, "-q", "-f", "json")
    assert {gap["scales"] for gap in json.loads(ran.out)["gaps"]} == {None}
    assert json.loads(ran.out)["options"]["scales"] is False
    assert "Other scales" not in run("compute", path).out
    header = run("compute", path, "-q", "-f", "csv").out.splitlines()[0].split(",")
    assert header[-1] == "protection"
    assert not {*Scales.model_fields} & {*header}


def test_json_fits_its_schema_and_csv_has_the_same_at_the_end(run: Run, write: Write) -> None:
    path = write(FILE, "data.csv")
    results = json.loads(run("compute", path, "--scales", "-q", "-f", "json").out)
    jsonschema.validate(results, json.loads(run("schema", "results").out))
    assert results["options"]["scales"] is True
    plain, asked = (run("compute", path, *some, "-q", "-f", "csv").out.splitlines() for some in ([], ["--scales"]))
    assert all(longer.startswith(f"{line},") for line, longer in zip(plain, asked, strict=True))
    table = list(csv.DictReader(io.StringIO("\n".join(asked))))
    assert [*table[0]][-len(NONE) :] == [*NONE]
    for row, gap in zip(table, results["gaps"], strict=True):
        for name, figure in gap["scales"].items():
            assert row[name] == ("" if figure is None else str(figure)), name


def test_the_table_has_a_second_one_below(run: Run) -> None:
    options = ["--measure", "attainment8,ac_em", "--period", "2015/16", "-g", "fsm", "-g", "lac", "--scales"]
    lines = run("compute", PUPILS, *options).out.splitlines()
    below = [place for place, line in enumerate(lines) if line == "Other scales"]
    rates, means = ([line.split()[1:] for line in lines[place + 4 : place + 6]] for place in below)
    assert rates == [["FSM", "0.48", "0.23", "0.92", "3.55", "0.92", "one", "threshold"], ["LAC", *["[c]"] * 5]]
    assert means[0] == ["FSM", "0.87", "0.05", "4.26", "0.80", "scores"]
    assert any("DfE's are national" in line for line in lines)


def test_hidden_rates_and_scores_have_no_scales(run: Run, write: Write) -> None:
    """Nine FSM pupils are few, and so are those of 24 who missed by a little."""
    few = "\n".join([HEADER, *rows({"Y": FSM[:9], "N": PEERS}), ""])
    for gap in gaps(run, write(few, "data.csv"), "-g", "fsm", "--scales"):
        assert gap["symbol"] == "hidden"
        assert gap["scales"] == NONE
    # 4 of 24 missed the standard: their rate is hidden, and their scores are not.
    found = {gap["measure"]: gap for gap in gaps(run, write(FILE, "more.csv"), "-g", "fsm", "--scales")}
    assert found["em_9_4"]["symbol"] == "hidden"
    assert found["em_9_4"]["scales"] == NONE
    assert found["attainment8"]["scales"]["v_method"] == "scores"
    # A threshold that is hidden is in no fit.
    assert found["em_9_5"]["scales"]["v_method"] == "one threshold"


def test_a_policy_that_rounds_has_no_index_of_scores(run: Run, write: Write) -> None:
    """An exact index is a fraction of pupils times pupils: from it the numbers could be read that were rounded."""
    options = ["--measure", "attainment8", "-g", "fsm", "--scales", "-f", "json", "--policy", "opensafely"]
    ran = run("compute", write(FILE, "data.csv"), *options)
    assert "the policy opensafely rounds counts: of scores no gap index and no V are worked out" in ran.err
    (gap,) = json.loads(ran.out)["gaps"]
    assert gap["symbol"] is None
    assert (gap["scales"]["gap_index"], gap["scales"]["v"], gap["scales"]["v_method"]) == (None, None, None)
    assert gap["scales"]["hedges_g"] is not None


def test_the_audit_counts_scales_that_are_printed_though_hidden(run: Run, write: Write, tmp_path: Path) -> None:
    output = tmp_path / "run.json"
    assert run("compute", write(FILE, "data.csv"), "-g", "fsm", "--scales", "-q", "-o", output).code == 0
    assert run("audit", output).code == 0
    results = json.loads(output.read_text(encoding="utf-8"))
    (gap,) = [one for one in results["gaps"] if one["measure"] == "em_9_4"]
    for put_back in ({"ratio": 0.5}, {"gap_index": 1.0, "v": 0.2, "v_method": "one threshold"}):
        gap["scales"] = NONE | put_back
        output.write_text(json.dumps(results), encoding="utf-8")
        ran = run("audit", output, "-f", "json")
        assert ran.code == 1
        assert [one["figure"] for one in json.loads(ran.out)["shown"]] == [one for one in put_back if one != "v_method"]


@pytest.mark.parametrize("canary", [*CANARIES.values()])
def test_what_is_no_score_stops_the_run_and_is_not_repeated(run: Run, write: Write, canary: str) -> None:
    ran = run("compute", write(f"{FILE}2018/19,873,March,KS4,F,Y,N,1,1,{canary}\n", "data.csv"), "--scales")
    assert ran.code == 3
    assert not leaks(ran.out, ran.err)
