"""gapcalc's own aggregate files: one row is one group's figures for one measure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from gapcalc.definitions import (
    ALL,
    TIMES,
    UNKNOWN,
    Measure,
    TidyLayout,
    area_named,
    areas,
    dimension,
    dimension_parts,
    dimensions,
    measures,
    spelling,
    usual_dimensions,
)
from gapcalc.errors import InputError, MissingColumn, UnknownCode, UnknownName, listing
from gapcalc.harmonise.figures import Complaints, Figures
from gapcalc.harmonise.missed import Missed
from gapcalc.harmonise.pooled import pooled
from gapcalc.harmonise.words import WHEN_AND_WHERE, level_word, place_word, status_in, when_word
from gapcalc.model import PLACES, Aggregates, dimension_name, place
from gapcalc.printed import PrintedAggregates
from gapcalc.rows import Rows

Who = tuple[str, str]  # dimension and group
WHEN = ("period", "term", "status", "key_stage")


class _Codes(Complaints):
    """Complaints about codes: the rule is the list of what is accepted."""

    def error(self, column: str, rule: str, rows: list[int]) -> InputError:
        return UnknownCode(self.file, column, rows, len(rows), rule)


def tidy(rows: Rows, layout: TidyLayout, columns: Mapping[str, str]) -> PrintedAggregates:
    """Rows of a tidy aggregate in, its figures out. Raises UnknownCode or ImpossibleValue for the first bad rows."""
    if not {"total", "value", "missed", "missed_value"} & set(columns):
        wanted = [(name, layout.columns[name]) for name in ("pupils", "total", "value")]
        raise MissingColumn(rows.file, f"{layout.label} (counts, or values)", wanted)
    strange = _Codes(rows.file)
    spelt: dict[tuple[str, str], list[int]] = {}  # areas and years
    within: dict[str, str] = {}
    places: dict[str, set[str]] = {}  # the codes of districts and schools, by how the file spells them
    lying: dict[
        tuple[str, str], list[int]
    ] = {}  # rows by what lies around them, as the file spells it, and their level
    authorities = _authorities(rows, columns)
    figures = Figures(Complaints(rows.file), layout.symbols)
    missed = Missed(figures, columns)
    texts = [rows.table.column(column).to_pylist() for column in columns.values()]
    for number, cells in zip(rows.numbers, zip(*texts, strict=True), strict=True):
        row = dict(zip(columns, cells, strict=True))
        when = [_when(row, name, layout, columns, strange, number) for name in WHEN]
        where = _where(row, columns, strange, number)
        measure = _measure(row, when, columns, strange, number)
        who = _who(row, columns, strange, number)
        if measure is None or None in when or where is None:
            continue
        period, term, status, key_stage = (word or "" for word in when)
        spelt.setdefault((spelling(row["area"]), period), []).append(number)
        code, name, level = where
        parent = row.get("within", "").strip()
        above = _code(parent) or authorities.get(row["area"].strip(), "")
        if above and level in PLACES and (above in areas() or code.startswith(f"{parent}/")):
            # As in a file of pupils; a warehouse names places within authorities as its table spells these.
            code = place(above, code.removeprefix(f"{parent}/").removeprefix(f"{above}/"))
            places.setdefault(row["area"].strip(), set()).add(code)
        if above:
            within[code] = above
            lying.setdefault((parent, level), []).append(number)
        turned, names = missed.turned(number, measure, row)
        for dimension_id, group in who:
            key = (period, term, status, code, level, key_stage, measure.id, dimension_id, group)
            figures.add(number, key, name, measure, turned, names)
            missed.keep(key, measure, cells)
    _check_within(lying, {area for area, _ in spelt}, columns.get("within", ""), strange)
    strange.raise_first()
    # A school may lie in a district of the file.
    within = {
        code: above if len(codes := places.get(above, {above})) > 1 else min(codes) for code, above in within.items()
    }
    found = figures.aggregates()
    # What gapcalc counted has every group that was asked for.
    counts = found.counts if "protection" in columns else pooled(found.counts, places=False)
    found = replace(found, counts=counts, areas=spelt, within=within)
    return PrintedAggregates(**vars(found), printed=missed.printed)


def _check_within(
    lying: Mapping[tuple[str, str], list[int]], here: Collection[str], column: str, strange: _Codes
) -> None:
    """Complain of what is no area around others: what these come to would be known, and nobody would be the wiser."""
    for (parent, level), numbers in lying.items():
        known = area_named(parent)
        around = known is not None and (known.level == "la" or level not in PLACES)
        if parent and not around and spelling(parent) not in here:
            for number in numbers:
                strange.add(column, "an authority that gapcalc has a list of, or an area of the file", number)


def _code(text: str) -> str:
    """The code of an area that gapcalc has a list of, else what it is called."""
    return known.code if (known := area_named(text)) else text


def _authorities(rows: Rows, columns: Mapping[str, str]) -> dict[str, str]:
    """The authority of each place of which some row says one, and no row another, by how the file spells the place."""
    if "within" not in columns:
        return {}
    found: dict[str, set[str]] = {}
    both = (rows.table.column(columns[name]).to_pylist() for name in ("area", "within"))
    for text, above in dict.fromkeys(zip(*both, strict=True)):
        if _code(above.strip()) in areas():
            found.setdefault(text.strip(), set()).add(_code(above.strip()))
    return {text: min(codes) for text, codes in found.items() if len(codes) == 1}


def unlisted_areas(found: Aggregates) -> list[str]:
    """Notes on authorities that are in no list: spelt otherwise, they would be set beside nothing."""
    names = {
        str(name): None
        for table in (found.counts, found.values)
        for code, name, level in zip(table["area_code"], table["area_name"], table["level"], strict=True)
        if level == "la" and area_named(str(code)) is None
    }
    listed = [one.name for one in areas().values() if one.level == "la"]
    near = {name: next(iter(get_close_matches(name, listed, 1, 0.8)), "") for name in names}
    told = [f"{name} (is {one} meant?)" if one else name for name, one in near.items()]
    return [f"areas that are in no list and go by their names: {listing(told)}"] if names else []


def _when(
    row: Mapping[str, str], name: str, layout: TidyLayout, columns: Mapping[str, str], strange: _Codes, number: int
) -> str | None:
    word, accepted = WHEN_AND_WHERE[name]
    if name == "status" and not row.get("status", "").strip():
        # `2014/15 (prov)` says both. A period that says nothing is complained of where it is read.
        return status_in(row["period"], layout.single_year) or "final"
    found = when_word(layout.single_year)(row["period"]) if name == "period" else word(row.get(name, ""))
    if found is None:
        strange.add(columns[name], accepted, number)
    return found


def _where(
    row: Mapping[str, str], columns: Mapping[str, str], strange: _Codes, number: int
) -> tuple[str, str, str] | None:
    text = row["area"].strip()
    level = level_word(row["level"]) if row.get("level", "").strip() else None
    if not text or any(place_word(row.get(name, "")) is None for name in ("area", "area_name", "within")):
        strange.add(columns["area"], "a name or a code, not a pupil's number, date of birth or postcode", number)
        return None
    if row.get("level", "").strip() and level is None:
        strange.add(columns["level"], "national, region, la, district or school", number)
        return None
    area = area_named(text)
    if area is not None and level in (None, area.level):
        return area.code, area.name, area.level
    # A place gapcalc has no list of (a district, a school) goes by what the file calls it.
    return text, row.get("area_name", "").strip() or text, level or "la"


def _measure(
    row: Mapping[str, str], when: Sequence[str | None], columns: Mapping[str, str], strange: _Codes, number: int
) -> Measure | None:
    period, *_, key_stage = when
    if period is None or key_stage is None:
        return None
    measure = measures().get((key_stage, spelling(row["measure"]).lower()))
    if measure is None or not measure.covers(key_stage, period):
        known = listing(one.id for one in measures().values() if one.covers(key_stage, period))
        strange.add(columns["measure"], f"at {key_stage} in {period}: {known}", number)
    return measure


def _who(row: Mapping[str, str], columns: Mapping[str, str], strange: _Codes, number: int) -> list[Who]:
    """The dimension and group of a row; without a dimension column, every dimension that has the group."""
    # `Not FSM` and `not-fsm` are `not_fsm`; an intersection keeps its ` x `.
    group = re.sub(r"(?<! x)[ -]+(?!x )", "_", spelling(row["group"]).lower())
    if not row.get("dimension", "").strip():
        known = [(id, group) for id in usual_dimensions() if group in dimensions()[id].groups]
        known = [(ALL, ALL)] if group == ALL else known
        if not known:
            groups = dict.fromkeys(group for id in usual_dimensions() for group in dimensions()[id].groups)
            strange.add(columns["group"], f"all, {', '.join(groups)}", number)
        return known
    try:
        parts = dimension_parts(spelling(row["dimension"]).lower())
    except UnknownName:
        strange.add(columns["dimension"], f"all, {', '.join(dimensions())}, or two of them as `fsm x sen`", number)
        return []
    # The parts of an intersection may stand in any order: each group says which part it is of.
    split = group.split(TIMES) if parts else []
    of_part = [(*dimension(part).groups, UNKNOWN) for part in parts]
    if len(split) == len(parts) and all(one in groups for one, groups in zip(split, of_part, strict=True)):
        return [(dimension_name(parts), group)]  # in order: of whom it is unknown only their order tells
    ordered = [next((one for one in split if one in groups), None) for groups in of_part]
    if (not parts and group != ALL) or None in ordered or len(split) != len(parts):
        accepted = [ALL] if not parts else [group for part in parts for group in (*dimension(part).groups, UNKNOWN)]
        strange.add(columns["group"], ", ".join(accepted), number)
        return []
    return [(dimension_name(parts), TIMES.join(one or "" for one in ordered) or ALL)]
