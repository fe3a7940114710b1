"""Pupil files: how each column of one reads in common words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gapcalc.definitions import (
    Dimension,
    PupilLayout,
    code_years,
    codes,
    dimensions,
    measures,
    scales,
)
from gapcalc.definitions.schema import GroupSource, Part
from gapcalc.errors import MissingColumn, NothingToMeasure, WrongLayout
from gapcalc.harmonise.prepare import Prepared
from gapcalc.harmonise.words import WHEN_AND_WHERE, Word, status_in, when_word
from gapcalc.model import WHICH_COHORT, Key, Outcome, Pupils, Telling
from gapcalc.rows import Ready, Source


def pupils(rows: Source, layout: PupilLayout, columns: Mapping[str, str], ready: Ready) -> Pupils:
    """Rows of a pupil file in; the same with the reading of its columns out.

    Nothing is read here: when and where, groups and outcomes are, while the rows are counted.
    """
    outcomes = {
        (measure.key_stage, measure.id): tuple(_outcome(part, columns[part.column]) for part in measure.parts)
        for measure in measures().values()
        if measure.parts and all(part.column in columns for part in measure.parts)
    }
    if not outcomes:
        known = dict.fromkeys(part.column for measure in measures().values() for part in measure.parts)
        raise NothingToMeasure(rows.file, known)
    keys = _keys(layout, columns)
    if lacking := [name for name in ("period", "la", "key_stage") if not keys[name].told]:
        raise MissingColumn(rows.file, layout.label, [(name, layout.columns.get(name, (name,))) for name in lacking])
    keys |= {name: replace(keys[name], within=keys["la"]) for name in ("district", "school") if keys[name].column}
    tellings = {dimension.id: _tellings(dimension, columns) for dimension in dimensions().values()}
    groups = {id: found for id, found in tellings.items() if found}
    school_name = columns.get("school_name")
    return Pupils(
        rows=Prepared(rows, _used(keys, groups, outcomes, school_name), ready),
        ready=ready,
        keys=keys,
        groups=groups,
        outcomes=outcomes,
        school_name=school_name,
        aliases=layout.columns,
    )


def numbered(rows: Source, keys: Mapping[str, Key], numbers: Sequence[str], ready: Ready) -> Prepared | None:
    """Rows and their columns of pupils' numbers in; the first of these with what tells which cohort alone out."""
    if not numbers:
        return None
    columns = [numbers[0], *(one for name in WHICH_COHORT for one in keys[name].columns)]
    return Prepared(rows, tuple(dict.fromkeys(columns)), ready)


def _used(
    keys: Mapping[str, Key],
    groups: Mapping[str, Sequence[Telling]],
    outcomes: Mapping[tuple[str, str], Sequence[Outcome]],
    school_name: str | None,
) -> tuple[str, ...]:
    """The columns that tell anything: all others, names and numbers of pupils among them, end here."""
    columns = [key.column for key in keys.values()]
    columns += [one.column for tellings in groups.values() for one in tellings]
    columns += [one.column for parts in outcomes.values() for one in parts]
    return tuple(dict.fromkeys(one for one in (*columns, school_name) if one is not None))


def _keys(layout: PupilLayout, columns: Mapping[str, str]) -> dict[str, Key]:
    words = WHEN_AND_WHERE | {"period": (when_word(layout.single_year), WHEN_AND_WHERE["period"][1])}
    keys = {
        name: Key(columns[name], *word) if name in columns else _fixed_key(layout, name, *word)
        for name, word in words.items()
    }
    if keys["status"].column is None and "status" not in layout.fixed:
        # `2014/15 (prov)` says both.
        column, year = keys["period"].column, layout.fixed.get("period", "")
        keys["status"] = Key(column, lambda text: status_in(text if column else year, layout.single_year) or "final")
    return keys


def _fixed_key(layout: PupilLayout, name: str, word: Word, accepted: str) -> Key:
    text = dict[str, str](layout.fixed.items()).get(name, "")
    found = word(text)
    if found is None and text:
        raise WrongLayout(f"layout {layout.id}", f"fixed.{name}", "means nothing to gapcalc", f"accepted: {accepted}")
    return Key(None, lambda _: found or "", fixed=bool(text))


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
