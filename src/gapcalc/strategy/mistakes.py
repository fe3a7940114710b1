"""Mistakes of form: what pydantic finds wrong in, remarks in our own words out, since its own quote values."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from gapcalc.definitions.rules import rules
from gapcalc.locate import KeyPath
from gapcalc.strategy.model import NEEDED, Strategy
from gapcalc.strategy.remarks import Remark
from gapcalc.targets.amounts import EXAMPLE_GAP, EXAMPLE_RATE, amount, both_readings, both_readings_of_rate
from gapcalc.targets.names import near

OF_VALUES = ("raise_by",)  # kinds whose step is of a rate, not of a gap
MISSING = {
    "comparator": ("G104", 'as in comparator = "national"'),
    "than": ("G104", 'as in than = "peers" or than = "national"'),
    "better": ("G106", 'add better = "higher" or better = "lower"'),
}
_SAID = {
    "string_type": "is not a text in quotes",
    "string_too_short": "is empty",
    "bool_type": "is neither true nor false",
    "int_type": "is not a whole number",
    "greater_than_equal": "is too small",
    "tuple_type": "is not a list in square brackets",
    "too_short": "has too few entries",
    "model_type": "is not a table",
    "model_attributes_type": "is not a table",
    "dict_type": "is not a table",
}


def mistakes(error: ValidationError, data: Mapping[str, Any]) -> list[Remark]:
    """What pydantic found wrong in a file's data in, one remark for each key out."""
    found: dict[KeyPath, Remark] = {}
    told = error.errors(include_url=False, include_input=False)
    places = [one["loc"] for one in told]
    for one in told:
        loc = one["loc"]
        # A list is also called too short when what is in it is wrong.
        if one["type"] == "too_short" and any(place != loc and place[: len(loc)] == loc for place in places):
            continue
        path, model, kinds = _followed(loc)
        remark = _remark(one["type"], one.get("ctx", {}), path, model, kinds, data)
        found.setdefault(remark.path, remark)
    return list(found.values())


def _remark(
    type_: str, told: Mapping[str, Any], path: KeyPath, model: type[BaseModel] | None, kinds: list[str], data: Any
) -> Remark:
    key = path[-1] if path else ""
    if type_ in rules():
        return Remark(path, type_, f"{_name(path)} {_own(type_)}", _hint(type_, told, path, data))
    if type_ == "extra_forbidden":
        known = list(model.model_fields) if model else []
        return Remark(path, "G002", f"{key!r} means nothing here", near(key, known) or _all(known))
    if type_ == "missing":
        code, hint = MISSING.get(str(key), ("G003", ""))
        return Remark(path, code, f"{key} is missing", hint)
    if type_ in ("union_tag_not_found", "union_tag_invalid"):
        written = _at(data, (*path, "kind"))
        if written is None:
            return Remark(path, "G003", "kind is missing", _all(kinds))
        return Remark((*path, "kind"), "G005", "kind is none that gapcalc knows", near(written, kinds) or _all(kinds))
    if type_ == "literal_error":
        options = [word.strip("'") for word in str(told.get("expected", "")).replace(" or ", ", ").split(", ")]
        hint = near(_at(data, path), options) or _all(options)
        return Remark(path, "G004", f"{_name(path)} is not one of the words that may stand here", hint)
    return Remark(path, "G004", f"{_name(path)} {_SAID.get(type_, 'is not of the form that is needed here')}")


def _own(code: str) -> str:
    return {
        "G004": "is not an amount",
        "G006": "names nothing that gapcalc knows",
        "G008": 'is not an academic year, as in "2015/16"',
        "G101": "has a bare %, which can be read in two ways",
        "G102": "has no unit, or one that does not fit",
    }[code]


def _hint(code: str, told: Mapping[str, Any], path: KeyPath, data: Any) -> str:
    if code == "G101":
        start = _at(data, (*path[:-1], "start"))
        said = amount(start) if isinstance(start, str) else None
        if _at(data, (*path[:-1], "kind")) in OF_VALUES:
            return both_readings_of_rate(Decimal(told["step"]), said.number if said else EXAMPLE_RATE)
        return both_readings(Decimal(told["step"]), said.number if said else EXAMPLE_GAP)
    return str(told.get("hint", ""))


def lacking(data: Mapping[str, Any]) -> Iterator[Remark]:
    """A file's data in, remarks on what a target has to say, and a part of one need not, out."""
    targets = data.get("target")
    for place, target in enumerate(targets if isinstance(targets, list) else []):
        for name in NEEDED:
            if isinstance(target, dict) and not target.get(name):
                yield Remark(("target", place, name), "G003", f"{name} is missing")


def _name(path: KeyPath) -> str:
    keys = [f"entry {step + 1}" if isinstance(step, int) else step for step in path[-2:]]
    return f"{keys[1]} of {keys[0]}" if len(keys) == 2 and isinstance(path[-1], int) else keys[-1] if keys else "it"


def _all(words: list[str]) -> str:
    return f"one of {', '.join(words)}" if words else ""


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _followed(loc: tuple[int | str, ...]) -> tuple[KeyPath, type[BaseModel] | None, list[str]]:
    """Where pydantic says that something is wrong in; the path in the file, the class it is in, and its kinds, out.

    Pydantic puts the name of a class or the kind of a target in between where it had to choose.
    """
    path: list[int | str] = []
    within: type[BaseModel] | None = None
    choices: list[type[BaseModel]] = [Strategy]
    for step in loc:
        if isinstance(step, int):
            path.append(step)
            continue
        chosen = next((one for one in choices if _kind(one) == step), None)
        if chosen is None and len(choices) == 1:
            chosen = choices[0]
            if step not in chosen.model_fields and step == chosen.__name__:
                continue
            within = chosen
            path.append(step)
            field = chosen.model_fields.get(step)
            choices = _models(field.annotation) if field else []
        elif chosen is not None:
            choices = [chosen]
        elif not choices and not path:
            path.append(step)
        else:
            return tuple(path), within, [kind for one in choices if (kind := _kind(one))]
    return tuple(path), within, [kind for one in choices if (kind := _kind(one))]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for one in get_args(annotation) for model in _models(one)]


def _kind(model: type[BaseModel]) -> str | None:
    field = model.model_fields.get("kind")
    return get_args(field.annotation)[0] if field else None
