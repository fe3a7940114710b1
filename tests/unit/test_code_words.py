"""What analysts write, and the group it means: by hand, not from the lists."""

import pytest

from gapcalc.definitions import UNKNOWN, area_named, codes, spelling


@pytest.mark.parametrize(
    ("group", "texts"),
    [
        ("no_sen", "N|1_NON|N - No SEN|No SEN|No identified SEN|No SEN provision|No special educational needs"),
        ("sen_support", "K|A|P|Q|2_SNS|K - SEN support|SEN support|School action|School action plus"),
        ("ehc_plan", "E|S|3_SS|EHCP|EHC plan|Statement|E - Education, health and care plan"),
        (UNKNOWN, "?|4_UNCL"),
    ],
)
def test_how_special_educational_needs_are_written(group: str, texts: str) -> None:
    assert {codes("sen", "sen_provision")[spelling(text)] for text in texts.split("|")} == {group}


@pytest.mark.parametrize(
    ("group", "texts"),
    [("not_eal", "ENG|ENB|1_ENG|English"), ("eal", "OTH|OTB|2_OTH"), (UNKNOWN, "NOT|REF|?|3_UNCL")],
)
def test_how_a_first_language_is_written(group: str, texts: str) -> None:
    assert {codes("language", "eal")[spelling(text)] for text in texts.split("|")} == {group}


@pytest.mark.parametrize(
    ("group", "texts"),
    [("girls", "F|Female|G|Girl|Girls|Female "), ("boys", "M|Male|B|Boy|Boys"), (UNKNOWN, "U")],
)
def test_how_the_sex_is_written(group: str, texts: str) -> None:
    assert {codes("sex", "sex")[spelling(text)] for text in texts.split("|")} == {group}


def test_the_language_groups_of_the_results() -> None:
    assert [codes("eal_group", "eal")[code] for code in "123"] == ["not_eal", "eal", UNKNOWN]


@pytest.mark.parametrize(
    ("text", "name"),
    [("Cymru", "Wales"), ("970", "England"), ("970.0", "England"), ("east of england", "East of England")],
)
def test_names_of_countries_and_regions(text: str, name: str) -> None:
    area = area_named(text)
    assert area is not None
    assert area.name == name


@pytest.mark.parametrize(
    ("code", "bme", "dfe", "gss", "excl_white", "grt", "other"),
    [
        ("WBRI", "white_british", "white", "white", "white", "not_grt", "not_white_other"),
        ("WCOR", "white_british", "white", "white", "white", "not_grt", "not_white_other"),
        ("WIRI", "bme", "white", "white", "white", "not_grt", "not_white_other"),
        ("WIRT", "bme", "white", "white", "white", "grt", "not_white_other"),
        ("WROM", "bme", "white", "white", "white", "grt", "not_white_other"),
        ("WOTH", "bme", "white", "white", "white", "not_grt", "white_other"),
        ("WEEU", "bme", "white", "white", "white", "not_grt", "white_other"),
        ("CHNE", "bme", "chinese", "asian", "minority", "not_grt", "not_white_other"),
        ("ANEP", "bme", "asian", "asian", "minority", "not_grt", "not_white_other"),
        ("MWBA", "bme", "mixed", "mixed", "minority", "not_grt", "not_white_other"),
        ("BAFR", "bme", "black", "black", "minority", "not_grt", "not_white_other"),
        ("OOTH", "bme", "other", "other", "minority", "not_grt", "not_white_other"),
        ("REFU", *[UNKNOWN] * 6),
        ("NOBT", *[UNKNOWN] * 6),
    ],
)
def test_the_groups_of_an_ethnicity(
    code: str, bme: str, dfe: str, gss: str, excl_white: str, grt: str, other: str
) -> None:
    columns = ("bme", "ethnicity", "ethnicity_gss5", "minority_excl_white", "grt", "white_other")
    assert tuple(codes("ethnicity", column)[code] for column in columns) == (bme, dfe, gss, excl_white, grt, other)


@pytest.mark.parametrize(
    ("text", "lac", "months"),
    [
        ("12 Months or more", "lac", "lac_12_months"),
        (" 12+", "lac", "lac_12_months"),
        (">=12", "lac", "lac_12_months"),
        ("12 or more months", "lac", "lac_12_months"),
        ("12 months+", "lac", "lac_12_months"),
        ("6 to 12 months", "lac", "lac_under_12_months"),
        ("<6 months", "lac", "lac_under_12_months"),
        ("Under 12 months", "lac", "lac_under_12_months"),
        ("6+ months", "lac", "lac_months_unknown"),  # on both sides of 12
        ("Not looked after", "not_lac", "not_lac"),
        ("Not known", UNKNOWN, UNKNOWN),
    ],
)
def test_how_long_a_pupil_has_been_looked_after(text: str, lac: str, months: str) -> None:
    assert codes("looked_after", "lac")[spelling(text)] == lac
    assert codes("looked_after", "lac_12_months")[spelling(text)] == months


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        *((yes, "yes") for yes in ("Y", "1", "T", "true", "FSM")),
        *((no, "no") for no in ("N", "0", "F", "False", "Non-FSM")),
        ("eFSM", "yes"),
        ("nFSM", "no"),
        ("Not eligible", "no"),
        ("Eligible", "yes"),
        ("1.0", "yes"),
        ("0.0", "no"),
    ],
)
def test_how_a_flag_is_written(text: str, flag: str) -> None:
    assert codes("flag", "flag")[spelling(text)] == flag


def test_minus_one_is_no_flag() -> None:
    # It is yes in Access, and no answer in SPSS and in surveys.
    assert "-1" not in codes("flag", "flag")
