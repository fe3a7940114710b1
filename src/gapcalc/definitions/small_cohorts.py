"""Small cohorts: how many pupils a group must have for its gap to be read plainly."""

import csv
import io
from functools import cache
from importlib.resources import files

from gapcalc.definitions.schema import Block


class SmallCohort(Block):
    """A range of numbers of pupils, and the word for a group of so many."""

    fewest: int
    most: int
    word: str
    source: str


@cache
def small_cohorts() -> tuple[SmallCohort, ...]:
    """All ranges, as in small_cohorts.csv; above them a gap is read plainly."""
    text = files("gapcalc.definitions").joinpath("small_cohorts.csv").read_text(encoding="utf-8")
    return tuple(SmallCohort.model_validate(row) for row in csv.DictReader(io.StringIO(text)))
