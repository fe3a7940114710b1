"""The whole tool on one page, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gapcalc import progress
from gapcalc import validate as checks
from gapcalc.asking import ask
from gapcalc.compare import compare
from gapcalc.comparisons import Compared, Setting
from gapcalc.count import count
from gapcalc.count.twice import twice
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
from gapcalc.figures import Figures, figures
from gapcalc.gap import gap
from gapcalc.gathered import Heard, together
from gapcalc.harmonise import check_keys, harmonise, odd_figures, outdated_codes, spelt_alike, unread_codes
from gapcalc.harmonise.suggest import suggest
from gapcalc.model import (
    GAPS,
    LEVELS,
    NO_ROW,
    PLACES,
    VALUES,
    WHICH_COHORT,
    Aggregates,
    Cleared,
    Finding,
    Harmonised,
    PrintedGap,
    Pupils,
    check_values,
)
from gapcalc.needs import needs
from gapcalc.protect import ANY
from gapcalc.protect import told as with_row
from gapcalc.rates import rates
from gapcalc.read import read, taken
from gapcalc.read.definition import read_definition
from gapcalc.read.paths import widened
from gapcalc.release import Release, protected, protection
from gapcalc.request import Request, asked, checked, held, options, printed, select, unmatched
from gapcalc.rescale import WHICH, rescale
from gapcalc.results import FileReport, Place, Report, report
from gapcalc.rows import Source
from gapcalc.setting import comparator_word, doubtful_neighbours, list_file, setting_of
from gapcalc.tally import Ask

if TYPE_CHECKING:
    import pandas as pd

LEVELS_OF = {
    "national": ("region", "la", "district", "school"), "region": ("la", "district", "school"), "neighbours": ("la",),
    "las": ("la",), "la": ("district", "school"),
}  # fmt: skip
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
    compare = request.compare or (("national",) if request.beside else ())
    request = replace(request, compare=tuple(dict.fromkeys(comparator_word(name) for name in compare)))
    return replace(checked(request), own=own, data=widened(request.data), beside=widened(request.beside))


def sources(request: Request) -> tuple[str, ...]:
    """The path of every file that a run reads, none of which may be written over."""
    own = () if request.policy in policies() else (request.policy,)
    lists = list_file(request.neighbours)
    return (*widened(request.data), *widened(request.beside), *request.layouts, *own, *([lists[0]] if lists else []))


def _computed(request: Request, heard: Heard) -> Release:
    policy = None if request.internal else policy_of(request)
    setting = setting_of(request, heard)
    beside = figures("beside", request.beside, request, heard, policy) if request.beside else None
    data = figures("data", request.data, request, heard, policy, beside=beside)
    return released(request, data, beside, setting, heard)


def released(request: Request, data: Figures, beside: Figures | None, setting: Setting, heard: Heard) -> Release:
    """What is cleared of the data, and of files to set beside, in; the release of a request out."""
    # What the data hold is said by what is shown of them: a hidden row of peers is no more told of than one of a group.
    every = with_row(data.values, data.cleared, ANY)
    whole = gap(select(with_row(data.values, data.cleared), request), request.reference)
    gaps = printed(whole, request)
    others = [str(name) for name in every["dimension"].unique() if name not in (ALL, *usual_dimensions())]
    if others and not request.groups:
        heard.warnings.append(f"also in the data, when asked for: {listing(f'-g {name!r}' for name in others)}")
    if gaps.empty:
        chosen, there = maybe_hidden(asked(request), data), held(every, request)
        raise NothingMatches(chosen, there) if chosen else NothingToCompare(listing(request.data), there)
    heard.warnings += unmatched(gaps, request, every)
    levels = {*every["level"].unique(), *([] if beside is None else beside.values["level"].unique())}
    if "national" in request.compare and "national" not in levels:
        raise NoNationalFigures(listing(request.beside or request.data), "no row of it is national")
    compared = compare(gaps, pool(whole, beside, request), replace(setting, within=data.within))
    heard.warnings += [*doubtful_neighbours(gaps, setting), *not_there(gaps, compared, request)]
    scales = rescale(gaps, data.cleared.scores) if request.scales else None
    gaps = needs(gaps[GAPS])
    gaps = gaps if scales is None else gaps.merge(scales, on=WHICH, how="left")
    if not data.cleared.internal and (gaps["level"].isin(PLACES).to_numpy() & protected(gaps, data.cleared)).any():
        heard.warnings.append(NO_ROW)
    lost = protection(gaps, data.cleared)
    if lost.hidden_for_others:
        share = percent(lost.hidden_for_others, int(gaps["gap"].notna().sum()) + lost.hidden_for_others)
        only = f"about {lost.hidden_for_others:,} of them ({share} of what could be shown)"
        hidden = f"{lost.hidden:,} of {lost.gaps:,} gaps hidden, {only}"
        heard.warnings.append(f"{hidden} only so that others cannot be worked out from them")
    warnings = [*dict.fromkeys(heard.warnings), *([INTERNAL] if request.internal else [])]
    cleared = None if beside is None else beside.cleared
    told = options(request) | {"neighbours": setting.neighbours.version if setting.neighbours else None}
    places = without_row(printed(select(every, request), request), gaps, data.cleared)
    return Release(gaps, heard.files, told, tuple(warnings), lost, data.cleared, compared, cleared, places)


def maybe_hidden(chosen: str, data: Figures) -> str:
    """What was asked for and is not there, in words; and that it may be hidden, of districts and schools."""
    if data.cleared.internal or not data.values["level"].isin(PLACES).any():
        return chosen
    return f"{chosen or 'what was asked for'}; or no row of it may be shown: see --pool, --by and --policy"


def pool(whole: pd.DataFrame, beside: Figures | None, request: Request) -> pd.DataFrame:
    """All gaps that can stand beside others: those of the data, and those of the files given for that."""
    import pandas as pd

    tables = [whole.assign(source="data")]
    if beside is not None:
        theirs = with_row(select(beside.values, request), beside.cleared)
        tables.append(gap(theirs, request.reference).assign(source="beside"))
    return pd.concat([one for one in tables if len(one)], ignore_index=True)


def without_row(values: pd.DataFrame, gaps: pd.DataFrame, data: Cleared) -> tuple[Place, ...]:
    """Values and gaps of a run in; the districts and schools that were protected, and of which there is no gap, out."""
    cells, names = data.cells, ["area_code", "area_name", "level"]
    own = set(cells.loc[cells["protected"] & cells["level"].isin(PLACES), "area_code"]) - set(gaps["area_code"])
    found = values.loc[values["area_code"].isin(own) & values["level"].isin(PLACES), names].drop_duplicates()
    return tuple(Place.model_validate(one) for one in found.sort_values(names).to_dict("records"))


def percent(part: int, whole: int) -> str:
    """A share, whole."""
    return f"{100 * part / whole:.0f}%"


def policy_of(request: Request) -> Policy:
    """The disclosure policy that a request names: one that gapcalc brings, or a file of the user's own."""
    if request.policy in policies():
        return policies()[request.policy]
    if "." not in request.policy and "/" not in request.policy:
        raise UnknownName("disclosure policy", request.policy, [*policies(), "a file of your own, such as mine.toml"])
    file, text = read_definition(request.policy)
    return own_policy(text, file)


def not_there(gaps: pd.DataFrame, compared: Compared, request: Request) -> list[str]:
    """What was to stand beside gaps and is not there, in words."""
    found, notes = compared.comparisons, []
    levels = {"la": "it is for districts and schools, see --by", "neighbours": "it is for authorities"}
    levels["las"] = levels["neighbours"]
    if gaps["level"].isin(PLACES).any():
        levels["la"] = "the authority in which these lie is not known, or has no such figures here"
    alone = gaps[gaps["gap"].notna()]
    for name in request.compare:
        theirs = found[found["comparator"] == name]
        if theirs.empty:
            none = "no such area is there, nor figures of these groups, or no earlier year: look at --beside and -g"
            why = levels.get(name, none)
            notes.append(f"nothing of comparator {name!r}: {why}")
            continue
        applies = alone[alone["level"].isin(LEVELS_OF.get(name, LEVELS))]
        lacking = applies.drop(theirs.loc[theirs["gap"].notna() | theirs["reasons"].notna(), "row"], errors="ignore")
        names = dict.fromkeys(f"{one.measure} {one.focus} {one.period}" for one in lacking.itertuples())
        if names:
            what = f"{len(lacking):,} of {len(applies):,} gaps that are known have nothing"
            notes.append(f"{what} of comparator {name!r} beside them: {listing(names, 6)}")
    doubtful = found[(found["comparable"] == "caution").to_numpy()]
    told = gaps.iloc[doubtful["row"].to_numpy(dtype=int)][["key_stage", "measure", "period"]].reset_index(drop=True)
    for (stage, measure, now), then, why in zip(
        told.to_numpy().tolist(), doubtful["period"], doubtful["reasons"], strict=True
    ):
        notes.append(f"take care with {stage} {measure} {now} beside {then}: {why}")
    return list(dict.fromkeys(notes))


def validate(request: Request) -> Report:
    """A request's data in, a report of what each file is and what is wrong or odd in it out.

    A file that cannot be read is one error of the report.
    """
    request = ready(request)
    with progress.shown():
        return report(tuple(_validated(path, request) for path in request.data))


def suggest_layout(request: Request) -> str:
    """The one file of a request in, the draft of a layout for its family out."""
    (path,) = request.data
    rows = read(path, sheet=request.sheet, encoding=request.encoding, delimiter=request.delimiter)
    return suggest(rows.whole())


def _validated(path: str, request: Request) -> FileReport:
    try:
        rows = read(path, sheet=request.sheet, encoding=request.encoding, delimiter=request.delimiter)
        return taken(rows, lambda source: _report(source, harmonise(source, request.own), request))
    except InputError as error:
        name = path.replace("\\", "/").rsplit("/", 1)[-1]
        return FileReport(file=name, findings=(_refused(error),))


def _refused(error: InputError) -> Finding:
    """The error that ends the reading of a file, as a finding."""
    hint = "" if "gapcalc validate" in error.hint else error.hint  # this is it
    return Finding(type(error).__name__, "error", f"{error.message} (try: {hint})" if hint else error.message)


def _report(rows: Source, found: Harmonised, request: Request) -> FileReport:
    findings = [Finding("note", "warning", note) for note in (*rows.notes, *found.notes)] + odd_figures(found)
    values: pd.DataFrame | None = None
    printed: Sequence[PrintedGap] = ()
    try:
        if isinstance(found.content, Pupils):
            asked_for = ask(found.content, Request(data=(rows.file,)))
            counts, tally = count(found.content, asked_for)
            strange = unread_codes(found.content, tally, strict=False) + outdated_codes(found.content, tally)
            # Every place is looked at, whatever a run will ask for.
            levels = tuple(name for name in ("district", "school") if found.content.keys[name].told)
            if levels:
                _, places = count(found.content, Ask(levels, ((),), asked_for.measures[:1]))
                check_keys(found.content, places)
                strange += spelt_alike(found.content, places)
            findings += [Finding("codes", "error" if request.strict else "warning", note) for note in strange]
            numbers, cohort = found.pupil_numbers, [found.content.keys[name] for name in WHICH_COHORT]
            findings += checks.pupils_twice(None if numbers is None else twice(numbers, cohort))
            findings += checks.without_result(tally, counts)
            findings += [one for _, one in checks.only_reached(found.content, tally, counts)]
            values = rates(counts)
        elif isinstance(found.content, Aggregates):
            findings += checks.figures_twice(found.content)
            findings += checks.adding_up(found.content.counts)
            findings += checks.parts(found.content.counts, found.content.within)
            values, printed = (
                together([rates(found.content.counts), found.content.values], VALUES),
                found.content.printed_gaps,
            )
        if values is not None:
            check_values(values, [rows.file] * len(values))
            whole = together([values], VALUES)
            findings += checks.between(whole) if isinstance(found.content, Aggregates) else []
            gaps = gap(whole)
            findings += checks.unknown_groups(gaps)
            findings += checks.printed_gaps(gaps, printed)
    except InputError as error:
        findings.append(_refused(error))
    return FileReport(
        file=rows.file,
        layout=found.layout,
        encoding=rows.encoding,
        rows=rows.count,
        columns=dict(found.mapped),
        columns_unused=found.columns_unused,
        rows_unused=found.rows_left_out(rows.count),
        words_unused=dict(sorted(found.words_unused.items())),
        **({} if values is None else holds(values)),
        findings=tuple(dict.fromkeys(findings)),
    )


def holds(values: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """What values hold, each sorted."""
    columns = {"periods": "period", "areas": "area_name", "key_stages": "key_stage", "measures": "measure"}
    columns |= {"groups": "dimension"}
    return {name: tuple(sorted(str(one) for one in values[column].unique())) for name, column in columns.items()}
