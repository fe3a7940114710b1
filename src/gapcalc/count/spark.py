"""The same statement on Spark, for what outgrows one machine: cells are read by SQL too, where the rows are."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from gapcalc.count.cells import asked_of, tally
from gapcalc.errors import UsageError
from gapcalc.model import Pupils
from gapcalc.tally import Ask, Tally

if TYPE_CHECKING:
    from gapcalc.rows import Warehouse


def spark(pupils: Pupils, ask: Ask) -> Tally:
    """Pupils in, the sums of every cell out. Raises UsageError for rows that Spark does not hold."""
    import pandas as pd

    if not hasattr(pupils.rows.origin, "answer"):
        raise UsageError(f"{pupils.rows.file}: Spark does not hold its rows", "leave out --engine spark")
    rows = cast("Warehouse", pupils.rows.origin)
    statement = asked_of(pupils, ask)
    found = rows.answer(lambda view: statement.over_text(view, pupils.ready, rows.text))
    return tally(pupils, ask, statement, pd.DataFrame(found, columns=statement.found))
