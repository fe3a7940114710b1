"""The whole tool on one page, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from gapcalc import validate as checks
from gapcalc.compare import compare
from gapcalc.count import count
from gapcalc.definitions import ALL, Policy, dimension_parts, dimensions, measures, policies, usual_dimensions
from gapcalc.definitions.own import own_layout, own_policy
from gapcalc.errors import (
    GapcalcError,
    InputError,
    MissingColumn,
    NoFigures,
    NoNationalFigures,
    NothingMatches,
    NothingToCompare,
    UnknownName,
    listing,
)
from gapcalc.gap import gap
from gapcalc.harmonise import harmonise, outdated_codes, unread_codes
from gapcalc.harmonise.suggest import suggest
from gapcalc.model import (
    COHORT,
    COUNTS,
    KEY,
    SUMS,
    VALUES,
    Aggregates,
    Ask,
    Cleared,
    Finding,
    Harmonised,
    Neighbours,
    PrintedGap,
    Pupils,
    Rows,
    check_values,
)
from gapcalc.protect import merged, protect, uncovered
from gapcalc.rates import rates
from gapcalc.read import read
from gapcalc.read.definition import read_definition
from gapcalc.read.paths import widened
from gapcalc.release import FileReport, InputFacts, Release, Report, protection, report
from gapcalc.request import Request, asked, checked, held, options, select, unmatched, wants

if TYPE_CHECKING:
    import pandas as pd

INTERNAL = "internal: nothing is hidden, so small groups can be recognised; not for release"


@dataclass
class Heard:
    """What is learnt of the inputs on the way, for the output and for the user."""

    inputs: list[InputFacts] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def compute(request: Request) -> Release:
    """A request in, a release out: read, harmonise, count, rates, gap, compare."""
    heard = Heard()
    try:
        return _computed(ready(request), heard)
    except GapcalcError as error:
        error.warnings = tuple(dict.fromkeys(heard.warnings))
        raise


def ready(request: Request) -> Request:
    """The request with names in canonical words, patterns of files widened, and the user's layouts read."""
    own = tuple(own_layout(text, file) for file, text in map(read_definition, request.layouts))
    return replace(checked(request), own=own, data=widened(request.data), national=widened(request.national))


def sources(request: Request) -> tuple[str, ...]:
    """The path of every file that a run reads, none of which may be written over."""
    own = () if request.policy in policies() else (request.policy,)
    return (*widened(request.data), *widened(request.national), *request.layouts, *own)


def _computed(request: Request, heard: Heard) -> Release:
    policy = None if request.internal else policy_of(request)
    data, values = figures("data", request.data, request, heard, policy)
    gaps = gap(select(values, request), request.reference)
    others = [str(name) for name in values["dimension"].unique() if name not in (ALL, *usual_dimensions())]
    if others and not request.groups:
        heard.warnings.append(f"also in the data, when asked for: {listing(f'-g {name!r}' for name in others)}")
    if gaps.empty:
        chosen, there = asked(request), held(values)
        raise NothingMatches(chosen, there) if chosen else NothingToCompare(listing(request.data), there)
    heard.warnings += unmatched(gaps, request)
    national, beside = national_gaps(request, heard, policy)
    compared = compare(gaps, beside)
    if request.national:
        heard.warnings += without_national(compared)
    lost = protection(compared, data)
    if lost.hidden_for_others:
        share = f"{lost.hidden_for_others:,} of {lost.gaps:,} gaps ({percent(lost.hidden_for_others, lost.gaps)})"
        heard.warnings.append(f"{share} are hidden only so that others cannot be worked out from them")
    warnings = [*dict.fromkeys(heard.warnings), *([INTERNAL] if request.internal else [])]
    return Release(compared, tuple(heard.inputs), options(request), tuple(warnings), lost, data, national)


def percent(part: int, whole: int) -> str:
    """A share to one decimal."""
    return f"{100 * part / whole:.1f}%"


def policy_of(request: Request) -> Policy:
    """The disclosure profile that a request names: one that gapcalc brings, or a file of the user's own."""
    if request.policy in policies():
        return policies()[request.policy]
    if "." not in request.policy and "/" not in request.policy:
        raise UnknownName("disclosure policy", request.policy, [*policies(), "a file of your own, such as mine.toml"])
    file, text = read_definition(request.policy)
    return own_policy(text, file)


def without_national(compared: pd.DataFrame) -> list[str]:
    """Which gaps have no national gap beside them, in words."""
    alone = compared[compared["national_gap"].isna() & compared["gap"].notna()]
    names = dict.fromkeys(f"{one.measure} {one.focus} {one.period}" for one in alone.itertuples())
    return (
        [f"{len(alone):,} of {len(compared):,} gaps have no national gap beside them: {listing(names, 6)}"]
        if names
        else []
    )


@dataclass
class Gathered:
    """The counts and values of several files: an analyst's own, published ones, and those of the areas above.

    The lists of `files` name the file of each row.
    """

    own: list[pd.DataFrame] = field(default_factory=list)
    published: list[pd.DataFrame] = field(default_factory=list)
    values: list[pd.DataFrame] = field(default_factory=list)
    margins: list[pd.DataFrame] = field(default_factory=list)
    within: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=lambda: {"own": [], "published": [], "values": []})

    def add(self, kind: Literal["own", "published", "values"], table: pd.DataFrame, file: str) -> None:
        """Take a file's table."""
        tables: list[pd.DataFrame] = getattr(self, kind)
        tables.append(table)
        self.files[kind] += [file] * len(table)


def figures(
    role: Literal["data", "national"], paths: Sequence[str], request: Request, heard: Heard, policy: Policy | None
) -> tuple[Cleared, pd.DataFrame]:
    """Paths in; what may be shown of all their counts, and the values made from that, out.

    Pupils are counted, aggregates taken as they are. Counts of pupils and of an analyst's own aggregates are protected;
    published ones are what everybody can read. Without a policy nothing is.
    """
    found = Gathered()
    for path in paths:
        _gather(role, path, request, heard, found)
    own, published, alone = (together(tables, COUNTS) for tables in (found.own, found.published, found.values))
    margins = added(found.margins) if found.margins else None
    covered = protect(own, policy, margins, found.within) if policy else uncovered(own)
    cleared = merged([covered, uncovered(published), uncovered(alone)], internal=policy is None)
    tables = [rates(covered.counts), rates(published), *found.values]
    values = together(tables, VALUES)
    check_values(values, [file for kind in ("own", "published", "values") for file in found.files[kind]])
    return cleared, values


def _gather(role: Literal["data", "national"], path: str, request: Request, heard: Heard, gathered: Gathered) -> None:
    rows = read(path, sheet=request.sheet, encoding=request.encoding, delimiter=request.delimiter)
    found = harmonise(rows, request.own)
    hear(role, rows, found, heard)
    if isinstance(found.content, Neighbours):
        raise NoFigures(rows.file, "statistical neighbours")
    if isinstance(found.content, Aggregates):
        counts, above = (found.content.counts, None) if found.published else _apart(found.content, request.by)
        gathered.add("published" if found.published else "own", counts, rows.file)
        gathered.margins += [] if above is None else [above]
        gathered.within |= found.content.within
        gathered.add("values", found.content.values, rows.file)
        if len(found.content.values) and not found.published:
            what = f"{len(found.content.values):,} figures have no number of pupils"
            heard.warnings.append(f"{rows.file}: {what}, and cannot be protected: take care that all may be published")
        return
    if role == "national":
        raise NoNationalFigures(rows.file, "it holds pupils, not national figures")
    counted(found.content, request, heard, gathered)


def counted(pupils: Pupils, request: Request, heard: Heard, gathered: Gathered) -> None:
    """Pupils in; their counts, and those of the authority when they are counted by its parts, gathered."""
    file, asked_for = pupils.rows.file, ask(pupils, request)
    counts, unread = count(pupils, asked_for, request.engine)
    heard.warnings += unread_codes(pupils, unread, strict=request.strict)
    heard.warnings += [f"{file}: {note}" for note in outdated_codes(pupils)]
    heard.warnings += [f"{file}: {one.message}" for one in checks.only_reached(pupils, counts)]
    gathered.add("own", in_order(counts), file)
    if asked_for.level != "la":
        gathered.margins.append(count(pupils, replace(asked_for, level="la"), request.engine)[0][COUNTS])
        gathered.within |= pupils.within(asked_for.level)


def _apart(figures: Aggregates, by: str | None) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The counts of a file that are asked for, and those of the areas within which they lie.

    Those areas are there so that sums over them are known. They are asked for by their level alone.
    """
    counts = in_order(figures.counts)
    above = counts["area_code"].isin(set(figures.within.values()))
    if by is not None and (counts["level"][above] == by).any():
        return counts[above], None
    return (counts[~above], counts[above]) if above.any() else (counts, None)


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
    """Counts or values of several files as one table."""
    import pandas as pd

    some = [table for table in tables if len(table)] or list(tables[:1]) or [pd.DataFrame(columns=columns)]
    table = pd.concat(some, ignore_index=True)[list(columns)]
    table[SUMS] = table[SUMS].astype("Int64")
    return table


def national_gaps(request: Request, heard: Heard, policy: Policy | None) -> tuple[Cleared | None, pd.DataFrame | None]:
    """What is cleared of the national files and the gaps of the one country in them, or None when none are given."""
    if not request.national:
        return None, None
    cleared, values = figures("national", request.national, request, heard, policy)
    values = values[values["level"] == "national"]
    countries = values["area_name"].unique()
    if len(countries) != 1:
        why = "more than one country is in it" if len(countries) else "no row of it is national"
        raise NoNationalFigures(listing(request.national), why)
    return cleared, gap(values, request.reference)


def ask(pupils: Pupils, request: Request) -> Ask:
    """What to count in a pupil file: what was asked for and its columns can tell."""
    level = request.by or "la"
    if level not in pupils.keys:
        raise UnknownName("level of pupil data", level, ("la", "district", "school"))
    if not pupils.keys[level].told:
        raise MissingColumn(
            pupils.rows.file, f"pupil-level extract counted by {level}", [(level, pupils.aliases.get(level, (level,)))]
        )
    asked_for = [dimension_parts(name) for name in request.groups] or [
        (id,) for id in usual_dimensions() if id in pupils.groups
    ]
    told = [parts for parts in asked_for if all(part in pupils.groups for part in parts)]
    if asked_for and not told:
        lacking = dict.fromkeys(part for parts in asked_for for part in parts if part not in pupils.groups)
        columns = dict.fromkeys(source.column for part in lacking for source in dimensions()[part].source)
        raise MissingColumn(
            pupils.rows.file,
            f"pupil-level extract counted by {', '.join(lacking) or 'group'}",
            [(column, pupils.aliases.get(column, (column,))) for column in columns],
        )
    wanted = [one for key, one in measures().items() if key in pupils.outcomes and wants(request, *key)]
    return Ask(level, ((), *told), tuple(wanted))


def validate(request: Request) -> Report:
    """A request's data in, a report of what each file is and what is wrong or odd in it out.

    A file that cannot be read is one error of the report.
    """
    request = ready(request)
    return report(tuple(_validated(path, request) for path in request.data))


def suggest_layout(request: Request) -> str:
    """The one file of a request in, the draft of a layout for its family out."""
    (path,) = request.data
    return suggest(read(path, sheet=request.sheet, encoding=request.encoding, delimiter=request.delimiter))


def _validated(path: str, request: Request) -> FileReport:
    try:
        rows = read(path, sheet=request.sheet, encoding=request.encoding, delimiter=request.delimiter)
        found = harmonise(rows, request.own)
    except InputError as error:
        name = path.replace("\\", "/").rsplit("/", 1)[-1]
        return FileReport(file=name, findings=(Finding(type(error).__name__, "error", error.message),))
    findings = [Finding("note", "warning", note) for note in (*rows.notes, *found.notes)] + list(found.findings)
    values: pd.DataFrame | None = None
    printed: Sequence[PrintedGap] = ()
    try:
        if isinstance(found.content, Pupils):
            counts, unread = count(found.content, ask(found.content, Request(data=(path,))))
            strange = unread_codes(found.content, unread, strict=False) + outdated_codes(found.content)
            findings += [Finding("codes", "error" if request.strict else "warning", note) for note in strange]
            findings += checks.pupils_twice(found.pupil_numbers)
            findings += checks.without_result(found.content, counts)
            findings += checks.only_reached(found.content, counts)
            values = rates(counts)
        elif isinstance(found.content, Aggregates):
            findings += checks.figures_twice(found.content)
            findings += checks.adding_up(found.content.counts)
            values, printed = (
                together([rates(found.content.counts), found.content.values], VALUES),
                found.content.printed_gaps,
            )
        if values is not None:
            check_values(values, [rows.file] * len(values))
            gaps = gap(together([values], VALUES))
            findings += checks.unknown_groups(gaps)
            findings += checks.printed_gaps(gaps, printed)
    except InputError as error:
        findings.append(Finding(type(error).__name__, "error", error.message))
    return FileReport(
        file=rows.file,
        layout=found.layout,
        encoding=rows.encoding,
        rows=rows.table.num_rows,
        columns=dict(found.mapped),
        columns_unused=found.columns_unused,
        rows_unused=found.rows_unused,
        words_unused=dict(sorted(found.words_unused.items())),
        **({} if values is None else holds(values)),
        findings=tuple(dict.fromkeys(findings)),
    )


def holds(values: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """What values hold, each sorted."""
    columns = {"periods": "period", "areas": "area_name", "key_stages": "key_stage", "measures": "measure"}
    columns |= {"groups": "dimension"}
    return {name: tuple(sorted(str(one) for one in values[column].unique())) for name, column in columns.items()}


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
    odd = [finding.message for finding in found.findings]
    heard.warnings += [f"{rows.file}: {note}" for note in (*rows.notes, *found.notes, *odd)]
    if isinstance(found.content, Pupils) and found.columns_unused:
        # The header fitted the layout of pupil files, so these are names of columns and nobody's data.
        heard.warnings.append(f"{rows.file}: columns that are not used: {listing(found.columns_unused)}")
