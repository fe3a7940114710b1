"""Earlier: a run of check-targets that is over, read back: what it said, and which verdicts have changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gapcalc.errors import NotARun
from gapcalc.read.definition import read_definition
from gapcalc.targets.asked import VERDICTS, Verdict
from gapcalc.verdicts import Change, TargetVerdict, VerdictProtection, Verdicts

NOT_OURS = "it is not the JSON output of `gapcalc check-targets`"
MAKE_ONE = "make one with `gapcalc check-targets ... -f json -o verdicts.json`"


@dataclass(frozen=True)
class Before:
    """An earlier run: the verdict of each of its targets, and by which policy it was made (null: internal)."""

    verdicts: Mapping[str, Verdict]
    sha256: str | None
    strategy: str = ""


def changes(before: Before, targets: Sequence[TargetVerdict], protection: VerdictProtection) -> tuple[Change, ...]:
    """The targets whose verdict is another than it was, or that were not there, or are there no more.

    What another policy let be said of a figure that is hidden now, or has no row, is not said again.
    """
    same = protection.internal or before.sha256 == protection.sha256
    found = [
        Change(id=one.id, before=before.verdicts.get(one.id), now=one.verdict)
        for one in targets
        if before.verdicts.get(one.id) != one.verdict and (same or one.verdict != "cannot_say")
    ]
    gone = set(before.verdicts) - {one.id for one in targets}
    return (*found, *(Change(id=id, before=then, now=None) for id, then in before.verdicts.items() if id in gone))


def earlier(path: str, *, internal: bool) -> Before:
    """The path of an earlier run in, what it said out. An internal one is for internal runs alone."""
    file, text = read_definition(path)
    try:
        run = json.loads(text)
        found = {str(one["id"]): one["verdict"] for one in run["targets"]}
        known = set(found.values()) <= set(VERDICTS)
        said = run["protection"]
        sha256 = None if said["internal"] else str(said["sha256"])
        strategy = str(run["strategy"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotARun(file, NOT_OURS, MAKE_ONE) from None
    if not known:
        raise NotARun(file, NOT_OURS, MAKE_ONE)
    if sha256 is None and not internal:
        raise NotARun(
            file, "it is internal: what it says is not for release", "give one that was released, or --internal"
        )
    return Before(found, sha256, strategy)


def run_of(path: str) -> Verdicts:
    """The path of a run's JSON in, its verdicts out. Raises NotARun, and what reading a file raises."""
    file, text = read_definition(path)
    try:
        return Verdicts.model_validate_json(text)
    except (ValueError, RecursionError):
        raise NotARun(file, NOT_OURS, MAKE_ONE) from None
