"""A release of verdicts looks up the counts of every number, and refuses what was not cleared."""

from typing import Any

import pandas as pd
import pytest

from gapcalc.check import Judge, Ledger, check, rolled_up
from gapcalc.check_targets import _protection
from gapcalc.model import KEY, Cleared
from gapcalc.present import present_verdicts
from gapcalc.release import NotCleared
from gapcalc.strategy.model import Strategy
from gapcalc.verdicts import VerdictRelease, Verdicts
from tests.judging import KENT, book, counts

CSI = "ks2 csi"
ROWS = {
    (KENT, "fsm", "2012/13"): (40, 100),
    (KENT, "fsm", "2013/14"): (41, 100),
    (KENT, "fsm", "2014/15"): (48, 100),
    (KENT, "not_fsm", "2014/15"): (72, 100),
}
TARGETS = [
    {"kind": "raise_by", "by": "10 ppt"},
    {"kind": "at_most", "figure": "gap", "bound": "30 ppt"},
    {"kind": "raise_by", "by": "10 ppt", "deadline": "2016/17", "start": "60%"},
]


def cleared(hide: tuple[str, str] | None = None) -> Cleared:
    """Cells that are shown, but for those of a group and period."""
    figures = counts(CSI, ROWS).values()
    cells = pd.DataFrame([cell[1:] for one in figures for cell in one.cells], columns=KEY)
    hidden = (cells["group"] + cells["period"] == "".join(hide or ())).to_numpy()
    return Cleared(cells, cells.assign(shows_pupils=~hidden, shows_total=~hidden, small=hidden, protected=True))


def release(of: Cleared, **changed: Any) -> VerdictRelease:
    targets = [
        {"id": f"T{n}", "says": "s", "source": {}, "measures": [CSI], "groups": ["fsm"], **one}
        for n, one in enumerate(TARGETS)
    ]
    head = {"title": "T", "areas": [KENT], "baseline": "2012/13", "deadline": "2014/15"}
    strategy = Strategy.model_validate({"strategy": head, "target": targets})
    ledger = Ledger()
    found = check(strategy, Judge(book(counts(CSI, ROWS)), strategy.strategy, "2014/15", False, ledger))
    whole, stages = rolled_up(found)
    claims = [one.model_copy(update=changed) for one in found[0].claims]
    found = (found[0].model_copy(update={"claims": tuple(claims)}), *found[1:])
    verdicts = Verdicts(
        strategy="T", document="", as_of="2014/15", status="failed", exit_code=1, fail_on="missed", whole=whole,
        key_stages=stages, targets=found, changes=None, figures=ledger.used(),
        protection=_protection({"data": of}, figures=0, hidden=0), inputs=(), options={}, warnings=(),
    )  # fmt: skip
    return VerdictRelease(verdicts, {id: one for one, id in ledger.names.items()}, {"data": of})


def test_what_is_cleared_is_released() -> None:
    assert release(cleared()).verdicts.whole.missed == 1


@pytest.mark.parametrize("hide", [("fsm", "2012/13"), ("fsm", "2013/14"), ("fsm", "2014/15"), ("not_fsm", "2014/15")])
def test_every_figure_behind_a_number_has_to_be_shown(hide: tuple[str, str]) -> None:
    with pytest.raises(NotCleared):
        release(cleared(hide))


@pytest.mark.parametrize(
    "changed",
    [
        {"made_from": {}},
        {"made_from": dict.fromkeys(("actual", "required", "distance"), ("f99",))},
        {"failing_areas": ("a school",)},
        {"distance": None},
        {"decided_by": None},
    ],
)
def test_a_claim_that_does_not_say_where_its_numbers_are_from_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(NotCleared):
        release(cleared(), **changed)


def test_nothing_else_is_presented() -> None:
    with pytest.raises(TypeError):
        present_verdicts(release(cleared()).verdicts, "json")  # type: ignore[arg-type]
