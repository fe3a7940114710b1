"""What leaves the program: the release that `present` takes, and the JSON output as objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gapcalc import __version__
from gapcalc.definitions import ALL, TIMES, UNKNOWN
from gapcalc.model import COHORT, KEY, NATIONAL, Basis, Cleared, Finding, Level, Status, Symbol

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION: Literal[1] = 1


class NotCleared(TypeError):
    """A figure is about to leave the program whose counts were not cleared: a fault of gapcalc."""


class Record(BaseModel):
    """A row or object of the JSON output."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class InputFacts(Record):
    """One input file and what it was taken for."""

    role: Literal["data", "national"]
    file: str
    sha256: str
    rows: int = Field(description="data rows, without the header")
    layout: str
    encoding: str
    columns_unused: tuple[str, ...] = Field(description="columns that gapcalc does not use")
    rows_unused: int = Field(description="rows of areas, groups or measures that gapcalc does not know")


class Gap(Record):
    """One gap: how far the focus group is behind the reference group. Percentages are 0-100, gaps in `unit`."""

    period: str = Field(description="academic year, as 2013/14")
    term: str | None
    status: Status
    area_code: str
    area_name: str
    level: Level
    key_stage: str
    measure: str
    dimension: str = Field(description="what the groups differ in; an intersection as `fsm x sen`")
    focus: str
    reference: str
    focus_pupils: int | None
    focus_total: float | None = Field(description="how many reached the standard, or the sum of scores")
    focus_value: float | None = Field(description="per cent, or a mean score")
    focus_symbol: Symbol | None = Field(description="why a focus figure is not there; null where all are")
    reference_pupils: int | None
    reference_total: float | None
    reference_value: float | None
    reference_symbol: Symbol | None
    gap: float | None = Field(
        description="how far the focus group is behind, from unrounded figures; negative: it is ahead. Reference"
        " less focus, or focus less reference for a measure of which less is better"
    )
    gap_lower: float | None
    gap_upper: float | None
    unit: Literal["ppt", "points"]
    method: str | None = Field(description="how the interval was made; null where there is none")
    basis: Basis
    symbol: Symbol | None = Field(description="why there is no gap; null where there is one")
    unknown_pupils: int | None = Field(
        description="pupils with a result whose group in this dimension is not known; null where the input does not say"
    )
    unknown_symbol: Symbol | None = Field(description="hidden where this number is; else null")
    national_gap: float | None = None
    national_basis: Basis | None = None
    national_symbol: Symbol | None = Field(
        default=None, description="why there is no national gap, where it was looked for"
    )
    difference: float | None = Field(default=None, description="gap less national gap; positive: wider than national")


class Protection(Record):
    """What was hidden so that no pupils are given away, and by which policy."""

    policy: str | None = Field(description="name of the disclosure profile; null where nothing is protected")
    sha256: str | None = Field(description="hash of what the profile says, by which two of one name are told apart")
    label: str | None
    symbol: str = Field(description="stands where a figure is hidden")
    internal: bool = Field(description="true: nothing is hidden, and the output is not for release")
    gaps: int
    hidden: int = Field(description="gaps that are hidden, whoever hid them")
    hidden_for_others: int = Field(description="those of them whose own counts could be shown, but for other counts")


class Results(Record):
    """The JSON output of `gapcalc compute`."""

    schema_version: Literal[1] = SCHEMA_VERSION
    gapcalc: str = Field(description="version of the program")
    protection: Protection
    inputs: tuple[InputFacts, ...]
    options: dict[str, str | list[str] | None]
    warnings: tuple[str, ...]
    gaps: tuple[Gap, ...]


class FileReport(Record):
    """What one file is, and what is wrong or odd in it."""

    file: str
    layout: str | None = None
    encoding: str | None = None
    rows: int = 0
    periods: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    key_stages: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    columns: dict[str, str] = Field(default_factory=dict, description="each column that is used, and what for")
    columns_unused: tuple[str, ...] = ()
    rows_unused: int = 0
    words_unused: dict[str, int] = Field(
        default_factory=dict, description="of a published file: words that are no group or measure here, and their rows"
    )
    findings: tuple[Finding, ...] = ()


class Report(Record):
    """The JSON output of `gapcalc validate`: row numbers and counts, never a pupil's value."""

    schema_version: Literal[1] = SCHEMA_VERSION
    gapcalc: str
    status: Literal["clean", "warnings", "errors"]
    exit_code: Literal[0, 1]
    files: tuple[FileReport, ...]


def report(files: tuple[FileReport, ...]) -> Report:
    """File reports in, the whole report out: errors are findings, and exit code 1."""
    results = {finding.result for file in files for finding in file.findings}
    status: Literal["clean", "warnings", "errors"] = (
        "errors" if "error" in results else "warnings" if results else "clean"
    )
    return Report(gapcalc=__version__, status=status, exit_code=1 if status == "errors" else 0, files=files)


# The counts that each figure of a gap is made from. A figure that is not here cannot be released.
_FOCUS, _REFERENCE = ("focus.pupils", "focus.total"), ("reference.pupils", "reference.total")
_NATIONAL = tuple(f"national_{count}" for count in (*_FOCUS, *_REFERENCE))
MADE_FROM: Mapping[str, tuple[str, ...]] = {
    "focus_pupils": ("focus.pupils",),
    "focus_total": ("focus.total",),
    "focus_value": _FOCUS,
    "reference_pupils": ("reference.pupils",),
    "reference_total": ("reference.total",),
    "reference_value": _REFERENCE,
    "gap": (*_FOCUS, *_REFERENCE),
    "gap_lower": (*_FOCUS, *_REFERENCE),
    "gap_upper": (*_FOCUS, *_REFERENCE),
    "unknown_pupils": ("unknown.pupils",),
    "national_gap": _NATIONAL,
    "difference": (*_FOCUS, *_REFERENCE, *_NATIONAL),
}
# What a gap is of, and how its figures were made: no figures themselves.
SAYS_WHICH = {
    *COHORT, *(f"national_{name}" for name in NATIONAL), "area_name", "dimension", "focus", "reference",
    *(f"{name}_symbol" for name in ("focus", "reference", "unknown", "national")),
    "unit", "method", "basis", "national_basis", "symbol",
}  # fmt: skip


@dataclass(frozen=True)
class Release:
    """The only thing `present` takes: results that have been cleared to leave the program.

    `gaps` has the columns GAPS and COMPARED, with proportions as proportions. `cells` (CELLS) are what `protect`
    cleared, of the data and of the national files. Raises NotCleared for a figure that names no counts it is made
    from, or is made from one that is hidden or not cleared.
    """

    gaps: pd.DataFrame
    inputs: tuple[InputFacts, ...]
    options: Mapping[str, str | list[str] | None]
    warnings: tuple[str, ...]
    protection: Protection
    data: Cleared
    national: Cleared | None = None

    def __post_init__(self) -> None:
        """Look up every figure's counts."""
        strange = [str(name) for name in self.gaps.columns if name not in MADE_FROM and name not in SAYS_WHICH]
        if strange:
            raise NotCleared(f"{', '.join(strange)}: it is not said from which counts this is made")
        shown = {side: _shown(self.gaps, side, self._cells(side)) for side in _SIDES}
        for name, counts in MADE_FROM.items():
            if name not in self.gaps:
                continue
            there = self.gaps[name].notna().to_numpy()
            for count in counts:
                side, _, which = count.partition(".")
                if (there & ~shown[side][which]).any():
                    raise NotCleared(f"{name}: made from {count}, which is hidden or was not cleared")

    def _cells(self, side: str) -> pd.DataFrame:
        cleared = self.national if side.startswith("national") else self.data
        return self.data.cells.iloc[:0] if cleared is None else cleared.cells

    @property
    def internal(self) -> bool:
        """Whether nothing is hidden, so that it must not be passed on."""
        return self.data.internal


@dataclass(frozen=True)
class InternalCounts:
    """Counts as they are, for another run to read back and protect: no release, and written as internal only.

    `within` says in which area of the table another one lies. Raises NotCleared for counts of a run that is not
    internal.
    """

    data: Cleared
    within: Mapping[str, str]
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what nobody has called internal."""
        if not self.data.internal:
            raise NotCleared("counts are not protected, and leave the program as internal only")


def protection(gaps: pd.DataFrame, data: Cleared) -> Protection:
    """Gaps and what was cleared of the data in; what was hidden, and by which policy, out."""
    policy = data.policy
    hidden = (gaps["symbol"] == "hidden").to_numpy()
    small = {side: _shown(gaps, side, data.cells)["small"] for side in ("focus", "reference")}
    others = hidden & ~(small["focus"] | small["reference"])
    return Protection(
        policy=policy.name if policy else None,
        sha256=policy.sha256 if policy else None,
        label=policy.label if policy else None,
        symbol=policy.symbol if policy else "c",
        internal=data.internal,
        gaps=len(gaps),
        hidden=int(hidden.sum()),
        hidden_for_others=int(others.sum()) if policy else 0,
    )


_SIDES = ("focus", "reference", "unknown", "national_focus", "national_reference")


def _shown(gaps: pd.DataFrame, side: str, cells: pd.DataFrame) -> dict[str, Any]:
    """Of each gap's cell on a side: whether its pupils and its total are shown, and whether it is small itself.

    The unknown are several cells, all of which must be shown; what was not cleared is not shown.
    """
    import numpy as np

    where = side.removeprefix("national_")
    names = {name: name for name in (*COHORT, "dimension")}
    if side.startswith("national"):
        names |= {name: f"national_{name}" for name in NATIONAL if name in COHORT}
    wanted = gaps[list(names.values())].set_axis(list(names), axis=1)
    if where == "unknown":
        parts = cells[[UNKNOWN in str(group).split(TIMES) for group in cells["group"]]]
        found = parts.groupby([*COHORT, "dimension"], as_index=False, sort=False)[["shows_pupils", "shows_total"]].all()
        found = found.assign(small=False)
        keys = [*COHORT, "dimension"]
    else:
        wanted = wanted.assign(group=gaps[where].to_numpy())
        everybody = (wanted["group"] == ALL).to_numpy()
        wanted["dimension"] = wanted["dimension"].where(~everybody, ALL)
        found, keys = cells, KEY
    columns = ["shows_pupils", "shows_total", "small"]
    wanted = wanted.astype(object).where(wanted.notna(), "")
    looked_up = wanted.merge(found[[*keys, *columns]], on=keys, how="left")[columns]
    told = (looked_up.fillna(False).astype(bool)[name].to_numpy(dtype=np.bool_) for name in columns)
    return dict(zip(("pupils", "total", "small"), told, strict=True))
