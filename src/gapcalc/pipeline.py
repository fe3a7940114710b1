"""The whole tool on one page, in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from gapcalc.compare import compare
from gapcalc.count import count
from gapcalc.definitions import ALL, area_named, areas, dimension_parts, dimensions, key_stages, measures
from gapcalc.errors import (
    MissingColumn,
    NoFigures,
    NoNationalFigures,
    NothingMatches,
    NothingToCompare,
    UnknownName,
    listing,
)
from gapcalc.gap import gap
from gapcalc.harmonise import harmonise, key_stage_word, period_word, unread_codes
from gapcalc.model import (
    COUNTS,
    SUMS,
    VALUES,
    Ask,
    Harmonised,
    Level,
    Neighbours,
    Pupils,
    Reference,
    Rows,
    check_values,
    dimension_name,
)
from gapcalc.rates import rates
from gapcalc.read import read
from gapcalc.release import InputFacts, Release

if TYPE_CHECKING:
    import pandas as pd

NOT_PROTECTED = "figures are not protected against disclosure: do not publish them, or pass them outside the authority"


@dataclass(frozen=True)
class Request:
    """What one run of `compute` is asked for. An empty selection means all there is."""

    data: tuple[str, ...]
    national: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    key_stages: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    by: Level | None = None
    reference: Reference = "peers"
    engine: str = "duckdb"


@dataclass
class Heard:
    """What is learnt of the inputs on the way, for the output and for the user."""

    inputs: list[InputFacts] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def compute(request: Request) -> Release:
    """A request in, a release out: read, harmonise, count, rates, gap, compare."""
    request = checked(request)
    heard = Heard()
    values = figures("data", request.data, request, heard)
    gaps = gap(select(values, request), request.reference)
    others = [str(name) for name in values["dimension"].unique() if len(dimension_parts(str(name))) > 1]
    if others and not request.groups:
        heard.warnings.append(
            f"intersections in the data are shown when asked for: {listing(f'-g {name!r}' for name in others)}"
        )
    if gaps.empty:
        chosen, there = asked(request), held(values)
        raise NothingMatches(chosen, there) if chosen else NothingToCompare(listing(request.data), there)
    compared = compare(gaps, national_gaps(request, heard))
    if request.national:
        heard.warnings += without_national(compared)
    return Release(compared, tuple(heard.inputs), options(request), (*dict.fromkeys(heard.warnings), NOT_PROTECTED))


def without_national(compared: pd.DataFrame) -> list[str]:
    """Which gaps have no national gap beside them, in words."""
    alone = compared[compared["national_gap"].isna() & compared["gap"].notna()]
    names = dict.fromkeys(f"{one.measure} {one.focus} {one.period}" for one in alone.itertuples())
    return (
        [f"{len(alone):,} of {len(compared):,} gaps have no national gap beside them: {listing(names, 6)}"]
        if names
        else []
    )


def figures(role: Literal["data", "national"], paths: Sequence[str], request: Request, heard: Heard) -> pd.DataFrame:
    """Paths in, the values of all of them out: pupils are counted, aggregates taken as they are."""
    import pandas as pd

    tables = []
    for path in paths:
        rows = read(path)
        found = harmonise(rows)
        hear(role, rows, found, heard)
        if isinstance(found.content, Pupils):
            if role == "national":
                raise NoNationalFigures(rows.file, "it holds pupils, not national figures")
            counts, unread = count(found.content, ask(found.content, request), request.engine)
            heard.warnings += unread_codes(found.content, unread)
            tables.append(rates(counts[COUNTS]))
        elif isinstance(found.content, Neighbours):
            raise NoFigures(rows.file, "statistical neighbours")
        else:
            tables += [rates(found.content.counts), found.content.values]
    values = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)[VALUES]
    values[SUMS] = values[SUMS].astype("Int64")
    check_values(values, listing(paths))
    return values


def national_gaps(request: Request, heard: Heard) -> pd.DataFrame | None:
    """The gaps of the one country that the national files hold, or None when none are given."""
    if not request.national:
        return None
    values = figures("national", request.national, request, heard)
    values = values[values["level"] == "national"]
    countries = values["area_name"].unique()
    if len(countries) != 1:
        why = "more than one country is in it" if len(countries) else "no row of it is national"
        raise NoNationalFigures(listing(request.national), why)
    return gap(values, request.reference)


def ask(pupils: Pupils, request: Request) -> Ask:
    """What to count in a pupil file: what was asked for and its columns can tell."""
    level = request.by or "la"
    if level not in pupils.keys:
        raise UnknownName("level of pupil data", level, ("la", "district", "school"))
    if pupils.keys[level].column is None:
        raise MissingColumn(
            pupils.rows.file, f"pupil-level extract counted by {level}", [(level, pupils.aliases[level])]
        )
    asked_for = [dimension_parts(name) for name in request.groups] or [(id,) for id in pupils.groups]
    told = [parts for parts in asked_for if all(part in pupils.groups for part in parts)]
    if asked_for and not told:
        lacking = dict.fromkeys(part for parts in asked_for for part in parts if part not in pupils.groups)
        columns = dict.fromkeys(source.column for part in lacking for source in dimensions()[part].source)
        raise MissingColumn(
            pupils.rows.file,
            f"pupil-level extract counted by {', '.join(lacking) or 'group'}",
            [(column, pupils.aliases[column]) for column in columns],
        )
    wanted = [one for key, one in measures().items() if key in pupils.outcomes and wants(request, *key)]
    return Ask(level, ((), *told), tuple(wanted))


def wants(request: Request, key_stage: str, measure: str) -> bool:
    """Whether a measure is asked for."""
    return (not request.key_stages or key_stage in request.key_stages) and (
        not request.measures or measure in request.measures
    )


def select(values: pd.DataFrame, request: Request) -> pd.DataFrame:
    """The values that were asked for; all pupils stay, since groups may be set against them."""
    wanted = [wants(request, *key) for key in zip(values["key_stage"], values["measure"], strict=True)]
    values = values[wanted] if wanted else values
    if request.periods:
        values = values[values["period"].isin(request.periods)]
    if request.areas:
        values = values[values["area_code"].isin(request.areas) | values["area_name"].isin(request.areas)]
    if request.by:
        values = values[values["level"] == request.by]
    # Intersections that a file happens to print are shown when they are asked for.
    return values[values["dimension"].isin({ALL, *(request.groups or dimensions())})]


def checked(request: Request) -> Request:
    """The request in canonical words; raises UnknownName for what gapcalc does not have."""
    ids = dict.fromkeys(id for _, id in measures())
    wanted = [known("measure", name, name.lower() if name.lower() in ids else None, ids) for name in request.measures]
    stages = [known("key stage", text, key_stage_word(text), key_stages()) for text in request.key_stages]
    periods = [
        known("academic year", text, period_word(text), ["a year written as 2013/14"]) for text in request.periods
    ]
    groups = dict.fromkeys(dimension_name(dimension_parts(name)) for name in request.groups)
    if ALL in groups:
        raise UnknownName("group", ALL, dimensions())
    areas = tuple(found.code if (found := area_named(text)) else text for text in request.areas)
    return replace(
        request,
        measures=tuple(wanted),
        key_stages=tuple(stages),
        groups=tuple(groups),
        periods=tuple(periods),
        areas=areas,
    )


def known(what: str, text: str, word: str | None, accepted: Iterable[str]) -> str:
    """The word for a text of the command line; raises UnknownName where there is none."""
    if word is None:
        raise UnknownName(what, text, accepted)
    return word


def hear(role: Literal["data", "national"], rows: Rows, found: Harmonised, heard: Heard) -> None:
    """Note what a file is and what is odd about it."""
    heard.inputs.append(
        InputFacts(
            role=role,
            file=rows.file,
            sha256=rows.sha256,
            rows=rows.table.num_rows,
            layout=found.layout,
            encoding=rows.encoding,
            columns_unused=found.columns_unused,
            rows_unused=found.rows_unused,
        )
    )
    if rows.encoding == "cp1252":
        heard.warnings.append(f"{rows.file}: read as cp1252, since it is not UTF-8; check names with accents")
    heard.warnings += [f"{rows.file}: {note}" for note in (*rows.notes, *found.notes)]
    if isinstance(found.content, Pupils) and found.columns_unused:
        # The header fitted the layout of pupil files, so these are names of columns and nobody's data.
        heard.warnings.append(f"{rows.file}: columns that are not used: {listing(found.columns_unused)}")


def options(request: Request) -> dict[str, str | list[str] | None]:
    """The options in force, as the output repeats them."""
    return {
        "groups": list(request.groups),
        "measures": list(request.measures),
        "key_stages": list(request.key_stages),
        "periods": list(request.periods),
        "areas": list(request.areas),
        "by": request.by,
        "reference": request.reference,
        "engine": request.engine,
        "confidence": "95%",
    }


def asked(request: Request) -> str:
    """What was asked for, in words."""
    selections = {
        "groups": request.groups,
        "measures": request.measures,
        "key stages": request.key_stages,
        "periods": request.periods,
        "areas": [areas()[code].name if code in areas() else code for code in request.areas],
        "level": (request.by,) if request.by else (),
    }
    words = [f"{name} {', '.join(chosen)}" for name, chosen in selections.items() if chosen]
    return "; ".join(words)


def held(values: pd.DataFrame) -> str:
    """What the data hold, in words."""
    columns = {
        "areas": "area_name",
        "periods": "period",
        "key stages": "key_stage",
        "measures": "measure",
        "groups": "dimension",
        "levels": "level",
    }
    return "; ".join(f"{name} {listing(sorted(values[column].unique()))}" for name, column in columns.items())
