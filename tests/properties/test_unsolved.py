"""Where the solver comes to no end, no count is taken to be safe for want of an answer."""

import sys

import pytest

from gapcalc.attack import attack
from gapcalc.attack.program import Batch
from gapcalc.attack.seen import seen_in_counts
from gapcalc.solver import Answer
from tests.properties.drawn import cleared_places, draw

SEEDS = range(30)


def test_a_count_of_which_nothing_is_solved_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for seed in SEEDS:
        drawn = draw(seed, few=2)
        seen.append((seen_in_counts(cleared_places(drawn).counts, drawn.policy), drawn.policy))
    solved = 0

    def nothing(self: Batch, weights: object, *, whole: bool = False) -> Answer:
        nonlocal solved
        solved += 1
        return Answer(None, -float("inf"), impossible=False)

    undecided = []
    before = [attack(one, policy, exact=0).counts["verdict"].eq("undecided").sum() for one, policy in seen]
    monkeypatch.setattr(sys.modules["gapcalc.attack.program"].Batch, "solve", nothing)
    for one, policy in seen:
        asked, found = solved, attack(one, policy, exact=0)
        undecided.append(int(found.counts["verdict"].eq("undecided").sum()))
        assert found.contradictory == (solved > asked)
        assert (undecided[-1] > 0) == (solved > asked)
    assert solved > 5
    assert sum(before) == 0
