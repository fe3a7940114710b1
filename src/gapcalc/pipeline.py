"""The whole tool on one page, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from gapcalc import validate as checks
from gapcalc.compare import compare
from gapcalc.count import count
from gapcalc.definitions import ALL, dimension_parts, dimensions, measures, usual_dimensions
from gapcalc.definitions.own import own_layout
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
    COUNTS,
    SUMS,
    VALUES,
    Aggregates,
    Ask,
    Finding,
    Harmonised,
    Neighbours,
    PrintedGap,
    Pupils,
    Rows,
    check_values,
)
from gapcalc.rates import rates
from gapcalc.read import read
from gapcalc.read.definition import read_definition
from gapcalc.read.paths import widened
from gapcalc.release import FileReport, InputFacts, Release, Report, report
from gapcalc.request import Request, asked, checked, held, options, select, unmatched, wants

if TYPE_CHECKING:
    import pandas as pd

NOT_PROTECTED = "figures are not protected against disclosure: do not publish them, or pass them outside the authority"


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
    return (*widened(request.data), *widened(request.national), *request.layouts)


def _computed(request: Request, heard: Heard) -> Release:
    values = figures("data", request.data, request, heard)
    gaps = gap(select(values, request), request.reference)
    others = [str(name) for name in values["dimension"].unique() if name not in (ALL, *usual_dimensions())]
    if others and not request.groups:
        heard.warnings.append(f"also in the data, when asked for: {listing(f'-g {name!r}' for name in others)}")
    if gaps.empty:
        chosen, there = asked(request), held(values)
        raise NothingMatches(chosen, there) if chosen else NothingToCompare(listing(request.data), there)
    heard.warnings += unmatched(gaps, request)
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

    tables: list[pd.DataFrame] = []
    files: list[str] = []
    for path in paths:
        rows = read(path, sheet=request.sheet, encoding=request.encoding, delimiter=request.delimiter)
        found = harmonise(rows, request.own)
        hear(role, rows, found, heard)
        if isinstance(found.content, Pupils):
            if role == "national":
                raise NoNationalFigures(rows.file, "it holds pupils, not national figures")
            counts, unread = count(found.content, ask(found.content, request), request.engine)
            heard.warnings += unread_codes(found.content, unread, strict=request.strict)
            heard.warnings += [f"{rows.file}: {note}" for note in outdated_codes(found.content)]
            heard.warnings += [f"{rows.file}: {one.message}" for one in checks.only_reached(found.content, counts)]
            given = [rates(counts[COUNTS])]
        elif isinstance(found.content, Neighbours):
            raise NoFigures(rows.file, "statistical neighbours")
        else:
            given = [rates(found.content.counts), found.content.values]
        tables += given
        files += [rows.file] * sum(len(table) for table in given)
    values = together(tables)
    check_values(values, files)
    return values


def together(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Values of several files as one table."""
    import pandas as pd

    values = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)[VALUES]
    values[SUMS] = values[SUMS].astype("Int64")
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
            findings += checks.pupils_twice(found.content, found.identifiers)
            findings += checks.without_result(found.content, counts)
            findings += checks.only_reached(found.content, counts)
            values = rates(counts)
        elif isinstance(found.content, Aggregates):
            findings += checks.figures_twice(found.content)
            findings += checks.adding_up(found.content.counts)
            values, printed = together([rates(found.content.counts), found.content.values]), found.content.printed_gaps
        if values is not None:
            check_values(values, [rows.file] * len(values))
            gaps = gap(together([values]))
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
