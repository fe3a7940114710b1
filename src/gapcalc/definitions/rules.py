"""What a strategy file may get wrong: a catalogue of rules, each with its code, its reason, and an example."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from gapcalc.definitions.schema import Block


class Rule(Block):
    """One thing that a strategy file may get wrong. An error makes the file wrong; a warning does not.

    `wrong` and `right` are pieces of a strategy file: the tests add a heading where they have none, and see that the
    rule speaks of the one and not of the other.
    """

    code: str
    severity: Literal["error", "warning"]
    title: str
    meaning: str
    why: str
    wrong: str
    right: str


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by code, as in lint.toml."""
    text = files("gapcalc.definitions").joinpath("lint.toml").read_text(encoding="utf-8")
    return {code: Rule(code=code, **block) for code, block in tomllib.loads(text).items()}
