"""Strategy files: a TOML text in, the strategy and all that is wrong or doubtful in it, with its place, out.

Nothing is judged here, and no data are read.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from gapcalc.definitions.personal import withheld
from gapcalc.errors import UsageError, WrongStrategy
from gapcalc.locate import KeyPath, Spot, located, spot
from gapcalc.read.definition import nearest, read_definition
from gapcalc.strategy.judgeable import judgeable
from gapcalc.strategy.mistakes import lacking, mistakes
from gapcalc.strategy.model import Strategy, strategy_schema
from gapcalc.strategy.promises import promises
from gapcalc.strategy.remarks import Finding, Remark
from gapcalc.targets.names import known_measures

__all__ = ["Checked", "Finding", "Strategy", "check_file", "checked", "find", "load", "strategy_schema"]

USUAL_NAME = "gapcalc.toml"
_WHERE = re.compile(r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)")
_LOOKS_LIKE_ONE = re.compile(r"^\s*\[\[?\s*(strategy|target|statement)\b", re.MULTILINE)
BLOCKS = ("target", "statement")


@dataclass(frozen=True)
class Checked:
    """A strategy file: the strategy, unless the file is wrong, and what there is to say of it, in the file's order."""

    file: str
    strategy: Strategy | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings make the file wrong."""
        return sum(one.severity == "error" for one in self.findings)

    @property
    def summary(self) -> str:
        """How many targets, errors and warnings, in words."""
        targets = f"{_number(len(self.strategy.target), 'target')}, " if self.strategy else ""
        warnings = len(self.findings) - self.errors
        more = "; `gapcalc explain CODE` says more" if self.findings else ""
        return f"{self.file}: {targets}{_number(self.errors, 'error')}, {_number(warnings, 'warning')}{more}"


def find(argument: str | None, option: str | None) -> str:
    """The file that is named as an argument, else as an option (or GAPCALC_STRATEGY), else the nearest gapcalc.toml.

    Raises UsageError where there is none.
    """
    path = argument or option or nearest(USUAL_NAME)
    if path is None:
        raise UsageError(
            f"no strategy file is named, and there is no {USUAL_NAME} here or in a folder above",
            "name one, or set GAPCALC_STRATEGY; `gapcalc strategy init` drafts one from data",
        )
    return path


def _number(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def check_file(path: str) -> Checked:
    """A path in, the strategy and all findings out."""
    file, text = read_definition(path)
    return checked(text, file)


def load(path: str) -> Strategy:
    """A path in, the strategy out. Raises WrongStrategy with everything that is wrong."""
    found = check_file(path)
    if found.strategy is None:
        wrong = [one for one in found.findings if one.severity == "error"]
        hint = "`gapcalc explain CODE` says what a code means, with an example"
        error = WrongStrategy(f"{found.file}: {_number(found.errors, 'error')}", hint)
        error.details = [line for one in wrong for line in one.lines()]
        raise error
    return found.strategy


def checked(text: str, file: str) -> Checked:
    """The text of a strategy file in, the strategy and all findings out."""
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Checked(file, None, (_no_toml(str(error), text, file),))
    except RecursionError:
        return Checked(file, None, (_finding(Remark((), "G001", "is nested too deeply"), Spot(1, 1), text, file),))
    strategy, remarks = _remarks(data)
    places = located(text)
    found = [_finding(one, spot(text, _offset(one.path, places)), text, file) for one in remarks]
    found = sorted(dict.fromkeys(found), key=lambda one: (one.line, one.column, one.code, one.message))
    wrong = any(one.severity == "error" for one in found)
    return Checked(file, None if wrong else strategy, tuple(found))


def _remarks(data: Mapping[str, Any]) -> tuple[Strategy | None, list[Remark]]:
    remarks = list(lacking(data))
    try:
        strategy = Strategy.model_validate(data)
    except ValidationError as error:
        wrong = mistakes(error, data)
        return None, [*remarks, *wrong, *_rest(data, wrong)]
    return strategy, [*remarks, *promises(strategy), *judgeable(strategy)]


def _rest(data: Mapping[str, Any], wrong: Iterable[Remark]) -> list[Remark]:
    """What there is to say of the blocks that are of the right form, beside those that are not."""
    bad = {one.path[:2] for one in wrong}
    kept = {
        block: [place for place in range(len(data[block])) if (block, place) not in bad]
        for block in BLOCKS
        if isinstance(data.get(block), list)
    }
    try:
        strategy = Strategy.model_validate(
            {"strategy": data.get("strategy")}
            | {block: [data[block][place] for place in kept[block]] for block in kept}
        )
    except ValidationError:
        return []
    remarks = [*promises(strategy), *judgeable(strategy)]
    return [replace(one, path=_before(one.path, kept)) for one in remarks if one.code != "G210"]


def _before(path: KeyPath, kept: Mapping[str, list[int]]) -> KeyPath:
    """A path with the number that its block has in the whole file."""
    if len(path) > 1 and path[0] in kept and isinstance(path[1], int):
        return (path[0], kept[str(path[0])][path[1]], *path[2:])
    return path


def _offset(path: KeyPath, places: Mapping[KeyPath, int]) -> int:
    """Where a key stands, or where it would be missed: at the id or kind of its block, or at the block."""
    if path in places:
        return places[path]
    while path and path not in places:
        path = path[:-1]
    named = ((*path, "id"), (*path, "kind"), path)
    return next((places[one] for one in named if path and one in places), 0)


def _no_toml(error: str, text: str, file: str) -> Finding:
    found = _WHERE.search(error)
    last = Spot(text.count("\n") + 1, 1)
    where = Spot(int(found[1]), int(found[2])) if found and found[1] else last
    said = _WHERE.sub("", error)
    hint = "texts stand in quotes, lists in square brackets" if _LOOKS_LIKE_ONE.search(text) else ""
    return _finding(Remark((), "G001", f"is not TOML: {said[:1].lower()}{said[1:]}", hint), where, text, file)


def _finding(remark: Remark, where: Spot, text: str, file: str) -> Finding:
    # What is no strategy may be a file of pupils, whose lines are not to be repeated.
    lines = text.split("\n")
    line = lines[where.line - 1] if _LOOKS_LIKE_ONE.search(text) and where.line <= len(lines) else ""
    return Finding(
        file=file,
        line=where.line,
        column=where.column,
        code=remark.code,
        severity=remark.rule.severity,
        message=_said(remark.message),
        hint=_said(remark.hint),
        shown=_said(line.replace("\t", " ")),
    )


def _said(text: str) -> str:
    """A text in, the same without anything of the form of a pupil's own value out: `ks4 5ac_em` is no postcode."""
    own = re.split(f"({'|'.join(map(re.escape, known_measures()))})", text)
    return "".join(part if place % 2 else withheld(part) for place, part in enumerate(own))
