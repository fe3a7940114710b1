"""What can go wrong: one class each, with the words the user reads and the exit code the job sees.

A message says what, where (file, column, how many rows and the first of them) and what to try. It never
holds the content of a cell: a code that is wrong may be a pupil's number in the wrong column.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from gapcalc.wording import known_names
from gapcalc.wording import listing as listing  # noqa: PLC0414 - known from here
from gapcalc.wording import places as places  # noqa: PLC0414 - known from here
from gapcalc.wording import spots as spots  # noqa: PLC0414 - known from here

FINDINGS: Final = 1
USAGE, INPUT, OUTPUT = 2, 3, 4
UNDECIDED: Final = 5
INTERNAL, HELD = 70, 75


class GapcalcError(Exception):
    """Something the user can mend. `message` says what and where, `hint` what to try."""

    exit_code = INTERNAL

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.warnings: Sequence[str] = ()  # what was noticed before, and may be why
        self.details: Sequence[str] = ()  # lines that are said first, where one sentence is not enough


class UsageError(GapcalcError):
    """The command was asked for something it does not know."""

    exit_code = USAGE


class UnknownName(UsageError):
    """A measure, group, period, engine or format that gapcalc does not have."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no {what} {name!r}", known_names(name, known))


class WrongLayout(UsageError):
    """A layout file of the user's own says something that no layout may say."""

    def __init__(self, file: str, place: str, what: str, hint: str = "") -> None:
        where = f"{file}: {place}" if place else file
        super().__init__(f"{where}: {what}", hint or "see `gapcalc schema layout` for what a layout may say")


class WrongPolicy(UsageError):
    """A disclosure policy of the user's own says something that no policy may say."""

    def __init__(self, file: str, place: str, what: str, hint: str = "") -> None:
        where = f"{file}: {place}" if place else file
        super().__init__(f"{where}: {what}", hint or "see `gapcalc schema policy` for what a policy may say")


class WrongStrategy(UsageError):
    """A strategy file says something that no strategy may say, or leaves something out that a target needs."""


class NothingMatches(UsageError):
    """The options leave no figures over: the data hold other periods, key stages, measures or groups."""

    def __init__(self, asked: str, found: str) -> None:
        super().__init__(f"nothing in the data matches {asked}", f"the data hold: {found}")


class WrongPool(UsageError):
    """Areas that are to be pooled cannot be: unclear, of different authorities, or without numbers of pupils."""


class WhichStandard(UsageError):
    """Who missed a standard is asked for, of several measures at once or of a mean score."""


class NotInternal(UsageError):
    """Counts are asked for as they are, without a word that they stay inside."""

    def __init__(self) -> None:
        super().__init__(
            "counts are not protected: pupils in small groups can be recognised from them",
            "add --internal if they stay inside; `gapcalc compute` protects what it shows",
        )


class SeveralVersions(UsageError):
    """The list of statistical neighbours has several versions, and none of them is named."""

    def __init__(self, file: str, versions: int) -> None:
        what = f"{file}: it holds {versions} version{'s' if versions != 1 else ''}, and not one of them is named"
        super().__init__(what, f"name one of its column version, as {file}#2025-05")


class InputError(GapcalcError):
    """An input cannot be used as it is."""

    exit_code = INPUT


class FileNotThere(InputError):
    """The input file does not exist."""

    def __init__(self, file: str) -> None:
        super().__init__(f"{file}: there is no such file", "check the path; quote it if it holds spaces")


class NotReadable(InputError):
    """The input is there but cannot be read: no permission, a folder, not text, a broken table."""

    def __init__(self, file: str, why: str, hint: str = "") -> None:
        super().__init__(f"{file}: cannot be read: {why}", hint)


class EmptyFile(InputError):
    """The input has no data rows."""

    def __init__(self, file: str, *, header: bool) -> None:
        what = "has a header but no rows" if header else "is empty"
        super().__init__(f"{file}: {what}", "export it again; it needs a header and at least one row")


class RaggedRows(InputError):
    """Some rows have more or fewer fields than the header."""

    def __init__(self, file: str, rows: Sequence[int], count: int, width: int) -> None:
        hint = "look for a comma or a line break inside a field that is not quoted"
        super().__init__(f"{file}: not the {width} fields of the header in {places(rows, count)}", hint)


class DuplicateColumn(InputError):
    """Two columns of the file mean the same thing."""

    def __init__(self, file: str, column: str, count: int = 2) -> None:
        super().__init__(f"{file}: {count} columns are {column}", "keep one of them, or rename the other")


class NotRecognised(InputError):
    """No layout fits the header."""

    def __init__(self, file: str, layouts: Iterable[str]) -> None:
        super().__init__(
            f"{file}: its header fits no layout that gapcalc knows",
            "`gapcalc list layouts` has the columns that each needs, and `gapcalc layout suggest` drafts"
            f" a layout of your own; known: {'; '.join(layouts)}",
        )


class AmbiguousLayout(InputError):
    """More than one layout fits the header."""

    def __init__(self, file: str, layouts: Iterable[str]) -> None:
        hint = "rename a column; of layouts of your own give one, or say more in its `requires` and `without`"
        super().__init__(f"{file}: its header fits more than one layout: {listing(layouts)}", hint)


class MissingColumn(InputError):
    """A column the layout needs is not in the header."""

    def __init__(self, file: str, layout: str, columns: Sequence[tuple[str, Sequence[str]]]) -> None:
        names = listing(column for column, _ in columns)
        accepted = [f"{column} may be called {listing(called)}" for column, called in columns if [*called] != [column]]
        hint = "; ".join(accepted) or "check the header, and whether it is a file of this kind"
        super().__init__(f"{file}: as a {layout} it lacks the column {names}", hint)


class NothingToMeasure(InputError):
    """The file has none of the columns or measures that gapcalc can work on."""

    def __init__(self, file: str, known: Iterable[str]) -> None:
        super().__init__(f"{file}: it holds no outcome that gapcalc knows", f"known outcome columns: {listing(known)}")


class UnknownCode(InputError):
    """A column holds codes that are not in its code list."""

    def __init__(self, file: str, column: str, rows: Sequence[int], count: int, accepted: str) -> None:
        super().__init__(f"{file}: column {column}: unknown code in {places(rows, count)}", f"accepted: {accepted}")


class ImpossibleValue(InputError):
    """A figure that cannot be: a percentage above 100, a negative count, more reached than there are pupils."""

    def __init__(self, file: str, column: str, rows: Sequence[int], count: int, rule: str) -> None:
        where = places(rows, count)
        super().__init__(f"{file}: column {column}: {rule} in {where}", "correct the file, or leave the rows out")


class NoPeriod(InputError):
    """Nothing in the file tells its year, and its name does not either."""

    def __init__(self, file: str, layout: str) -> None:
        hint = "give the file the name it was published under, such as 2018-850-ks2.csv"
        super().__init__(f"{file}: as {layout} its year is told by its name, and this name has none", hint)


class NoFigures(InputError):
    """The file is known, but holds no figures to work on."""

    def __init__(self, file: str, what: str) -> None:
        super().__init__(f"{file}: it holds {what}, and no figures", "give pupils or figures of groups")


class NothingPrinted(InputError):
    """The file given with --printed prints nothing of those who missed a standard."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}", "give a tidy aggregate with pupils, missed and missed_value as printed")


class NoPupils(InputError):
    """The file holds figures that are already added up, and nobody to count."""

    def __init__(self, file: str) -> None:
        super().__init__(f"{file}: it holds no pupils to count", "give it to `gapcalc compute` as it is")


class SameCellTwice(InputError):
    """Two rows or two files give figures for the same period, area, measure and group."""

    def __init__(self, files: Iterable[str], count: int, periods: Iterable[str]) -> None:
        super().__init__(
            f"{listing(files)}: {count:,} {'figure is' if count == 1 else 'figures are'} given more than once"
            f" for the same period ({listing(periods)}), area, measure and group",
            "give each file and each year once, counts at one level, and published figures with --beside alone",
        )


class NothingToCompare(InputError):
    """No group of the inputs has a figure for one measure."""

    def __init__(self, file: str, found: str) -> None:
        super().__init__(f"{file}: there is no group to set against another", f"it holds: {found}")


class NoNationalFigures(InputError):
    """The file given with --national has no national rows."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}", "give an aggregate with rows for England or Wales with --beside")


class NotNeighbours(InputError):
    """The file given with --neighbours holds no list of statistical neighbours."""

    def __init__(self, file: str) -> None:
        columns = "version, area, rank, neighbour, closeness"
        super().__init__(f"{file}: it is no list of statistical neighbours", f"its columns should be {columns}")


class TooLarge(InputError):
    """The input, or what is packed in it, is larger than gapcalc lets in."""

    def __init__(self, file: str, what: str, hint: str) -> None:
        super().__init__(f"{file}: too large: {what}", hint)


class WhichSheet(InputError):
    """A workbook has several visible sheets and none is named, or none has the name that is given."""

    def __init__(self, file: str, name: str | None, sheets: Sequence[str]) -> None:
        what = f"has {len(sheets):,} visible sheets" if name is None else f"has no sheet {name!r}"
        super().__init__(f"{file}: {what}", f"name one with --sheet: {listing(sheets) or 'all are hidden'}")


class NotARun(InputError):
    """The file is not the JSON output of a run, or of an internal one, which no reader has."""

    def __init__(self, file: str, why: str = "it is not the output of compute or cohort", hint: str = "") -> None:
        super().__init__(f"{file}: {why}", hint or "make one with `gapcalc compute ... -f json -o run.json`")


class OtherPolicy(UsageError):
    """A run was made with a disclosure policy that is not at hand."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file}: made with a disclosure policy that gapcalc does not bring, or another version of it",
            "give the policy's file with --policy; its hash must be the one in the run",
        )


class OutputError(GapcalcError):
    """A result could not be written."""

    exit_code = OUTPUT

    def __init__(self, file: str, why: str, hint: str = "close it if it is open elsewhere, or write elsewhere") -> None:
        super().__init__(f"{file}: cannot be written: {why}", hint)


class Held(GapcalcError):
    """Another run holds the output."""

    exit_code = HELD
