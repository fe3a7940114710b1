"""Levels: which counts are of the areas that are asked for, and which of the areas above them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gapcalc.errors import listing
from gapcalc.gathered import Gathered, added
from gapcalc.model import KEY, LEVELS, check_values, each
from gapcalc.request import Request

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

WHERE = ("area_code", "period", "key_stage")


def apart(
    own: pd.DataFrame, margins: pd.DataFrame | None, found: Gathered, by: str | None
) -> tuple[pd.DataFrame, pd.DataFrame | None, set[tuple[str, ...]]]:
    """Own counts, those above them and the level asked for in; what is asked for, what is above it, and of which areas
    and years (WHERE) that is printed along, since they have no parts there, out.

    Areas with parts, and all that are as wide or wider, are above: sums over them are known. They are asked for by
    their level alone, and are the same then: what is hidden of them does not hang on which of their parts there are.
    Raises SameCellTwice.
    """
    import numpy as np

    order = np.array([LEVELS.index(level) for level in own["level"].tolist()], dtype=int)
    divided = own["area_code"].isin(set(found.within.values())).to_numpy(dtype=bool)
    narrowest = [*order[divided], *([] if margins is None else [LEVELS.index("la")])]
    above = order <= max(narrowest, default=-1)
    asked = (own["level"] == by).to_numpy(dtype=bool)
    if (above & asked).any() or (above.all() and margins is None):
        found.keep(above.tolist())
        return own[above].reset_index(drop=True), margins, set()
    if not above.any():
        return own, margins, set()
    _given_once(own, above, margins, found, by)
    wide = added([own[above]])
    parts = each(own[~above], *WHERE) + each(wide, *WHERE)
    lie_in = {(found.within.get(code), *when) for code, *when in parts}
    over = wide if margins is None else added([wide, margins])
    found.keep((~above).tolist())
    return own[~above].reset_index(drop=True), over, set(each(wide, *WHERE)) - lie_in


def _given_once(own: pd.DataFrame, above: Array, margins: pd.DataFrame | None, found: Gathered, by: str | None) -> None:
    """Raise SameCellTwice for areas above that are in several files, unless each was counted in other parts of them.

    Those are of one level: the districts and the schools of an authority are the same pupils.
    """
    import numpy as np
    import pandas as pd

    files = np.array(found.files["own"], dtype=object)
    lie_in = [found.within.get(code) for code in own["area_code"].tolist()]
    places = zip(files, lie_in, own["level"].tolist(), strict=True)
    divided = {(file, code): level for file, code, level in places if file in found.complete}
    wide = own.loc[above, KEY].assign(file=files[above])
    wide["parts"] = [divided.get(one, "") for one in each(wide, "file", "area_code")]
    if margins is not None:
        counted = margins[KEY].assign(file=listing(found.files["margins"]), parts=by)
        wide = pd.concat([wide, counted], ignore_index=True)
    once = ((wide["parts"] == "") | ~wide.duplicated([*KEY, "parts"])).to_numpy()
    check_values(wide[once], wide["file"][once].tolist())


def along_with(
    margins: pd.DataFrame, aside: set[tuple[str, ...]], request: Request, values: pd.DataFrame
) -> pd.Series[bool]:
    """Which counts of the areas above are printed: of a level that is set beside their parts, and of areas without.

    Not those that are among the values already.
    """
    import pandas as pd

    there = set(each(values, *WHERE))
    keys = zip(each(margins, *WHERE), margins["level"].tolist(), strict=True)
    wanted = [(key in aside or level in request.compare) and key not in there for key, level in keys]
    return pd.Series(wanted, index=margins.index, dtype=bool)
