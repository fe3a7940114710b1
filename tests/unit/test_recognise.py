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


def test_what_a_special_case_lacks_is_said_where_something_tells_it() -> None:
    with pytest.raises(MissingColumn, match="key stage 4 it lacks the column la") as missing:
        recognise("a.csv", ["KS4_ACADYR", "KS4_GENDER", "KS4_L2BASICS_94"])
    assert "la may be called la, la_code" in missing.value.hint


@pytest.mark.parametrize(
    "header",
    [
        ["URN", "LAESTAB", "School name", "Local authority", "Inspection start date", "Overall effectiveness"],
        ["la_code", "la_name", "region_name"],
    ],
    ids=["inspections", "a look-up"],
)
def test_an_authority_alone_makes_no_file_of_pupils(header: list[str]) -> None:
    with pytest.raises(NotRecognised) as unknown:
        recognise("a.csv", header)
    assert "gapcalc layout suggest" in unknown.value.hint


def test_results_and_an_authority_do() -> None:
    with pytest.raises(MissingColumn, match="Pupil-level extract it lacks the column period, key_stage"):
        recognise("a.csv", ["UPN", "LA", "FSM", "Reading"])


def test_what_a_file_lacks_of_a_layout_that_is_named() -> None:
    own = layouts()["npd_ks4"].model_copy(update={"id": "own", "label": "own"})
    with pytest.raises(MissingColumn, match="as a own it lacks the column ks4_acadyr") as missing:
        recognise("a.csv", ["LA", "x"], [own])
    assert missing.value.hint.startswith("check the header")


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
