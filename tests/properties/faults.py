"""Faults that are planted in engines, to see that they are found: each changes one thing that an engine does."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from gapcalc.count import cells, literals, statement
from gapcalc.count.readings import Readings
from gapcalc.count.statement import Statement


def _set(patch: pytest.MonkeyPatch | None, owner: Any, name: str, value: Any) -> None:
    if patch is None:
        setattr(owner, name, value)
    else:
        patch.setattr(owner, name, value)


def squares_are_sums(patch: pytest.MonkeyPatch | None) -> None:
    """Of scores, no squares are summed."""
    _set(patch, Statement, "scores", lambda self, place: False)


def spaces_stay(patch: pytest.MonkeyPatch | None) -> None:
    """Codes are compared with the spaces around them."""
    _set(patch, statement, "spelling_of", lambda cell: f"upper({cell})")
    _set(patch, __import__("gapcalc.count.readings", fromlist=["x"]), "spelling", str.upper)


def first_telling_alone(patch: pytest.MonkeyPatch | None) -> None:
    """A column that does not tell a group leaves nothing to the next."""
    sql = Statement.sql
    alone = partial(re.sub, r"COALESCE\((a\d+)(?:, a\d+)*, 0\)", r"COALESCE(\1, 0)")
    _set(patch, Statement, "sql", lambda self, readings: alone(sql(self, readings)))


def no_result_is_zero(patch: pytest.MonkeyPatch | None) -> None:
    """Pupils without a result count as if they had missed the standard."""
    measure = Statement._measure
    _set(patch, Statement, "_measure", lambda self, parts: f"COALESCE({measure(self, parts)}, 0)")


def unread_results_are_not_noticed(patch: pytest.MonkeyPatch | None) -> None:
    """Texts that mean nothing are not counted."""
    _set(patch, cells, "_unread_outcomes", lambda *_: {})


def places_of_one_name_are_one(patch: pytest.MonkeyPatch | None) -> None:
    """Districts and schools are not told apart by their authorities."""
    _set(patch, cells, "place", lambda authority, word: word)


def repeated_texts_lose_a_row(patch: pytest.MonkeyPatch | None) -> None:
    """Of a stretch of rows the last is lost."""
    batches = Readings.batches

    def fewer(self: Readings) -> Any:
        for batch in batches(self):
            yield batch.slice(0, batch.num_rows - 1)

    _set(patch, Readings, "batches", fewer)


def one_code_too_many(patch: pytest.MonkeyPatch | None) -> None:
    """A blank is taken for a code."""
    one_of = literals.one_of
    _set(patch, statement, "one_of", lambda text, codes: one_of(text, [*codes, ""]))


FAULTS: dict[str, Callable[[pytest.MonkeyPatch | None], None]] = {
    fault.__name__: fault
    for fault in (
        squares_are_sums, spaces_stay, first_telling_alone, no_result_is_zero, unread_results_are_not_noticed,
        places_of_one_name_are_one, repeated_texts_lose_a_row, one_code_too_many,
    )
}  # fmt: skip
IN_SQL_ALONE = {"one_code_too_many"}
IN_DUCKDB_ALONE = {"repeated_texts_lose_a_row"}
