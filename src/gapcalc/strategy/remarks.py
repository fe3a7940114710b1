"""Remarks on a strategy file: which rule speaks, about which key, and what would be right."""

from dataclasses import dataclass

from gapcalc.definitions.rules import Rule, rules
from gapcalc.locate import KeyPath


@dataclass(frozen=True)
class Remark:
    """What a rule has to say of one key of a file. `message` never repeats a value, but for names of definitions."""

    path: KeyPath
    code: str
    message: str
    hint: str = ""

    @property
    def rule(self) -> Rule:
        """The rule that speaks."""
        return rules()[self.code]


@dataclass(frozen=True)
class Finding:
    """A remark with its place: the line and column, both from 1, and the line itself."""

    file: str
    line: int
    column: int
    code: str
    severity: str
    message: str
    hint: str
    shown: str

    def lines(self) -> list[str]:
        """`file:line:column: CODE message`, the line under it with a mark, and what would be right."""
        head = f"{self.file}:{self.line}:{self.column}: {self.code} {self.severity}: {self.message}"
        mark = [f"    {self.shown}", f"    {' ' * (self.column - 1)}^"] if self.shown else []
        return [head, *mark, *([f"    {self.hint}"] if self.hint else [])]
