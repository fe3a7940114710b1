"""Texts: tables in; the same with few texts in many rows as numbers of them (categories), or as plain texts, out.

A nation by school has ten million counts, and some hundred texts but for its schools. Between counting and the file of
counts these are categories; every step from protection on sees texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gapcalc.model import CELL

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FEW = (*CELL, "area_name", "basis")


def few(table: pd.DataFrame) -> pd.DataFrame:
    """Counts in; the same with categories, in the order of the alphabet, out."""
    import pandas as pd

    texts = [name for name in FEW if name in table and not isinstance(table[name].dtype, pd.CategoricalDtype)]
    return table.assign(**{name: pd.Categorical(table[name].astype("str")) for name in texts})


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """Counts in; the same with texts out."""
    import pandas as pd

    return table.astype({name: "str" for name in table if isinstance(table[name].dtype, pd.CategoricalDtype)})


def numbered(numbers: np.ndarray, words: Sequence[str | None]) -> pd.Categorical:
    """Numbers of words, of which one may be there twice or be none, in (-1 for none, too); categories out."""
    import numpy as np
    import pandas as pd

    every = sorted({word for word in words if word is not None})
    place: dict[str | None, int] = {word: i for i, word in enumerate(every)}
    codes = np.array([*(place.get(word, -1) for word in words), -1], dtype=np.int32)  # the last one is found by -1
    return pd.Categorical.from_codes(codes[numbers], pd.Index(every, dtype="str"))


def renamed(texts: pd.Series, word: Callable[[str], str | None]) -> pd.Categorical:
    """Categories in; others for them out."""
    return numbered(texts.cat.codes.to_numpy(), [word(text) for text in texts.cat.categories])


def stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables of the same columns, one at least, in; one table with categories out."""
    import numpy as np
    import pandas as pd

    if len(tables) == 1:
        return few(tables[0]).reset_index(drop=True)
    some = [few(table) for table in tables]
    texts = [name for name in FEW if name in some[0]]
    made = pd.concat([table.drop(columns=texts) for table in some], ignore_index=True)
    for name in texts:
        columns = [table[name].cat for table in some]
        words = [word for of in columns for word in of.categories]
        start, numbers = 0, []
        for of in columns:
            codes = of.codes.to_numpy().astype(np.int32)
            numbers.append(np.where(codes < 0, -1, codes + start))
            start += len(of.categories)
        made[name] = numbered(np.concatenate(numbers), words)
    return made[[*some[0].columns]]
