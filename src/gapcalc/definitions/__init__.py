"""The data files that say what gapcalc knows: loaded once, checked, handed out as frozen objects.

Everything an analyst would want to change is in the files beside this module; nothing here is arithmetic.
"""

import csv
import io
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from gapcalc.definitions.layout import AggregateLayout, AnyLayout, NeighbourLayout, PupilLayout, TidyLayout
from gapcalc.definitions.schema import Area, Dimension, KeyStage, Measure, Policy, Pools, Scale
from gapcalc.errors import UnknownName

__all__ = [
    "ALL",
    "OTHERS",
    "SPACES",
    "TIMES",
    "UNKNOWN",
    "AggregateLayout",
    "AnyLayout",
    "Area",
    "Dimension",
    "KeyStage",
    "Measure",
    "NeighbourLayout",
    "Policy",
    "Pools",
    "PupilLayout",
    "Scale",
    "TidyLayout",
    "area_named",
    "area_years",
    "areas",
    "authorities",
    "code_years",
    "codes",
    "dimension",
    "dimension_parts",
    "dimensions",
    "focus_groups",
    "group_label",
    "key_stages",
    "layout_of",
    "layout_schema",
    "layouts",
    "measures",
    "policies",
    "policy_schema",
    "reference_group",
    "scales",
    "spelling",
    "usual_dimensions",
]

ALL = "all"
OTHERS = "others"  # everybody who is not in a group, those of unknown group included
UNKNOWN = "unknown"
TIMES = " x "  # joins the parts of an intersection: dimension `fsm x sen`, group `fsm x any_sen`

SPACES = " \t\u00a0"


def spelling(text: str) -> str:
    """A cell's text in, the form codes are compared in out: capitals, no space around it."""
    return text.upper().strip(SPACES)


def _text(*path: str) -> str:
    return files(__package__).joinpath(*path).read_text(encoding="utf-8")


def _rows(*path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_text(*path))))


@cache
def _measures_file() -> dict[str, Any]:
    return tomllib.loads(_text("measures.toml"))


@cache
def key_stages() -> Mapping[str, KeyStage]:
    """Key stages by id, in the order of outputs."""
    return {id: KeyStage(id=id, **block) for id, block in _measures_file()["key_stage"].items()}


@cache
def scales() -> Mapping[str, Scale]:
    """Scales by id."""
    return {id: Scale(**block) for id, block in _measures_file()["scale"].items()}


@cache
def measures() -> Mapping[tuple[str, str], Measure]:
    """Measures by key stage and id, in the order of outputs."""
    found = {}
    for block in _measures_file()["measure"]:
        numbers = [scales()[part["scale"]].numbers for part in block["parts"]]
        decimals = numbers[0].decimals if block.get("kind") == "mean" and numbers and numbers[0] else 0
        measure = Measure(decimals=decimals, **block)
        found[measure.key_stage, measure.id] = measure
    return found


@cache
def dimensions() -> Mapping[str, Dimension]:
    """Dimensions by id, in the order of outputs."""
    blocks = tomllib.loads(_text("dimensions.toml"))["dimension"]
    return {block["id"]: Dimension(**block) for block in blocks}


def usual_dimensions() -> tuple[str, ...]:
    """The ids of the dimensions that are shown without being asked for."""
    return tuple(id for id, one in dimensions().items() if not one.when_asked)


def dimension(name: str) -> Dimension:
    """One dimension by id; UnknownName when there is none."""
    if name not in dimensions():
        raise UnknownName("group", name, dimensions())
    return dimensions()[name]


def dimension_parts(name: str) -> tuple[str, ...]:
    """A dimension's or an intersection's name in, its parts out in the order of outputs; `all` has none."""
    if name == ALL:
        return ()
    parts = {part.strip() for part in name.lower().replace(":", TIMES).split(TIMES)}
    for part in parts:
        dimension(part)
    return tuple(id for id in dimensions() if id in parts)


def reference_group(parts: tuple[str, ...]) -> str:
    """Parts of a dimension in, the group the others are set against out: in none of the focus groups."""
    return TIMES.join(dimension(part).reference for part in parts)


def focus_groups(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Parts of a dimension in, the groups whose gap is taken out.

    For an intersection these are all combinations of the parts' focus and reference groups but the one of
    references alone.
    """
    combined: list[tuple[str, ...]] = [()]
    for part in parts:
        known = (*dimension(part).focus, dimension(part).reference)
        combined = [(*start, group) for start in combined for group in known]
    return tuple(TIMES.join(groups) for groups in combined if TIMES.join(groups) != reference_group(parts))


def group_label(parts: tuple[str, ...], group: str) -> str:
    """A group's words for a reader."""
    if group in (ALL, OTHERS):
        return "all pupils" if group == ALL else "all other pupils"
    words = [dimension(part).groups.get(one, one) for part, one in zip(parts, group.split(TIMES), strict=True)]
    return " + ".join(words)


@cache
def codes(name: str, word_column: str) -> Mapping[str, str]:
    """A code list in, every code's word out (column `word_column` of codes/NAME.csv)."""
    return {spelling(row["code"]): row[word_column] for row in _rows("codes", f"{name}.csv")}


@cache
def code_years(name: str) -> Mapping[str, tuple[str, str]]:
    """A code list in; the codes that were not always in use, with their first and last academic year, out."""
    rows = _rows("codes", f"{name}.csv")
    return {
        spelling(row["code"]): (row["first_year"], row["last_year"])
        for row in rows
        if row["first_year"] or row["last_year"]
    }


@cache
def policies() -> Mapping[str, Policy]:
    """Disclosure policies by name."""
    return {name: Policy(name=name, **block) for name, block in tomllib.loads(_text("policy.toml")).items()}


@cache
def areas() -> Mapping[str, Area]:
    """Areas by code: the GSS code, the last one where there were several; the number of those that have none.

    Years here and in codes/areas.csv are academic years. An authority of 1 April 2019 has 2019/20 as its first, and
    the ones before it 2018/19 as their last: DfE counts a whole school year for the authority it began in (KS2 of
    looked-after children has 835 to 837 in 2018/19, and 838 and 839 since).
    """
    names = ("code", "name", "level", "region", "first_year", "last_year")
    return {code: Area(**{name: row[name] for name in names}) for code, row in _area_rows().items()}


@cache
def authorities(country: str, period: str) -> int:
    """How many local authorities a country has in a period, by the first letter of its codes; about, as they change."""
    rows = [row for code, row in _area_rows().items() if row["level"] == "la" and code.startswith(country)]
    return sum((row["first_year"] or "") <= period <= (row["last_year"] or "9") for row in rows)


@cache
def _area_rows() -> Mapping[str, dict[str, str]]:
    return {row["code"]: row for row in _rows("areas.csv")}


@cache
def _area_names() -> Mapping[str, dict[str, str]]:
    """Every code, number and name of an area in, its row of codes/areas.csv out.

    A name that an authority of today shares with one that has ended (Dorset) means the one of today.
    """
    return {spelling(row["code"]): row for row in _rows("codes", "areas.csv")}


def _area_row(text: str) -> dict[str, str] | None:
    # A number from a column of floats ends in `.0`, as in LAIT.
    return _area_names().get(spelling(text).removesuffix(".0"))


def area_named(text: str) -> Area | None:
    """A code, number or name, current or former, in; the area out, or None."""
    row = _area_row(text)
    return areas()[row["area"]] if row else None


def area_years(text: str) -> tuple[str, str]:
    """A code, number or name of an area in, the first and last academic year it stands for out; "" is no limit.

    One year wider at both ends than the lists, because publications are revised later. A code that took over
    from another of the same area has no first year, because later publications have it for the years before too. A
    text in no list has no limits.
    """
    row = _area_row(text)
    if row is None:
        return "", ""
    began = row["first_year"] if _area_rows()[row["area"]]["first_year"] else ""
    return _years_later(began, -1), _years_later(row["last_year"], 1)


def _years_later(period: str, years: int) -> str:
    start = int(period[:4]) + years if period else 0
    return f"{start}/{(start + 1) % 100:02d}" if period else ""


def policy_schema() -> dict[str, Any]:
    """The JSON Schema of a disclosure policy's file."""
    schema = Policy.model_json_schema()
    return schema | {"required": [name for name in schema["required"] if name != "name"]}


def layout_schema() -> dict[str, Any]:
    """The JSON Schema of a layout file."""
    adapter: TypeAdapter[AnyLayout] = TypeAdapter(AnyLayout)
    return adapter.json_schema()


@cache
def layouts() -> Mapping[str, AnyLayout]:
    """Layouts by id."""
    return {id: layout_of(block) for id, block in _layout_blocks().items()}


@cache
def _layout_blocks() -> Mapping[str, dict[str, Any]]:
    folder = sorted(files(__package__).joinpath("layouts").iterdir(), key=lambda file: file.name)
    blocks = [tomllib.loads(file.read_text(encoding="utf-8")) for file in folder if file.name.endswith(".toml")]
    return {block["id"]: block for block in blocks}


def layout_of(block: dict[str, Any]) -> AnyLayout:
    """The block of a layout file in, the layout out. Raises pydantic's ValidationError, or UnknownName for `like`."""
    adapter: TypeAdapter[AnyLayout] = TypeAdapter(AnyLayout)
    if isinstance(like := block.get("like"), str):
        pupil_files = {id: one for id, one in _layout_blocks().items() if one["shape"] == "pupils"}
        if like not in pupil_files:
            raise UnknownName("layout of pupil files", like, pupil_files)
        block = _said_there(block, _layout_blocks()[like])
    return adapter.validate_python(block)


def _said_there(block: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    """A block, and the one it is like, in; the first with what it does not say itself out."""
    fixed = block.get("fixed", {})
    own = block.get("columns", {})
    columns = {name: names for name, names in there["columns"].items() if name not in fixed}
    said = {name: there[name] for name in ("identifiers", "numbers", "strip", "single_year") if name in there}
    return said | block | {"columns": columns | own if isinstance(own, dict) else own}
