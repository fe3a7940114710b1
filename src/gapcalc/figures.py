"""Figures: paths in, what is cleared of all their counts and the values made from that out.

The left half of the pipeline, as often as a run has files: read, harmonise, count, protect, rates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gapcalc import progress
from gapcalc import validate as checks
from gapcalc.asking import ask, lacking
from gapcalc.count import count, with_nobody, within
from gapcalc.count.scores import by_score
from gapcalc.count.twice import twice
from gapcalc.definitions import ALL, Policy
from gapcalc.errors import NoFigures, NoNationalFigures, listing
from gapcalc.gathered import (
    Gathered,
    Heard,
    Role,
    added,
    gaps_alone,
    in_order,
    in_pools,
    in_regions,
    together,
)
from gapcalc.harmonise import harmonise, outdated_codes, spelt_alike, unread_codes
from gapcalc.known import Known, known_besides
from gapcalc.levels import along_with, apart
from gapcalc.model import (
    COUNTS,
    KEY,
    SUMS,
    VALUES,
    WHICH_COHORT,
    Aggregates,
    Cleared,
    Harmonised,
    Level,
    Neighbours,
    Pupils,
    check_values,
    each,
    share_texts,
)
from gapcalc.protect import merged, protect, some, uncovered, with_scores
from gapcalc.rates import rates
from gapcalc.read import rows_of, taken
from gapcalc.request import Request, needed_periods
from gapcalc.rows import Source
from gapcalc.texts import plain

if TYPE_CHECKING:
    import pandas as pd

SET_ASIDE = "the data also have figures of areas above these: see --by la, or beside their parts -c la"
# In a file of more pupils `validate` alone looks for those who stand twice: it takes as long as counting.
LOOKED = 250_000


@dataclass(frozen=True)
class Figures:
    """What is cleared of some files' counts, the values made from that, and which area lies in which.

    `gaps` are those that a file prints with no other figure beside them, as values, and `printed` what is cleared of
    them.
    """

    cleared: Cleared
    values: pd.DataFrame
    within: Mapping[str, str]
    gathered: Gathered
    gaps: pd.DataFrame
    printed: Cleared


def figures(
    role: Role,
    paths: Sequence[str],
    request: Request,
    heard: Heard,
    policy: Policy | None,
    check: Callable[[Gathered], None] | None = None,
    beside: Figures | None = None,
) -> Figures:
    """Paths in; what may be shown of all their counts, and the values made from that, out.

    Pupils are counted, aggregates taken as they are. Counts of pupils and of an analyst's own aggregates are protected;
    published ones are what everybody can read. Without a policy nothing is. Where the authority is to stand beside its
    schools, what is cleared of its own figures is among them. `check` may refuse what was gathered before it is
    protected, which takes longest. `beside` is printed along: the areas in it of which these are parts are known.
    """
    with progress.shown():
        return _figures(role, paths, request, heard, policy, check, beside)


def _figures(
    role: Role,
    paths: Sequence[str],
    request: Request,
    heard: Heard,
    policy: Policy | None,
    check: Callable[[Gathered], None] | None,
    beside: Figures | None,
) -> Figures:
    import pandas as pd

    share_texts()
    found = Gathered()
    for path in paths:
        _gather(role, path, request, heard, found)
    if check:
        check(found)
    own, published, alone = (together(tables, COUNTS) for tables in (found.own, found.published, found.values))
    margins = added(found.margins) if found.margins else None
    own, margins = _asked_for(own, margins, found, request)
    aside: set[tuple[str, ...]] = set()
    before = len(own)
    if role == "data":
        own, margins, aside = apart(own, margins, found, _level(request, own))
    set_aside = request.by is None and len(own) < before
    gaps = gaps_alone(found, own)
    every = pd.concat([own[KEY], published[KEY], alone[KEY]], ignore_index=True)
    check_values(every, [file for kind in ("own", "published", "values") for file in found.files[kind]])
    if role == "data":
        own, margins = in_regions(own, margins, found, request, heard)
        own, published = in_pools(own, published, alone, margins, found, request, heard)
    elsewhere = Gathered() if beside is None else beside.gathered
    known = known_besides(own, margins, found, elsewhere, request.by, policy) if policy else Known()
    whole = margins
    if known.above is not None:
        # What is hidden in one file may be known from another.
        over = known.above if margins is None else together([margins, known.above], COUNTS)
        whole = over.sort_values("total", key=pd.isna, kind="stable").drop_duplicates(KEY, ignore_index=True)
    progress.tell("protecting counts")
    covered = (
        protect(own, policy, whole, found.within, known.told, known.along, known.rated) if policy else uncovered(own)
    )
    heard.warnings += _reached(found, covered)
    values = together([rates(covered.counts), rates(published), *found.values], VALUES)
    files = listing(dict.fromkeys(file for files in found.files.values() for file in files if file))
    check_values(values, [files] * len(values))
    parts = [covered, uncovered(published), uncovered(alone)]
    rows = None if margins is None else along_with(margins, aside, request, values)
    if set_aside and rows is not None and not rows.all():
        heard.warnings.append(SET_ASIDE)
    if margins is not None and rows is not None and rows.any():
        above = (
            protect(margins, policy, known.above, found.within, known.told, known.along)
            if policy
            else uncovered(margins)
        )
        above = some(above, rows)
        parts, values = [*parts, above], together([values, rates(above.counts)], VALUES)
    if policy and policy.rounding > 1 and any(len(table) for table in found.scores):
        heard.warnings.append(f"the policy {policy.name} rounds counts: of scores no gap index and no V are worked out")
    cleared = with_scores(merged(parts, internal=policy is None), found.scores)
    return Figures(cleared, values, found.within, found, gaps, uncovered(together([gaps], COUNTS)))


def _reached(found: Gathered, covered: Cleared) -> list[str]:
    """What was heard of measures that everybody has reached, as far as it is shown that everybody has."""
    everybody = covered.counts[covered.counts["dimension"] == ALL]
    hidden = set(each(everybody[everybody["total"].isna()], "key_stage", "measure"))
    return [message for key, message in found.reached if key not in hidden]


def _asked_for(
    own: pd.DataFrame, margins: pd.DataFrame | None, found: Gathered, request: Request
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Own counts, and those above them, of the periods that are asked for: of others nothing need be hidden here.

    Where there is nothing of these, all stay, so that it can be said what there is.
    """
    periods = needed_periods(request)
    wanted = own["period"].isin(periods)
    if not wanted.any():
        return own, margins
    found.keep(wanted.tolist())
    above = None if margins is None else margins[margins["period"].isin(periods)]
    return own[wanted].reset_index(drop=True), above


def given(path: str, request: Request, role: Role = "data") -> Source:
    """The rows of a path: the data are where their engine finds them, all else is a file."""
    engine = request.engine if role == "data" else "duckdb"
    return rows_of(path, engine, sheet=request.sheet, encoding=request.encoding, delimiter=request.delimiter)


def _gather(role: Role, path: str, request: Request, heard: Heard, gathered: Gathered) -> None:
    rows = given(path, request, role)
    taken(rows, lambda source: _take(role, source, request, heard, gathered))


def _take(role: Role, rows: Source, request: Request, heard: Heard, gathered: Gathered) -> None:
    found = harmonise(rows, request.own)
    heard.note(rows, found, internal=request.internal)
    if isinstance(found.content, Neighbours):
        raise NoFigures(rows.file, "statistical neighbours")
    if isinstance(found.content, Aggregates):
        heard.file(role, rows, found, internal=request.internal)
        counted_here = "protection" in found.mapped.values()  # gapcalc has, or a warehouse by its statement
        content = _with_nobody(found.content) if counted_here else found.content
        counts = content.counts if found.published else in_order(content.counts)
        gathered.add("published" if found.published else "own", counts, rows.file)
        gathered.within |= found.content.within
        if counted_here:
            gathered.complete.add(rows.file)
        gathered.add("values", found.content.values, rows.file)
        gathered.printed += found.content.printed_gaps
        if len(found.content.values) and not found.published:
            what = f"{len(found.content.values):,} figures have no number of pupils"
            heard.warnings.append(f"{rows.file}: {what}, and cannot be protected: take care that all may be published")
        return
    if role == "beside":
        raise NoNationalFigures(rows.file, "it holds pupils, and no figures to set beside")
    counted(found.content, replace(request, by=_level(request)), heard, gathered)
    heard.warnings += pupils_again(found, request)
    heard.file(role, rows, found, internal=request.internal)


def _with_nobody(figures: Aggregates) -> Aggregates:
    """Figures that have every cell that anybody is in, with those of nobody too."""
    counts = plain(with_nobody(figures.counts))
    counts[SUMS] = counts[SUMS].astype("Int64")
    return replace(figures, counts=counts)


def _level(request: Request, counts: pd.DataFrame | None = None) -> Level | None:
    """The level of area to take: regions that a file has not itself are made of authorities."""
    rolled = request.by == "region" and (counts is None or not (counts["level"] == "region").any())
    return "la" if rolled else request.by


def counted(pupils: Pupils, request: Request, heard: Heard, gathered: Gathered) -> None:
    """Pupils in; their counts, and those of the authority when they are counted by its parts, gathered."""
    file, asked_for = pupils.rows.file, ask(pupils, request)
    level, *_ = asked_for.levels
    both, tally = count(pupils, asked_for, request.engine)
    heard.warnings += lacking(pupils, request)
    heard.warnings += unread_codes(pupils, tally, strict=request.strict, rows=request.internal)
    odd = [*outdated_codes(pupils, tally, rows=request.internal), *spelt_alike(pupils, tally, rows=request.internal)]
    heard.warnings += [f"{file}: {note}" for note in odd]
    counts = both[both["level"] == level]
    periods = needed_periods(request)
    asked = counts["period"].isin(periods or counts["period"])
    for key, one in checks.only_reached(pupils, tally, counts[asked], numbers=request.internal):
        gathered.reached.append((key, f"{file}: {one.message}"))
    if request.scales:
        gathered.scores.append(by_score(pupils, replace(asked_for, levels=(level,)), request.engine))
    gathered.add("own", in_order(counts), file)
    gathered.complete.add(file)
    if level != "la":
        gathered.margins.append(both[both["level"] == "la"].reset_index(drop=True))
        gathered.files["margins"].append(file)
        gathered.within |= within(pupils, tally)


def pupils_again(found: Harmonised, request: Request) -> list[str]:
    """What to say of pupils who stand twice in a file that has been counted and is small enough to look."""
    pupils, numbers = found.content, found.pupil_numbers
    # An engine of another kind would have to count its rows first.
    if request.engine != "duckdb" or numbers is None or not isinstance(pupils, Pupils) or pupils.rows.count > LOOKED:
        return []
    again = twice(numbers, [pupils.keys[name] for name in WHICH_COHORT])
    return [f"{pupils.rows.file}: {one.message}" for one in checks.pupils_twice(again, rows=request.internal)]
