"""Where in a TOML text each key stands: sound TOML in, the offset of every key and every element of an array out.

`tomllib` reads, and does not say where anything stood; no library that is kept up does both. So this goes through a
text that `tomllib` has already taken, and needs to know only where things begin and end, not what they mean.
"""

import re
import tomllib
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+ | "(?:[^"\\] | \\.)*" | '[^']*' """, re.VERBOSE)
_STRINGS = (
    re.compile(r'"""(?:[^\\] | \\.)*?"{3,5}', re.VERBOSE | re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\] | \\.)*"', re.VERBOSE),
    re.compile(r"'[^']*'"),
)
_BARE = re.compile(r"[^,\]}\n#]*")  # a number, a date or a word


@dataclass(frozen=True)
class Spot:
    """A place in a text, both counted from 1."""

    line: int
    column: int


def spot(text: str, offset: int) -> Spot:
    """An offset in, its line and column out."""
    return Spot(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def located(text: str) -> dict[KeyPath, int]:
    """A sound TOML text, with line feeds alone, in; the offset of each key and element by its path out.

    Tables of an array have their number in the path, from 0: `("target", 2, "by")`. A table that is named on several
    lines is where it is named first; a table of an array is at its own heading.
    """
    scan = _Scan(text)
    prefix: KeyPath = ()
    while True:
        scan.take(_BLANK)
        if scan.at >= len(text):
            return scan.found
        start = scan.at
        if scan.ahead("[["):
            prefix = scan.heading(start, of_array=True)
        elif scan.ahead("["):
            prefix = scan.heading(start, of_array=False)
        else:
            scan.pair(prefix)


class _Scan:
    """A text being gone through: where in it one is, what was found, and how many tables each array has."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[KeyPath, int] = {}
        self.tables: dict[KeyPath, int] = {}

    def ahead(self, mark: str) -> bool:
        """Whether a mark comes next."""
        return self.text.startswith(mark, self.at)

    def take(self, pattern: re.Pattern[str]) -> str:
        """What comes next of a pattern, which may be nothing; afterwards one is behind it."""
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError("no sound TOML")
        self.at = match.end()
        return match[0]

    def keys(self) -> list[tuple[str, int]]:
        """A key and its parts, each with its offset."""
        parts = []
        while True:
            self.take(_SPACE)
            start, raw = self.at, self.take(_KEY)
            parts.append((raw if raw[0] not in "\"'" else next(iter(tomllib.loads(f"{raw} = 0"))), start))
            self.take(_SPACE)
            if not self.ahead("."):
                return parts
            self.at += 1

    def heading(self, start: int, *, of_array: bool) -> KeyPath:
        """A heading of a table in; the path of what follows out."""
        self.at += 2 if of_array else 1
        path: KeyPath = ()
        parts = self.keys()
        for place, (name, _) in enumerate(parts):
            path = (*path, name)
            self.found.setdefault(path, start)
            if of_array and place == len(parts) - 1:
                self.tables[path] = self.tables.get(path, -1) + 1
            if path in self.tables:
                path = (*path, self.tables[path])
                self.found.setdefault(path, start)
        self.at += 2 if of_array else 1
        return path

    def pair(self, prefix: KeyPath) -> None:
        """A key and its value."""
        path = prefix
        for name, start in self.keys():
            path = (*path, name)
            self.found.setdefault(path, start)
        self.at += 1  # the =
        self.take(_SPACE)
        self.value(path)

    def value(self, path: KeyPath) -> None:
        """A value, with all that is in it."""
        if self.ahead("["):
            self.array(path)
        elif self.ahead("{"):
            self.table(path)
        else:
            quoted = next((one for one in _STRINGS if one.match(self.text, self.at)), _BARE)
            if not self.take(quoted):
                raise ValueError("no sound TOML")

    def array(self, path: KeyPath) -> None:
        """An array, over as many lines as it likes."""
        self.at += 1
        number = 0
        while True:
            self.take(_BLANK)
            if self.ahead("]"):
                self.at += 1
                return
            if self.ahead(","):
                self.at += 1
                continue
            self.found[(*path, number)] = self.at
            self.value((*path, number))
            number += 1

    def table(self, path: KeyPath) -> None:
        """A table on one line."""
        self.at += 1
        while True:
            self.take(_BLANK)
            if self.ahead("}"):
                self.at += 1
                return
            if self.ahead(","):
                self.at += 1
                continue
            self.pair(path)
