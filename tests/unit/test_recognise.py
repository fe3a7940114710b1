import sys

import pytest

from gapcalc.definitions import layouts
from gapcalc.errors import AmbiguousLayout, DuplicateColumn, MissingColumn, NotRecognised
from gapcalc.harmonise.recognise import recognise

PUPILS = ["Academic Year", "LA code", "Key-Stage", "FSM", "Reading"]


def test_case_spaces_and_punctuation_do_not_matter() -> None:
    layout, columns = recognise("a.csv", PUPILS)
    assert layout.id == "pupils"
    assert columns == {
        "period": ("Academic Year",),
        "la": ("LA code",),
        "key_stage": ("Key-Stage",),
        "fsm": ("FSM",),
        "reading": ("Reading",),
    }


def test_the_column_that_lacks_is_named_with_its_other_names() -> None:
    with pytest.raises(MissingColumn) as missing:
        recognise("a.csv", ["academic_year", "key_stage", "fsm", "reading"])
    assert "lacks the column la" in missing.value.message
    assert "local_authority" in missing.value.hint


def test_an_unknown_header_is_not_repeated() -> None:
    # In a file without a header the first row is a pupil.
    with pytest.raises(NotRecognised) as unknown:
        recognise("a.csv", ["A123456789012", "Smith", "2004-05-06"])
    assert "Smith" not in unknown.value.message + unknown.value.hint


def test_two_layouts_that_fit_are_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = layouts()["pupils"].model_copy(update={"id": "twin"})
    both = {**layouts(), "twin": twin}
    monkeypatch.setattr(sys.modules["gapcalc.harmonise.recognise"], "layouts", lambda: both)
    with pytest.raises(AmbiguousLayout, match="pupils, twin"):
        recognise("a.csv", PUPILS)


def test_two_columns_of_one_name() -> None:
    with pytest.raises(DuplicateColumn, match="called fsm"):
        recognise("a.csv", [*PUPILS, "fsm"])
    with pytest.raises(DuplicateColumn, match="called fsm"):
        recognise("a.csv", [*PUPILS, "FSM#2"])  # as `read` hands on a second column of the same name


def test_an_earlier_alias_goes_before() -> None:
    _, columns = recognise("a.csv", [*PUPILS, "la_name"])
    assert columns["la"] == ("LA code", "la_name")
