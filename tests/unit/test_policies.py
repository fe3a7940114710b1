"""Disclosure policies: those that gapcalc brings, and a user's own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gapcalc.definitions import policies, policy_schema
from gapcalc.errors import UnknownName, WrongPolicy
from gapcalc.pipeline import compute
from gapcalc.request import Request

Write = Callable[..., Path]
LINES = """period,area,key_stage,measure,group,pupils,total
2012/13,873,KS2,rwm_l4,fsm,103,{reached}
2012/13,873,KS2,rwm_l4,not_fsm,5230,3932
"""


def gap(write: Write, reached: int, policy: str) -> dict[str, Any]:
    path = write(LINES.format(reached=reached))
    (row,) = compute(Request(data=(str(path),), policy=policy)).gaps.to_dict("records")
    return {str(name): value for name, value in row.items()}


@pytest.mark.parametrize(
    ("policy", "hidden", "shown"), [("strict", (1, 9, 94, 102), (0, 10, 93, 103)), ("dfe", (1, 2, 101), (3, 100)),
                                    ("opensafely", (7, 96), (8, 95))]
)  # fmt: skip
def test_what_a_policy_hides(write: Write, policy: str, hidden: tuple[int, ...], shown: tuple[int, ...]) -> None:
    assert {gap(write, reached, policy)["symbol"] for reached in hidden} == {"hidden"}
    assert {gap(write, reached, policy)["symbol"] for reached in shown} == {None}


def test_what_is_shown_is_rounded(write: Write) -> None:
    row = gap(write, 48, "opensafely")
    assert (row["focus_pupils"], row["focus_total"], row["reference_pupils"]) == (105, 50, 5230)
    assert row["focus_value"] == pytest.approx(50 / 105)
    assert row["basis"] == "reconstructed"


def test_dfe_hides_more_of_looked_after_children() -> None:
    dfe = policies()["dfe"]
    assert (dfe.largest_in(("fsm",)), dfe.largest_in(("fsm", "lac"))) == (2, 5)


def test_a_policy_of_ones_own(write: Write) -> None:
    mine = write("largest = 20\nsmallest = 0\n", "mine.toml")
    assert gap(write, 20, str(mine))["symbol"] == "hidden"
    assert gap(write, 0, str(mine))["symbol"] == "hidden"
    made = compute(Request(data=(str(write(LINES.format(reached=30))),), policy=str(mine)))
    assert made.protection.policy == "mine"
    assert made.protection.sha256 not in {one.sha256 for one in policies().values()}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("largest = ", "is not TOML"),
        ("smallest = 1", "largest: is missing"),
        ("largest = 9\nthreshold = 3", "threshold: means nothing here"),
        ("largest = 9\nsmallest = 10", "smallest is above largest"),
        ("largest = 9\nsensitive = { lack = 3 }", "sensitive: there is no 'lack'"),
    ],
)
def test_what_a_policy_may_not_say(write: Write, text: str, where: str) -> None:
    with pytest.raises(WrongPolicy) as wrong:
        gap(write, 50, str(write(text, "mine.toml")))
    assert where in wrong.value.message


def test_a_policy_there_is_not(write: Write) -> None:
    with pytest.raises(UnknownName, match="there is no disclosure policy 'lax'"):
        gap(write, 50, "lax")


def test_the_schema_says_what_a_file_may_hold() -> None:
    schema = policy_schema()
    jsonschema.validate({"largest": 9}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"threshold": 9}, schema)
    assert json.dumps(schema)
