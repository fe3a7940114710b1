"""Who missed a standard, on one page: a request in, the table cleared to leave the program out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gapcalc import pipeline
from gapcalc.cohort import cohort, disputed
from gapcalc.definitions import ALL, dimension_parts, dimensions, measures
from gapcalc.errors import (
    GapcalcError,
    NoNationalFigures,
    NothingMatches,
    NothingPrinted,
    UnknownName,
    UsageError,
    WhichStandard,
    listing,
)
from gapcalc.figures import Figures, figures
from gapcalc.gathered import Gathered, Heard
from gapcalc.harmonise import harmonise
from gapcalc.measured import proportions
from gapcalc.missed import MissedRelease, with_combinations
from gapcalc.model import NO_ROW, PLACES, dimension_name, each
from gapcalc.pipeline import INTERNAL, maybe_hidden, policy_of, ready
from gapcalc.printed import Denied, PrintedAggregates
from gapcalc.protect import ANY, SIDES, told
from gapcalc.read import read
from gapcalc.read.paths import widened
from gapcalc.request import Request, asked, held, options, select, unmatched, wants
from gapcalc.request import printed as of_these

if TYPE_CHECKING:
    import pandas as pd

    from gapcalc.definitions import Policy

MOST = 4  # groups: a table of more than 16 combinations is not read by anybody


def who_missed(request: Request, printed: Sequence[str] = ()) -> MissedRelease:
    """A request whose groups are to be combined, and paths of printed figures, in; a release out.

    Raises UsageError, WhichStandard, NothingPrinted, and whatever reading and counting raise.
    """
    groups = chosen(request.groups)
    heard = Heard()
    try:
        request = ready(replace(request, groups=(dimension_name(groups),)))
        return _who_missed(request, groups, widened(printed), heard)
    except GapcalcError as error:
        error.warnings = tuple(dict.fromkeys(heard.warnings))
        raise


def sources(request: Request, printed: Sequence[str] = ()) -> tuple[str, ...]:
    """The path of every file that a run reads, none of which may be written over."""
    return (*pipeline.sources(request), *widened(printed))


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """Names of groups, some of them intersections, in; each dimension once, in the order asked for, out."""
    found: dict[str, None] = {}
    for name in names:
        if not (parts := dimension_parts(name)):
            raise UnknownName("group", ALL, dimensions())
        words = name.lower().replace(":", " x ").split(" x ")
        found |= dict.fromkeys(sorted(parts, key=[word.strip() for word in words].index))
    if not 1 <= len(found) <= MOST:
        raise UsageError(
            f"combinations of {len(found):,} groups are asked for", f"give 1 to {MOST} with -g, as -g sen,fsm"
        )
    return tuple(found)


def _who_missed(request: Request, groups: tuple[str, ...], printed: Sequence[str], heard: Heard) -> MissedRelease:
    (name,) = request.groups
    asked_for = [(key, one) for key, one in measures().items() if request.measures and wants(request, *key)]
    if asked_for and all(one.kind == "mean" for _, one in asked_for):
        raise _no_standard(id for (_, id), _ in asked_for)
    policy = None if request.internal else policy_of(request)
    national = figures("beside", request.beside, request, heard, policy) if request.beside else None
    data = figures("data", request.data, request, heard, policy, lambda found: _one_measure(found, request), national)
    values = _of_standards(of_these(select(data.values, request), request))
    every = told(data.values, data.cleared, ANY)
    beside = None if national is None else _national(national, request)
    exact = policy is None or policy.rounding == 1
    own = policy is not None and bool(data.cleared.cells["protected"].any())
    made = cohort(
        values, name, beside, exact=exact, small=policy.few(dimension_parts(name)) if policy and own else None
    )
    made = with_combinations(told(made, data.cleared, SIDES), data.cleared)
    if made.empty:
        raise NothingMatches(maybe_hidden(asked(request), data), held(every, request))
    if own and made["level"].isin(PLACES).any():
        heard.warnings.append(NO_ROW)
    heard.warnings += unmatched(made, request, _of_standards(of_these(select(every, request), request)))
    if beside is not None and made["national_share"].isna().all():
        heard.warnings.append(f"no national figures of these years and measures by {name}")
    denied = [one for path in printed for one in _denied(path, request, made, heard, policy)]
    warnings = [*dict.fromkeys(heard.warnings), *([INTERNAL] if request.internal else [])]
    return MissedRelease(
        made,
        groups,
        tuple(denied),
        heard.files,
        _options(request, groups),
        tuple(warnings),
        data.cleared,
        None if national is None else national.cleared,
    )


def _one_measure(found: Gathered, request: Request) -> None:
    """Raise WhichStandard when no measure is asked for and the data hold several, or none that is a standard."""
    if request.measures:
        return
    there: dict[tuple[str, str], str] = {}
    for table in (*found.own, *found.published, *found.values):
        rows = of_these(select(table, request), request)
        rows = rows[rows["dimension"] != ALL]
        there |= {(str(stage), str(id)): "" for stage, id in each(rows, "key_stage", "measure")}
    standards = [key for key in measures() if key in there and measures()[key].kind == "proportion"]
    if there and not standards:
        raise _no_standard(id for _, id in there)
    if len(standards) > 1:
        raise WhichStandard(
            "the data hold several measures: say with --measure (and --key-stage) which standard was missed",
            listing(f"{id} ({stage})" for stage, id in standards),
        )


def _no_standard(ids: Iterable[str]) -> WhichStandard:
    return WhichStandard(
        f"{listing(dict.fromkeys(ids))}: a mean score, which nobody reaches or misses",
        "name a measure of a standard with --measure; `gapcalc compute` has the gaps of mean scores",
    )


def _of_standards(values: pd.DataFrame) -> pd.DataFrame:
    """Values but for those of mean scores."""
    return values[proportions(values)] if len(values) else values


def _national(found: Figures, request: Request) -> pd.DataFrame:
    """The values of the one country in the national files."""
    values = found.values[found.values["level"] == "national"]
    countries = values["area_name"].unique()
    if len(countries) != 1:
        why = "more than one country is in it" if len(countries) else "no row of it is national"
        raise NoNationalFigures(listing(request.beside), why)
    return _of_standards(select(values, request))


def _denied(path: str, request: Request, made: pd.DataFrame, heard: Heard, policy: Policy | None) -> Sequence[Denied]:
    """What a file of printed figures says otherwise than the table."""
    rows = read(path, sheet=request.sheet, encoding=request.encoding, delimiter=request.delimiter).whole()
    found = harmonise(rows, request.own)
    if not isinstance(found.content, PrintedAggregates):
        raise NothingPrinted(rows.file, "it holds no figures in gapcalc's own layout")
    printed = found.content.printed()
    if not printed:
        raise NothingPrinted(rows.file, "no row of it says anything of who missed a standard")
    heard.note(rows, found, internal=request.internal)
    heard.file("printed", rows, found, internal=request.internal)
    (name,) = request.groups
    others = dict.fromkeys(one.key[-1] for one in printed if one.key[-2] not in (name, ALL))
    if others:
        heard.warnings.append(f"{rows.file}: of other groups than these, and not compared: {listing(others, 6)}")
    return disputed(made, name, printed, rows.file, policy.rounding if policy else 1)


def _options(request: Request, groups: tuple[str, ...]) -> dict[str, bool | str | list[str] | None]:
    """The options in force, as the output repeats them."""
    of_compute = options(request)
    same = ("measures", "key_stages", "periods", "areas", "by", "policy")
    return {"groups": list(groups)} | {name: of_compute[name] for name in same}
