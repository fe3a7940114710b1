"""Which layout a header fits, and which of its columns is which."""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from gapcalc.definitions import AnyLayout, PupilLayout, TidyLayout, layouts
from gapcalc.errors import AmbiguousLayout, DuplicateColumn, MissingColumn, NotRecognised


def recognise(file: str, header: Sequence[str]) -> tuple[AnyLayout, dict[str, str]]:
    """A header in; the one layout it fits and canonical column to column out.

    Raises MissingColumn when a layout nearly fits, NotRecognised when none does, AmbiguousLayout when two do.
    """
    plain = [plain_name(name) for name in header]
    fits = [layout for layout in layouts().values() if not _lacks(layout, header, plain) and _allows(layout, plain)]
    if len(fits) > 1:
        raise AmbiguousLayout(file, [layout.id for layout in fits])
    if fits:
        return fits[0], _columns(file, fits[0], header, plain)
    near = [
        (len(lacking) / len(layout.requires), -len(layout.requires), layout, lacking)
        for layout in layouts().values()
        if _allows(layout, plain) and 0 < len(lacking := _lacks(layout, header, plain)) < len(layout.requires)
    ]
    if near:
        *_, layout, lacking = min(near, key=lambda one: one[:2])
        aliases = layout.columns if isinstance(layout, PupilLayout | TidyLayout) else {}
        raise MissingColumn(file, layout.label, [(name, aliases.get(name, (name,))) for name in lacking])
    raise NotRecognised(file, [layout.label for layout in layouts().values()])


def plain_name(name: str) -> str:
    """A header in, the form aliases are compared in out: `Academic Year ` is `academic_year`."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def _lacks(layout: AnyLayout, header: Sequence[str], plain: Sequence[str]) -> list[str]:
    if not isinstance(layout, PupilLayout | TidyLayout):
        return [want for want in layout.requires if not any(fnmatchcase(name, want) for name in header)]
    return [want for want in layout.requires if not set(layout.columns[want]) & set(plain)]


def _allows(layout: AnyLayout, plain: Sequence[str]) -> bool:
    return not set(layout.without) & set(plain)


def _columns(file: str, layout: AnyLayout, header: Sequence[str], plain: Sequence[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    if not isinstance(layout, PupilLayout | TidyLayout):
        return columns
    # `read` keeps a second `fsm` apart as `fsm#2`; which of the two is meant nobody can tell.
    called = [plain_name(re.sub(r"#[0-9]+$", "", name)) for name in header]
    for canonical, aliases in layout.columns.items():
        # An earlier alias wins, so a file may carry both an LA number and its name.
        for alias in aliases:
            if called.count(alias) > 1:
                raise DuplicateColumn(file, f"called {alias}", called.count(alias))
            if alias in plain and canonical not in columns:
                columns[canonical] = header[plain.index(alias)]
    return columns
