"""Where keys stand in a TOML text: against texts that are written with the places noted down while they are."""

import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from gapcalc.locate import KeyPath, Spot, located, spot

BARE = st.sampled_from("a b c-d e_1 7 long_name".split())
QUOTED = st.sampled_from(["'x.y'", '"x # y"', '"a\\"b"', "'['", '"="', "''"])
KEYS = BARE | QUOTED
SCALARS = st.sampled_from(
    [
        "1", "-0.5", "true", "1979-05-27 07:32:00", '"]"', "'# no comment'", '"\\"]"', '"""a\n[b]\nc = "1" """',
        "'''\n[[x]]\n'''", '""', '"""\n"""', '"""x""""', "'''y'''''", '"a\\\\"',
    ]
)  # fmt: skip
GAPS = st.sampled_from(["", " ", "\n", " # ] } = [\n", "\n\n\t"])


class Written:
    """A text being written, with the place of every key."""

    def __init__(self) -> None:
        self.text = ""
        self.places: dict[KeyPath, int] = {}

    def add(self, text: str) -> None:
        self.text += text

    def key(self, prefix: KeyPath, raw: str) -> KeyPath:
        name = next(iter(tomllib.loads(f"{raw} = 0")))
        self.places.setdefault((*prefix, name), len(self.text))
        self.add(raw)
        return (*prefix, name)


def value(draw: Any, out: Written, path: KeyPath, depth: int) -> None:
    kind = draw(st.sampled_from(["scalar"] if depth > 2 else ["scalar", "scalar", "array", "table"]))
    if kind == "scalar":
        out.add(draw(SCALARS))
    elif kind == "array":
        out.add("[")
        for number in range(draw(st.integers(0, 3))):
            out.add(draw(GAPS))
            out.places[(*path, number)] = len(out.text)
            value(draw, out, (*path, number), depth + 1)
            out.add(draw(GAPS) + ",")
        out.add(draw(GAPS) + "]")
    else:
        out.add("{")
        for number, raw in enumerate(draw(st.lists(KEYS, max_size=3, unique_by=unquoted))):
            out.add(", " if number else " ")
            inner = out.key(path, raw)
            out.add(" = ")
            value(draw, out, inner, depth + 1)
        out.add(" }")


def unquoted(raw: str) -> str:
    return next(iter(tomllib.loads(f"{raw} = 0")))


def pairs(draw: Any, out: Written, prefix: KeyPath, less: set[str]) -> None:
    for raw in draw(st.lists(KEYS, max_size=3, unique_by=unquoted)):
        if unquoted(raw) in less:
            continue
        out.add(draw(st.sampled_from(["", "  ", "# comment [x]\n", "\n"])))
        path = out.key(prefix, raw)
        if draw(st.booleans()):  # a dotted key
            out.add(" . ")
            path = out.key(path, draw(KEYS))
        out.add(" = ")
        value(draw, out, path, 0)
        out.add(draw(st.sampled_from(["\n", " # = [[ \n", "\n\n"])))


@st.composite
def documents(draw: Any) -> Written:
    out = Written()
    pairs(draw, out, (), {"table", "many"})
    for _ in range(draw(st.integers(0, 1))):
        out.places[("table",)] = len(out.text)
        out.add("[table]\n")
        pairs(draw, out, ("table",), set())
    for number in range(draw(st.integers(0, 3))):
        out.places.setdefault(("many",), len(out.text))
        out.places[("many", number)] = len(out.text)
        out.add("[[ many ]]\n")
        pairs(draw, out, ("many", number), {"parts", "sub"})
        for part in range(draw(st.integers(0, 2))):
            out.places.setdefault(("many", number, "parts"), len(out.text))
            out.places[("many", number, "parts", part)] = len(out.text)
            out.add("[[many.parts]] # of the last\n")
            pairs(draw, out, ("many", number, "parts", part), set())
        if draw(st.booleans()):
            out.places[("many", number, "sub")] = len(out.text)
            out.add('[many."sub"]\n')
            pairs(draw, out, ("many", number, "sub"), set())
    return out


def paths(data: object, path: KeyPath = ()) -> set[KeyPath]:
    """Every key and element of what tomllib reads."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return {(*path, key) for key, _ in items} | {
        one for key, inner in items_of(data) for one in paths(inner, (*path, key))
    }


def items_of(data: object) -> list[tuple[Any, object]]:
    return list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []


@given(documents())
def test_every_key_is_found_where_it_was_written(written: Written) -> None:
    data = tomllib.loads(written.text)
    assert located(written.text) == written.places
    assert set(written.places) == paths(data)


NAMES = st.text(min_size=1, max_size=4)
ANYTHING = st.recursive(
    st.integers() | st.booleans() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, ANYTHING, min_size=1, max_size=2))
def test_nothing_is_lost_in_what_another_hand_writes(data: dict[str, object]) -> None:
    text = tomlkit.dumps(data)
    assert set(located(text)) == paths(tomllib.loads(text))


@pytest.mark.parametrize(("offset", "place"), [(0, (1, 1)), (3, (1, 4)), (4, (2, 1)), (6, (2, 3))])
def test_places_are_counted_from_one(offset: int, place: tuple[int, int]) -> None:
    assert spot("abc\ndef", offset) == Spot(*place)
