"""Seen: what a reader of printed results, or of cleared counts, knows of each count, and which are kept from him."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gapcalc.definitions import ALL, OTHERS, UNKNOWN, Policy, dimension_parts, focus_groups
from gapcalc.measured import proportions, signs
from gapcalc.model import COHORT, KEY, PLACES, each
from gapcalc.roles import others_than, role

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

LIMITS = [f"{layer}_{end}" for layer in ("pupils", "reached", "not_reached", "rate") for end in ("least", "most")]
# `hides_...`: a count that is hidden; `somebody`: a group that is printed, and is hidden; `assumed`: one that is not
# printed, so that there is nobody; `unsaid`: not printed either, but of a place, where it may be hidden; `secret`: a
# policy was applied, so that nothing small may follow either. What is published follows for everybody.
SAID = ["hides_pupils", "hides_reached", "somebody", "assumed", "unsaid", "secret"]
SEEN = [*KEY, *LIMITS, *SAID]
EXACTLY = 1e-9
MOST_DECIMALS = 6


def seen_in_counts(counts: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Cleared counts (COUNTS) in, what a reader knows of them (SEEN) out.

    The groups that a dimension has and the counts have not are taken to be of nobody, but not those of districts and
    schools, which have no row of a group of few either.
    """
    import numpy as np
    import pandas as pd

    hidden = counts["symbol"] == "hidden"
    table = counts[KEY].assign(pupils=counts["pupils"], total=counts["total"], value=np.nan, hidden=hidden)
    lacking = _lacking(table)
    below = lacking["level"].isin(PLACES)
    every = (table, lacking[~below].assign(assumed=True), lacking[below].assign(unsaid=True, pupils=None, total=None))
    table = pd.concat([one.astype({"pupils": "Float64", "total": "Float64"}) for one in every], ignore_index=True)
    return _limits(table, policy)


def alone(seen: pd.DataFrame, *, everybody: bool) -> pd.DataFrame:
    """What is seen (SEEN) of counts in; what of it a run prints that is made of the first level alone, out.

    All pupils instead of the reference groups where groups are set against `everybody`, and nothing where nobody is in
    the groups of a dimension. A run against all others says no more than one against everybody: others are all less the
    group, and printed only where both are.
    """
    import pandas as pd

    cells = seen[["dimension", "group"]].drop_duplicates()
    focus = cells[[role(*one) == "focus" for one in cells.itertuples(index=False)]]
    there = seen[~seen["assumed"]].merge(focus, on=["dimension", "group"])[[*COHORT, "dimension"]].drop_duplicates()
    if everybody:
        there = pd.concat([there, there.assign(dimension=ALL).drop_duplicates()])
        cells = cells[[role(*one) != "reference" for one in cells.itertuples(index=False)]]
    first = seen[seen["level"] == seen["level"].iloc[0]].merge(cells, on=["dimension", "group"])
    found: pd.DataFrame = first.merge(there, on=[*COHORT, "dimension"])
    return found


def seen_in_gaps(
    gaps: pd.DataFrame, policy: Policy, places: pd.DataFrame | None = None, names: Sequence[str] = ()
) -> pd.DataFrame:
    """Printed gaps (the JSON output's, as a table) in, what a reader knows (SEEN) out.

    The groups that a dimension has and the output has not are taken to be of nobody, but not those of districts and
    schools. `places` (area_code and level) are some of which nothing is printed, `names` the dimensions asked for.
    """
    import numpy as np
    import pandas as pd

    gaps = gaps.assign(term=gaps["term"].fillna(""))
    gap = gaps["gap"].astype(float).to_numpy() * signs(gaps)
    values = {side: gaps[f"{side}_value"].astype(float).to_numpy() for side in ("focus", "reference")}
    # A gap beside one of its rates gives the other.
    values = {
        "focus": np.where(np.isnan(values["focus"]), values["reference"] - gap, values["focus"]),
        "reference": np.where(np.isnan(values["reference"]), values["focus"] + gap, values["reference"]),
    }
    own = gaps["protected"].to_numpy(dtype=bool)
    tables = []
    for side in ("focus", "reference"):
        # Others and the group are all: a reader who has the two has all pupils.
        others = (gaps[side] == OTHERS).to_numpy()
        group = gaps[side].where(~others, [others_than(focus) for focus in gaps["focus"]])
        table = gaps[COHORT].assign(
            dimension=gaps["dimension"].where(group != ALL, ALL), group=group,
            pupils=gaps[f"{side}_pupils"], total=gaps[f"{side}_total"], value=values[side],
            hidden=own & (gaps[f"{side}_symbol"] == "hidden"), printed=~own,
        )  # fmt: skip
        tables.append(table)
    unknown = gaps[[*COHORT, "dimension"]].assign(
        group=UNKNOWN, pupils=gaps["unknown_pupils"], total=np.nan, value=np.nan, printed=~own
    )
    tables.append(unknown)
    told = gaps[own].rename(columns={"focus": "group"})
    below = told.loc[told["level"].isin(PLACES), [*COHORT, "dimension"]]
    where = below[["area_code", "level"]]
    where = (where if places is None else pd.concat([where, places])).drop_duplicates()
    when = below.drop(columns=["area_code", "dimension"]).drop_duplicates().merge(where, on="level")
    # What is printed, or asked for, of one place is counted of all.
    asked = pd.DataFrame({"dimension": list(dict.fromkeys([*below["dimension"], *names]))}, dtype=object)
    tables += _not_printed(told, when.merge(asked, how="cross"))
    table = pd.concat([one.astype({"pupils": float, "total": float, "value": float}) for one in tables])
    return met(_limits(table, policy))[0]


def seen_in_missed(rows: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Printed rows of who missed a standard (the JSON output's, as a table) in, what a reader knows (SEEN) out.

    Where it is printed how many of the unknown missed it, all is printed that this is worked out from.
    """
    import numpy as np
    import pandas as pd

    rows = rows.assign(term=rows["term"].fillna(""))
    own, kind = rows["protected"].to_numpy(dtype=bool), rows["kind"]
    # Others are never shown. What is not a combination is named by its kind.
    roles = [role(*one) for one in each(rows, "dimension", "group")]
    told = (kind == ALL) | np.isin(roles, ["focus", "reference"])
    less = signs(rows) < 0
    pupils, missed, share = (rows[name].astype(float).to_numpy() for name in ("pupils", "missed", "share"))
    table = rows[COHORT].assign(
        dimension=rows["dimension"].where(kind != ALL, ALL), group=rows["group"], pupils=pupils,
        total=np.where(less, missed, pupils - missed), value=np.where(less, share, 100 - share),
        hidden=own & (rows["symbol"] == "hidden"), printed=~own,
    )  # fmt: skip
    unknown = table[kind == UNKNOWN].assign(total=np.nan, value=np.nan, hidden=False)
    # Of a place without a combination there is a row of all pupils.
    every = rows.loc[own, [*COHORT, "dimension"]].drop_duplicates()
    tables = [table[told], unknown, *_not_printed(table[told & own & (kind != ALL)], every)]
    found = pd.concat([one.astype({"pupils": float, "total": float, "value": float}) for one in tables])
    return met(_limits(found, policy))[0]


def _not_printed(there: pd.DataFrame, every: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The focus groups that are not printed: of nobody, and those of places, of which that is not said.

    `there` (KEY) is printed; `every` (COHORT and dimension) may be hidden.
    """
    import pandas as pd

    below = there["level"].isin(PLACES)
    both = pd.concat([there[below], every[every["level"].isin(PLACES)]])
    unsaid = _lacking(both).assign(hidden=True, unsaid=True, pupils=None, total=None)
    return _lacking(there[~below]).assign(assumed=True), unsaid


def _lacking(there: pd.DataFrame) -> pd.DataFrame:
    """The focus groups that are not there where others of their dimension are, as nobody; `there` has KEY."""
    import numpy as np
    import pandas as pd

    every = there[[*COHORT, "dimension"]].drop_duplicates()
    every = every[every["dimension"] != ALL]
    groups = [
        (name, group) for name in every["dimension"].unique() for group in focus_groups(dimension_parts(str(name)))
    ]
    wanted = every.merge(pd.DataFrame(groups, columns=["dimension", "group"], dtype=object), on="dimension")
    lacking = wanted.merge(there[KEY].drop_duplicates(), how="left", on=KEY, indicator=True)
    lacking = lacking[lacking["_merge"] == "left_only"].drop(columns="_merge")
    return lacking.assign(pupils=0, total=0, value=np.nan)


def _limits(table: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """What a table of KEY, pupils, total and value lets be known; what it does not say of a row is not so."""
    import numpy as np

    table = table.reindex(columns=[*KEY, "pupils", "total", "value", "hidden", "printed", "assumed", "unsaid"])
    said = table[["hidden", "printed", "assumed", "unsaid"]].astype("boolean").fillna(False).astype(bool)
    proportion = proportions(table)
    pupils = table["pupils"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    total = table["total"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    reached = np.where(proportion, total, np.nan)
    # Rounded or not, who did not reach the standard is the rest; only where nothing is rounded is that exact.
    to = policy.rounding
    ends = {"pupils": _ends(pupils, to), "reached": _ends(reached, to)}
    both = reached if to == 1 else np.full(len(table), np.nan)
    ends["not_reached"] = _ends(pupils - both, 1)
    rate = np.where(proportion & np.isnan(reached), table["value"].astype(float).to_numpy() / 100, np.nan)
    # gapcalc prints its own rates unrounded.
    half = np.where(said["printed"].to_numpy(), _half_units(rate), EXACTLY)
    ends["rate"] = rate - half, rate + half
    found = table[KEY].astype(object).where(table[KEY].notna(), "")
    for name, (least, most) in ends.items():
        found[f"{name}_least"], found[f"{name}_most"] = least, most
    hidden = said["hidden"].to_numpy()
    found["hides_pupils"] = hidden & np.isnan(pupils)
    found["hides_reached"] = hidden & np.isnan(reached) & proportion
    # A row that is printed of a group is of somebody: nobody is a figure, and shown.
    found["somebody"] = hidden & np.isnan(pupils) & _printed_groups(table)
    found["assumed"], found["unsaid"] = said["assumed"].to_numpy(), said["unsaid"].to_numpy()
    found["secret"] = ~said["printed"].to_numpy()
    return found[SEEN]


def _printed_groups(table: pd.DataFrame) -> Array:
    """Which rows are of a focus group whose row says that it is of somebody: places have none where it is hidden."""
    import numpy as np

    cells = each(table, "dimension", "group")
    focus = {cell for cell in dict.fromkeys(cells) if role(*cell) == "focus"}
    return np.array([cell in focus for cell in cells], dtype=bool) & ~table["level"].isin(PLACES).to_numpy()


def _ends(counts: Array, to: int) -> tuple[Array, Array]:
    """The least and most that a count rounded half up to a multiple can have been."""
    import numpy as np

    if to == 1:
        return counts, counts
    return np.maximum(0, counts - to // 2), counts + (to - 1) // 2


def _half_units(rates: Array) -> Array:
    """Half of the last printed place of each rate (0 to 1), as far as its digits tell."""
    import numpy as np

    half = np.full(len(rates), EXACTLY)
    for places in range(MOST_DECIMALS, -1, -1):
        with np.errstate(invalid="ignore"):
            short = np.abs(rates * 100 - np.round(rates * 100, places)) < 1e-9
        half[short] = 0.5 * 10.0**-places / 100
    return half


def met(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """What is seen (SEEN), of some counts several times, in; each once, and how often they contradict each other, out.

    What is said goes before what is not printed, and the narrower of two ends is taken; where they exclude each other
    the first are.
    """
    rows = rows[~rows["assumed"] | rows.groupby(KEY, sort=False)["assumed"].transform("all")]
    together = rows.groupby(KEY, as_index=False, sort=False)
    found, different = together.first(), 0
    for name in ("pupils", "reached", "not_reached", "rate"):
        least, most = together[f"{name}_least"].max()[f"{name}_least"], together[f"{name}_most"].min()[f"{name}_most"]
        apart = (least > most).to_numpy()
        different += int(apart.sum())
        found[f"{name}_least"] = found[f"{name}_least"].where(apart, least)
        found[f"{name}_most"] = found[f"{name}_most"].where(apart, most)
    for name in ("hides_pupils", "hides_reached", "somebody", "secret"):
        found[name] = together[name].any()[name]
    found["unsaid"] = together["unsaid"].all()["unsaid"]
    return found[SEEN], different


def merged_seen(own: pd.DataFrame, others: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, int]:
    """What is seen in one run and in others as one table, and how many counts of them contradict each other."""
    import pandas as pd

    theirs = [table.assign(hides_pupils=False, hides_reached=False) for table in others]
    return met(pd.concat([own, *theirs], ignore_index=True))


def secret_empty(seen: pd.DataFrame, parents: Mapping[str, str]) -> Array:
    """Which groups of places have no row, or hidden peers, though somebody is in them in the authority, as far as is
    seen. There it is a secret that nobody is.
    """
    import numpy as np

    cells = each(seen, "dimension", "group")
    peers = {cell for cell in dict.fromkeys(cells) if role(*cell) == "reference"}
    below = seen["level"].isin(PLACES) & seen["hides_pupils"] & np.array([cell in peers for cell in cells], dtype=bool)
    hidden: Array = (seen["unsaid"] | below).to_numpy(dtype=bool)
    if not hidden.any():
        return hidden
    above = [parents.get(code, code) if level in PLACES else code for code, level in each(seen, "area_code", "level")]
    keys = list(zip(above, each(seen, *(name for name in KEY if name not in ("area_code", "level"))), strict=True))
    nobody = seen["assumed"].to_numpy(dtype=bool) | (seen["pupils_most"] == 0).to_numpy()
    somebody = {key for key, there in zip(keys, ~hidden & ~nobody, strict=True) if there}
    found: Array = hidden & np.array([key in somebody for key in keys], dtype=bool)
    return found
