"""Codes that stand in years in which they were not in use: read as what they mean, with a warning."""

from collections.abc import Iterator, Mapping, Sequence

from gapcalc.definitions import area_years, spelling
from gapcalc.errors import places
from gapcalc.model import Pupils

Spelt = Mapping[tuple[str, str], Sequence[int]]  # a text and its academic year: the rows in which it stands


def outdated_codes(pupils: Pupils) -> list[str]:
    """The codes of groups and authorities that a pupil file has outside their years, in words."""
    years = {one.column: one.years for group in pupils.groups.values() for one in group if one.years}
    found: list[str] = []
    for column, of_code in years.items():
        spelt = {
            (code, year): rows
            for (code, year), rows in _spelt(pupils, column).items()
            if _outside(year, of_code.get(code))
        }
        found += _said(column, spelt, of_code)
    if authority := pupils.keys["la"].column:
        found += outdated_areas(_spelt(pupils, authority), authority)
    return found


def outdated_areas(spelt: Spelt, column: str) -> Iterator[str]:
    """The codes and names of areas that stand in years in which they were not in use, in words."""
    years = {text: area_years(text) for text, _ in spelt}
    return _said(column, {key: rows for key, rows in spelt.items() if _outside(key[1], years[key[0]])}, years)


def _spelt(pupils: Pupils, column: str) -> dict[tuple[str, str], list[int]]:
    """Each spelling of a column and the academic year beside it: the rows in which they stand."""
    period = pupils.keys["period"]
    texts = pupils.rows.table.column(column).to_pylist()
    when = pupils.rows.table.column(period.column).to_pylist() if period.column else [""] * len(texts)
    plain = {text: spelling(text) for text in set(texts)}
    found: dict[tuple[str, str], list[int]] = {}
    for number, text, year in zip(pupils.rows.numbers, texts, when, strict=True):
        found.setdefault((plain[text], period.words[year]), []).append(number)
    return found


def _outside(year: str, limits: tuple[str, str] | None) -> bool:
    first, last = limits or ("", "")
    return bool((first and year < first) or (last and year > last))


def _said(column: str, spelt: Spelt, years: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """One sentence for each code: it is in a list of ours, and so nobody's own value."""
    rows_of: dict[str, list[int]] = {}
    for (code, _), rows in spelt.items():
        rows_of.setdefault(code, []).extend(rows)
    for code, rows in rows_of.items():
        first, last = years[code]
        when = " or ".join(words for year, words in ((first, f"before {first}"), (last, f"after {last}")) if year)
        yield f"column {column}: {code} stands {when}, when it was not in use, in {places(sorted(rows))}"
