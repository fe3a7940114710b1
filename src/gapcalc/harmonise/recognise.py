"""Which layout a header fits, and which of its columns is which."""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from gapcalc.definitions import AnyLayout, PupilLayout, TidyLayout, layouts, measures
from gapcalc.errors import AmbiguousLayout, DuplicateColumn, MissingColumn, NotRecognised


def recognise(
    file: str, header: Sequence[str], own: Sequence[AnyLayout] = ()
) -> tuple[AnyLayout, dict[str, tuple[str, ...]]]:
    """A header in; the one layout it fits, and canonical column to its columns, out.

    A user's own layouts go before those that gapcalc brings. Raises MissingColumn when a layout nearly fits,
    NotRecognised when none does, AmbiguousLayout when two do.
    """
    brought = list(layouts().values())
    fits = [one for one in own if _fits(one, header)] or [one for one in brought if _fits(one, header)]
    if len(fits) > 1:
        raise AmbiguousLayout(file, [layout.id for layout in fits])
    if fits:
        return fits[0], _columns(file, fits[0], header)
    near = [
        (len(lacking) / len(layout.needs), _is_like(layout), -len(layout.needs), layout, lacking)
        for layout in (own or brought)
        if _allows(layout, header)
        and 0 < len(lacking := _lacks(layout, header)) < len(layout.needs)
        # Who names a layout wants to know what a file lacks of it.
        and (own or _nearly_fits(layout, header, lacking))
    ]
    if near:
        *_, layout, lacking = min(near, key=lambda one: one[:3])
        aliases = layout.columns if isinstance(layout, PupilLayout | TidyLayout) else {}
        raise MissingColumn(file, layout.label, [(name, aliases.get(name, (name,))) for name in lacking])
    raise NotRecognised(file, [layout.label for layout in (*own, *brought)])


def _nearly_fits(layout: AnyLayout, header: Sequence[str], lacking: Sequence[str]) -> bool:
    """Whether a header has enough of what a layout needs that what it lacks is worth saying.

    An authority alone makes no file of pupils: inspections and look-ups have it too. With a result it does. A special
    case has to have what tells it from the layout it is like.
    """
    there = set(layout.needs) - set(lacking)
    if not isinstance(layout, PupilLayout):
        return len(there) >= len(lacking)
    if _is_like(layout):
        return bool(there - {*layout.columns, *layout.fixed})
    results = {part.column for one in measures().values() for part in one.parts}
    names = {plain_name(name) for result in results for name in layout.columns.get(result, ())}
    return not names.isdisjoint(_plain(layout, header))


def _is_like(layout: AnyLayout) -> bool:
    """Whether a layout is a special case of another, which says better what a file lacks."""
    return isinstance(layout, PupilLayout) and layout.like is not None


def plain_name(name: str, strip: Sequence[str] = ()) -> str:
    """A header in, the form aliases are compared in out: `Academic Year ` is `academic_year`."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
    for pattern in strip:
        plain = re.sub(pattern, "", plain)
    return plain


def identifiers(layout: PupilLayout, header: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of pupils' numbers, and those of other identifiers."""
    known = [plain_name(name) for name in layout.identifiers]
    plain = dict(zip(header, _plain(layout, header), strict=True))
    numbers = tuple(name for name in header if plain[name] in known[: layout.numbers])
    return numbers, tuple(name for name in header if plain[name] in known[layout.numbers :])


def _plain(layout: AnyLayout, header: Sequence[str]) -> list[str]:
    """A header as a layout compares it."""
    strip = layout.strip if isinstance(layout, PupilLayout) else ()
    return [plain_name(name, strip) for name in header]


def _fits(layout: AnyLayout, header: Sequence[str]) -> bool:
    return not _lacks(layout, header) and _allows(layout, header)


def _lacks(layout: AnyLayout, header: Sequence[str]) -> list[str]:
    if not isinstance(layout, PupilLayout | TidyLayout):
        return [want for want in layout.needs if not _among(want, header)]
    there, written = set(_plain(layout, header)), [plain_name(name) for name in header]
    known = layout.fixed if isinstance(layout, PupilLayout) else {}
    return [
        want
        for want in layout.requires
        if want not in known
        and not there.intersection(map(plain_name, layout.columns.get(want, ())))
        and (want in layout.columns or not _among(_plain_pattern(want), written))
    ]


def _plain_pattern(want: str) -> str:
    return re.sub(r"[^a-z0-9*|]+", "_", want.strip().lower()).strip("_")


def _among(want: str, names: Sequence[str]) -> bool:
    return any(name == one or fnmatchcase(name, one) for one in want.split("|") for name in names)


def _allows(layout: AnyLayout, header: Sequence[str]) -> bool:
    return not any(_among(_plain_pattern(name), [plain_name(one) for one in header]) for name in layout.without)


def _columns(file: str, layout: AnyLayout, header: Sequence[str]) -> dict[str, tuple[str, ...]]:
    columns: dict[str, tuple[str, ...]] = {}
    if not isinstance(layout, PupilLayout | TidyLayout):
        return columns
    # `read` keeps a second `fsm` apart as `fsm#2`; which of the two is meant nobody can tell.
    plain = _plain(layout, [re.sub(r"#[0-9]+$", "", name) for name in header])
    for canonical, aliases in layout.columns.items():
        # An earlier alias goes before, so a file may carry both an LA number and its name.
        for alias in map(plain_name, aliases):
            if plain.count(alias) > 1:
                raise DuplicateColumn(file, f"called {alias}", plain.count(alias))
            if alias in plain:
                columns[canonical] = (*columns.get(canonical, ()), header[plain.index(alias)])
    return columns
