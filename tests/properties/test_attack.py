"""Protection against the attacker of `gapcalc audit`: nothing is given away, and every part of it is needed for that.

`GAPCALC_TABLES=10000 pytest tests/properties/test_attack.py` draws that many tables.
"""

import importlib
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from gapcalc.definitions import policies
from gapcalc.kinds import AND
from gapcalc.model import COUNTS
from gapcalc.protect import protect
from gapcalc.protect.block import Block
from gapcalc.roles import LESS
from gapcalc.structure import Structure, structure
from tests.properties.drawn import attack_on, draw, found_out

TABLES = int(os.environ.get("GAPCALC_TABLES", "100"))
START = int(os.environ.get("GAPCALC_START", "0"))
ALONE = 4  # one table in so many is drawn by itself, the others ten at a time


def test_no_hidden_count_is_worked_out() -> None:
    tables = recovered = 0
    seed = START
    told = []
    while tables < TABLES:
        drawn = draw(seed, 10 if seed % ALONE else 1, few=4)
        found = found_out(drawn)
        tables, seed = tables + drawn.tables, seed + 1
        if len(found):
            recovered += found["area_code"].str.split("/").str[0].nunique()
            told.append(f"draw({seed - 1}): {len(found)} counts")
    assert not recovered, f"{recovered} of {tables:,} tables give something away: {'; '.join(told[:9])}"


@pytest.mark.parametrize("seed", [5137, 5169, 20167, 1100949])
def test_what_once_gave_itself_away(seed: int) -> None:
    """Counts that follow from what was asked for; those of the same pupils in a term; a few others, if of unknown group
    alone.
    """
    assert found_out(draw(seed, 10 if seed % ALONE else 1, few=4)).empty


def _nothing(*_: Any, **__: Any) -> bool:
    return False


def _no_sums(kept: Callable[[tuple[str, str], tuple[tuple[str, str], ...]], bool]) -> Callable[..., Structure]:
    """The structure with some of its sums forgotten."""

    def made(names: Any) -> Structure:
        built = structure(names)
        sums = [
            one for one in built.sums if kept(built.cells[one.whole], tuple(built.cells[part] for part in one.parts))
        ]
        return replace(built, sums=tuple(sums))

    return made


def _pupils_only(self: Block, where: Any, *, pupils: bool) -> None:
    """Hide how many pupils there are, and still say how many reached the standard."""
    where = where & (self.row != -1)
    self.no_pupils |= where & pupils
    self.guard_pupils |= where & self.guardable & pupils


ROOM, WIDEN, SECONDARY, BLOCK, BLOCKS = (
    f"gapcalc.protect{name}" for name in ("", ".widen", ".secondary", ".block", ".blocks")
)
# The solver, and the attacker at the door, would mend what the faster passes leave open.
UNSOLVED: tuple[str, str, Any] = (SECONDARY, "_narrow", lambda _: [])
UNATTACKED: tuple[str, str, Any] = (ROOM, "_attacked", _nothing)


def _forget(kept: Callable[[tuple[str, str], tuple[tuple[str, str], ...]], bool]) -> tuple[str, str, Any]:
    return BLOCKS, "structure", _no_sums(kept)


FAULTS: dict[str, tuple[tuple[str, str, Any], ...]] = {
    "primary only": ((ROOM, "secondary", _nothing),),
    "no sums within areas": ((WIDEN, "_within_areas", _nothing), UNSOLVED),
    "no sums across areas": ((WIDEN, "_across_areas", _nothing), UNSOLVED),
    "nothing alike": ((WIDEN, "_alike", _nothing),),
    "no proof by the solver": (UNSOLVED,),
    "not attacked": (),
    "areas above not settled": ((BLOCKS + ".Blocks", "settle", _nothing),),
    "no groups within wider ones": (_forget(lambda whole, parts: LESS not in parts[-1][0]),),
    "no pools": (_forget(lambda whole, parts: whole[0] != "sen" or " x " in parts[0][0]),),
    "nothing of what one code list tells": (_forget(lambda whole, parts: AND not in "".join(one for one, _ in parts)),),
    "no margins of intersections": (_forget(lambda whole, parts: whole[0] == "all" or " x " not in parts[0][0]),),
    "pupils hidden, results not": ((BLOCK + ".Block", "hide", _pupils_only),),
}
# Most draws have nothing that a fault bears on.
BEARS_ON: dict[str, Callable[[pd.DataFrame], bool]] = {
    "nothing alike": lambda counts: len(counts[["measure", "term"]].drop_duplicates()) > 1,
    "no pools": lambda counts: "sen_provision" in set(counts["dimension"]),
    "nothing of what one code list tells": lambda counts: "ethnicity" in set(counts["dimension"]),
    "no margins of intersections": lambda counts: "fsm x sen" in set(counts["dimension"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_without_a_part_of_it_something_is_worked_out(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for where, name, instead in (*FAULTS[fault], UNATTACKED):
        # `gapcalc.protect.secondary` is a function of that name to those who look it up as an attribute.
        room, _, kind = where.partition(".Block")
        there: Any = importlib.import_module(room)
        monkeypatch.setattr(getattr(there, f"Block{kind}") if where != room else there, name, instead)
    drawn = (
        one for one in (draw(seed, 4) for seed in range(400)) if fault not in BEARS_ON or BEARS_ON[fault](one.counts)
    )
    assert any(len(found_out(one)) for one in drawn), f"{fault}: the attacker finds nothing"


def test_a_hidden_count_put_back_is_found() -> None:
    """By hand: four of 60 FSM pupils did not reach the standard, which those who are not known would tell."""
    rows = [
        ("all", "all", 160, 100), ("fsm", "fsm", 60, 56), ("fsm", "not_fsm", 90, 40), ("fsm", "unknown", 10, 4),
    ]  # fmt: skip
    where = ["2013/14", "", "final", "E10000003", "la", "ks2", "reading_l4"]
    counts = pd.DataFrame(
        [[*where, *cell, "", pupils, reached, reached, "counted", None] for *cell, pupils, reached in rows],
        columns=COUNTS,
    ).astype({"pupils": "Int64", "total": "Int64", "total_sq": "Int64"})
    cleared = protect(counts, policies()["strict"]).counts
    assert cleared["total"].isna().tolist() == [False, True, False, True]
    assert (attack_on(cleared, policies()["strict"]).counts["verdict"] == "passes").all()
    doctored = cleared.assign(total=cleared["total"].where(cleared["group"] != "unknown", counts["total"]))
    found = attack_on(doctored, policies()["strict"]).counts
    found = found[found["verdict"] == "fails"]
    assert found[["group", "count", "lowest", "highest"]].to_numpy().tolist() == [["fsm", "not_reached", 4, 4]]
