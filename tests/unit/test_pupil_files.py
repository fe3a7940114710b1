"""Pupil files as the school census, the national pupil database and school systems write them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gapcalc.definitions.own import own_layout
from gapcalc.errors import (
    AmbiguousLayout,
    DuplicateColumn,
    EmptyFile,
    MissingColumn,
    NotRecognised,
    UnknownCode,
    WrongLayout,
)
from gapcalc.harmonise import harmonise
from gapcalc.model import Pupils
from gapcalc.pipeline import compute, validate
from gapcalc.request import Request
from tests.whole import read

Write = Callable[..., Path]
Cells = dict[tuple[str, str], tuple[int, int]]


def counts(path: Path, *layouts: Path) -> Cells:
    """Pupils and how many reached it, by measure and group; an authority and year each."""
    gaps = compute(Request(data=(str(path),), layouts=tuple(map(str, layouts)), internal=True)).gaps
    found: Cells = {}
    for one in gaps.to_dict("records"):
        for side in ("focus", "reference"):
            found[one["measure"], one[side]] = (one[f"{side}_pupils"], one[f"{side}_total"])
    return found


NPD_KS2 = "KS2_ACADYR,KS2_LA,KS2_URN,KS2_SEX,KS2_GENDER,FSMeligible_SPR19,KS2_READOUTCOME,KS2_READSCORE,KS2READSCORE,"
NPD_KS2 += "KS2_MATOUTCOME,KS2_MATSCORE,KS2_WRITTAOUTCOME"


def test_the_national_pupil_database_at_key_stage_2(write: Write) -> None:
    lines = [
        "2018/2019,873,110001,,F,1,AS,104,99,AS,101,EXS",
        "2018/2019,873,110001,F,,1,NS,96,70,AS,100,WTS",
        "2018/2019,873,110001,,M,1,B,N,62,NS,N,PK3",  # below the test: counts, and has not reached it
        "2018/2019,873,110001,,M,0,L,N,60,L,N,L",  # left: does not count
        "2018/2019,873,110001,,M,0,AS,110,115,AS,112,EM",  # no score of the engagement model is the standard
    ]
    path = write("\n".join([NPD_KS2, *lines, ""]))
    assert harmonise(read(str(path))).layout == "National pupil database, key stage 2"
    found = counts(path)
    assert found["reading_exp", "fsm"] == (3, 1)
    assert found["reading_exp", "not_fsm"] == (1, 1)
    assert found["writing_exp", "not_fsm"] == (1, 0)
    assert found["rwm_exp", "fsm"] == (3, 1)
    # The sex stands in two columns, each half empty.
    assert found["maths_exp", "boys"] == (2, 1)
    assert found["maths_exp", "girls"] == (2, 2)


def test_the_progress_score_is_never_read_as_the_result(write: Write) -> None:
    path = write("ACADYR,LA,READLEV,KS2READSCORE,FSM\n2018/2019,873,4,99,1\n2018/2019,873,4,101,0\n")
    with pytest.raises(Exception, match="no group"):
        compute(Request(data=(str(path),), internal=True))


@pytest.mark.parametrize(
    ("header", "row", "label"),
    [
        (
            "FSP_ACADYR,FSP_LA,FSP_GENDER,FSP_GLD",
            "2021/2022,873,{sex},{reached}",
            "early years foundation stage profile",
        ),
        ("KS1_ACADYR,KS1_LA,SEX,READ_OUTCOME,READING", "2016/2017,873,{sex},{level},", "key stage 1"),
        ("KS4_ACADYR,KS4_LA,KS4_GENDER,KS4_L2BASICS_94", "2018/2019,873,{sex},{reached}", "key stage 4"),
    ],
)
def test_the_other_tables_of_the_national_pupil_database(write: Write, header: str, row: str, label: str) -> None:
    rows = [
        row.format(sex=sex, reached=reached, level="EXS" if reached else "WTS") for sex, reached in (("F", 1), ("M", 0))
    ]
    path = write("\n".join([header, *rows, ""]))
    assert harmonise(read(str(path))).layout == f"National pupil database, {label}"
    ((_, boys), (_, girls)) = sorted(counts(path).items())
    assert (boys, girls) == ((1, 0), (1, 1))


@pytest.mark.parametrize(
    ("year", "result"),
    [
        ("ACADYR", "FSP_GLD"),
        ("ACADYR", "READ_OUTCOME"),
        ("ACADYR", "KS2_READOUTCOME"),
        ("KS4_ACADYR", "KS4_L2BASICS_94"),
        ("ACADYR", "PHONICS_OUTCOME"),
    ],
)
def test_a_table_that_tells_its_key_stage_is_an_ordinary_file(write: Write, year: str, result: str) -> None:
    rows = [f"2012/2013,873,KS2,{sex},4," for sex in "FM"]
    path = write("\n".join([f"{year},LA,Key Stage,Gender,Reading,{result}", *rows, ""]))
    assert harmonise(read(str(path))).layout == "Pupil-level extract"


def test_levels_before_2016_in_the_national_pupil_database(write: Write) -> None:
    rows = [f"2012/2013,873,{sex},{level},{level},{level}" for sex, level in (("F", "4"), ("M", "3"))]
    found = counts(write("\n".join(["ACADYR,LA,GENDER,READLEV,MATLEV,WRITLEVTA", *rows, ""])))
    assert {measure for measure, _ in found} == {"reading_l4", "writing_l4", "maths_l4", "rwm_l4"}
    assert found["rwm_l4", "girls"] == (1, 1)
    header = "ACADYR,LA,GENDER,READ_OUTCOME,WRIT_OUTCOME,MATH_OUTCOME,READING,WRITING,MATHS"
    rows = [f"2012/2013,873,{sex},,,,{level},{level},{level}" for sex, level in (("F", "2B"), ("M", "1"))]
    path = write("\n".join([header, *rows, "2016/2017,873,F,EXS,EXS,WTS,,,", "2016/2017,873,M,WTS,EXS,WTS,,,", ""]))
    assert harmonise(read(str(path))).layout == "National pupil database, key stage 1"
    found = counts(path)
    assert {measure for measure, _ in found} >= {"reading_l2", "reading_exp", "writing_exp", "maths_exp"}
    assert (found["writing_exp", "boys"], found["maths_exp", "girls"]) == ((1, 1), (1, 0))
    assert (found["reading_l2", "girls"], found["reading_l2", "boys"]) == ((1, 1), (1, 0))


def test_phonics_without_a_word_before_each_header(write: Write) -> None:
    rows = [
        f"2018/2019,873,{sex},{year},{mark}" for sex, year, mark in (("F", 1, "Wa"), ("M", 1, "Wt"), ("M", 2, "Wa"))
    ]
    path = write("\n".join(["ACADYR,LA,GENDER,NCyearActual,PHONICS_OUTCOME", *rows, ""]))
    source = read(str(path))
    assert harmonise(source).rows_left_out(source.count) == 1
    assert counts(path) == {("phonics", "boys"): (1, 0), ("phonics", "girls"): (1, 1)}


@pytest.mark.parametrize(
    "header", ["FSMeligible_AUT13", "FSMeligible_SUM13", "PRU_FSMeligible_SPR13", "AP_FSMeligible"]
)
def test_what_says_nothing_in_a_header_is_taken_off(write: Write, header: str) -> None:
    path = write(f"ACADYR,LA,Key Stage,{header},Reading\n2012/2013,873,KS2,1,4\n2012/2013,873,KS2,0,3\n")
    assert counts(path)["reading_l4", "fsm"] == (1, 1)


def test_figures_of_groups_are_no_pupils(write: Write) -> None:
    path = write("year,la,key_stage,measure,group,pupils,total,reading\n2012/13,873,KS2,rwm_l4,fsm,20,5,\n")
    assert harmonise(read(str(path))).layout == "gapcalc tidy aggregate"


def test_pupils_who_take_the_phonics_check_again_are_left_out(write: Write) -> None:
    header = "Phonics_ACADYR,Phonics_LA,Phonics_GENDER,Phonics_NCyearActual,Phonics_PHONICS_OUTCOME"
    rows = [f"2018/2019,873,{sex},{year},Wa" for sex, year in (("F", "1"), ("M", "1"), ("M", "2"))]
    path = write("\n".join([header, *rows, "2018/2019,873,M,1,L", ""]))
    assert counts(path) == {("phonics", "boys"): (1, 1), ("phonics", "girls"): (1, 1)}
    source = read(str(path))
    assert harmonise(source).rows_left_out(source.count) == 1
    with pytest.raises(EmptyFile):
        counts(write("\n".join([header, rows[2], ""])))


def test_row_numbers_stay_those_of_the_file_when_rows_are_left_out(write: Write) -> None:
    header = "Phonics_ACADYR,Phonics_LA,Phonics_GENDER,Phonics_NCyearActual,Phonics_PHONICS_OUTCOME"
    rows = ["2018/2019,873,F,2,Wa", "2018/2019,nowhere,M,1,Wa"]
    with pytest.raises(UnknownCode, match="row 3"):
        counts(write("\n".join([header, *rows, ""])))


PUPILS = "academic_year,{la},key_stage,{group},reading\n2012/13,{number},KS2,{yes},4\n2012/13,{number},KS2,{no},3\n"


@pytest.mark.parametrize(
    ("group", "yes", "no", "expected"),
    [
        ("FSMeligible_SPR13", "1", "0", ("fsm", "not_fsm")),
        ("FSME on Census Day", "True", "False", ("fsm", "not_fsm")),
        ("Eligible for free meals", "T", "F", ("fsm", "not_fsm")),
        ("EVERFSM_6_P_SPR13", "1", "0", ("fsm6", "not_fsm6")),
        ("Pupil Premium Indicator", "Y", "N", ("pp", "not_pp")),
        ("FSM6CLA1A", "1", "0", ("disadvantaged", "not_disadvantaged")),
        ("SENprovision_SPR13", "A", "N", ("sen_support", "no_sen")),
        ("SEN Status", "K - SEN Support", "N - No Special Educational Need", ("sen_support", "no_sen")),
        ("In Care", "true", "false", ("lac", "not_lac")),
        ("LanguageGroupMajor_SPR13", "2_OTH", "1_ENG", ("eal", "not_eal")),
        ("LANG1ST", "OTB", "ENB", ("eal", "not_eal")),
        ("EALGRP", "2", "1", ("eal", "not_eal")),  # 1 is English here, and yes elsewhere
        ("EAL", "1", "0", ("eal", "not_eal")),
        ("EthnicGroupMinor_SPR13", "APKN", "WBRI", ("bme", "white_british")),
        ("Gender", "Male", "Female", ("boys", "girls")),
    ],
)
def test_headers_of_census_database_and_school_systems(
    write: Write, group: str, yes: str, no: str, expected: tuple[str, str]
) -> None:
    path = write(PUPILS.format(la="LA", number="873", group=group, yes=yes, no=no))
    found = counts(path)
    assert found["reading_l4", expected[0]] == (1, 1)
    assert found["reading_l4", expected[1]] == (1, 0)


@pytest.mark.parametrize("number", ["8731234", "873/1234"])
def test_the_authority_may_be_told_by_the_number_of_the_school(write: Write, number: str) -> None:
    path = write(PUPILS.format(la="LAESTAB", number=number, group="FSM", yes="Y", no="N"))
    pupils = harmonise(read(str(path))).content
    assert isinstance(pupils, Pupils)
    assert pupils.keys["la"].read(number) == "E10000003"


def test_two_censuses_in_one_file_are_refused(write: Write) -> None:
    text = "academic_year,LA,key_stage,FSMeligible_SPR12,FSMeligible_SPR13,reading\n2012/13,873,KS2,1,0,4\n"
    with pytest.raises(DuplicateColumn, match="called fsmeligible"):
        harmonise(read(str(write(text))))


SCHOOL = "Name,Free meals?,Reading level\nA,,4\nB,Ja,3\nC,,5\n"
OWN = """
id = "school"
label = "Our school's export"
shape = "pupils"
like = "pupils"
requires = ["Free meals*"]
[fixed]
la = "873"
key_stage = "KS2"
period = "2013/14 (prov)"
[columns]
fsm = ["Free meals?"]
reading = ["Reading level"]
[means]
fsm = { "" = "N", "Ja" = "Y" }
"""


def test_a_layout_of_ones_own(write: Write) -> None:
    path, mine = write(SCHOOL), write(OWN, "mine.toml")
    release = compute(Request(data=(str(path),), layouts=(str(mine),), internal=True))
    (gap,) = release.gaps.to_dict("records")
    assert (gap["period"], gap["status"], gap["area_code"], gap["key_stage"]) == (
        "2013/14", "provisional", "E10000003", "ks2",
    )  # fmt: skip
    assert (gap["focus_pupils"], gap["reference_pupils"], gap["gap"]) == (1, 2, 1.0)
    with pytest.raises(NotRecognised):
        compute(Request(data=(str(path),), internal=True))


def test_what_an_ordinary_file_lacks_is_said_of_the_ordinary_layout(write: Write) -> None:
    with pytest.raises(MissingColumn, match="as a Pupil-level extract it lacks the column key_stage"):
        harmonise(read(str(write("academic_year,la,fsm,reading\n2012/13,873,Y,4\n"))))


def test_ones_own_layout_goes_before_those_that_gapcalc_brings(write: Write) -> None:
    text = PUPILS.format(la="LA", number="873", group="FSM", yes="Y", no="N")
    mine = OWN.replace("Free meals*", "reading").replace("Free meals?", "FSM").replace("Reading level", "reading")
    mine = mine.split("[fixed]")[0] + "[columns]" + mine.split("[columns]")[1]
    path, first = write(text), write(mine, "first.toml")
    second = write(mine.replace('"school"', '"other"'), "second.toml")
    report = validate(Request(data=(str(path),), layouts=(str(first),)))
    assert report.files[0].layout == "Our school's export"
    with pytest.raises(AmbiguousLayout, match="school, other"):
        compute(Request(data=(str(path),), layouts=(str(first), str(second)), internal=True))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('id = "school"', "id = ", "not TOML"),
        ('shape = "pupils"', 'shape = "crystals"', "shape"),
        ('requires = ["Free meals*"]', "requires = []", "requires"),
        ('like = "pupils"', 'like = "tidy"', "like"),
        ('id = "school"', 'id = "ees"', "id"),
        ("fsm = [", "fms = [", "columns"),
        ('la = "873"', 'school = "Hogwarts"', "fixed"),
        ("[means]\nfsm", "[means]\nshoe_size", "shoe_size"),
        ("[means]", "[meanings]", "meanings: means nothing here"),
        ('shape = "pupils"', "", "shape is pupils, tidy, aggregate or neighbours"),
        ("label = ", "name = ", "label: is missing"),
    ],
)
def test_what_a_layout_may_not_say_is_said_with_its_place(old: str, new: str, where: str) -> None:
    assert own_layout(OWN, "mine.toml").id == "school"
    with pytest.raises(WrongLayout) as wrong:
        own_layout(OWN.replace(old, new), "mine.toml")
    assert wrong.value.message.startswith("mine.toml: ")
    assert where in wrong.value.message


def test_what_is_fixed_must_mean_something(write: Write) -> None:
    mine = write(OWN.replace('"873"', '"Atlantis"'), "mine.toml")
    with pytest.raises(WrongLayout, match=r"layout school: fixed\.la"):
        compute(Request(data=(str(write(SCHOOL)),), layouts=(str(mine),), internal=True))
