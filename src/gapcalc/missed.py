"""What leaves the program of who missed a standard: the release, its JSON, and the counts each figure is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from gapcalc.definitions import ALL, TIMES, UNKNOWN
from gapcalc.model import COHORT, KEY, PLACES, Basis, Cleared, Level, Status, Symbol, each
from gapcalc.printed import NATIONAL, Denied, Disputed
from gapcalc.release import NotCleared
from gapcalc.results import SCHEMA_VERSION, InputFacts, Protected, Record

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["combination", "unknown", "rest", "all"]
# From which cells of its cohort a row's figure is made, by what `pupils_from` and `missed_from` say. Of the unknown it
# may matter only that there are none, or how many: how many of them missed the standard is then in no figure.
CELLS_OF: Mapping[str, tuple[str, ...]] = {
    "combination": ("own",),
    "unknown": ("unknown",),
    "rest": ("all", "known"),
    "rest_of_pupils": ("all", "known", "unknown_pupils"),
    "all": ("all",),
    "rows": ("known", "unknown_pupils"),
}
_PUPILS, _MISSED = "pupils_from.pupils", "missed_from.total"
_NATIONAL = ("national.pupils", "national.total")
# The counts that each figure is made from. A figure that is not here cannot be released.
MADE_FROM: Mapping[str, tuple[str, ...]] = {
    "pupils": (_PUPILS,),
    "missed": ("missed_from.pupils", _MISSED),
    "share": (_PUPILS, "missed_from.pupils", _MISSED),
    "national_share": _NATIONAL,
    "difference": (_PUPILS, "missed_from.pupils", _MISSED, *_NATIONAL),
}
# What a row is of, and how its figures were made: no figures themselves.
SAYS_WHICH = {
    *COHORT, *(f"national_{name}" for name in NATIONAL), "area_name", "dimension", "kind", "group", "half_unit",
    "basis", "symbol", "pupils_from", "missed_from", "national_basis", "national_symbol",
}  # fmt: skip


class MissedRow(Record):
    """Who missed the standard, of the pupils in exactly these groups. Shares are per cent, 0-100."""

    period: str = Field(description="academic year, as 2013/14")
    term: str | None
    status: Status
    area_code: str
    area_name: str
    level: Level
    key_stage: str
    measure: str
    dimension: str = Field(description="the groups that were chosen, as an intersection: `fsm x sen`")
    kind: Kind = Field(
        description="combination: exactly these groups; unknown: a group is not known; rest: in no other row; all:"
        " all pupils. Combinations, unknown and rest add up to all"
    )
    group: str = Field(description="one group of each dimension, as `fsm x no_sen`; or the kind")
    label: str = Field(description="the groups in words, in the order in which they were asked for")
    pupils: int | None
    missed: int | None = Field(description="how many did not reach the standard")
    share: float | None = Field(description="per cent of the row's pupils who missed the standard, unrounded")
    basis: Basis
    protected: bool = Field(description="whether the policy was applied; false: shown as published")
    symbol: Symbol | None = Field(description="why there is no share; null where there is one")
    national_share: float | None
    national_basis: Basis | None
    national_symbol: Symbol | None = Field(description="why there is no national share, where it was looked for")
    difference: float | None = Field(description="share less national share; positive: more missed it than nationally")


class Contradiction(Record):
    """A printed figure that the counts deny."""

    period: str
    term: str | None
    status: Status
    area_code: str
    level: Level
    key_stage: str
    measure: str
    kind: Kind
    group: str
    file: str = Field(description="the file of printed figures")
    figure: Disputed = Field(description="together: a printed total that its printed groups do not add up to")
    printed: float = Field(description="a number of pupils, or per cent who missed the standard")
    counted: float
    says: str = Field(description="the same in words")


class MissedProtection(Protected):
    """What was hidden of rows, and by which policy."""

    rows: int
    protected: int = Field(description="rows that the policy was applied to; the others are shown as published")
    hidden: int = Field(description="rows with a figure that is hidden, whoever hid it")


class MissedResults(Record):
    """The JSON output of `gapcalc cohort`."""

    schema_version: Literal[2] = SCHEMA_VERSION
    gapcalc: str = Field(description="version of the program")
    protection: MissedProtection
    inputs: tuple[InputFacts, ...]
    options: dict[str, bool | str | list[str] | None]
    warnings: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]
    rows: tuple[MissedRow, ...]


@dataclass(frozen=True)
class MissedRelease:
    """Who missed a standard, cleared to leave the program: beside `Release`, the only thing `present` takes.

    `rows` has the columns MISSED, with shares from 0 to 1; `groups` are the dimensions in the order asked for. Raises
    NotCleared for a figure that names no counts it is made from, or is made from one that is hidden or not cleared,
    for a contradiction that says a count which no row shows, and for rows of a district or school that say only that
    somebody is in a group.
    """

    rows: pd.DataFrame
    groups: tuple[str, ...]
    contradictions: tuple[Denied, ...]
    inputs: tuple[InputFacts, ...]
    options: Mapping[str, bool | str | list[str] | None]
    warnings: tuple[str, ...]
    data: Cleared
    national: Cleared | None = None

    def __post_init__(self) -> None:
        """Look up every figure's counts."""
        strange = [str(name) for name in self.rows.columns if name not in MADE_FROM and name not in SAYS_WHICH]
        if strange:
            raise NotCleared(f"{', '.join(strange)}: it is not said from which counts this is made")
        own = _Shown(self.data.cells)
        for row, protected in zip(self.rows.to_dict("records"), self.protected, strict=True):
            below = protected and row["level"] in PLACES and row["kind"] == "combination"
            if below and not own.of(row, "combination", "pupils"):
                raise NotCleared("a row says that somebody is in a group of a district or school, and is hidden")
        if len(with_combinations(self.rows, self.data)) < len(self.rows):
            raise NotCleared("a district or school has a table, but no combination in it that may be shown")
        national = _Shown(self.data.cells.iloc[:0] if self.national is None else self.national.cells)
        for row in self.rows.to_dict("records"):
            for figure, counts in MADE_FROM.items():
                if row.get(figure) is None or row[figure] != row[figure]:
                    continue
                for count in counts:
                    side, _, which = count.partition(".")
                    if not (national.beside(row, which) if side == "national" else own.of(row, row[side], which)):
                        raise NotCleared(f"{figure}: made from {count}, which is hidden or was not cleared")
        said = {(*_cohort(row), row["kind"], row["group"]): row for row in self.rows.to_dict("records")}
        for one in self.contradictions:
            row = said.get((*one.key, one.kind, one.group), {})
            if one.figure != "together" and not _repeats(one, row):
                raise NotCleared(f"{one.figure}: a contradiction says what no row shows")

    @property
    def internal(self) -> bool:
        """Whether nothing is hidden, so that it must not be passed on."""
        return self.data.internal

    @property
    def protected(self) -> list[bool]:
        """Of each row: whether the policy was applied to its cohort."""
        return _protected(self.rows, self.data)

    @property
    def protection(self) -> MissedProtection:
        """What was hidden, and by which policy."""
        policy = self.data.policy
        return MissedProtection(
            policy=policy.name if policy else None,
            sha256=policy.sha256 if policy else None,
            label=policy.says if policy else None,
            symbol=policy.symbol if policy else "c",
            internal=self.data.internal,
            rows=len(self.rows),
            protected=sum(self.protected),
            hidden=int((self.rows["symbol"] == "hidden").sum()),
        )


def with_combinations(rows: pd.DataFrame, data: Cleared) -> pd.DataFrame:
    """Rows of those who missed a standard in; without the tables of places in which no combination is left, out.

    Those stay that have all pupils' row of their own: any place has, whether somebody is in a combination or nobody.
    """
    keys = [_cohort(row) for row in rows.to_dict("records")]
    kinds = zip(keys, rows["kind"], rows["pupils_from"], strict=True)
    told = {key for key, kind, made_from in kinds if kind == "combination" or (kind == made_from == ALL)}
    below = zip(keys, rows["level"], _protected(rows, data), strict=True)
    kept = [key in told or level not in PLACES or not protected for key, level, protected in below]
    return rows[kept].reset_index(drop=True) if kept else rows


def _protected(rows: pd.DataFrame, data: Cleared) -> list[bool]:
    """Of each row: whether the policy was applied to its cohort."""
    keys = data.cells.loc[data.cells["protected"].astype(bool), COHORT]
    there = {_cohort(one) for one in keys.drop_duplicates().to_dict("records")}
    return [_cohort(row) in there for row in rows.to_dict("records")]


def _cohort(row: Mapping[Any, Any], *, national: bool = False) -> tuple[str, ...]:
    names = [f"national_{name}" if national and name in NATIONAL else name for name in COHORT]
    return tuple("" if row[name] is None else str(row[name]) for name in names)


def _repeats(one: Denied, row: Mapping[Any, Any]) -> bool:
    """Whether the counts that a contradiction says stand in the row."""
    if one.figure != "share":
        return bool(row.get(one.figure) == one.counted)
    of = one.of is None or one.of == (row.get("missed"), row.get("pupils"))
    share = row.get("share")
    return of and share is not None and abs(100 * share - one.counted) < 1e-9


class _Shown:
    """Cleared cells (CELLS), to be looked up: whether the pupils and the total of a row's cells are shown."""

    def __init__(self, cells: pd.DataFrame) -> None:
        self.cells: dict[tuple[str, ...], dict[str, tuple[bool, bool]]] = {}
        keys = cells[KEY].astype(object).where(cells[KEY].notna(), "")
        shown = each(cells, "shows_pupils", "shows_total")
        for (*where, group), (pupils, total) in zip(keys.itertuples(index=False, name=None), shown, strict=True):
            self.cells.setdefault(tuple(map(str, where)), {})[str(group)] = bool(pupils), bool(total)

    def of(self, row: Mapping[Any, Any], made_from: str, which: str) -> bool:
        """Whether all cells are there and shown that a figure is made from."""
        return all(self._part(_cohort(row), row, part, which) for part in CELLS_OF.get(made_from, ("",)))

    def beside(self, row: Mapping[Any, Any], which: str) -> bool:
        """Whether the national cell beside a row is there and shown."""
        return self._part(_cohort(row, national=True), row, "all" if row["kind"] == ALL else "own", which)

    def _part(self, cohort: tuple[str, ...], row: Mapping[Any, Any], part: str, which: str) -> bool:
        groups = self.cells.get((*cohort, str(row["dimension"])), {})
        unsure = [one for group, one in groups.items() if UNKNOWN in group.split(TIMES)]
        sure = [one for group, one in groups.items() if UNKNOWN not in group.split(TIMES)]
        if part == "unknown_pupils":
            return all(pupils for pupils, _ in unsure)
        own, everybody = groups.get(str(row["group"])), self.cells.get((*cohort, ALL), {}).get(ALL)
        single = {"own": own, "all": everybody}.get(part)
        found = {"known": sure, "unknown": unsure}.get(part, [] if single is None else [single])
        # Of none, `all` is true; only of those in a combination there may be none where others are.
        return bool(found or (part == "known" and groups)) and all(one[which == "total"] for one in found)
