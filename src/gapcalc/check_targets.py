"""Check targets, on one page: a strategy and data in, a verdict on every target out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from gapcalc import pipeline
from gapcalc.check import Book, Judge, Ledger, Neighbours, Role, check, rolled_up, telling
from gapcalc.definitions import ALL, Policy, area_named, policies
from gapcalc.earlier import Before, changes, earlier
from gapcalc.errors import FINDINGS, UNDECIDED, GapcalcError, MissingColumn, UnknownName, UsageError
from gapcalc.figures import Figures, figures
from gapcalc.gathered import Heard
from gapcalc.harmonise import period_word
from gapcalc.model import KEY, LEVELS, PLACES, Cleared, Level
from gapcalc.pipeline import INTERNAL, policy_of, ready
from gapcalc.protect import SIDES, told
from gapcalc.request import Request
from gapcalc.setting import setting_of
from gapcalc.strategy import Strategy, load
from gapcalc.targets import AllOf, AnyTarget
from gapcalc.targets.asked import VERDICTS
from gapcalc.targets.base import Promise
from gapcalc.targets.names import measure_named
from gapcalc.targets.words import sides, whos
from gapcalc.verdicts import (
    FAIL_ON,
    FailOn,
    RollUp,
    TargetVerdict,
    VerdictProtection,
    VerdictRelease,
    Verdicts,
)

JUDGED: tuple[Level, ...] = ("la", "district", "school")
APART = (
    "targets of schools are not judged beside targets of districts: which schools lie in a district is known, and what"
    " both say would tell of single pupils; judge them in a strategy of their own, or with --internal"
)
SEPTEMBER = 9
FIRST, LAST = 1900, 2200  # years


@dataclass(frozen=True)
class Job:
    """What one run of `check-targets` is asked for: how data are read stands in the request."""

    strategy: str
    request: Request
    policy: str | None = None  # instead of the strategy's
    as_of: str | None = None
    fail_on: FailOn = "missed"
    since: str | None = None
    loaded: Strategy | None = None  # the strategy, where it was read already: standard input can be read but once


def check_targets(job: Job) -> VerdictRelease:
    """A job in, verdicts cleared to leave the program out.

    Raises WrongStrategy, UnknownName, NothingToJudge, NotVerdicts, and whatever reading and counting raise.
    """
    as_of = None if job.as_of is None else _period(job.as_of)
    strategy = job.loaded or load(job.strategy)
    before = None if job.since is None else earlier(job.since, internal=job.request.internal)
    heard = Heard()
    try:
        return _checked(job, strategy, as_of, before, heard)
    except GapcalcError as error:
        error.warnings = tuple(dict.fromkeys(heard.warnings))
        raise


def sources(job: Job) -> tuple[str, ...]:
    """The path of every file that a run reads, none of which may be written over."""
    request = _request(job, job.loaded or load(job.strategy))
    return (job.strategy, *pipeline.sources(request), *([job.since] if job.since else []))


def _checked(job: Job, strategy: Strategy, as_of: str | None, before: Before | None, heard: Heard) -> VerdictRelease:
    request = ready(_request(job, strategy))
    policy = None if request.internal else policy_of(request)
    setting = setting_of(request, heard)
    found: dict[str, Figures] = {}
    aside = None
    if request.beside:
        beside = replace(request, by=None, groups=(ALL, *request.groups))
        aside = figures("beside", request.beside, beside, heard, policy)
    for level, wanted in _levels(strategy, request):
        if level == "school" and any(_protected_places(one) for one in found.values()):
            heard.warnings.append(APART)
            continue
        try:
            found[f"data by {level}"] = _as_wide(
                figures("data", request.data, wanted, heard, policy, beside=aside), level
            )
        except MissingColumn as error:
            # Without districts or schools the other targets can still be judged.
            if level == "la":
                raise
            heard.warnings.append(f"there are no figures by {level}: {error.message}")
    if aside is not None:
        found["beside"] = aside
    book = Book()
    for part, one in found.items():
        role: Role = "beside" if part == "beside" else "data"
        values = told(one.values, one.cleared, SIDES)
        book.add(role, values, part, rounding=one.cleared.policy.rounding if one.cleared.policy else 1)
        book.add_gaps(role, one.gaps, f"{part}: gaps")
        book.within |= dict(one.within)
    if setting.neighbours is not None:
        book.neighbours = Neighbours(setting.neighbours, setting.average)
    judge = Judge(book, strategy.strategy, as_of, request.internal, Ledger())
    targets = check(strategy, judge)
    while policy is not None and (cells := _telling(judge.ledger, found, policy)):
        book.hide(cells)
        judge = replace(judge, ledger=Ledger())
        targets = check(strategy, judge)
    return _released(job, request, strategy, judge, targets, before, found, heard)


def _as_wide(found: Figures, level: Level) -> Figures:
    """Figures in, those of a level's areas and of wider ones out: of narrower ones the data by their level say it."""
    kept = LEVELS[: LEVELS.index(level) + 1]
    values, gaps, counts, cells = (
        table[table["level"].isin(kept)]
        for table in (found.values, found.gaps, found.cleared.counts, found.cleared.cells)
    )
    return replace(found, values=values, gaps=gaps, cleared=replace(found.cleared, counts=counts, cells=cells))


def _protected_places(found: Figures) -> bool:
    """Whether there are figures of districts or schools that are not everybody's to read."""
    cells = found.cleared.cells
    return not found.cleared.internal and bool((cells["protected"] & cells["level"].isin(PLACES)).any())


def _telling(ledger: Ledger, found: Mapping[str, Figures], policy: Policy) -> set[tuple[str, ...]]:
    """The cells of all pupils that tell, beside others which verdicts were made from, of few of unknown group."""
    tables = {part: one.cleared.cells for part, one in found.items()}
    keys = {part: table.loc[table["protected"].astype(bool), KEY] for part, table in tables.items()}
    protected = {(part, *map(str, key)) for part, some in keys.items() for key in some.itertuples(index=False)}
    return telling(ledger.names, policy, protected)


def _released(
    job: Job,
    request: Request,
    strategy: Strategy,
    judge: Judge,
    targets: tuple[TargetVerdict, ...],
    before: Before | None,
    found: Mapping[str, Figures],
    heard: Heard,
) -> VerdictRelease:
    whole, stages = rolled_up(targets)
    if before is not None and before.strategy != strategy.strategy.title:
        heard.warnings.append("--since names a run of a strategy with another title: is it the right one?")
    code = _exit_code(whole, job.fail_on)
    cleared = {part: one.cleared for part, one in found.items()}
    cleared |= {f"{part}: gaps": one.printed for part, one in found.items()}
    used = judge.ledger.used()
    inputs = tuple({(one.role, one.file, one.sha256): one for one in heard.files}.values())
    warnings = [*dict.fromkeys(heard.warnings), *([INTERNAL] if request.internal else [])]
    version = judge.book.neighbours.list.version if judge.book.neighbours else None
    protection = _protection(cleared, hidden=sum(one.symbol == "hidden" for one in used), figures=len(used))
    verdicts = Verdicts(
        strategy=strategy.strategy.title,
        document=strategy.strategy.document,
        as_of=judge.as_of or judge.book.latest("results") or judge.book.latest("predicted"),
        status="undecided" if code == UNDECIDED else "failed" if code else "passed",
        exit_code=code,
        fail_on=job.fail_on,
        whole=whole,
        key_stages=stages,
        targets=targets,
        changes=None if before is None else changes(before, targets, protection),
        figures=used,
        protection=protection,
        inputs=inputs,
        options={
            "as_of": job.as_of, "fail_on": job.fail_on, "policy": None if request.internal else request.policy,
            "neighbours": version, "confidence": "95%",
        },
        warnings=tuple(warnings),
    )  # fmt: skip
    return VerdictRelease(verdicts, {id: one for one, id in judge.ledger.names.items()}, cleared)


def _exit_code(whole: RollUp, fail_on: FailOn) -> Literal[0, 1, 5]:
    """5 where nothing could be decided; 1 where a verdict is as bad as `fail_on` says, or worse; else 0."""
    counts = {one: getattr(whole, one) for one in VERDICTS}
    if not any(number for one, number in counts.items() if one != "cannot_say"):
        return UNDECIDED
    if fail_on == "never":
        return 0
    return FINDINGS if any(counts[one] for one in VERDICTS[VERDICTS.index(fail_on) :]) else 0


def _protection(cleared: Mapping[str, Cleared], *, figures: int, hidden: int) -> VerdictProtection:
    first = next(iter(cleared.values()))
    policy = first.policy
    return VerdictProtection(
        policy=policy.name if policy else None,
        sha256=policy.sha256 if policy else None,
        label=policy.says if policy else None,
        symbol=policy.symbol if policy else "c",
        internal=first.internal,
        protected=any(bool(one.cells["protected"].any()) for one in cleared.values()),
        figures=figures,
        hidden=hidden,
    )


def _request(job: Job, strategy: Strategy) -> Request:
    """What is to be read: what the command line names, else what the strategy does, from the folder of its file."""
    said, head = strategy.strategy.data, strategy.strategy
    data = job.request.data or tuple(_from(job.strategy, one) for one in said.local)
    if not data:
        raise UsageError("there are no data to judge", "name files, or give `local` under [strategy.data]")
    beside = job.request.beside or tuple(_from(job.strategy, one) for one in said.comparators)
    layouts = job.request.layouts or tuple(_from(job.strategy, one) for one in said.layouts)
    policy = job.policy or (head.policy if head.policy in policies() else _from(job.strategy, head.policy))
    request = replace(job.request, data=data, beside=beside, layouts=layouts, policy=policy)
    theirs = head.comparators.neighbours
    if theirs is None:
        return request
    version = f"{_from(job.strategy, theirs.file)}#{theirs.version}" if theirs.file else theirs.version
    return replace(request, compare=("neighbours",), neighbours=version or None, average=theirs.average)


def _from(strategy: str, path: str) -> str:
    """A path as a strategy file writes it in, the path from here out."""
    return str(PurePath(strategy).parent / path)


def _levels(strategy: Strategy, request: Request) -> list[tuple[Level, Request]]:
    """Which levels of area have to be counted, and which measures and groups of each."""
    found: dict[Level, list[AnyTarget]] = {"la": []}
    for target in strategy.settled():
        for one in target.parts if isinstance(target, AllOf) else (target,):
            for level in JUDGED:
                if level in _levels_of(one):
                    found.setdefault(level, []).append(one)
    # All of each: what is hidden of districts does not hang on what is shown of the authority in other groups.
    wanted = _wanted(request, list(dict.fromkeys(one for some in found.values() for one in some)))
    return [(level, replace(wanted, by=level)) for level in JUDGED if level in found]


def _levels_of(target: Promise) -> set[str]:
    names = [name for one in target.areas for name in ([one] if isinstance(one, str) else one)]
    if target.level is not None:
        return {target.level}
    # A school goes by its number.
    return {
        "la" if area_named(name) else "school" if name.rpartition("/")[2].isdecimal() else "district" for name in names
    }


def _wanted(request: Request, targets: Sequence[AnyTarget]) -> Request:
    """The request for what some targets measure, and of whom."""
    found, groups = [], [ALL]
    for one in targets:
        for measure in (named for name in one.measured if (named := measure_named(name))):
            found.append(measure)
            groups += [side.dimension for who in whos(one) for side in sides(one, who, measure)]
    return replace(
        request,
        measures=tuple(dict.fromkeys(one.id for one in found)),
        key_stages=tuple(dict.fromkeys(one.key_stage for one in found)),
        groups=tuple(dict.fromkeys(groups)),
    )


def _period(text: str) -> str:
    """`2013/14`, or a date, in; the academic year whose results are out by then out: the last that has ended."""
    from datetime import date

    if word := period_word(text):
        return word
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UnknownName("academic year or date", text, ["2013/14", "2014-09-30"]) from None
    if not FIRST <= day.year <= LAST:
        raise UnknownName("academic year or date", text, ["2013/14", "2014-09-30"])
    start = day.year - (1 if day.month >= SEPTEMBER else 2)
    return f"{start}/{(start + 1) % 100:02d}"


__all__ = ["FAIL_ON", "Job", "check_targets", "sources"]
