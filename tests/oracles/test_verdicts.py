"""The verdicts of the five strategies on the figures their documents print."""

import csv
from functools import cache
from pathlib import Path

import pytest

from gapcalc.check_targets import Job, check_targets
from gapcalc.present.verdict_words import contradictions
from gapcalc.request import Request
from gapcalc.verdicts import RollUp, Verdicts
from tests.conftest import SAMPLES

FOLDER = SAMPLES / "strategies"


def rows() -> list[dict[str, str]]:
    with (Path(__file__).parent / "strategy_verdicts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def run(name: str, data: str, as_of: str) -> Verdicts:
    request = Request(data=(str(FOLDER / data),) if data else ())
    return check_targets(Job(str(FOLDER / f"{name}.toml"), request, as_of=as_of)).verdicts


def key_stage(found: Verdicts, stage: str) -> RollUp:
    (one,) = [one for one in found.key_stages if one.key_stage == stage]
    return one


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['id']} {row['as_of']}")
def test_a_verdict_is_that_of_the_document(row: dict[str, str]) -> None:
    (target,) = [one for one in run(row["file"], row["data"], row["as_of"]).targets if one.id == row["id"]]
    claim = target.claims[target.decided_by]
    assert target.verdict == row["verdict"]
    assert (target.rag or "") == row["rag"]
    assert (target.reason or "") == row["reason"]
    assert claim.direction == row["direction"]
    for name in ("actual", "required", "distance"):
        found = getattr(claim, name)
        if row["verdict"] != "cannot_say" or row[name]:
            assert found == pytest.approx(float(row[name]), abs=1e-6)


def test_the_eleven_rows_of_the_scorecard_are_all_there() -> None:
    assert [row["id"] for row in rows() if row["file"].startswith("caerphilly")] == [f"CAE-{n}" for n in range(1, 12)]


def test_a_document_that_contradicts_itself_is_named() -> None:
    said = contradictions(run("caerphilly-2017-18", "", "2016/17"))
    assert said == [
        "CAE-11: the document has 2.10% as the figure of 2015/16 (its comment), the data have 2.6%",
        "CAE-11: the document says worse (its comment), the figures of 2016/17 say better",
    ]


def test_a_prediction_is_marked_and_no_result() -> None:
    found = run("cheshire-east", "", "2013/14")
    predicted = {one.id for one in found.targets if one.predicted}
    assert predicted == {"CHE-1.predicted"}


def test_the_summary_of_the_board() -> None:
    """HWB-1, as far as figures are printed: key stage 2 neither achieved nor on track; of key stage 4 nothing can be
    said across the break, where the document says it is on track."""
    found = run("cambridgeshire-2014-16", "cambridgeshire-printed.csv", "2013/14")
    ks2 = key_stage(found, "ks2")
    assert (ks2.verdict, ks2.met, ks2.on_track) == ("missed", 0, 0)
    assert key_stage(found, "ks4").verdict == "cannot_say"
