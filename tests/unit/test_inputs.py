"""What a user may give as data: patterns, several files, layouts of keys and values, terms, old codes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.errors import FileNotThere, NotReadable, SameCellTwice, UnknownCode
from gapcalc.harmonise import harmonise
from gapcalc.model import Aggregates
from gapcalc.pipeline import compute, sources, validate
from gapcalc.read.paths import widened
from gapcalc.request import Request
from tests.whole import read

Write = Callable[..., Path]
HEADER = "academic_year,la,key_stage,fsm,reading"
PUPILS = f"{HEADER}\n{{year}},{{la}},KS2,Y,4\n{{year}},{{la}},KS2,N,3\n"


def test_a_pattern_is_widened_in_the_order_of_names(write: Write) -> None:
    for year in ("2013/14", "2012/13"):
        write(PUPILS.format(year=year, la=873), f"pupils {year[:4]}.csv")
    folder = write("not asked for", "notes.txt").parent
    pattern = str(folder / "pupils*.csv")
    assert [Path(one).name for one in widened([pattern, "-"])[:-1]] == ["pupils 2012.csv", "pupils 2013.csv"]
    gaps = compute(Request(data=(pattern,), internal=True)).gaps
    assert gaps["period"].tolist() == ["2012/13", "2013/14"]
    assert len(sources(Request(data=(pattern,), layouts=("mine.toml",)))) == 3
    with pytest.raises(FileNotThere):
        widened([str(folder / "pupils*.xlsx")])


def test_a_name_that_is_there_is_no_pattern(write: Write) -> None:
    path = str(write("x", "pupils [2013].csv"))
    assert widened([path]) == (path,)


def test_stdin_is_read_once_and_a_file_has_a_name() -> None:
    with pytest.raises(NotReadable, match="more than once"):
        widened(["-", "-"])
    with pytest.raises(FileNotThere, match="without a name"):
        read("")


def test_one_year_in_two_files_is_refused_with_both_names(write: Write) -> None:
    paths = [str(write(PUPILS.format(year="2012/13", la=873), name)) for name in ("autumn.csv", "spring.csv")]
    other = str(write(PUPILS.format(year="2012/13", la=850), "neighbour.csv"))
    with pytest.raises(SameCellTwice) as twice:
        compute(Request(data=(*paths, other), internal=True))
    assert "autumn.csv, spring.csv: 4 figures are given more than once" in twice.value.message
    assert "2012/13" in twice.value.message
    assert "neighbour.csv" not in twice.value.message
    assert len(compute(Request(data=(paths[0], other), internal=True)).gaps) == 2


def test_strict_stops_at_group_codes_that_are_else_unknown(write: Write) -> None:
    path = str(write(PUPILS.format(year="2012/13", la=873) + "2012/13,873,KS2,perhaps,4\n"))
    release = compute(Request(data=(path,), internal=True))
    assert any("unknown code in row 4" in one for one in release.warnings)
    with pytest.raises(UnknownCode, match="column fsm: unknown code in row 4"):
        compute(Request(data=(path,), strict=True, internal=True))
    assert validate(Request(data=(path,))).exit_code == 0
    assert validate(Request(data=(path,), strict=True)).exit_code == 1


@pytest.mark.parametrize(("code", "rows", "named"), [("ZZQ", 10, True), ("ZZQ", 9, False), ("CANARY7", 12, False)])
def test_a_code_is_named_when_it_is_short_and_many_pupils_have_it(
    write: Write, code: str, rows: int, named: bool
) -> None:
    lines = [f"2012/13,873,KS2,{code},4"] * rows
    path = str(write("\n".join([PUPILS.format(year="2012/13", la=873).rstrip(), *lines, ""])))
    (warning,) = [one for one in compute(Request(data=(path,), internal=True)).warnings if "unknown code" in one]
    assert (f"({code} in {rows})" in warning) == named
    assert (code in warning) == named


@pytest.mark.parametrize(
    ("year", "code", "words"),
    [
        ("2013/14", "K", "K stands before 2014/15"),
        ("2014/15", "K", None),
        ("2014/15", "A", None),
        ("2015/16", "A", "A stands after 2014/15"),
        ("2018/19", "S", "S stands after 2017/18"),
    ],
)
def test_a_code_outside_its_years(write: Write, year: str, code: str, words: str | None) -> None:
    result = "4" if year < "2015/16" else "100"
    column = "reading" if year < "2015/16" else "reading_score"
    header = f"academic_year,la,key_stage,sen_provision,{column}"
    path = str(write(f"{header}\n{year},873,KS2,{code},{result}\n{year},873,KS2,N,{result}\n"))
    release = compute(Request(data=(path,), groups=("sen",), internal=True))
    assert [one for one in release.warnings if words and words in one and "row 2" in one] != [] or words is None
    assert any("when it was not in use" in one for one in release.warnings) == (words is not None)
    assert release.gaps["focus_pupils"].tolist() == [1]


@pytest.mark.parametrize(("year", "warned"), [("2012/13", False), ("2024/25", True)])
def test_an_authority_outside_its_years(write: Write, year: str, warned: bool) -> None:
    # Cumbria (909) ended on 31 March 2023.
    pupils = str(
        write(PUPILS.replace("reading", "reading" if year < "2015" else "reading_score").format(year=year, la=909))
    )
    figures = f"period,area,key_stage,measure,group,value\n{year},909,EYFS,gld,fsm,50\n{year},909,EYFS,gld,not_fsm,60\n"
    words = "909 stands after 2023/24, when it was not in use, in"
    report = validate(Request(data=(str(write(figures, "figures.csv")),)))
    assert any(words in one.message for one in report.files[0].findings) == warned
    if year < "2015":
        assert not any(words in one for one in compute(Request(data=(pupils,), internal=True)).warnings)


EES = "time_period,time_identifier,geographic_level,country_code,country_name,fsm_status,gld_number,children_number\n"
ENGLAND = "202223,{term},National,E92000001,England,FSM eligible,10,20\n"


@pytest.mark.parametrize(
    ("term", "word"), [("Academic year", ""), ("Autumn term", "autumn"), ("Summer term", "summer")]
)
def test_terms_of_published_files(write: Write, term: str, word: str) -> None:
    content = harmonise(read(str(write(EES + ENGLAND.format(term=term))))).content
    assert isinstance(content, Aggregates)
    assert content.counts["term"].tolist() == [word]


@pytest.mark.parametrize("term", ["Financial year", "Calendar year", "Week 3"])
def test_years_of_another_kind_are_refused(write: Write, term: str) -> None:
    with pytest.raises(UnknownCode, match="column time_identifier: unknown code in row 2") as refused:
        harmonise(read(str(write(EES + ENGLAND.format(term=term)))))
    assert "Academic year" in refused.value.hint


SUBJECTS = "time_period,time_identifier,geographic_level,country_code,country_name,breakdown_topic,breakdown,subject,"
SUBJECTS += "eligible_pupil_count,expected_standard_pupil_count,expected_standard_pupil_percent"


def test_key_stage_2_with_the_subject_as_a_filter(write: Write) -> None:
    start = "202425,Academic year,National,E92000001,England,Disadvantage status,Disadvantaged"
    lines = [
        f"{start},Reading,100,60,60",
        f'{start},"Reading, writing and maths",100,50,50',
        f"{start},Science,100,70,70",
    ]
    found = harmonise(read(str(write("\n".join([SUBJECTS, *lines, ""])))))
    assert isinstance(found.content, Aggregates)
    assert dict(zip(found.content.counts["measure"], found.content.counts["total"], strict=True)) == {
        "reading_exp": 60,
        "rwm_exp": 50,
    }
    assert found.words_unused == {"Science": 1}


KEYS = """
id = "keys"
label = "Keys and values"
shape = "aggregate"
requires = ["Year", "Area", "Key", "Value"]
[period]
column = "Year"
[[areas]]
name = "Area"
[measures]
column = "Key"
value = "Value"
[measures.codes]
fsm_n = { key_stage = "ks2", measure = "rwm_l4", figure = "pupils", groups = { fsm = "fsm" } }
fsm_met = { key_stage = "ks2", measure = "rwm_l4", figure = "total", groups = { fsm = "fsm" } }
other_n = { key_stage = "ks2", measure = "rwm_l4", figure = "pupils", groups = { fsm = "not_fsm" } }
other_pct = { key_stage = "ks2", measure = "rwm_l4", groups = { fsm = "not_fsm" } }
"""


def keys(write: Write, *rows: str) -> Request:
    lines = [f"2012/13,Cambridgeshire,{row}" for row in rows]
    data = write("\n".join(["Year,Area,Key,Value", *lines, ""]))
    return Request(data=(str(data),), layouts=(str(write(KEYS, "keys.toml")),), internal=True)


def test_keys_and_values_of_one_group_are_put_together(write: Write) -> None:
    request = keys(write, "fsm_n,60", "other_n,200", "fsm_met,30", "other_pct,75", "shoe_size,7")
    (gap,) = compute(request).gaps.to_dict("records")
    assert (gap["focus_pupils"], gap["focus_total"], gap["reference_total"], gap["gap"]) == (60, 30, 150, 0.25)
    assert validate(request).files[0].rows_unused == 1


def test_a_key_that_stands_twice_is_refused(write: Write) -> None:
    with pytest.raises(SameCellTwice):
        compute(keys(write, "fsm_n,60", "fsm_met,30", "fsm_met,31", "other_n,200", "other_pct,75"))


def findings(report: Any) -> list[tuple[str, str]]:
    return [(one.check, one.message) for one in report.files[0].findings]


def test_a_comment_that_denies_the_figure_beside_it() -> None:
    # Caerphilly's scorecard has 2.60 for the year before, and 2.10 in the comment of the same row.
    path = Path(__file__).resolve().parents[2] / "docs" / "examples" / "contradictions.csv"
    report = validate(Request(data=(str(path),)))
    assert report.exit_code == 1
    assert ("contradiction", "column value: a figure given before with another value in row 6") in findings(report)
    assert any(check == "SameCellTwice" and "2016/17" in message for check, message in findings(report))


def test_less_is_better(write: Write) -> None:
    header = "period,area,key_stage,measure,group,pupils,total\n"
    rows = "2016/17,873,KS4,no_qualification,lac,25,2\n2016/17,873,KS4,no_qualification,not_lac,1000,10\n"
    (gap,) = compute(Request(data=(str(write(header + rows)),), groups=("lac",), internal=True)).gaps.to_dict("records")
    # More of them leave with nothing: they are behind, and the gap is positive.
    assert gap["gap"] == pytest.approx(0.07)
    assert gap["gap_lower"] < gap["gap"] < gap["gap_upper"]
    assert gap["gap_upper"] > 0.2
