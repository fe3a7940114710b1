"""Codes that stand in years in which they were not in use: read as what they mean, with a warning."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gapcalc.definitions import area_years, spelling
from gapcalc.definitions.years import outside
from gapcalc.errors import places
from gapcalc.harmonise.unread import LISTED, combined
from gapcalc.model import VALIDATE, Pupils
from gapcalc.tally import Tally

Spelt = Mapping[tuple[str, str], Sequence[int]]  # a text and its academic year: the rows in which it stands


def outdated_codes(pupils: Pupils, tally: Tally, *, rows: bool = True) -> list[str]:
    """The codes of groups and authorities that an engine met in a pupil file outside their years, in words.

    Without `rows` it is not said in which, nor in how many: these are pupils of a group.
    """
    years = {one.column: one.years for group in pupils.groups.values() for one in group if one.years}
    found = [
        note for column in years if column in tally.outdated for note in _outdated(pupils, column, years[column], rows)
    ]
    authority = pupils.keys["la"].column
    if authority is not None and authority in tally.outdated:
        found += _outdated(pupils, authority, None, rows)
    return found


def _outdated(pupils: Pupils, column: str, years: Mapping[str, tuple[str, str]] | None, told: bool) -> Iterator[str]:
    """What to say of a column's codes, by their years, or those of areas."""
    period = pupils.keys["period"]
    columns = list(dict.fromkeys([column, *period.columns]))

    def cell(texts: tuple[str, ...]) -> tuple[str, str]:
        row = dict(zip(columns, texts, strict=True))
        return spelling(row[column]), period.word(row) or ""

    def of(code: str) -> tuple[str, str]:
        return area_years(code) if years is None else years.get(code, ("", ""))

    def wanted(texts: tuple[str, ...]) -> bool:
        code, year = cell(texts)
        return outside(year, of(code))

    first, counted = dict[str, list[int]](), Counter[str]()
    for numbers, table in pupils.rows.batches(columns):
        found, at = combined(table)
        for place in [place for place, texts in enumerate(found) if wanted(texts)]:
            rows, code = (at == place).nonzero()[0], cell(found[place])[0]
            counted[code] += len(rows)
            first.setdefault(code, []).extend(numbers[int(row)] for row in rows[:LISTED] if len(numbers))
    for code, rows in sorted(first.items()):
        yield _said(column, code, of(code), f"in {places(sorted(rows), counted[code])}" if told else VALIDATE)


def outdated_areas(spelt: Spelt, column: str, *, rows: bool = True) -> Iterator[str]:
    """The codes and names of areas that stand in years in which they were not in use, in words.

    Without `rows` it is not said in which.
    """
    rows_of: dict[str, list[int]] = {}
    for (code, year), there in spelt.items():
        if outside(year, area_years(code)):
            rows_of.setdefault(code, []).extend(there)
    for code, there in rows_of.items():
        yield _said(column, code, area_years(code), f"in {places(sorted(there))}" if rows else VALIDATE)


def _said(column: str, code: str, limits: tuple[str, str], where: str) -> str:
    """One sentence for each code: it is in a list of ours, and so nobody's own value."""
    first, last = limits
    when = " or ".join(words for year, words in ((first, f"before {first}"), (last, f"after {last}")) if year)
    return f"column {column}: {code} stands {when}, when it was not in use, {where}"
