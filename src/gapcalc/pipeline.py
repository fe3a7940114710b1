"""The whole tool on one page, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gapcalc import validate as checks
from gapcalc.compare import compare
from gapcalc.count import count
from gapcalc.definitions import ALL, Policy, policies, usual_dimensions
from gapcalc.definitions.own import own_layout, own_policy
from gapcalc.errors import (
    GapcalcError,
    InputError,
    NoNationalFigures,
    NothingMatches,
    NothingToCompare,
    UnknownName,
    listing,
)
from gapcalc.figures import Heard, ask, figures, together
from gapcalc.gap import gap
from gapcalc.harmonise import harmonise, outdated_codes, unread_codes
from gapcalc.harmonise.suggest import suggest
from gapcalc.model import VALUES, Aggregates, Cleared, Finding, PrintedGap, Pupils, check_values
from gapcalc.rates import rates
from gapcalc.read import read
from gapcalc.read.definition import read_definition
from gapcalc.read.paths import widened
from gapcalc.release import Release, protection
from gapcalc.request import Request, asked, checked, held, options, select, unmatched
from gapcalc.results import FileReport, Report, report

if TYPE_CHECKING:
    import pandas as pd

INTERNAL = "internal: nothing is hidden, so small groups can be recognised; not for release"


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
        heard.warnings.append(f"{share} hidden only so that others cannot be worked out from them")
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
