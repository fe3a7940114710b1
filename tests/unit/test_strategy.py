"""Strategy files: all mistakes in one go, each at its place and with what is meant, before any data are read."""

import tomllib
from typing import Any

import jsonschema
import pytest

from gapcalc.strategy import Finding, checked, strategy_schema
from tests.conftest import SAMPLES
from tests.unit.test_rules import HEAD, whole

NAMED = 'id = "A"\nsays = "S"\nsource = { page = 1 }\n'
FSM = 'measures = ["ks2 rwm_l4"]\ngroups = ["fsm"]\n'


def target(body: str, named: str = NAMED) -> str:
    return f"[[target]]\n{named}{body}\n"


def found(text: str) -> list[Finding]:
    return list(checked(whole(text), "s.toml").findings)


def told(text: str) -> list[tuple[int, str]]:
    """Line within the text, and code."""
    before = whole(text).count("\n") - text.count("\n")
    return [(one.line - before, one.code) for one in found(text)]


MANY = """\
[[target]]
id = "A"
says = "S"
source = { page = 1, pagge = 2 }
kind = "narrow_by"
measures = ["ks2 rwm_l4", "ks2 rwm_l5"]
groups = ["fsm"]
by = "5%"
start = "30 ppt"
milestones = [{ period = "2014" }]

[[target]]
id = "A"
says = "S"
kind = "at_most"
measures = ["ks2 rwm_l4"]
bound = "60%"
strict = "yes"

[[target]]
id = "C"
says = "S"
source = { page = 1 }
kind = "all_of"
measures = ["ks2 rwm_l4"]
[[target.parts]]
kind = "narow_by"
[[target.parts]]
kind = "floor"
level = "village"
thresholds = []

[[target]]
id = "D"
says = "In line with national"
source = { page = 1 }
kind = "at_least_comparator"
measures = ["ks2 rwm_l4"]
comparator = "region"
"""


def test_all_mistakes_in_one_go() -> None:
    assert told(MANY) == [
        (4, "G002"), (6, "G006"), (8, "G101"), (10, "G008"),
        (13, "G003"), (18, "G004"),
        (27, "G005"), (30, "G004"), (31, "G004"),
        (39, "G104"), (39, "G109"),
    ]  # fmt: skip


def test_each_with_what_is_meant() -> None:
    hints = {(one.code, one.line - HEAD.count("\n")): one.hint for one in found(MANY)}
    assert hints["G002", 4] == 'did you mean "page"?'
    assert hints["G006", 6].startswith('did you mean "ks2 rwm_l4"')
    assert hints["G101", 8] == 'write "5 ppt" (a gap of 30 becomes 25.0) or "5 percent of the gap" (it becomes 28.5)'
    assert hints["G005", 27] == 'did you mean "narrow_by"?'
    assert "ward" in hints["G004", 30]
    assert hints["G104", 39].startswith("add [strategy.comparators.region]")


def test_a_finding_is_shown_with_its_line() -> None:
    (one,) = found(target(FSM + 'kind = "narrow_by"\nby = "2 ppt"\n  deadlien = "2014/15"'))
    line = HEAD.count("\n") + 9
    assert one.lines() == [
        f"s.toml:{line}:3: G002 error: 'deadlien' means nothing here",
        '      deadlien = "2014/15"',
        "      ^",
        '    did you mean "deadline"?',
    ]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("[strategy]\ntitle = Kent\n", 2, 9),
        ('[strategy]\ntitle = "Kent\nareas = []\n', 2, 14),
        ("[strategy]\ntitle = 1\ntitle = 2\n", 3, 10),
        ('[strategy]\ntitle = """Kent\n\n', 4, 1),
        ("[strategy\n", 1, 10),
    ],
)
def test_what_is_no_toml_has_its_place_too(text: str, line: int, column: int) -> None:
    (one,) = checked(text, "s.toml").findings
    assert one.code == "G001"
    assert (one.line, abs(one.column - column) <= 6) == (line, True)


def test_line_ends_of_windows_are_counted_once() -> None:
    text = whole(target(FSM + 'kind = "narrow_by"\nby = "2 %"'))
    (one,), (other,) = checked(text, "s.toml").findings, checked(text.replace("\n", "\r\n"), "s.toml").findings
    assert one == other


def test_lines_of_what_is_no_strategy_are_not_shown() -> None:
    (one,) = checked("upn,surname\nA123456789012,Smith\n", "pupils.csv").findings
    assert one.shown == ""
    assert "Smith" not in "".join(one.lines())


def test_what_has_the_form_of_a_pupils_value_is_withheld_and_a_measure_is_not() -> None:
    text = target('measures = ["ks4 5ac_em"]\ngroups = ["fsm"]\nkind = "narrow_by"\nby = "2 ppt"\nA123456789012 = "x"')
    assert "G002" in {one.code for one in found(text)}
    assert "A123456789012" not in "".join(line for one in found(text) for line in one.lines())
    shown = [one.shown for one in found(target('measures = ["ks4 5ac_em", "x"]\nkind = "at_least"\nbound = "60%"'))]
    assert shown == ['measures = ["ks4 5ac_em", "x"]']


def test_the_places_of_good_targets_are_right_beside_a_bad_one() -> None:
    text = target("kind = 1") + target(FSM + 'kind = "at_most"\nbound = "60%"', NAMED.replace('"A"', '"B"'))
    assert (12, "G107") in told(text)


def test_an_empty_file_lacks_its_heading() -> None:
    (one,) = checked("", "s.toml").findings
    assert (one.code, one.message, one.line) == ("G003", "strategy is missing", 1)


WRONG_HEADS: list[tuple[str, str]] = [
    ('title = "T"\nareas = []\ndeadline = "2014/15"', "G004"),
    ('title = "T"\nareas = ["Kent"]\ndeadline = "2014/15"\npolicy = "strickt"', "G006"),
    ('title = "T"\nareas = ["Kent"]\nbaseline = "2014/15"\ndeadline = "2014/15"', "G008"),
    (
        'title = "T"\nareas = ["Kent"]\ndeadline = "2014/15"\ncomparators = { neighbours = { version = "2021" } }',
        "G006",
    ),
    ('title = "T"\nareas = ["Kent"]\ndeadline = "2014/15"\ncomparators = { national = "England" }', "G004"),
    ('title = "T"\nareas = ["Kentt"]\ndeadline = "2014/15"', "G209"),
]


@pytest.mark.parametrize(("head", "code"), WRONG_HEADS)
def test_headings(head: str, code: str) -> None:
    text = f"[strategy]\n{head}\n" + target('measures = ["eyfs gld"]\nkind = "at_least"\nbound = "70%"')
    assert code in {one.code for one in found(text)}


BODIES: list[tuple[str, set[str]]] = [
    # units that fit neither measure nor figure
    (FSM + 'kind = "at_least"\nbound = "60 ppt"', {"G102"}),
    ('measures = ["ks4 attainment8"]\nkind = "at_least"\nbound = "46.5%"', {"G102"}),
    ('measures = ["ks4 attainment8"]\nkind = "at_least"\nbound = "46.5 points"\nbaseline = "2013/14"', set()),
    ('measures = ["ks4 attainment8", "eyfs gld"]\nkind = "at_least"\nbound = "46.5%"\nbaseline = "2013/14"', {"G102"}),
    (FSM + 'kind = "raise_by"\nby = "5 percent of the gap"', {"G102"}),
    (FSM + 'kind = "narrow_by"\nby = 5', {"G102"}),
    (FSM + 'kind = "narrow_by"\nby = "5 ppts"', {"G102"}),
    (FSM + 'kind = "narrow_by"\nby = "5 per cent"', {"G101"}),
    (FSM + 'kind = "raise_by"\nby = "5%"', {"G101"}),
    (FSM + 'kind = "narrow_by"\nby = "120 ppt"', {"G111"}),
    # sides
    ('measures = ["post16 neet"]\nkind = "at_least"\nbound = "5%"', {"G107"}),
    ('measures = ["post16 neet"]\nkind = "at_most"\nbound = "5%"', set()),
    (FSM + 'kind = "at_least"\nfigure = "gap"\nbound = "5 ppt"', {"G107"}),
    (FSM + 'kind = "banded"\nbound = "60%"\nintervention = "70%"\nbetter = "higher"', {"G107"}),
    (FSM + 'kind = "banded"\nbound = "60%"\nintervention = "60%"\nbetter = "higher"', {"G107"}),
    (FSM + 'kind = "banded"\nbound = "60%"\nintervention = "50%"\nbetter = "lower"', {"G107"}),
    (FSM + 'kind = "banded"\nbound = "60%"\nintervention = "50%"\nbetter = "higher"', set()),
    ('kind = "floor"\nlevel = "ward"\nthresholds = [{ measure = "post16 neet", at_least = "5%" }]', {"G107"}),
    ('kind = "floor"\nlevel = "ward"\nthresholds = [{ measure = "post16 neet", at_most = "5%" }]', set()),
    ('kind = "floor"\nlevel = "ward"\nthresholds = [{ measure = "post16 neet" }]', {"G003"}),
    ('kind = "floor"\nlevel = "school"\nthresholds = [{ measure = "ks2 rwm_l4", figure = "gap", at_most = "9 ppt" }]',
     {"G110"}),
    # groups
    ('measures = ["ks2 rwm_l4"]\ngroups = ["not_fsm"]\nkind = "narrow_by"\nby = "2 ppt"', {"G110"}),
    ('measures = ["ks2 rwm_l4"]\nkind = "outpace"\nthan = "peers"', {"G110"}),
    ('measures = ["ks2 rwm_l4"]\nkind = "outpace"\nthan = "national"', set()),
    (FSM + 'kind = "outpace"', {"G104"}),
    (FSM + 'kind = "outpace"\nthan = "neighbours"', {"G104"}),
    # milestones
    (FSM + 'kind = "narrow_by"\nby = "2 ppt"\nmilestones = [{ period = "2015/16", by = "1 ppt" }]', {"G008"}),
    (FSM + 'kind = "narrow_by"\nby = "2 ppt"\nmilestones = [{ period = "2012/13", by = "1 ppt" }]', {"G008"}),
    (FSM + 'kind = "narrow_by"\nby = "2 ppt"\nmilestones = [{ period = "2013/14" }]', {"G112"}),
    (FSM + 'kind = "no_wider_than"\ncomparator = "national"\nmilestones = [{ period = "2013/14" }]', set()),
    (FSM + 'kind = "no_wider_than"\ncomparator = "national"\nmilestones = [{ period = "2013/14", bound = "1 ppt" }]',
     {"G112"}),
    # time: what sets figures of one year beside each other does not mind a break before
    ('measures = ["ks4 5ac_em"]\nkind = "at_least"\nbound = "60%"', {"G201"}),
    ('measures = ["ks4 5ac_em"]\nkind = "at_least_comparator"\ncomparator = "national"', set()),
    ('measures = ["ks4 5ac_em"]\ngroups = ["fsm"]\nkind = "no_wider_than"\ncomparator = "national"\n'
     'milestones = [{ period = "2013/14", by = "1 ppt" }]', {"G201"}),
    ('measures = ["ks4 em_9_4"]\nkind = "at_least"\nbound = "60%"', {"G204"}),
    ('measures = ["eyfs gld"]\ngroups = ["any_sen"]\nkind = "narrow_by"\nby = "2 ppt"', {"G201"}),
    ('measures = ["eyfs gld"]\ngroups = ["eal"]\nkind = "narrow_by"\nby = "2 ppt"', set()),
]  # fmt: skip


@pytest.mark.parametrize(("body", "codes"), BODIES)
def test_bodies(body: str, codes: set[str]) -> None:
    assert {one.code for one in found(target(body))} == codes


def levels(gap: str, group: str, peers: str) -> str:
    told = [
        ('["fsm"]', f'kind = "at_most"\nfigure = "gap"\nbound = "{gap}"'),
        ('["fsm"]', f'kind = "at_least"\nbound = "{group}"'),
        ('["not_fsm"]', f'kind = "at_least"\nbound = "{peers}"'),
    ]
    return "\n".join(
        target(f'measures = ["ks2 rwm_l4"]\ngroups = {groups}\n{body}', NAMED.replace('"A"', f'"{number}"'))
        for number, (groups, body) in enumerate(told)
    )


def raises(gap: str, group: str, peers: str | None) -> str:
    told = [('["fsm"]', f'kind = "narrow_by"\nby = "{gap}"'), ('["fsm"]', f'kind = "raise_by"\nby = "{group}"')]
    told += [('["not_fsm"]', f'kind = "raise_by"\nby = "{peers}"')] if peers else []
    return "\n".join(
        target(f'measures = ["ks2 rwm_l4"]\ngroups = {groups}\n{body}', NAMED.replace('"A"', f'"{number}"'))
        for number, (groups, body) in enumerate(told)
    )


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        (levels("20 ppt", "55%", "80%"), "the gap is 25 ppt, and 0 asks for 20"),
        (levels("25 ppt", "55%", "80%"), ""),
        (levels("30 ppt", "55%", "80%"), ""),
        (raises("10 ppt", "2 ppt", None), "the peers have fallen by 8 ppt"),
        (raises("10 ppt", "10 ppt", None), ""),
        (raises("10 ppt", "12 ppt", "5 ppt"), "the gap narrows by 7 ppt, and 0 asks for 10"),
        (raises("10 ppt", "12 ppt", "2 ppt"), ""),
    ],
)
def test_group_peers_and_gap_add_up(text: str, speaks: str) -> None:
    messages = [one.message for one in found(text) if one.code == "G207"]
    assert len(messages) == bool(speaks)
    assert speaks in "".join(messages)


def test_targets_of_other_years_or_measures_are_not_added_up() -> None:
    text = raises("10 ppt", "2 ppt", None)
    assert "G207" not in {one.code for one in found(text.replace('by = "2 ppt"', 'by = "2 ppt"\nbaseline = "2011/12"'))}


SCHEMA = strategy_schema()


@pytest.mark.parametrize("path", sorted((SAMPLES / "strategies").glob("*.toml")), ids=lambda path: path.stem)
def test_the_schema_takes_what_gapcalc_takes(path: Any) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(tomllib.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("change", ['"kind" = "narrow"', '"by" = "5%"', '"bye" = "5 ppt"', '"id" = 3'])
def test_the_schema_refuses_what_gapcalc_refuses(change: str) -> None:
    data = tomllib.loads(whole(target(FSM + 'kind = "narrow_by"\nby = "2 ppt"')))
    data["target"][0] |= tomllib.loads(change)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(data)


def test_the_schema_asks_for_where_a_sentence_stands() -> None:
    data = tomllib.loads(whole(target(FSM + 'kind = "narrow_by"\nby = "2 ppt"')))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    del data["target"][0]["source"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(data)
