"""`gapcalc validate`: what a file is, and what is wrong in it, without a pupil's value."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Write = Callable[..., Path]
SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
PUPIL = "A123456789012"
HEADER = "UPN,academic_year,la,key_stage,fsm,reading,writing,maths,shoe size"
TIDY = "period,area,key_stage,measure,group,pupils,total,value,gap"


def findings(run: Run, path: Path) -> tuple[int, list[tuple[str, str, str]]]:
    ran = run("validate", path, "-f", "json")
    report = json.loads(ran.out)
    assert report["exit_code"] == ran.code
    (file,) = report["files"]
    return ran.code, [(one["check"], one["result"], one["message"]) for one in file["findings"]]


def test_what_a_pupil_file_is(run: Run) -> None:
    ran = run("validate", SAMPLES / "synthetic-pupils.csv", "-f", "json")
    assert ran.code == 0
    (file,) = json.loads(ran.out)["files"]
    assert (file["layout"], file["encoding"], file["rows"]) == ("Pupil-level extract", "utf-8", 152038)
    assert file["areas"] == ["Cambridgeshire"]
    assert file["key_stages"] == ["eyfs", "ks1", "ks2", "ks4"]
    assert file["columns_unused"] == []


def test_pupils_who_stand_twice(run: Run, write: Write) -> None:
    row = f"{PUPIL},2012/13,873,KS2,Y,4,4,4,38"
    other = row.replace("KS2", "KS1").replace(",4,4,4,", ",2,2,2,")
    code, found = findings(run, write(f"{HEADER}\n{row}\n{other}\n{row.replace(',Y,', ',N,')}\n"))
    assert code == 1
    assert ("duplicates", "error", "column UPN: the same pupil, key stage and period again in row 4") in found
    assert PUPIL not in str(found)


@pytest.mark.parametrize(
    ("one", "other", "again"),
    [
        ("A,2014/15,KS2,final", "A,2014-15,KS2,final", True),
        ("A,2014/15,KS2,final", "A,2014/15,ks2,final", True),
        ("A,2014/15,KS2,final", "a ,2014/15,KS2,final", True),
        ("A,2014/15,KS2,final", "A,2014/15,KS2,provisional", False),
        ("A,2014/15,KS2,final", "A,2013/14,KS2,final", False),
        ("A,2014/15,KS2,final", "B,2014/15,KS2,final", False),
    ],
)
def test_a_pupil_is_the_same_however_the_cohort_is_spelt(
    run: Run, write: Write, one: str, other: str, again: bool
) -> None:
    rows = [f"{row},873,Y,4" for row in (one, other)]
    _, found = findings(run, write("\n".join(["UPN,academic_year,key_stage,status,la,fsm,reading", *rows, ""])))
    assert ("duplicates" in [check for check, _, _ in found]) == again


def test_pupils_without_a_result_and_with_strange_codes(run: Run, write: Write) -> None:
    rows = [f"A,2012/13,873,KS2,{fsm},{reading},4,4,1" for fsm, reading in (("Y", "4"), ("N", ""), (PUPIL, "5"))]
    code, found = findings(run, write("\n".join([HEADER.replace("UPN", "id"), *rows, ""])))
    messages = [message for _, _, message in found]
    assert code == 0
    assert "ks2 reading_l4 2012/13: 1 of 3 pupils have no result and do not count" in messages
    assert any("column fsm: unknown code in row 4" in message for message in messages)
    assert any("no column of pupil numbers" in message for message in messages)
    assert PUPIL not in str(found)


@pytest.mark.parametrize(("no", "warned"), [("", True), ("N", False)])
def test_a_flag_whose_blanks_may_mean_no(run: Run, write: Write, no: str, warned: bool) -> None:
    # Seen in a file of results: `Y` for who reached it and nothing for who did not, which would come to 100%.
    rows = [f"{i},2014/15,873,KS4,{'YN'[i % 2]},{'Y' if i % 3 else no}" for i in range(30)]
    path = write("\n".join(["id,academic_year,la,key_stage,fsm,5ac_em".replace("5ac_em", "five_ac_em"), *rows, ""]))
    message = "column five_ac_em: ks4 5ac_em is reached by all 20 pupils with a result, and others are blank"
    _, found = findings(run, path)
    assert any(message in one for _, _, one in found) == warned
    # Without its number in what may be released: that is told by the figures, where they are shown.
    assert (message.replace("all 20", "all") in run("compute", path).err) == warned


def test_a_few_who_all_reach_it_are_no_sign(run: Run, write: Write) -> None:
    rows = [f"{i},2014/15,873,KS4,{'YN'[i % 2]},{'Y' if i % 3 else ''}" for i in range(14)]
    path = write("\n".join(["id,academic_year,la,key_stage,fsm,five_ac_em", *rows, ""]))
    assert not [one for _, _, one in findings(run, path)[1] if "does a blank mean no?" in one]


def test_a_percentage_that_its_own_counts_deny(run: Run, write: Write) -> None:
    # Figure 5 of the school improvement strategy prints 36% missed beside 27 of 67, which is 40%.
    lines = ["2012/13,873,KS2,rwm_l4,fsm,67,40,64,", "2012/13,873,KS2,rwm_l4,not_fsm,50,8,16,"]
    code, found = findings(run, write("\n".join([TIDY, *lines, ""])))
    assert code == 0
    assert found == [("contradiction", "warning", "column value: denied by its own total and pupils in row 2")]


@pytest.mark.parametrize(("value", "denied"), [("59", True), ("60", False), ("59.7", False), ("59.8", True)])
def test_rounding_is_no_contradiction(run: Run, write: Write, value: str, denied: bool) -> None:
    lines = [f"2012/13,873,KS2,rwm_l4,fsm,67,40,{value},", "2012/13,873,KS2,rwm_l4,not_fsm,50,8,16,"]
    _, found = findings(run, write("\n".join([TIDY, *lines, ""])))
    assert bool(found) == denied


def test_counts_that_were_rounded_deny_nothing(run: Run, write: Write) -> None:
    header = "time_period,time_identifier,geographic_level,country_code,country_name,new_la_code,la_name,"
    header += "social_care_group,version,t_rwm_eligible_pupils,t_rwm_met_expected_standard,pt_rwm_met_expected_standard"
    rest = "CLA 12 months at 31 March,Final,20,10,52"
    england = f"202223,Academic year,National,E92000001,England,,,{rest}"
    authority = f"202223,Academic year,Local authority,E92000001,England,E10000003,Cambridgeshire,{rest}"
    _, found = findings(run, write("\n".join([header, england, authority, ""])))
    assert [one[2] for one in found if one[0] == "contradiction"] == [
        "column pt_rwm_met_expected_standard: denied by its own t_rwm_met_expected_standard and t_rwm_eligible_pupils"
        " in row 3"
    ]


def test_groups_that_were_rounded_need_not_add_up(run: Run, write: Write) -> None:
    header = "time_period,time_identifier,geographic_level,country_code,country_name,new_la_code,la_name,"
    header += "social_care_group,version,t_rwm_eligible_pupils,t_rwm_met_expected_standard"
    places = ["National,E92000001,England,,", "Local authority,E92000001,England,E10000003,Cambridgeshire"]
    groups = {"All pupils comparison": 100, "CLA 12 months at 31 March": 60, "CLA less than 12 months at 31 March": 50}
    rows = [f"202223,Academic year,{place},{group},Final,{n},5" for place in places for group, n in groups.items()]
    _, found = findings(run, write("\n".join([header, *rows, ""])))
    expected = "in 1 place the groups of lac_12_months add up to more pupils than there are"
    expected += " (2022/23 Cambridgeshire ks2 rwm_exp)"
    assert [one[2] for one in found if one[0] == "adding_up"] == [expected]


@pytest.mark.parametrize(
    ("header", "found_by"),
    [("ULN", True), ("PupilMatchingRefAnonymous", True), ("Pupil ID", True), ("Former UPN", False), ("DOB", False)],
)
def test_which_numbers_are_one_pupils_own(run: Run, write: Write, header: str, found_by: bool) -> None:
    rows = ["77,2012/13,873,KS2,Y,4,4,4,1", "77,2012/13,873,KS2,N,4,4,4,1"]
    _, found = findings(run, write("\n".join([HEADER.replace("UPN", header), *rows, ""])))
    assert [one[1] for one in found if one[0] == "duplicates"] == ["error" if found_by else "warning"]


def test_the_same_pupil_in_another_term_is_no_duplicate(run: Run, write: Write) -> None:
    rows = [f"{PUPIL},2012/13,873,KS2,{fsm},4,4,4,{term}" for fsm, term in (("Y", "Autumn"), ("N", "Spring"))]
    header = HEADER.replace("shoe size", "term")
    assert findings(run, write("\n".join([header, *rows, ""])))[0] == 0
    assert findings(run, write("\n".join([header, *rows, rows[0], ""])))[0] == 1


def test_blank_numbers_are_nobody_twice(run: Run, write: Write) -> None:
    rows = [f",2012/13,873,KS2,{fsm},4,4,4,1" for fsm in "YN"]
    assert findings(run, write("\n".join([HEADER, *rows, ""])))[0] == 0


def test_a_percentage_that_no_number_of_pupils_gives(run: Run, write: Write) -> None:
    _, found = findings(
        run, write(f"{TIDY}\n2012/13,873,KS2,rwm_l4,fsm,10,,33,\n2012/13,873,KS2,rwm_l4,not_fsm,3,,33,\n")
    )
    assert found == [
        ("contradiction", "warning", "column value: a value that no whole number of pupils gives in row 2")
    ]


@pytest.mark.parametrize(
    ("gap", "denied"),
    # The rates leave open 28.4 to 28.6, and the gap half of its own last place.
    [("29", False), ("28", False), ("28.5", False), ("28.6", False), ("28.7", True), ("30", True), ("-28.5", True)],
)
def test_a_printed_gap_that_its_own_rates_deny(run: Run, write: Write, gap: str, denied: bool) -> None:
    lines = [f"2012/13,873,KS2,rwm_l4,fsm,,,46.7,{gap}", "2012/13,873,KS2,rwm_l4,not_fsm,,,75.2,"]
    _, found = findings(run, write("\n".join([TIDY, *lines, ""])))
    expected = [("contradiction", "warning", "column gap: denied by the file's own rates in row 2")]
    assert found == (expected if denied else [])


def test_groups_that_do_not_add_up(run: Run, write: Write) -> None:
    lines = [
        f"2012/13,873,KS2,rwm_l4,{group},{pupils},1,," for group, pupils in (("all", 100), ("fsm", 60), ("not_fsm", 50))
    ]
    code, found = findings(run, write("\n".join([TIDY, *lines, ""])))
    assert code == 1
    expected = "in 1 place the groups of fsm add up to more pupils than there are (2012/13 Cambridgeshire ks2 rwm_l4)"
    assert found == [("adding_up", "error", expected)]
    code, found = findings(run, write("\n".join([TIDY, *lines[:2], "2012/13,873,KS2,rwm_l4,not_fsm,30,1,,", ""])))
    assert (code, found[0][:2]) == (0, ("adding_up", "warning"))


@pytest.mark.parametrize(("total", "denied"), [(30, True), (25, False)])
def test_groups_whose_totals_do_not_add_up(run: Run, write: Write, total: int, denied: bool) -> None:
    groups = {"all": (100, total), "fsm": (60, 10), "not_fsm": (40, 15)}
    lines = [f"{year},873,KS2,rwm_l4,{group},{n},{of},," for year in YEARS for group, (n, of) in groups.items()]
    code, found = findings(run, write("\n".join([TIDY, *lines, ""])))
    expected = "in 2 places the groups of fsm add up to all pupils, and their totals to another total"
    expected += " (the first: 2012/13 Cambridgeshire ks2 rwm_l4)"
    assert (code, found) == (0, [("adding_up", "warning", expected)] if denied else [])


YEARS = ("2012/13", "2013/14")
LIES = (
    "in 1 place all pupils' figure lies above or below those of all groups of fsm (2012/13 Cambridgeshire ks2 rwm_l4)"
)


@pytest.mark.parametrize(
    ("everybody", "fsm", "others", "denied"),
    [
        ("70", "31", "64", True),
        ("29", "31", "64", True),
        ("64.4", "31", "64.4", False),
        ("65", "31", "64", False),  # 64.5 rounded
        ("66", "31", "64", True),
        ("50", "31", "64", False),
        ("70", "31", "", False),
        ("70", "31", "c", False),
    ],
)
def test_all_pupils_rate_lies_between_those_of_its_groups(
    run: Run, write: Write, everybody: str, fsm: str, others: str, denied: bool
) -> None:
    groups = {"all": everybody, "fsm": fsm, "not_fsm": others}
    lines = [f"2012/13,873,KS2,rwm_l4,{group},,,{value}," for group, value in groups.items()]
    _, found = findings(run, write("\n".join([TIDY, *lines, ""])))
    assert found == ([("contradiction", "warning", LIES)] if denied else [])


def test_those_of_unknown_group_may_lie_anywhere(run: Run, write: Write) -> None:
    lines = [f"2012/13,873,KS2,rwm_l4,fsm,{group},{value}" for group, value in (("fsm", 31), ("not_fsm", 64))]
    lines += ["2012/13,873,KS2,rwm_l4,all,all,70", "2012/13,873,KS2,rwm_l4,fsm,unknown,c"]
    header = "period,area,key_stage,measure,dimension,group,value"
    assert not findings(run, write("\n".join([header, *lines, ""])))[1]
    assert findings(run, write("\n".join([header, *lines[:3], ""])))[1]


def test_the_national_file_that_comes_along_does_not_contradict_itself(run: Run) -> None:
    found = json.loads(run("validate", SAMPLES / "england.csv", "-f", "json").out)["files"][0]["findings"]
    assert not [one for one in found if one["check"] == "contradiction"]


def test_districts_spelt_in_two_ways(run: Run, write: Write) -> None:
    places = ["Wisbech", "wisbech", "March", " March ", "St Ives", "St-Ives"]
    rows = [f"{number},2012/13,873,{place},KS2,Y,4" for number, place in enumerate(places)]
    path = write("\n".join(["upn,academic_year,la,district,key_stage,fsm,reading", *rows, ""]))
    (said,) = [one[2] for one in findings(run, path)[1] if "spells" in one[2]]
    assert said.startswith("column district: the name of a district that another row spells with other capitals")
    assert said.endswith("which makes two of it, in 2 rows (3 and 7)")
    assert "in rows that `gapcalc validate` names" in run("compute", path, "--by", "district", "-g", "fsm").err
    assert "in 2 rows (3 and 7)" in run("compute", path, "--by", "district", "-g", "fsm", "--internal").err
    assert "spells" not in run("compute", path, "-g", "fsm").err
    # What is another spelling in one authority is none in the other.
    others = [f"{one},2012/13,{area},wisbech,KS2,Y,4" for one, area in enumerate(("874", "873", "874"), 10)]
    path = write("\n".join(["upn,academic_year,la,district,key_stage,fsm,reading", rows[0], *others, ""]))
    (said,) = [one[2] for one in findings(run, path)[1] if "spells" in one[2]]
    assert said.endswith("which makes two of it, in row 4")


def test_what_refuses_a_file_says_what_to_try(run: Run, write: Write) -> None:
    code, found = findings(run, write(f"{HEADER}\n{PUPIL},2012/13,999,KS2,Y,4,4,4,38\n"))
    assert (code, found[0][:2]) == (1, ("UnknownCode", "error"))
    assert found[0][2].endswith(
        "(try: accepted: an LA number (873), code (E10000003) or name; see `gapcalc list areas`)"
    )


def test_groups_that_leave_somebody_out_with_those_unknown_printed(run: Run, write: Write) -> None:
    def lines(unknown: int) -> str:
        groups = {"all": 100, "fsm": 40, "not_fsm": 50, "unknown": unknown}
        rows = [
            f"2012/13,873,KS2,rwm_l4,{'all' if group == 'all' else 'fsm'},{group},{pupils},{pupils // 10}"
            for group, pupils in groups.items()
        ]
        return "\n".join(["period,area,key_stage,measure,dimension,group,pupils,total", *rows, ""])

    assert findings(run, write(lines(10)))[1] == []
    assert [one[:2] for one in findings(run, write(lines(8)))[1]] == [("adding_up", "warning")]
    # Those who are in the group and those unknown alone say nothing of everybody.
    without = lines(8).replace("2012/13,873,KS2,rwm_l4,fsm,not_fsm,50,5\n", "")
    assert not [one for one in findings(run, write(without))[1] if one[0] == "adding_up"]


def test_more_unknown_than_in_the_group(run: Run, write: Write) -> None:
    rows = [f"{i},2012/13,873,KS2,{fsm},4,4,4,1" for i, fsm in enumerate(("Y", "N", "", "?", "N"))]
    found = findings(run, write("\n".join([HEADER, *rows, ""])))[1]
    assert [one[2] for one in found if one[0] == "unknown"] == [
        "fsm: in 4 places more pupils are unknown than are in its groups"
    ]
    found = findings(run, write("\n".join([HEADER, *rows[:2], ""])))[1]
    assert not [one for one in found if one[0] == "unknown"]


def test_a_cell_given_twice_and_a_file_that_cannot_be_read_are_errors_of_the_report(run: Run, write: Write) -> None:
    line = "2012/13,873,KS2,rwm_l4,fsm,60,1,,"
    code, found = findings(run, write(f"{TIDY}\n{line}\n{line.replace(',1,', ',2,')}\n"))
    assert code == 1
    again = ("duplicates", "error", "a figure that an earlier row has given in row 3")
    assert ("contradiction", "warning", "column total: a figure given before with another value in row 3") in found
    assert [one[:2] for one in found] == [("contradiction", "warning"), again[:2], ("SameCellTwice", "error")]
    assert again in found
    # The same figure again is no contradiction, but it would count twice.
    _, found = findings(run, write(f"{TIDY}\n{line}\n{line}\n"))
    assert [one[:2] for one in found] == [again[:2], ("SameCellTwice", "error")]
    # Two rows for one group, each the same group in two dimensions, are one row given again.
    _, found = findings(run, write(f"{TIDY}\n{line.replace('fsm', 'no_sen')}\n{line.replace('fsm', 'no_sen')}\n"))
    assert again in found
    ran = run("validate", write(f"{PUPIL},b\n1,2\n", "a.csv"), SAMPLES / "england.csv")
    assert ran.code == 1
    assert "a.csv" in ran.out
    assert "gapcalc tidy aggregate" in ran.out
    assert PUPIL not in ran.out


def test_text_names_what_is_not_used(run: Run, write: Write) -> None:
    ran = run("validate", write(f"{HEADER}\n{PUPIL},2012/13,873,KS2,Y,4,4,4,38\n"))
    assert "not used   columns shoe size" in ran.out
    assert ran.out.endswith("\n")
    assert PUPIL not in ran.out + ran.err


REAL = [
    ("eyfsp_2022/1_eyfsp_headline_measures_2022.csv", "Explore Education Statistics data file"),
    ("cla/ks2_la.csv", "Explore Education Statistics, outcomes of children in social care groups"),
    ("perf_tables/2018-850-ks2.csv", "DfE performance tables, key stage 2"),
    ("lait/lait_cambs_sn_extract.csv", "Local Authority Interactive Tool, long extract"),
    ("sfr05_2014/SFR05_2014_UD_LA_1.csv", "DfE SFR05/2014, LA files (key stage 4, 2012/13)"),
    ("sfr05_2014/SFR05_2014_UD_LA_2.csv", "DfE SFR05/2014, LA files (key stage 4, 2012/13)"),
    ("neighbours/New_Statistical_Neighbour_Groupings_April_2021.csv", "Statistical neighbours, April 2021"),
    ("neighbours/sn_model_2025_wide.csv", "Statistical neighbours, May 2025"),
    ("cambridgeshire-figures.csv", "gapcalc tidy aggregate"),
]


@pytest.mark.parametrize(("name", "layout"), REAL)
def test_real_files_are_known_and_do_not_contradict_themselves(
    run: Run, published: Callable[[str], Path], name: str, layout: str
) -> None:
    ran = run("validate", published(name), "-f", "json")
    (file,) = json.loads(ran.out)["files"]
    assert ran.code == 0
    assert file["layout"] == layout
    assert not [one for one in file["findings"] if one["check"] == "contradiction"]


def test_a_sheet_by_name_and_a_delimiter(run: Run, write: Write, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for name, total in (("2013", 10), ("2014", 20)):
        sheet = book.create_sheet(name)
        for row in (TIDY.split(",")[:7], ["2012/13", 873, "KS2", "rwm_l4", "fsm", 40, total]):
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "a.xlsx")
    assert run("compute", tmp_path / "a.xlsx").code == 3
    ran = run("compute", tmp_path / "a.xlsx", "--sheet", "2014", "-f", "json")
    assert json.loads(ran.out)["gaps"][0]["focus_total"] == 20
    ran = run(
        "validate", write(f"{TIDY}\n2012/13,873,KS2,rwm_l4,fsm,40,10,,\n".replace(",", "|")), "--delimiter", "pipe"
    )
    assert "gapcalc tidy aggregate" in ran.out


def test_a_district_that_is_a_pupil_s_number_is_an_error_though_nobody_counts_by_district(
    run: Callable[..., Any], write: Callable[..., Path]
) -> None:
    path = write("academic_year,la,district,key_stage,fsm,gld\n2012/13,873,H801200001001,EYFS,Y,1\n")
    ran = run("validate", path)
    assert ran.code == 1
    assert "column district: unknown code in row 2" in ran.out
    assert "H8012" not in ran.out + ran.err


def test_districts_that_come_to_more_than_their_authority(run: Run, write: Write) -> None:
    def found(*south: int) -> list[tuple[str, str, str]]:
        parts = {"873,la,": (20, 10), "North,district,873": (12, 4), "South,district,873": south}
        rows = [
            f"2012/13,{place},KS2,reading_l4,fsm,{group},{pupils},{total}"
            for place, (pupils, total) in parts.items()
            for group in ("fsm", "not_fsm")
        ]
        header = "period,area,level,within,key_stage,measure,dimension,group,pupils,total"
        return findings(run, write("\n".join([header, *rows]) + "\n"))[1]

    where = "(the first: 2012/13 Cambridgeshire ks2 reading_l4)"
    more = "in 2 places the districts in an area come to {} the area itself " + where
    assert not found(8, 6)
    assert [one[2] for one in found(9, 6)] == [more.format("more pupils than")]
    assert [one[2] for one in found(8, 7)] == [more.format("a larger total than")]
