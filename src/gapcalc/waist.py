"""Counts alone: pupil files in, what another run can read back and protect out."""

from __future__ import annotations

from dataclasses import replace

from gapcalc import progress
from gapcalc.asking import ask
from gapcalc.count.explain import explained
from gapcalc.errors import GapcalcError, NoPupils, NothingMatches, NotInternal, UsageError
from gapcalc.figures import counted, given, pupils_again
from gapcalc.gathered import Gathered, Heard, added, in_pools
from gapcalc.harmonise import harmonise
from gapcalc.model import Pupils, check_values, share_texts
from gapcalc.pipeline import INTERNAL, ready
from gapcalc.protect import uncovered
from gapcalc.read import taken
from gapcalc.release import InternalCounts
from gapcalc.request import Request, asked, held, unmatched
from gapcalc.rows import Source
from gapcalc.texts import plain, stacked


def waist(request: Request) -> InternalCounts:
    """A request for pupil files in; their counts at the level asked for, and those of the authorities, out.

    Raises NotInternal where the request does not say that they stay inside, NoPupils for a file of figures.
    """
    if not request.internal:
        raise NotInternal
    heard = Heard()
    try:
        return _waist(ready(request), heard)
    except GapcalcError as error:
        error.warnings = tuple(dict.fromkeys(heard.warnings))
        raise


def explain(request: Request, table: str) -> str:
    """A request for one pupil file and the name of a warehouse's table with the same columns in; SQL for it out."""
    request = ready(request)
    if len(request.data) != 1:
        raise UsageError("one statement is for one table", "give one file with its header")
    found = taken(given(request.data[0], request), lambda source: harmonise(source, request.own))
    if not isinstance(found.content, Pupils):
        raise NoPupils(request.data[0])
    return explained(found.content, ask(found.content, request), table)


def _waist(request: Request, heard: Heard) -> InternalCounts:
    share_texts()
    found = Gathered()
    with progress.shown():
        for path in request.data:
            taken(given(path, request), lambda source: _take(source, request, heard, found))
    heard.warnings += [message for _, message in found.reached]
    own = stacked(found.own)
    check_values(own, found.files["own"])
    margins, nothing = added(found.margins) if found.margins else None, plain(own.iloc[:0])
    if request.pooling:
        own, _ = in_pools(plain(own), nothing, nothing, margins, found, request, heard)
    counts = stacked([own] if margins is None else [own, margins])
    there = counts["period"].isin(request.periods or counts["period"].unique())
    if not there.any():
        raise NothingMatches(asked(request), held(counts, request))
    heard.warnings += unmatched(counts[there], request, counts)
    cleared = replace(uncovered(counts[there]), internal=True)
    return InternalCounts(cleared, found.within, (*dict.fromkeys(heard.warnings), INTERNAL))


def _take(rows: Source, request: Request, heard: Heard, found: Gathered) -> None:
    harmonised = harmonise(rows, request.own)
    heard.note(rows, harmonised, internal=request.internal)
    if not isinstance(harmonised.content, Pupils):
        raise NoPupils(rows.file)
    counted(harmonised.content, request, heard, found)
    heard.warnings += pupils_again(harmonised, request)
    heard.file("data", rows, harmonised, internal=request.internal)
