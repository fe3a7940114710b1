"""The shell examples of the manual: found in its pages, run, and renewed when the program says something else."""

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from gapcalc.errors import FINDINGS

ROOT = Path(__file__).parents[2]
MORE = "..."  # the last line of an example whose output goes on
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def manual() -> list[Path]:
    """The pages that may hold examples."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@dataclass(frozen=True)
class Example:
    """One command of a page, and the output that the page promises."""

    page: str
    line: int
    command: str
    shown: str

    @property
    def goes_on(self) -> bool:
        """Whether the page shows the start of the output alone."""
        return self.shown.endswith(f"{MORE}\n")

    @property
    def expected(self) -> str:
        """The output, or its start."""
        return self.shown.removesuffix(f"{MORE}\n")

    def run(self) -> subprocess.CompletedProcess[str]:
        """Run the command from the project's folder, without a shell."""
        program, *arguments = shlex.split(self.command)
        if program != "gapcalc":
            raise ValueError(f"{self.page}:{self.line}: a console block runs gapcalc and nothing else")
        return subprocess.run(
            [sys.executable, "-m", "gapcalc", *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


def examples(page: Path) -> list[Example]:
    """Every example of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [one for found in BLOCK.finditer(text) for one in _commands(page, text, found)]


def renewed(page: Path) -> str:
    """The page's text with every example's output as it is now. What goes on still shows as many lines."""

    def block(found: re.Match[str]) -> str:
        return "```console\n" + "".join(_renewed(one) for one in _commands(page, text, found)) + "```"

    text = page.read_text(encoding="utf-8")
    return BLOCK.sub(block, text)


def _commands(page: Path, text: str, found: re.Match[str]) -> list[Example]:
    line = text.count("\n", 0, found.start(1)) + 1
    made: list[Example] = []
    for each in found[1].splitlines(keepends=True):
        if each.startswith("$ "):
            made.append(Example(page.relative_to(ROOT).as_posix(), line, each[2:].rstrip(), ""))
        elif made:
            last = made.pop()
            made.append(Example(last.page, last.line, last.command, last.shown + each))
        else:
            raise ValueError(f"{page.name}:{line}: a console block begins with a command")
        line += 1
    return made


def _renewed(one: Example) -> str:
    result = one.run()
    if result.returncode not in (0, FINDINGS):
        raise ValueError(f"{one.page}:{one.line}: {one.command} ends with {result.returncode}: {result.stderr}")
    lines = result.stdout.splitlines(keepends=True)
    if one.goes_on:
        lines = [*lines[: one.expected.count("\n")], f"{MORE}\n"]
    return f"$ {one.command}\n" + "".join(lines)
