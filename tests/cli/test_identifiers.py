"""Pupils' names and numbers end in `harmonise`: no later step is given a column or a value of them."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from gapcalc.definitions import PupilLayout, layouts
from gapcalc.harmonise import harmonise
from gapcalc.harmonise.prepare import Prepared
from gapcalc.harmonise.recognise import plain_name
from gapcalc.model import Pupils
from tests.cli.planted import CANARIES, HARMLESS, as_csv, table
from tests.whole import read

Run = Callable[..., Any]
IDENTIFIERS = {
    plain_name(name) for one in layouts().values() if isinstance(one, PupilLayout) for name in one.identifiers
}
# `count` is given the pupils, and the others what comes of them.
STEPS = ["count", "protect", "uncovered", "merged", "rates", "gap", "compare", "protection", "Release", "check_values"]
CHECKS = ["without_result", "only_reached", "adding_up", "unknown_groups", "printed_gaps"]


def texts(thing: object) -> list[str]:
    """Every column's name and every text in a thing, however it is packed."""
    if isinstance(thing, pd.DataFrame):
        return [*map(str, thing.columns), *(str(one) for name in thing for one in thing[name].unique())]
    if isinstance(thing, pa.Table):
        return [*thing.column_names, *(str(one) for column in thing.columns for one in column.unique().to_pylist())]
    if isinstance(thing, dict):
        return [one for pair in thing.items() for part in pair for one in texts(part)]
    if isinstance(thing, tuple | list | set):
        return [one for part in thing for one in texts(part)]
    if isinstance(thing, Prepared):  # what can be asked of it
        return [*thing.header, *(one for batch in thing.batches(thing.header) for one in texts(batch.table))]
    if is_dataclass(thing):
        return [one for field in fields(thing) if field.name != "aliases" for one in texts(getattr(thing, field.name))]
    return [str(thing)]


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    canaries = [*CANARIES.values()]
    planted = {name: canaries for name in HARMLESS["pupils"] if plain_name(name) in IDENTIFIERS or name == "remarks"}
    assert len(planted) == 6
    path.write_bytes(as_csv(table("pupils", planted)))
    return path


@pytest.mark.parametrize("command", [["compute", "--by", "school"], ["compute", "--internal"], ["validate"], ["count"]])
def test_no_later_step_sees_them(
    run: Run, given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    seen: dict[str, list[str]] = {}

    def watch(module: str, name: str) -> None:
        step = getattr(import_module(module), name)

        def spy(*args: object, **options: object) -> Any:
            seen.setdefault(name, []).extend(texts([*args, *options.values()]))
            return step(*args, **options)

        monkeypatch.setattr(f"{module}.{name}", spy)

    for name in STEPS:
        for module in ("gapcalc.figures", "gapcalc.pipeline"):
            if hasattr(import_module(module), name):
                watch(module, name)
    for name in CHECKS:
        watch("gapcalc.validate", name)
    watch("gapcalc.waist", "InternalCounts")
    watch("gapcalc.present", "to_screen")
    watch("gapcalc.present", "to_file")
    if command == ["count"]:
        command = ["count", "--internal", "--by", "school", "-o", str(tmp_path / "c.csv")]
    assert run(*command, given).code in (0, 1)
    assert {"count"} < set(seen)
    for name, words in seen.items():
        assert not {plain_name(one) for one in words if len(one) < 40} & IDENTIFIERS, name
        assert not [one for one in CANARIES.values() if any(one in word for word in words)], name


def test_the_table_of_pupils_has_only_what_is_used(given: Path) -> None:
    found = harmonise(read(str(given)))
    assert isinstance(found.content, Pupils)
    there = {plain_name(name) for name in found.content.rows.header}
    assert not there & {*IDENTIFIERS, "remarks"}
    assert {"academic_year", "la", "district", "school", "key_stage", "fsm", "maths"} <= there
    # The one table that has them is for finding pupils who stand twice.
    assert found.pupil_numbers is not None
    assert tuple(found.pupil_numbers.header) == ("upn", "academic_year", "key_stage")


def test_no_other_column_can_be_asked_for(given: Path) -> None:
    found = harmonise(read(str(given)))
    assert isinstance(found.content, Pupils)
    for name in ("upn", "remarks"):
        with pytest.raises(KeyError):
            next(found.content.rows.batches(["fsm", name]))
