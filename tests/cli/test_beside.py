"""`--compare` and `gapcalc sensitivity`, as a user runs them."""

import csv
import importlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gapcalc.compare import COMPARATORS

ROOT = Path(__file__).resolve().parents[2]
NEIGHBOURS = ROOT / "docs" / "examples" / "neighbours.csv"
PUPILS = ROOT / "data" / "samples" / "synthetic-pupils.csv"
ENGLAND = ROOT / "data" / "samples" / "england.csv"
Run = Callable[..., Any]
Write = Callable[..., Path]
CAMBRIDGESHIRE = (NEIGHBOURS, "--area", "Cambridgeshire", "--period", "2024/25")
LIST = "version,area,rank,neighbour,closeness\n"


def output(run: Run, command: str, *arguments: object) -> dict[str, Any]:
    ran = run(command, *arguments, "-f", "json", "-q")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_every_comparator_can_be_asked_for_at_once(run: Run) -> None:
    asked = [*COMPARATORS, "2022/23"]
    results = output(run, "compute", *CAMBRIDGESHIRE, *(word for name in asked for word in ("-c", name)))
    (gap,) = results["gaps"]
    # An authority lies in none of its own level.
    assert [one["comparator"] for one in gap["comparisons"]] == [name for name in asked if name != "la"]
    assert results["options"]["compare"] == asked
    assert results["options"]["neighbours"] == "2025-05"
    jsonschema.validate(results, json.loads(run("schema", "results").out))


def test_the_csv_has_a_column_for_every_figure_of_every_comparator(run: Run) -> None:
    asked = (*CAMBRIDGESHIRE, "-c", "neighbours", "-c", "previous")
    (gap,) = output(run, "compute", *asked)["gaps"]
    (row,) = csv.DictReader(io.StringIO(run("compute", *asked, "-f", "csv", "-q").out))
    for one in gap["comparisons"]:
        name = one.pop("comparator")
        for column, value in one.items():
            shown = row[f"{name}_{column}"]
            if value is None:
                assert shown == "", column
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                assert float(shown) == pytest.approx(value), column
            else:
                assert shown == str(value), column


def test_files_to_set_beside_mean_national_unless_told(run: Run) -> None:
    options = (PUPILS, "--measure", "5ac_em", "-g", "fsm", "--period", "2012/13", "--beside", ENGLAND)
    assert [one["comparator"] for one in output(run, "compute", *options)["gaps"][0]["comparisons"]] == ["national"]
    told = output(run, "compute", *options, "-c", "previous")["gaps"][0]["comparisons"]
    assert [one["comparator"] for one in told] == ["previous"]


def test_the_year_before_is_protected_with_the_year_that_is_asked_for(run: Run) -> None:
    """What is hidden of a year is so whether it stands there by itself or beside another."""
    options = (PUPILS, "--measure", "rwm_l4", "-g", "lac", "-g", "eal")
    both = output(run, "compute", *options, "--period", "2011/12", "--period", "2012/13")["gaps"]
    beside = output(run, "compute", *options, "--period", "2012/13", "-c", "previous")["gaps"]
    alone = {gap["focus"]: gap for gap in both if gap["period"] == "2011/12"}
    for gap in beside:
        (before,) = gap["comparisons"]
        for name in ("gap", "focus_value", "reference_value", "focus_pupils", "symbol"):
            assert before[name] == alone[gap["focus"]][name], name
    assert any(gap["comparisons"][0]["symbol"] == "hidden" for gap in beside)


def test_schools_with_a_wider_gap_are_counted_in_a_line(run: Run) -> None:
    options = (PUPILS, "--measure", "5ac_em", "-g", "fsm", "--period", "2012/13", "--by", "school", "--internal")
    results = output(run, "compute", *options, "--beside", ENGLAND)
    (wider,) = results["wider"]
    differences = [one["difference"] for gap in results["gaps"] for one in gap["comparisons"]]
    assert wider["wider"] == sum(one is not None and one > 0 for one in differences) > 0
    assert (wider["areas"], wider["compared"]) == (len(differences), sum(one is not None for one in differences))
    ran = run("compute", *options, "--beside", ENGLAND, "-q")
    line = f"schools with a gap wider than national: {wider['wider']} of {wider['compared']} whose gap is known."
    assert line in ran.out


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("-c", "nearest"), 2, "nearest"),
        (("-c", "neighbours", "--neighbours", "2019-01"), 2, "2019-01"),
        (("-c", "neighbours", "--neighbours", "nowhere.csv"), 3, "nowhere.csv"),
        (("-c", "neighbours", "--average", "mode"), 2, "mode"),
    ],
)
def test_what_is_not_known_is_refused(run: Run, options: tuple[str, ...], code: int, words: str) -> None:
    ran = run("compute", *CAMBRIDGESHIRE, *options)
    assert ran.code == code
    assert words in ran.err


def test_a_list_of_ones_own_is_named_in_the_output(run: Run, write: Write) -> None:
    path = write(LIST + "mine,873,1,850,Close\nmine,873,2,931,Close\n", "mine.csv")
    results = output(run, "compute", *CAMBRIDGESHIRE, "-c", "neighbours", "--neighbours", path)
    (one,) = results["gaps"][0]["comparisons"]
    with NEIGHBOURS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["period"] == "2024/25"]
    two = {
        (row["area"], row["group"]): int(row["value"]) for row in rows if row["area"] in ("Hampshire", "Oxfordshire")
    }
    mean = sum(value if group == "not_fsm" else -value for (_, group), value in two.items()) / 2
    assert (one["version"], one["areas"], one["gap"]) == ("mine", 2, pytest.approx(mean))
    assert {one["role"] for one in results["inputs"]} == {"data", "neighbours"}
    assert results["options"]["neighbours"] == "mine"


def test_a_list_with_several_versions_is_not_chosen_from_silently(run: Run, write: Write) -> None:
    path = write(LIST + "old,873,1,850,Close\nnew,873,1,931,Close\n", "mine.csv")
    ran = run("compute", *CAMBRIDGESHIRE, "-c", "neighbours", "--neighbours", path)
    assert (ran.code, "it holds 2 versions" in ran.err) == (2, True)
    results = output(run, "compute", *CAMBRIDGESHIRE, "-c", "neighbours", "--neighbours", f"{path}#old")
    assert results["options"]["neighbours"] == "old"


def test_neighbours_that_are_not_close_are_warned_of(run: Run, write: Write) -> None:
    path = write(LIST + "far,873,1,850,Not close\nfar,873,2,931,Somewhat close\n", "mine.csv")
    ran = run("compute", *CAMBRIDGESHIRE, "-c", "neighbours", "--neighbours", path)
    assert "no closer than 'Somewhat close' (far): Cambridgeshire" in ran.err
    ran = run("compute", *CAMBRIDGESHIRE, "-c", "neighbours")
    assert "no closer" not in ran.err


def test_a_caution_is_a_warning(run: Run, write: Write) -> None:
    rows = [
        f"{period},873,KS4,em_9_4,sen,{group},{value}\n"
        for period in ("2018/19", "2022/23")
        for group, value in (("any_sen", 40), ("no_sen", 80))
    ]
    path = write("period,area,key_stage,measure,dimension,group,value\n" + "".join(rows), "a.csv")
    ran = run("compute", path, "-c", "2018/19")
    assert "take care with ks4 em_9_4 2022/23 beside 2018/19: graded nearly as before the pandemic" in ran.err


def test_sensitivity_tries_every_choice_and_says_what_turns(run: Run, write: Write) -> None:
    header = "period,area,key_stage,measure,group,pupils,total\n"
    # By mean the neighbours' gap is (10 + 50) / 2 = 30, pooled 14: a gap of 20 lies between.
    rows = [("873", 100, 50, 900, 630), ("850", 900, 540, 900, 630), ("931", 100, 30, 100, 80)]

    def lines(times: int) -> str:
        return "".join(
            f"2012/13,{area},KS2,rwm_l4,{group},{times * pupils},{times * total}\n"
            for area, n, x, m, y in rows
            for group, pupils, total in (("fsm", n, x), ("not_fsm", m, y), ("all", n + m + 20, x + y + 15))
        )

    mine = write(LIST + "mine,873,1,850,Close\nmine,873,2,931,Close\n", "mine.csv")
    data = write(header + lines(1), "data.csv")
    options = (data, "--area", "873", "-g", "fsm", "--neighbours", mine, "--internal")
    results = output(run, "sensitivity", *options)
    (gap,) = results["gaps"]
    readings = {(one["reference"], one["average"]): one["reading"] for one in gap["choices"]}
    assert readings["peers", "mean"] == "narrower"
    assert readings["peers", "pooled"] == "wider"
    assert (gap["flips"], gap["turns_on"], results["flips"]) == (True, ["average"], 1)
    jsonschema.validate(results, json.loads(run("schema", "sensitivity").out))
    text = run("sensitivity", *options, "-q").out
    assert "The reading turns on how areas are averaged. " in text
    assert "No difference is larger than chance or rounding can make." in " ".join(text.split())
    assert "Readings that change with the choice: 1 of 1." in text
    # Of more pupils less is by chance.
    text = run("sensitivity", write(header + lines(2), "more.csv"), *options[1:], "-q").out
    assert "4 of 6 differences of which it is known are larger than chance or rounding can make." in " ".join(
        text.split()
    )


def test_sensitivity_tries_both_lists(run: Run) -> None:
    results = output(run, "sensitivity", *CAMBRIDGESHIRE)
    (gap,) = results["gaps"]
    assert {one["version"] for one in gap["choices"]} == {"2021-04", "2025-05"}
    peers = [one for one in gap["choices"] if one["reference"] == "peers"]
    by_mean = {one["version"]: one["beside"] for one in peers if one["average"] == "mean"}
    assert by_mean == {"2021-04": pytest.approx(27.7), "2025-05": pytest.approx(27.7)}


@pytest.mark.parametrize("what", ["neighbours", "breaks"])
def test_lists(run: Run, what: str) -> None:
    lines = run("list", what).out.splitlines()
    assert len(lines) > 20


def test_a_narrow_window_leaves_the_gaps_beside_to_their_own_tables(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (*CAMBRIDGESHIRE, "-c", "national", "-c", "neighbours", "-c", "previous", "-q")
    assert "National" in run("compute", *asked).out
    monkeypatch.setattr(importlib.import_module("gapcalc.present.as_table"), "PIPE_WIDTH", 75)
    text = " ".join(run("compute", *asked).out.split())
    first = text[: text.index("Beside ")]
    assert ("National" in first, "Interval" in first) == (False, True)
    assert text.count("Their") >= 4
