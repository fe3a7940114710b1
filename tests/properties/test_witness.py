"""What is shown to be open step by step is open: the solver, asked for the same counts, says so too."""

import copy
from typing import Any

import pytest

from gapcalc.protect import steps, witness
from gapcalc.protect.block import Block
from gapcalc.protect.solve import System
from tests.properties.drawn import cleared_places, draw

SEEDS = range(40)


def test_counts_that_steps_show_to_be_open_are_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    step_by_step, struck, narrow = steps.step_by_step, 0, []

    def watched(block: Block, left: dict[str, Any], untold: Any, ways: Any) -> None:
        nonlocal struck
        before = copy.deepcopy(left)
        step_by_step(block, left, untold, ways)
        system = None
        for layer, where in before.items():
            for area, cell in zip(*(where & ~left[layer]).nonzero(), strict=True):
                system = system or System(block)
                lowest, highest = system.range(int(system.numbers[0][layer][area, cell]))
                struck += 1
                if highest - lowest < block.fewest[cell] - 1:
                    narrow.append((block.key, layer, block.structure.cells[cell]))

    monkeypatch.setattr(witness, "step_by_step", watched)
    for seed in SEEDS:
        cleared_places(draw(seed, 2, few=2))
    assert struck > 20
    assert narrow == []
