"""What is known from elsewhere: from another measure, term or status of the same pupils, and from published parts."""

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from gapcalc.attack.equations import Equations
from gapcalc.definitions import ALL
from gapcalc.definitions.parents import parents_of
from gapcalc.model import KEY
from gapcalc.pool import rolled_up
from gapcalc.protect import protect
from gapcalc.protect.block import Block
from tests.properties.drawn import Drawn, attack_on, draw
from tests.properties.test_regions import ALL_OF_THEM, authorities_of

World = tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame | None]  # own counts, those that are known, published
Drawing = Callable[[Drawn], World | None]


def split(drawn: Drawn) -> World | None:
    """One dimension in one measure or term, and the next in the other."""
    counts = drawn.counts if drawn.margins is None else drawn.margins
    names = [name for name in counts["dimension"].unique() if name != ALL]
    cohorts = counts[["measure", "term"]].drop_duplicates().to_numpy().tolist()
    if len(names) < 2 or len(cohorts) < 2:
        return None
    rows = [
        (one == ALL) | ((one == names[0]) == ([measure, term] == cohorts[0]))
        for one, measure, term in zip(counts["dimension"], counts["measure"], counts["term"], strict=True)
    ]
    return counts[rows].reset_index(drop=True), None, None


def another_status(drawn: Drawn) -> World:
    """Authorities, and the region of another status that they come to."""
    counts = authorities_of(drawn, ALL_OF_THEM)
    return counts, rolled_up(counts, [True] * len(counts)).counts.assign(status="provisional"), None


def published_parts(drawn: Drawn) -> World:
    """Authorities, of which every other is published, and the region of one's own that they come to."""
    counts = authorities_of(drawn, ALL_OF_THEM)
    region = rolled_up(counts, [True] * len(counts)).counts
    public = counts["area_code"].isin(sorted(counts["area_code"].unique())[::2])
    known = counts[public].reset_index(drop=True)
    return pd.concat([region, counts[~public]], ignore_index=True), known, known


def given_away(world: Drawing, seed: int, *, fault: bool = False) -> int:
    """How many of one's own hidden counts a reader works out, beside what is known; of a `fault`, with that planted."""
    drawn = draw(seed, 4)
    if (drawing := world(drawn)) is None:
        return 0
    own, known, published = drawing
    whole = own if known is None else pd.concat([own, known], ignore_index=True)
    parents = parents_of(whole["area_code"].tolist(), whole["level"].tolist())
    with pytest.MonkeyPatch.context() as planted:
        if fault:
            as_before(planted, world)
        shown = [protect(own, drawn.policy, known, parents, published).counts]
    if known is not None:
        shown.append(known if published is not None else protect(known, drawn.policy).counts)
    found = attack_on(pd.concat(shown, ignore_index=True), drawn.policy).counts
    truth = own.set_index(KEY)[["pupils", "total"]].astype(int).to_dict("index")
    right = 0
    for row in found[found["verdict"] != "passes"].to_dict("records"):
        if (where := (row["area_code"], row["measure"], row["term"])) in drawn.heaps:
            pupils, reached = drawn.count(*where, row["dimension"], row["group"])  # also of what has no row
        elif (one := truth.get(tuple(row[name] for name in KEY))) is not None:
            pupils, reached = one["pupils"], one["total"]
        else:
            continue
        value = {"pupils": pupils, "reached": reached, "not_reached": pupils - reached}[row["count"]]
        right += row["lowest"] <= value and (pd.isna(row["highest"]) or value <= row["highest"])
    return right


def as_before(monkeypatch: pytest.MonkeyPatch, world: Drawing) -> None:
    """Make protection blind to what a drawing is there for."""
    if world is split:
        monkeypatch.setattr(Equations, "_same_pupils", lambda self: np.arange(len(self.tables)))
    elif world is published_parts:
        monkeypatch.setattr(Block, "hide_above", lambda *_: False)
    else:
        # The package's attribute of this name is a function.
        blocks = sys.modules["gapcalc.protect.blocks"]
        found = blocks._above_it
        monkeypatch.setattr(
            blocks, "_above_it", lambda block, every: (one for one in found(block, every) if one.key[2] == block.key[2])
        )


@pytest.mark.parametrize("world", [split, another_status, published_parts])
def test_nothing_is_worked_out(world: Drawing) -> None:
    seeds = range(60 if world is split else 12)
    assert not {seed: found for seed in seeds if (found := given_away(world, seed))}
    assert any(given_away(world, seed, fault=True) for seed in seeds), "nothing there to be found"
