"""Categories and texts say the same, wherever a table is put together."""

import numpy as np
import pandas as pd

from gapcalc.model import CELL
from gapcalc.texts import few, numbered, plain, renamed, stacked

ROW = dict.fromkeys(CELL, "x")


def _table(*groups: str | None) -> pd.DataFrame:
    rows: list[dict[str, str | int | None]] = [{**ROW, "group": group, "pupils": n} for n, group in enumerate(groups)]
    return pd.DataFrame(rows).astype(dict.fromkeys(CELL, "str"))


def test_texts_come_back_as_they_were() -> None:
    table = _table("b", "a", None, "b")
    assert few(table)["group"].cat.categories.tolist() == ["a", "b"]
    pd.testing.assert_frame_equal(plain(few(table)), table)


def test_tables_with_different_words_are_stacked_in_their_order() -> None:
    one, other = _table("b", None), _table("a", "c", "b")
    whole = stacked([few(one), other])
    assert whole["group"].cat.categories.tolist() == ["a", "b", "c"]
    pd.testing.assert_frame_equal(plain(whole), pd.concat([one, other], ignore_index=True))
    pd.testing.assert_frame_equal(plain(stacked([one[1:]])), one[1:].reset_index(drop=True))


def test_two_numbers_may_be_of_one_word_and_some_of_none() -> None:
    found = numbered(np.array([0, 1, 2, 3, -1]), ["b", "a", "b", None])
    assert found.categories.tolist() == ["a", "b"]
    assert [word if isinstance(word, str) else None for word in found] == ["b", "a", "b", None, None]
    again = renamed(pd.Series(found), {"a": "z"}.get)
    assert [word if isinstance(word, str) else None for word in again] == [None, "z", None, None, None]
