"""What is hidden of a year is the same whichever other years a run has: else two runs would tell what one does not."""

import sys
from typing import Any

import pandas as pd
import pytest

from gapcalc.attack import Attacked, attack
from gapcalc.model import KEY
from gapcalc.protect import protect
from tests.properties.drawn import draw

SEEDS = range(6)


def test_a_year_is_hidden_and_attacked_as_it_is_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["gapcalc.protect"]
    attacks: list[tuple[int, bool]] = []
    rows = hidden = 0

    def watched(seen: pd.DataFrame, *rest: Any, bounds_only: bool, **more: Any) -> Attacked:
        (period,) = seen["period"].unique()
        if period not in ("2010/11", "2011/12"):
            attacks.append((len(seen), bounds_only))
        return attack(seen, *rest, bounds_only=bounds_only, **more)

    monkeypatch.setattr(module, "attack", watched)
    for seed in SEEDS:
        drawn, other = draw(seed, few=2), draw(seed).counts.assign(period="2011/12")
        # The year is attacked by all means, and would not be if the other counted as well.
        monkeypatch.setattr(module, "THOROUGH", 2 * len(drawn.counts))
        attacks.clear()
        alone = protect(drawn.counts, drawn.policy).counts
        once = attacks.copy()
        attacks.clear()
        both = protect(
            pd.concat([drawn.counts, other, other.assign(period="2010/11")], ignore_index=True), drawn.policy
        ).counts
        both = both[both["period"] == alone["period"][0]].reset_index(drop=True)
        pd.testing.assert_frame_equal(both.sort_values(KEY), alone.sort_values(KEY))
        assert attacks == once
        assert not any(quick for _, quick in once)
        rows, hidden = rows + len(alone), hidden + int(alone["total"].isna().sum())
    assert hidden > rows / 10
