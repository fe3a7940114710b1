"""Protect: counts in, the same without what could give pupils away out. The only maker of `Cleared` counts.

Everything after this step is made from what is left, so a figure made from a hidden count cannot exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gapcalc.attack import attack
from gapcalc.attack.seen import alone, seen_in_counts
from gapcalc.definitions import Policy
from gapcalc.definitions.parents import parents_of
from gapcalc.measured import proportions
from gapcalc.model import COHORT, KEY, PLACES, SUMS, Cleared
from gapcalc.protect.block import NONE
from gapcalc.protect.blocks import Blocks, blocks
from gapcalc.protect.given import with_given
from gapcalc.protect.secondary import repaired, secondary
from gapcalc.protect.untold import ANY, SIDES, told
from gapcalc.scales import SCORED

if TYPE_CHECKING:
    import pandas as pd

THOROUGH, LARGE = 5_000, 50_000  # a year of up to so many counts is attacked by all means, or by most of them
ROUNDS = 8
COHORTS = ["period", "key_stage"]  # what is of other pupils tells nothing

__all__ = ["ANY", "SIDES", "merged", "protect", "some", "told", "uncovered", "with_scores"]


def protect(
    counts: pd.DataFrame,
    policy: Policy,
    margins: pd.DataFrame | None = None,
    within: Mapping[str, str] | None = None,
    published: pd.DataFrame | None = None,
    beside: pd.DataFrame | None = None,
    rated: pd.DataFrame | None = None,
) -> Cleared:
    """Counts (COUNTS) of pupils or of an analyst's own aggregates in, what may be shown of them out.

    `margins` are counts of the areas above, which are printed elsewhere if not here and so count as known, as far as
    the policy lets them be shown; `within` says in which of these an area lies. `published` are counts that everybody
    can read: where they are those of a margin, they are known whatever the policy says. `beside` are counts that are
    printed along, and protected by themselves: of a margin that is among them so much is known. `rated` are margins
    whose rate is printed, whatever is hidden of their counts.
    """
    import pandas as pd

    # What is asked for and known as well has one row, and is hidden as it is where it is known from.
    whole = counts if margins is None else pd.concat([counts, _without(margins, counts)], ignore_index=True)
    whole = whole.reset_index(drop=True)
    parents = parents_of(whole["area_code"].tolist(), whole["level"].tolist(), within)
    told = _told(whole, len(counts), published)
    above = None
    if beside is not None and margins is not None:
        elsewhere = beside.reset_index(drop=True)
        above = _hidden(elsewhere, policy, parents, _told(elsewhere, 0, published))
    if margins is not None:
        # What is hidden of the areas above does not hang on what is asked for below them.
        margins = margins.reset_index(drop=True)
        above = _hidden(margins, policy, parents, _told(margins, 0, published), above)
        if rated is not None:
            above.know(rated)
    return _cleared(counts.reset_index(drop=True), _hidden(whole, policy, parents, told, above), policy)


def _without(margins: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """The counts of areas above without those that are among the others."""
    there = margins[KEY].merge(counts.dropna(subset=["pupils"])[KEY], how="left", on=KEY, indicator=True)["_merge"]
    return margins[(there == "left_only").to_numpy()]


def _hidden(
    whole: pd.DataFrame, policy: Policy, parents: Mapping[str, str], told: list[int], above: Blocks | None = None
) -> Blocks:
    """Counts in; their blocks, with all that must be hidden, out. `above` is settled already."""
    asked = len(whole)
    whole, told = with_given(whole, told)
    found = blocks(whole, parents, policy, told)
    if above is not None:
        found.settle(above)
    secondary(found)
    _attacked(whole, asked, found, policy, parents)
    return found


def _attacked(whole: pd.DataFrame, asked: int, found: Blocks, policy: Policy, parents: Mapping[str, str]) -> None:
    """Hide what a reader can still work out.

    `secondary` proves small counts wide, cohort by cohort. The attacker takes hidden zeros for small ones too, and all
    measures, terms and areas together. He looks at the rows that are `asked` for, which come first, and at all that is
    given: who does not see that a count is large may not find out either that it is nearly small.
    """
    import pandas as pd

    unrounded = policy.model_copy(update={"rounding": 1})
    cohorts = whole[COHORTS].drop_duplicates()
    for _ in range(ROUNDS):
        shown = _cleared(whole, found, unrounded).counts
        views = [shown] if asked == len(whole) else [shown, shown.iloc[:asked]]
        seen = [seen_in_counts(view.merge(cohorts, on=COHORTS), unrounded) for view in views]
        given = pd.concat([_given_away(one, unrounded, parents) for one in seen], ignore_index=True)
        # What makes one count of a sum wide mostly does so for the others.
        first = given.drop_duplicates([*COHORT, "dimension"]).to_dict("records")
        if not sum(repaired(found, count) or found.hide_around(count) for count in first):
            return
        cohorts = pd.DataFrame(given[COHORTS].drop_duplicates())
        secondary(found)


def _given_away(seen: pd.DataFrame, policy: Policy, parents: Mapping[str, str]) -> pd.DataFrame:
    """What the attacker finds: by all means in a year of few counts, and by as many as time allows in one of more.

    Years do not hang together: what is hidden of one does not depend on which others are asked for.
    """
    import pandas as pd

    # A run alone says less than is known: what it leaves at 0 to 2 may be known to be 0, which is no secret. Without
    # the areas above what is left also hangs together in small pieces, and is soon solved.
    views = [alone(seen, everybody=everybody) for everybody in (False, True)] if len(seen) else []
    found = []
    for period, year in seen.groupby("period", sort=False):
        size = (~year["assumed"] & ~year["unsaid"]).sum()
        found.append(attack(year, policy, parents, exact=0, bounds_only=size > THOROUGH).counts)
        for view in views:
            its = view[view["period"] == period]
            found.append(attack(its, policy, parents, exact=0, bounds_only=size > LARGE).counts)
    if not found:
        return seen.iloc[:0]
    counts = pd.concat(found, ignore_index=True)
    return counts[counts["verdict"] != "passes"]


def _told(whole: pd.DataFrame, own: int, published: pd.DataFrame | None) -> list[int]:
    """The rows of the margins (those after one's `own`) that are published, with the same pupils and total."""
    if published is None or published.empty or len(whole) == own:
        return []
    same = [*KEY, "pupils", "total"]
    margins = whole.iloc[own:][same].astype(object).assign(place=range(own, len(whole)))
    read = published.dropna(subset=["pupils"])[same].astype(object)
    return [int(place) for place in margins.merge(read, on=same)["place"]]


def uncovered(counts: pd.DataFrame) -> Cleared:
    """Counts that need no protection in, all of them cleared: published ones, values alone, or an internal run's."""
    shown = counts.reset_index(drop=True)
    # A published value without counts says all it can say; what its publisher hid is small for all we know.
    said = shown["symbol"].isna()
    cells = shown[KEY].assign(
        shows_pupils=said | shown["pupils"].notna(),
        shows_total=said | shown["total"].notna(),
        small=shown["symbol"] == "hidden",
        protected=False,
    )
    return Cleared(shown, cells)


def merged(parts: Sequence[Cleared], *, internal: bool) -> Cleared:
    """What is cleared of several tables as one; the first says by which policy."""
    import pandas as pd

    # An empty table would make objects of all texts, which take five times the memory.
    some = [one for one in parts if len(one.counts)] or parts[:1]
    counts = pd.concat([one.counts for one in some], ignore_index=True)
    cells = pd.concat([one.cells for one in some], ignore_index=True)
    return Cleared(counts, cells, parts[0].policy, internal)


def some(cleared: Cleared, which: pd.Series) -> Cleared:
    """What is cleared of some of the counts, in their order."""
    rows = which.to_numpy(dtype=bool)
    return replace(cleared, counts=cleared.counts[rows], cells=cleared.cells[rows])


def with_scores(cleared: Cleared, scores: Sequence[pd.DataFrame]) -> Cleared:
    """What is cleared, and pupils by score (KEY and SCORED), in; the same with those of cells that are shown out.

    A cell whose pupils and total are shown is not small. Under a policy that rounds there are none: an exact index is a
    fraction of pupils times pupils, and would tell the numbers that were rounded.
    """
    import pandas as pd

    if not scores:
        return cleared
    policy, shown = cleared.policy, cleared.cells[cleared.cells["shows_pupils"] & cleared.cells["shows_total"]]
    found = pd.concat(scores, ignore_index=True)
    if policy is not None and policy.rounding > 1:
        shown = shown.iloc[:0]
    return replace(cleared, scores=found.merge(shown[KEY], on=KEY)[[*KEY, *SCORED]])


def _cleared(counts: pd.DataFrame, found: Blocks, policy: Policy) -> Cleared:
    import numpy as np

    size = len(counts)
    no_pupils, no_total, small = (np.zeros(size, dtype=bool) for _ in range(3))
    for block in found.every:
        there = (block.row != NONE) & (block.row < size)
        rows = block.row[there]
        hidden = block.no_reached if block.proportion else block.no_pupils
        no_pupils[rows], no_total[rows] = block.no_pupils[there], (hidden | block.no_pupils)[there]
        small[rows] = (block.small_pupils | block.small_reached)[there]
    shown = counts.copy()
    shown[SUMS] = shown[SUMS].astype("Int64")
    shown.loc[no_pupils, "pupils"] = None
    shown.loc[no_total, ["total", "total_sq"]] = None
    symbols = shown["symbol"].astype(object)
    shown["symbol"] = symbols.where(~no_total | symbols.notna(), "hidden")
    if policy.rounding > 1:
        shown = _rounded(shown, policy.rounding)
    said = {"shows_pupils": shown["pupils"].notna(), "shows_total": shown["total"].notna()}
    # A row with a printed gap alone has no count that the policy could be applied to. Of a place a row without counts
    # says that nobody is there, where others have none.
    counted = counts["pupils"].notna() | (counts["symbol"] == "hidden") | counts["level"].isin(PLACES)
    cells = shown[KEY].assign(**said, small=small, protected=counted.to_numpy())
    return Cleared(shown, cells, policy=policy)


def _rounded(counts: pd.DataFrame, to: int) -> pd.DataFrame:
    """Counts rounded half up to a multiple; a mean keeps its value, and what is worked out from all is close only."""
    import pandas as pd

    def rounded(column: pd.Series) -> pd.Series:
        return (2 * column + to) // (2 * to) * to

    proportion = pd.Series(proportions(counts), index=counts.index, dtype=bool)
    pupils = rounded(counts["pupils"])
    for column in ("total", "total_sq"):
        scaled = (counts[column].astype("Float64") * pupils / counts["pupils"].where(counts["pupils"] > 0)).round()
        counts[column] = rounded(counts[column]).where(proportion, scaled.astype("Int64"))
    counts["pupils"] = pupils
    return counts.assign(basis=counts["basis"].where(counts["basis"] != "counted", "reconstructed"))
