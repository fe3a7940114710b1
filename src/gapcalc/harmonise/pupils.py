"""Pupil files: how each column of one reads in common words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gapcalc.definitions import (
    Dimension,
    PupilLayout,
    areas,
    code_years,
    codes,
    dimensions,
    measures,
    scales,
)
from gapcalc.definitions.schema import GroupSource, Part
from gapcalc.errors import MissingColumn, NothingToMeasure, UnknownCode, WrongLayout
from gapcalc.harmonise.unread import distinct, rows_where
from gapcalc.harmonise.words import WHEN_AND_WHERE, Word, place_word, status_in, when_word
from gapcalc.model import Key, Outcome, Pupils, Rows, Telling


def pupils(rows: Rows, layout: PupilLayout, columns: Mapping[str, str]) -> Pupils:
    """Rows of a pupil file in; the same with the reading of its columns out.

    When and where are read here, so a period or area that means nothing raises UnknownCode. Groups and
    outcomes are read by the engines, from the tellings and outcomes made here.
    """
    outcomes = {
        (measure.key_stage, measure.id): tuple(_outcome(part, columns[part.column]) for part in measure.parts)
        for measure in measures().values()
        if measure.parts and all(part.column in columns for part in measure.parts)
    }
    if not outcomes:
        known = dict.fromkeys(part.column for measure in measures().values() for part in measure.parts)
        raise NothingToMeasure(rows.file, known)
    keys = _keys(rows, layout, columns)
    if lacking := [name for name in ("period", "la", "key_stage") if not keys[name].told]:
        raise MissingColumn(rows.file, layout.label, [(name, layout.columns.get(name, (name,))) for name in lacking])
    keys |= _places(rows, keys)
    _refuse_numbers(rows, columns.get("school_name"))
    tellings = {dimension.id: _tellings(dimension, columns) for dimension in dimensions().values()}
    groups = {id: found for id, found in tellings.items() if found}
    return Pupils(
        rows=replace(rows, table=rows.table.select(_used(keys, groups, outcomes))),
        keys=keys,
        groups=groups,
        outcomes=outcomes,
        area_names=_area_names(rows, keys, columns),
        aliases=layout.columns,
    )


def numbered(rows: Rows, keys: Mapping[str, Key], numbers: Sequence[str]) -> Rows | None:
    """Rows and their columns of pupils' numbers in; the first of these with when and key stage alone out."""
    if not numbers:
        return None
    columns = [numbers[0], *(keys[name].column for name in ("period", "term", "key_stage"))]
    return replace(rows, table=rows.table.select(list(dict.fromkeys(one for one in columns if one))))


def _used(
    keys: Mapping[str, Key],
    groups: Mapping[str, Sequence[Telling]],
    outcomes: Mapping[tuple[str, str], Sequence[Outcome]],
) -> list[str]:
    """The columns that tell anything: all others, names and numbers of pupils among them, end here."""
    columns = [key.column for key in keys.values()]
    columns += [one.column for tellings in groups.values() for one in tellings]
    columns += [one.column for parts in outcomes.values() for one in parts]
    return list(dict.fromkeys(one for one in columns if one is not None))


def _keys(rows: Rows, layout: PupilLayout, columns: Mapping[str, str]) -> dict[str, Key]:
    words = WHEN_AND_WHERE | {"period": (when_word(layout.single_year), WHEN_AND_WHERE["period"][1])}
    keys = {
        name: _key(rows, columns[name], *word) if name in columns else _fixed_key(layout, name, *word)
        for name, word in words.items()
    }
    if keys["status"].column is None and "status" not in layout.fixed:
        # `2014/15 (prov)` says both.
        column = keys["period"].column
        texts = keys["period"].words if column else {layout.fixed.get("period", ""): ""}
        told = {text if column else "": status_in(text, layout.single_year) or "final" for text in texts}
        keys["status"] = Key(column, told)
    return keys


def _fixed_key(layout: PupilLayout, name: str, word: Word, accepted: str) -> Key:
    text = dict[str, str](layout.fixed.items()).get(name, "")
    found = word(text)
    if found is None and text:
        raise WrongLayout(f"layout {layout.id}", f"fixed.{name}", "means nothing to gapcalc", f"accepted: {accepted}")
    return Key(None, {"": found or ""}, fixed=bool(text))


def _key(rows: Rows, column: str, word: Word, accepted: str) -> Key:
    found = {text: word(text) for text in rows.table.column(column).unique().to_pylist()}
    strange = {text for text, known in found.items() if known is None}
    if strange:
        places = rows_where(rows, [column], lambda texts: texts[0] in strange)
        raise UnknownCode(rows.file, column, places, len(places), accepted)
    return Key(column, {text: known for text, known in found.items() if known is not None})


def _tellings(dimension: Dimension, columns: Mapping[str, str]) -> tuple[Telling, ...]:
    """How the file tells a dimension's focus and reference groups; none when they cannot tell both."""
    tellings = tuple(
        _telling(source, columns[source.column]) for source in dimension.source if source.column in columns
    )
    told = {word for telling in tellings for word in telling.words.values()}
    return tellings if told & set(dimension.focus) and dimension.reference in told else ()


def _telling(source: GroupSource, column: str) -> Telling:
    if source.at_least is not None or source.codes is None:
        return Telling(column, dict(source.words), source.at_least or 0)
    words = codes(source.codes, source.word_column)
    # With `words`, the list's own words are translated; without, they are the groups.
    meant = {code: source.words.get(word) if source.words else word for code, word in words.items()}
    return Telling(column, meant, years=code_years(source.codes))


def _outcome(part: Part, column: str) -> Outcome:
    scale = scales()[part.scale]
    if scale.numbers is None:
        return Outcome(column, scale.reached(part.at_least or ""))
    numbers = scale.numbers
    unit = 10**numbers.decimals
    # A code that stands for less than is asked for does not tell; without a standard it gives no number.
    wanted = None if part.at_least is None else int(part.at_least)
    told = {
        code: 1 if wanted is not None and number >= wanted else None for code, number in scale.reached_codes.items()
    }
    return Outcome(
        column,
        told | dict.fromkeys(scale.not_met, 0) | dict.fromkeys(scale.no_result),
        lowest=numbers.lowest * unit,
        highest=numbers.highest * unit,
        decimals=numbers.decimals,
        at_least=None if wanted is None else wanted * unit,
    )


def _places(rows: Rows, keys: Mapping[str, Key]) -> dict[str, Key]:
    """The keys of districts and schools, which are told apart by their authority."""
    return {name: replace(keys[name], within=keys["la"]) for name in ("district", "school") if keys[name].column}


def _area_names(rows: Rows, keys: Mapping[str, Key], columns: Mapping[str, str]) -> dict[str, str]:
    """The code of every area in the file: its name."""
    names = {code: areas()[code].name for code in keys["la"].words.values()}
    several = len(names) > 1
    for level in ("district", "school"):
        key = keys[level]
        called = columns.get("school_name") if level == "school" else None
        if key.column is None:
            names["unknown"] = "unknown"
            continue
        used = [key.column, *([key.within.column] if key.within and key.within.column else [])]
        used += [called] if called else []
        # The last name in alphabetical order, so that the answer does not hang on the order of rows.
        used = list(dict.fromkeys(used))
        for texts in sorted(distinct(rows, used)):
            row = dict(zip(used, texts, strict=True))
            name = (row[called].strip() if called else "") or key.words[row[key.column]]
            names[key.word(row)] = f"{name} ({names[key.within.word(row)]})" if key.within and several else name
    return names


def _refuse_numbers(rows: Rows, column: str | None) -> None:
    """Raise UnknownCode where a school's name is a pupil's number."""
    if column is not None:
        strange = {text for text in rows.table.column(column).unique().to_pylist() if place_word(text) is None}
        found = rows_where(rows, [column], lambda texts: texts[0] in strange) if strange else []
        if found:
            raise UnknownCode(rows.file, column, found, len(found), WHEN_AND_WHERE["school"][1])
