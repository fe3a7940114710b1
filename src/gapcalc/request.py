"""What a run is asked for: selections in canonical words, and what they leave of the data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gapcalc.comparisons import Average
from gapcalc.definitions import (
    ALL,
    AnyLayout,
    area_named,
    areas,
    dimension_parts,
    dimensions,
    key_stages,
    measures,
    usual_dimensions,
)
from gapcalc.definitions.breaks import earlier_period
from gapcalc.errors import UnknownName, listing
from gapcalc.harmonise import key_stage_word, period_word
from gapcalc.model import PLACES, Level, Reference, dimension_name, each
from gapcalc.pool import Pool, pools_of
from gapcalc.wording import nearest

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Request:
    """What one run of `compute` is asked for. An empty selection means all there is."""

    data: tuple[str, ...]
    beside: tuple[str, ...] = ()  # files with figures to set beside
    compare: tuple[str, ...] = ()
    neighbours: str | None = None  # the version of a list, or a file of the user's own
    average: Average = "mean"
    groups: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    key_stages: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    by: Level | None = None
    pools: tuple[str, ...] = ()  # as `NAME=AREA,AREA`
    pooling: tuple[Pool, ...] = ()  # what is in them
    reference: Reference = "peers"
    engine: str = "duckdb"
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    layouts: tuple[str, ...] = ()  # files of the user's own
    own: tuple[AnyLayout, ...] = ()  # what is in them
    strict: bool = False
    policy: str = "strict"  # the name of a disclosure policy, or a file of the user's own
    internal: bool = False
    scales: bool = False  # gaps on other scales too


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
    # By today's code, and by the name as given, which an ended authority may share.
    named = [(text, found.code) if (found := area_named(text)) else (text,) for text in request.areas]
    areas = tuple(dict.fromkeys(text for texts in named for text in texts))
    return replace(
        request,
        measures=tuple(wanted),
        key_stages=tuple(stages),
        groups=tuple(groups),
        periods=tuple(periods),
        areas=areas,
        pooling=pools_of(request.pools),
    )


def known(what: str, text: str, word: str | None, accepted: Iterable[str]) -> str:
    """The word for a text of the command line; raises UnknownName where there is none."""
    if word is None:
        raise UnknownName(what, text, accepted)
    return word


def wants(request: Request, key_stage: str, measure: str) -> bool:
    """Whether a measure is asked for."""
    return (not request.key_stages or key_stage in request.key_stages) and (
        not request.measures or measure in request.measures
    )


def select(values: pd.DataFrame, request: Request) -> pd.DataFrame:
    """The values of what was asked for, of all areas and periods; all pupils stay: groups may be set against them."""
    wanted = [wants(request, *key) for key in each(values, "key_stage", "measure")]
    values = values[wanted] if wanted else values
    return values[values["dimension"].isin({ALL, *(request.groups or usual_dimensions())})]


def printed(gaps: pd.DataFrame, request: Request) -> pd.DataFrame:
    """The gaps of the areas and periods that were asked for."""
    if request.periods:
        gaps = gaps[gaps["period"].isin(request.periods)]
    if request.areas:
        # A district or school goes by its code within its authority, too, and with all others by its authority's.
        authority = gaps["area_code"].str.replace("/.*", "", regex=True)
        names = gaps[["area_code", "area_name"]].assign(own=_own_codes(gaps), authority=authority)
        gaps = gaps[names.isin(request.areas).any(axis=1)]
    if request.by:
        gaps = gaps[gaps["level"] == request.by]
    return gaps.reset_index(drop=True)


def needed_periods(request: Request) -> tuple[str, ...]:
    """The periods that were asked for, and those that stand beside them; none means all there are."""
    beside = [earlier_period(name, period) for name in request.compare for period in request.periods]
    return tuple(dict.fromkeys([*request.periods, *(one for one in beside if one)]))


def options(request: Request) -> dict[str, bool | str | list[str] | None]:
    """The options in force, as the output repeats them."""
    return {
        "groups": list(request.groups),
        "measures": list(request.measures),
        "key_stages": list(request.key_stages),
        "periods": list(request.periods),
        "areas": list(request.areas),
        "by": request.by,
        "pools": [str(pool) for pool in request.pooling],
        "reference": request.reference,
        "engine": request.engine,
        "compare": list(request.compare),
        "average": request.average,
        "policy": None if request.internal else request.policy,
        "confidence": "95%",
        "scales": request.scales,
    }


def asked(request: Request) -> str:
    """What was asked for, in words."""
    selections = {
        "groups": request.groups,
        "measures": request.measures,
        "key stages": request.key_stages,
        "periods": request.periods,
        "areas": dict.fromkeys(areas()[code].name if code in areas() else code for code in request.areas),
        "level": (request.by,) if request.by else (),
    }
    words = [f"{name} {', '.join(chosen)}" for name, chosen in selections.items() if chosen]
    return "; ".join(words)


def unmatched(gaps: pd.DataFrame, request: Request, values: pd.DataFrame) -> list[str]:
    """What was asked for by name and is not among the gaps, and what the values have instead, in words."""
    chosen = {
        "measure": (request.measures, "measure"),
        "key stage": (request.key_stages, "key_stage"),
        "period": (request.periods, "period"),
        "group": (request.groups, "dimension"),
    }
    there_are = {column: set(gaps[column].unique()) for _, column in chosen.values()}
    held_are = {column: {str(one) for one in values[column].unique() if one != ALL} for column in there_are}
    lacking = [
        (what, name, column)
        for what, (names, column) in chosen.items()
        for name in names
        if name not in there_are[column]
    ]
    absent = [one for one in lacking if one[1] not in held_are[one[2]]]
    alone = [f"{what} {name}" for what, name, column in lacking if name in held_are[column]]
    why = "with nobody to set against others"
    if values["level"].isin(PLACES).any():
        why = "without a row that may be shown"
    notes = [f"asked for, and in the data, but {why}: {listing(alone)}"] if alone else []
    if absent:
        there = "; ".join(listing(sorted(held_are[column]), 8) for column in dict.fromkeys(one[2] for one in absent))
        words = listing(f"{what} {name}" for what, name, _ in absent)
        notes.append(f"asked for, but not in the data: {words}; it has {there}")
    return notes


def _own_codes(table: pd.DataFrame) -> pd.Series[str]:
    """The codes of areas, those of districts and schools without their authority's."""
    return table["area_code"].str.replace(".*/", "", regex=True)


def held(values: pd.DataFrame, request: Request) -> str:
    """What the data hold, in words; first the areas that one asked for may be, misspelt."""
    columns = {
        "periods": "period",
        "key stages": "key_stage",
        "measures": "measure",
        "groups": "dimension",
        "levels": "level",
        "areas": "area_name",
    }
    if values.empty:
        return "no figures that were asked for and may be shown; `gapcalc validate` says what a file has"
    there = [*values["area_name"].unique(), *_own_codes(values).unique()]
    # A name that gapcalc knows is not misspelt, and of two numbers that are alike each is of another school.
    odd = [name for name in request.areas if name not in there and not area_named(name) and not re.search(r"\d", name)]
    like = {near for name in odd if (near := nearest(name, there))}
    meant = f"{listing(sorted(like))}, if that is meant; " if like else ""
    return meant + "; ".join(f"{name} {listing(sorted(values[column].unique()))}" for name, column in columns.items())
