import pytest

from gapcalc.definitions import key_stages
from gapcalc.definitions.schema import Part
from gapcalc.harmonise.pupils import _outcome
from gapcalc.harmonise.words import (
    WHEN_AND_WHERE,
    key_stage_word,
    la_word,
    level_word,
    period_word,
    status_word,
    term_word,
)


@pytest.mark.parametrize("text", ["2013/14", "2013-14", "201314", "2013/2014", "2013-2014", " 2013/14 "])
def test_periods(text: str) -> None:
    assert period_word(text) == "2013/14"


@pytest.mark.parametrize(
    "text", ["2013/15", "2013", "13/14", "20132014", "2013/2015", "2013/1", "", "2013/14x", "２０１３/14"]
)
def test_texts_that_are_no_period(text: str) -> None:
    assert period_word(text) is None


def test_the_turn_of_the_century() -> None:
    assert period_word("1999/00") == period_word("1999-2000") == "1999/00"


def test_terms_statuses_and_levels() -> None:
    assert [term_word(text) for text in ("Autumn term", "SPRING", "", "winter")] == ["autumn", "spring", "", None]
    assert [status_word(text) for text in ("", "Provisional", "sure")] == ["final", "provisional", None]
    assert [level_word(text) for text in ("National", "local_authority", "Local authority", "planet")] == [
        "national",
        "la",
        "la",
        None,
    ]


def test_key_stages() -> None:
    assert [key_stage_word(text) for text in ("EYFSP", "ks1", "2", "Key Stage 4", "KS9")] == [
        "eyfs",
        "ks1",
        "ks2",
        "ks4",
        None,
    ]


def test_every_key_stage_is_among_those_said_to_be_accepted() -> None:
    accepted = WHEN_AND_WHERE["key_stage"][1]
    assert accepted.replace(" or ", ", ").lower().split(", ") == list(key_stages())


@pytest.mark.parametrize("text", ["873", "E10000003", "Cambridgeshire", " cambridgeshire "])
def test_an_authority_by_number_code_or_name(text: str) -> None:
    assert la_word(text) == "E10000003"


def test_a_former_code_means_the_authority_of_today() -> None:
    assert la_word("E10000002") == la_word("E06000060") == la_word("825") == "E06000060"


def test_a_name_means_the_authority_of_today() -> None:
    assert la_word("Dorset") == la_word("838") == "E06000059"
    assert la_word("835") == "E10000009"


def test_a_country_or_region_is_no_authority() -> None:
    assert la_word("England") is None
    assert la_word("East of England") is None


@pytest.mark.parametrize(("at_least", "told"), [("100", 1), ("110", None), (None, None)])
def test_a_code_without_a_number_tells_only_what_it_stands_for(at_least: str | None, told: int | None) -> None:
    # AS reached the standard of 100; whether also 110 it does not say.
    part = Part(column="reading_score", scale="scaled_score", at_least=at_least)
    assert _outcome(part, "x").codes["AS"] == told
