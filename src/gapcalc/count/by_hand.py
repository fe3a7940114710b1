"""The counting engine that defines the truth: plain Python, one row after the other."""

from collections import Counter
from collections.abc import Mapping

from gapcalc.definitions import ALL, TIMES, UNKNOWN, spelling
from gapcalc.model import CELL, SUMS, UNREAD, Ask, Outcome, Pupils, Tally, Telling, dimension_name


def by_hand(pupils: Pupils, ask: Ask) -> Tally:
    """Pupils in, the sums of every cell out."""
    import pandas as pd

    cells: dict[tuple[str, ...], tuple[int, int, int]] = {}
    unread: Counter[tuple[str, ...]] = Counter()
    asked = {part: pupils.groups[part] for parts in ask.dimensions for part in parts}
    for row in pupils.rows.table.to_pylist():
        word = {name: key.word(row) for name, key in pupils.keys.items()}
        strange: set[tuple[str, ...]] = {
            (one.column,) for tellings in asked.values() for one in tellings if _unread(one, row)
        }
        groups = {id: _group(tellings, row) for id, tellings in asked.items()}
        for measure in ask.measures:
            parts = pupils.outcomes.get((measure.key_stage, measure.id), ())
            if not parts or not measure.covers(word["key_stage"], word["period"]):
                continue
            strange |= {
                (one.column, word["key_stage"], word["period"])
                for one in parts
                if one.result(spelling(row[one.column])) is UNREAD
            }
            result = _result(parts, row)
            if result is None:
                continue
            for dimension in ask.dimensions:
                group = TIMES.join(groups[part] for part in dimension) or ALL
                when_and_where = (
                    word["period"],
                    word["term"],
                    word["status"],
                    word[ask.level],
                    word["key_stage"],
                )
                cell = (*when_and_where, measure.id, dimension_name(dimension), group)
                pupils_, total, squares = cells.get(cell, (0, 0, 0))
                cells[cell] = (pupils_ + 1, total + result, squares + result * result)
        unread.update(strange)
    frame = pd.DataFrame([(*cell, *sums) for cell, sums in cells.items()], columns=[*CELL, *SUMS])
    return Tally(frame, unread)


def _unread(telling: Telling, row: Mapping[str, str]) -> bool:
    return telling.word(spelling(row[telling.column])) is UNREAD


def _group(tellings: tuple[Telling, ...], row: Mapping[str, str]) -> str:
    """The first telling that tells wins; a pupil that none of them tells is `unknown`."""
    for telling in tellings:
        word = telling.word(spelling(row[telling.column]))
        if isinstance(word, str):
            return word
    return UNKNOWN


def _result(parts: tuple[Outcome, ...], row: Mapping[str, str]) -> int | None:
    """One part: its result. Several: 0 when one is not reached, 1 when all are, else none."""
    results = [part.result(spelling(row[part.column])) for part in parts]
    known = [result for result in results if isinstance(result, int)]
    if len(parts) == 1:
        return known[0] if known else None
    return 0 if 0 in known else 1 if len(known) == len(parts) else None
