"""The counting engine that defines the truth: plain Python, one row after the other."""

from collections import Counter
from collections.abc import Mapping

from gapcalc.definitions import ALL, TIMES, UNKNOWN, area_years, spelling
from gapcalc.definitions.years import outside
from gapcalc.model import CELL, SUMS, UNREAD, Key, Outcome, Pupils, Telling, dimension_name
from gapcalc.tally import Ask, NamedPlace, Tally

Row = Mapping[str, str]


def by_hand(pupils: Pupils, ask: Ask) -> Tally:
    """Pupils in, the sums of every cell out."""
    import pandas as pd

    cells: dict[tuple[str, ...], tuple[int, int, int]] = {}
    unread: Counter[tuple[str, ...]] = Counter()
    cohorts: Counter[tuple[str, str]] = Counter()
    strange: set[str] = set()
    outdated: set[str] = set()
    names: dict[str, dict[tuple[str, str], str]] = {level: {} for level in ask.levels}
    keys = {name: pupils.keys[name] for name in ("period", "term", "status", "key_stage", "la", *ask.levels)}
    asked = {part: pupils.groups[part] for parts in ask.dimensions for part in parts}
    for batch in pupils.rows.batches(pupils.rows.header):
        for row in batch.table.to_pylist():
            for level in ask.levels:
                _name(pupils, level, row, names[level])
            words = {name: key.word(row) for name, key in keys.items()}
            word = {name: text for name, text in words.items() if text is not None}
            if len(word) < len(words):
                strange |= {column for key in keys.values() for column in _strange(key, row)}
                continue
            cohorts[word["period"], word["key_stage"]] += 1
            outdated |= _outdated(pupils, [one for parts in asked.values() for one in parts], row, word["period"])
            odd: set[tuple[str, ...]] = {
                (one.column,) for tellings in asked.values() for one in tellings if _unread(one, row)
            }
            groups = {id: _group(tellings, row) for id, tellings in asked.items()}
            for measure in ask.measures:
                parts = pupils.outcomes.get((measure.key_stage, measure.id), ())
                if not parts or not measure.covers(word["key_stage"], word["period"]):
                    continue
                odd |= {
                    (one.column, word["key_stage"], word["period"])
                    for one in parts
                    if one.result(spelling(row[one.column])) is UNREAD
                }
                result = _result(parts, row)
                if result is None:
                    continue
                for level in ask.levels:
                    where = (word["period"], word["term"], word["status"], word[level], level, word["key_stage"])
                    for dimension in ask.dimensions:
                        group = TIMES.join(groups[part] for part in dimension) or ALL
                        cell = (*where, measure.id, dimension_name(dimension), group)
                        pupils_, total, squares = cells.get(cell, (0, 0, 0))
                        cells[cell] = (pupils_ + 1, total + result, squares + result * result)
            unread.update(odd)
    frame = pd.DataFrame([(*cell, *sums) for cell, sums in cells.items()], columns=[*CELL, *SUMS])
    school = pupils.keys["school"]
    if any(school.read(name) is None for name in names.get("school", {}).values()):
        strange.add(str(pupils.school_name))
    places = {
        level: frozenset(NamedPlace(*texts, name) for texts, name in of.items()) for level, of in names.items() if of
    }
    return Tally(frame, unread, frozenset(strange), cohorts, frozenset(outdated), places)


def _name(pupils: Pupils, level: str, row: Row, names: dict[tuple[str, str], str]) -> None:
    """Note how a row spells its place, and what it calls it if that is the last in the order of the alphabet so far."""
    key = pupils.keys[level]
    if level != "la" and key.column is not None:
        texts = row[key.column], row[key.within.column] if key.within and key.within.column else ""
        name = row[pupils.school_name] if level == "school" and pupils.school_name else ""
        names[texts] = max(name, names.get(texts, ""))


def _strange(key: Key, row: Row) -> set[str]:
    """The columns of a key whose text means nothing."""
    return {one.column for one in (key, key.within) if one and one.column and one.read(row[one.column]) is None}


def _outdated(pupils: Pupils, tellings: list[Telling], row: Row, period: str) -> set[str]:
    """The columns of a row with codes outside the years of their use."""
    found = {one.column for one in tellings if outside(period, one.years.get(spelling(row[one.column])))}
    authority = pupils.keys["la"].column
    if authority and outside(period, area_years(spelling(row[authority]))):
        found.add(authority)
    return found


def _unread(telling: Telling, row: Row) -> bool:
    return telling.word(spelling(row[telling.column])) is UNREAD


def _group(tellings: tuple[Telling, ...], row: Row) -> str:
    """The first telling that tells wins; a pupil that none of them tells is `unknown`."""
    for telling in tellings:
        word = telling.word(spelling(row[telling.column]))
        if isinstance(word, str):
            return word
    return UNKNOWN


def _result(parts: tuple[Outcome, ...], row: Row) -> int | None:
    """One part: its result. Several: 0 when one is not reached, 1 when all are, else none."""
    results = [part.result(spelling(row[part.column])) for part in parts]
    known = [result for result in results if isinstance(result, int)]
    if len(parts) == 1:
        return known[0] if known else None
    return 0 if 0 in known else 1 if len(known) == len(parts) else None
