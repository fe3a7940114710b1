"""A user's own layouts and policies: a TOML text in, what it defines out, or what is wrong with it and where."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, get_args

from pydantic import ValidationError

from gapcalc.definitions import (
    UNKNOWN,
    AggregateLayout,
    AnyLayout,
    Policy,
    PupilLayout,
    TidyLayout,
    dimensions,
    key_stages,
    layout_of,
    layouts,
    measures,
    policies,
)
from gapcalc.definitions.layout import Fixable, Groups
from gapcalc.definitions.personal import withheld
from gapcalc.errors import UnknownName, WrongLayout, WrongPolicy, listing

Wrong = tuple[str, str, str]  # where, what, and what would be right


def own_layout(text: str, file: str) -> AnyLayout:
    """The text of a layout file in, the layout out. Raises WrongLayout."""
    try:
        layout = layout_of(_toml(text, file, WrongLayout))
    except UnknownName as error:
        raise WrongLayout(file, "like", withheld(error.message), error.hint) from None
    except ValidationError as error:
        # The first step is the shape, no place in the file.
        steps, said = _first(error)
        raise WrongLayout(file, withheld(_place(steps[1:])), withheld(said)) from None
    if layout.id in layouts():
        raise WrongLayout(file, "id", f"{layout.id} is the name of a layout that gapcalc brings", "choose another id")
    for wrong in _wrong(layout):
        raise WrongLayout(file, *map(withheld, wrong))
    return layout


def own_policy(text: str, file: str) -> Policy:
    """The text of a disclosure policy's file in, the policy out. Raises WrongPolicy."""
    block = _toml(text, file, WrongPolicy)
    try:
        policy = Policy.model_validate({"name": file.removesuffix(".toml"), **block})
    except ValidationError as error:
        steps, said = _first(error)
        raise WrongPolicy(file, withheld(_place(steps)), withheld(said)) from None
    if policy.name in policies():
        what = f"{policy.name} is the name of a policy that gapcalc brings"
        raise WrongPolicy(file, "name", what, 'give it another: name = "ours"')
    for wrong in _unknown("sensitive", policy.sensitive, dimensions()):
        raise WrongPolicy(file, *map(withheld, wrong))
    return policy


def _toml(text: str, file: str, wrong: type[WrongLayout | WrongPolicy]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise wrong(file, "", f"is not TOML: {error}", "look at the line it names; texts stand in quotes") from None


def _first(error: ValidationError) -> tuple[tuple[str | int, ...], str]:
    """Where the first thing wrong is, and what."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    plain = first["msg"].removeprefix("Value error, ").replace("Input should be", "should be")
    return first["loc"], _SAID.get(first["type"], plain)


_SHAPE = "shape is pupils, tidy, aggregate or neighbours, and here it is none of them"
_SAID = {
    "union_tag_not_found": _SHAPE,
    "union_tag_invalid": _SHAPE,
    "extra_forbidden": "means nothing here",
    "missing": "is missing",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "is no whole number"),
    "string_type": "is no text",
    "bool_type": "is neither true nor false",
    **dict.fromkeys(("list_type", "tuple_type"), "is no list: values in brackets"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "is no table: names and values in braces"),
}


def _place(steps: Sequence[str | int]) -> str:
    """Where in a file something is wrong: `cells (2).value`."""
    words = "".join(f" ({step + 1})" if isinstance(step, int) else f".{step}" for step in steps)
    return words.removeprefix(".")


def _wrong(layout: AnyLayout) -> Iterator[Wrong]:
    if isinstance(layout, PupilLayout):
        brought = next(one for one in layouts().values() if isinstance(one, PupilLayout))
        yield from _unknown("columns", layout.columns, {**brought.columns, **dict.fromkeys(get_args(Fixable))})
    elif isinstance(layout, TidyLayout):
        yield from _unknown("columns", layout.columns, next(_tidy_columns()))
    elif isinstance(layout, AggregateLayout):
        yield from _wrong_aggregate(layout)


def _tidy_columns() -> Iterator[dict[str, tuple[str, ...]]]:
    return (one.columns for one in layouts().values() if isinstance(one, TidyLayout))


def _wrong_aggregate(layout: AggregateLayout) -> Iterator[Wrong]:
    for place, one in enumerate(layout.filters, 1):
        for words, groups in one.groups.items():
            yield from _wrong_groups(f"filters ({place}), {words!r}", groups)
    for place, cell in enumerate(layout.cells, 1):
        yield from _wrong_measure(f"cells ({place})", cell.key_stage, cell.measure)
        yield from _wrong_groups(f"cells ({place})", cell.groups)
    if layout.measures:
        for code, row in layout.measures.codes.items():
            yield from _wrong_measure(f"measures.codes.{code}", row.key_stage, row.measure)
            yield from _wrong_groups(f"measures.codes.{code}", row.groups)
    if named := layout.named_cells:
        for column, measure in {**named.totals, **named.values}.items():
            yield from _wrong_measure(f"named_cells, {column}", named.key_stage, measure)
        for column, groups in named.pupils.items():
            yield from _wrong_groups(f"named_cells.pupils.{column}", groups)
        for part, words_ in named.parts.items():
            for word, groups in words_.items():
                yield from _wrong_groups(f"named_cells.parts.{part}.{word}", groups)


def _wrong_measure(where: str, key_stage: str, measure: str) -> Iterator[Wrong]:
    yield from _unknown(f"{where}: key stage", [key_stage], key_stages())
    yield from _unknown(f"{where}: measure", [measure], [id for stage, id in measures() if stage == key_stage])


def _wrong_groups(where: str, groups: Groups) -> Iterator[Wrong]:
    yield from _unknown(f"{where}: groups", groups, dimensions())
    for dimension, group in groups.items():
        if dimension in dimensions():
            yield from _unknown(f"{where}: groups.{dimension}", [group], [*dimensions()[dimension].groups, UNKNOWN])


def _unknown(where: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Wrong]:
    known = list(known)
    for name in names:
        if name not in known:
            yield where, f"there is no {name!r}", f"known: {listing(known, 60)}"
