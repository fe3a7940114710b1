"""Gathered: the counts of several files, and those of areas that are put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gapcalc.definitions import measures
from gapcalc.definitions.parents import parents_of
from gapcalc.errors import UsageError, listing
from gapcalc.harmonise import odd_figures
from gapcalc.model import (
    COHORT,
    COUNTS,
    KEY,
    PLACES,
    SUMS,
    VALUES,
    Harmonised,
    PrintedGap,
    Pupils,
    each,
)
from gapcalc.pool import PLACE, mixed, placed, pooled, refused, rolled_up, scores_in
from gapcalc.request import Request, needed_periods, select
from gapcalc.results import InputFacts
from gapcalc.rows import Source
from gapcalc.texts import plain

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("own", "published", "values", "margins")
Role = Literal["data", "beside", "neighbours", "printed"]
NOBODY = (
    "--pool: a name that no district or school in the data has counts as one with nobody in it, and in figures that are"
    " added up already as one without a row, so that the pool has none: look at how it is spelt, or run once with"
    " --internal, which refuses it"
)


@dataclass
class Heard:
    """What is learnt of the inputs on the way, for the output and for the user."""

    inputs: list[InputFacts] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def files(self) -> tuple[InputFacts, ...]:
        """The inputs, those with data first: what stands beside them is read before."""
        return tuple(sorted(self.inputs, key=lambda one: one.role != "data"))

    def file(self, role: Role, rows: Source, found: Harmonised, *, internal: bool) -> None:
        """Note what a file is, which is known once it has been read to its end.

        How many rows it has is how many pupils there are, or of how many areas and groups there is somebody.
        """
        said = internal or found.published
        self.inputs.append(
            InputFacts(
                role=role,
                file=rows.file,
                sha256=rows.sha256,
                rows=rows.count if said else None,
                layout=found.layout,
                encoding=rows.encoding,
                columns_unused=found.columns_unused,
                rows_unused=found.rows_left_out(rows.count) if said else None,
            )
        )

    def note(self, rows: Source, found: Harmonised, *, internal: bool) -> None:
        """Note what is odd about a file."""
        odd = [finding.message for finding in odd_figures(found, rows=internal or found.published)]
        self.warnings += [f"{rows.file}: {note}" for note in (*rows.notes, *found.notes, *odd)]
        if isinstance(found.content, Pupils) and found.columns_unused:
            # The header fitted the layout of pupil files, so these are names of columns and nobody's data.
            self.warnings.append(f"{rows.file}: columns that are not used: {listing(found.columns_unused)}")


@dataclass
class Gathered:
    """The counts and values of several files: an analyst's own, published ones, and those of the areas above.

    The lists of `files` name the file of each row, and those that `margins` were counted in. The `complete` ones have
    all cells that anybody is in. `reached` is what to say of measures that everybody has reached, by key stage and
    measure.
    """

    own: list[pd.DataFrame] = field(default_factory=list)
    published: list[pd.DataFrame] = field(default_factory=list)
    values: list[pd.DataFrame] = field(default_factory=list)
    margins: list[pd.DataFrame] = field(default_factory=list)
    within: dict[str, str] = field(default_factory=dict)
    scores: list[pd.DataFrame] = field(default_factory=list)
    files: dict[str, list[str]] = field(
        default_factory=lambda: {one: [] for one in ("own", "published", "values", "margins")}
    )
    complete: set[str] = field(default_factory=set)
    printed: list[PrintedGap] = field(default_factory=list)
    reached: list[tuple[tuple[str, str], str]] = field(default_factory=list)

    def keep(self, rows: Sequence[bool]) -> None:
        """Forget the files of all other rows of `own`."""
        self.files["own"] = [file for file, kept in zip(self.files["own"], rows, strict=True) if kept]

    def add(self, kind: Literal["own", "published", "values"], table: pd.DataFrame, file: str) -> None:
        """Take a file's table."""
        tables: list[pd.DataFrame] = getattr(self, kind)
        tables.append(table)
        self.files[kind] += [file] * len(table)


def gaps_alone(found: Gathered, own: pd.DataFrame) -> pd.DataFrame:
    """The gaps that are printed with no figure of either group beside them (VALUES, the gap as the value) out.

    Where there are counts, or a word that they are hidden, the gap is made from those or is not made at all.
    """
    import pandas as pd

    tables = [one for one in (own, *found.published) if len(one)]
    if not found.printed or not tables:
        return pd.DataFrame(columns=VALUES)
    every = together(tables, COUNTS)
    blank = every[(every["symbol"] == "not_available") & every["pupils"].isna() & every["total"].isna()]
    keys = zip(blank[KEY].itertuples(index=False, name=None), blank["area_name"], strict=True)
    empty = {tuple(map(str, key)): name for key, name in keys}
    rows = []
    for one in found.printed:
        if one.key in empty:
            said = dict(zip(KEY, one.key, strict=True))
            scale = 100 if measures()[said["key_stage"], said["measure"]].unit == "ppt" else 1
            figure = (one.gap / scale, one.half_unit / scale)
            rows.append((*one.key, empty[one.key], None, None, None, "published", None, *figure))
    return pd.DataFrame(rows, columns=VALUES, dtype=object).drop_duplicates(KEY, ignore_index=True)


def in_regions(
    own: pd.DataFrame, margins: pd.DataFrame | None, found: Gathered, request: Request, heard: Heard
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Own counts in; those of the regions made from their authorities, where regions are asked for, out.

    All that was there before is printed elsewhere, and so becomes counts above and below that are known. A file that
    has regions itself is left as it is.
    """
    files = found.files["own"]
    regions = {file for file, level in zip(files, own["level"].tolist(), strict=True) if level == "region"}
    rolled = [file not in regions and level == "la" for file, level in zip(files, own["level"].tolist(), strict=True)]
    if request.by != "region" or not any(rolled):
        return own, margins
    complete = [file in found.complete for file, one in zip(files, rolled, strict=True) if one]
    made = rolled_up(own[rolled], complete)
    given = {str(code) for code in own.loc[own["level"] == "region", "area_code"].unique()}
    named = each(made.counts, "area_code", "area_name")
    if again := [name for code, name in named if code.partition("/")[0] in given - {code}]:
        # What is left of the region would be of the authorities that are not there.
        what = f"the data have figures of a region, and of authorities of it in another file: {again[0]}"
        raise UsageError(what, "give one of the files, or --by la")
    heard.warnings += made.notes
    found.scores = scores_in(found.scores, made.into, PLACE, "region")
    kept = [file in regions for file in files]
    elsewhere = own[[not one for one in kept]]
    # As they are in a run by authority, where the same must be hidden of them.
    known = elsewhere.reset_index(drop=True) if margins is None else added([elsewhere, margins])
    found.keep(kept)
    found.files["own"] += [""] * len(made.counts)
    found.complete.add("")  # sums lack no cell
    return together([own[kept], in_order(made.counts)], COUNTS), known


def in_pools(
    own: pd.DataFrame,
    published: pd.DataFrame,
    alone: pd.DataFrame,
    margins: pd.DataFrame | None,
    found: Gathered,
    request: Request,
    heard: Heard,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Own and published counts in, the same with the areas that are to be pooled in their pools out.

    `alone` are values without counts, `margins` counts of the areas above. Raises WrongPool, UnknownName.
    """
    if not request.pooling:
        return own, published
    import pandas as pd

    above = [] if margins is None else [margins]
    where = pd.concat([table[["area_code", "level"]] for table in (own, published, alone, *above)])
    parents = parents_of(where["area_code"].tolist(), where["level"].tolist(), found.within)
    # A run that refused an area which is not there would say that somebody is in each of a pool that it prints.
    untold = not request.internal and bool(own["level"].isin(PLACES).any())
    pools = placed(request.pooling, (own, published, alone), above, parents, request.by, untold=untold)
    heard.warnings += [NOBODY] if untold else []
    asked_for = select(alone, request)
    lacking = set(asked_for["area_code"][asked_for["period"].isin(needed_periods(request) or asked_for["period"])])
    for pool in pools:
        if not lacking.isdisjoint(pool.members):
            what = "some of its figures are percentages without a number of pupils, which cannot be added up"
            raise refused(pool.name, what, "leave them out with --measure or --period")
        found.within |= pool.within
        into = dict.fromkeys(pool.members, pool.code)
        found.scores = scores_in(found.scores, into, "area_code", pool.level)
    mixed(own, published, pools)
    own, notes = pooled(own, pools, [file in found.complete for file in found.files["own"]], untold=untold)
    if not request.internal:
        # That a sum lacks a row would say that a district or school in it has none: as hidden as that it has one.
        lacks = own["area_code"].isin([pool.code for pool in pools]) & own["level"].isin(PLACES)
        own["symbol"] = own["symbol"].mask(lacks & (own["symbol"] == "not_available"), "hidden")
    published, others = pooled(published, pools, [False] * len(published))
    heard.warnings += [*notes, *others]
    return in_order(together([own], COUNTS)), together([published], COUNTS)


def in_order(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts in the one order in which they are protected: which of two is hidden may hang on it."""
    return counts[COUNTS].sort_values(["dimension", "group", *COHORT], ignore_index=True)


def added(margins: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Counts of several files in, one row for each cell out: of two files, an authority's pupils may be in both."""
    whole = in_order(together(margins, COUNTS))
    if not whole.duplicated(KEY).any():
        return whole
    first = whole.drop_duplicates(KEY, ignore_index=True)
    sums = whole.groupby(KEY, sort=False)[SUMS].sum(min_count=1).reset_index(drop=True)
    return first.assign(**{name: sums[name] for name in SUMS})


def together(tables: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Counts or values of several files as one table of texts."""
    import pandas as pd

    some = [table for table in tables if len(table)] or list(tables[:1]) or [pd.DataFrame(columns=list(columns))]
    table = pd.concat([plain(table) for table in some], ignore_index=True)[list(columns)]
    table[SUMS] = table[SUMS].astype("Int64")
    return table
