"""Every rule for strategy files says why it is there, and its examples are its tests."""

import re
from fractions import Fraction

import pytest

from gapcalc.definitions.rules import Rule, rules
from gapcalc.strategy import checked
from gapcalc.strategy.steps import chance, steps

HEAD = """\
[strategy]
title = "Example"
areas = ["Cambridgeshire"]
baseline = "2012/13"
deadline = "2014/15"
[strategy.comparators.national]
area = "England"

"""
WITH_NUMBERS = {"G205", "G206"}  # said when numbers of pupils are at hand


def whole(example: str) -> str:
    """An example under a heading, unless it has one."""
    return example if "[strategy]" in example else HEAD + example


def codes(text: str) -> set[str]:
    return {one.code for one in checked(text, "strategy.toml").findings}


@pytest.mark.parametrize("rule", rules().values(), ids=lambda one: one.code)
def test_a_rule_is_explained(rule: Rule) -> None:
    assert re.fullmatch(r"G[0-2][0-9]{2}", rule.code)
    for text in (rule.title, rule.meaning, rule.why, rule.wrong, rule.right):
        assert text.strip()
        assert text.isascii()
    assert rule.meaning.endswith(".")
    assert rule.why.endswith(".")


@pytest.mark.parametrize("code", [code for code in rules() if code not in WITH_NUMBERS])
def test_a_rule_speaks_of_its_wrong_example_alone(code: str) -> None:
    assert code in codes(whole(rules()[code].wrong))
    found = checked(whole(rules()[code].right), "strategy.toml")
    assert code not in {one.code for one in found.findings}
    assert found.errors == 0


@pytest.mark.parametrize("code", [code for code in rules() if code not in WITH_NUMBERS])
def test_an_error_makes_a_file_wrong_and_a_warning_does_not(code: str) -> None:
    found = checked(whole(rules()[code].wrong), "strategy.toml")
    assert (found.strategy is None) == (found.errors > 0)
    assert (rules()[code].severity == "error") == (found.errors > 0)


@pytest.mark.parametrize("code", sorted(WITH_NUMBERS))
def test_steps_are_held_against_numbers_of_pupils(code: str) -> None:
    sizes = {"G205": ((6, 18), None), "G206": ((300, 600), (4000, 5000))}
    focus, reference = sizes[code]
    for example, speaks in ((rules()[code].wrong, True), (rules()[code].right, False)):
        step = re.search(r'by = "([0-9]+) ppt" # of', example)
        assert step is not None
        found = {one.code for one in steps(("target", 0, "by"), Fraction(int(step[1]), 100), focus, reference)}
        assert (code in found) == speaks


def test_one_pupil_of_eighteen_is_more_than_five_points() -> None:
    (remark,) = steps((), Fraction(5, 100), (6, 18))
    assert remark.code == "G205"
    assert "6 ppt" in remark.hint
    assert [one.code for one in steps((), Fraction(6, 100), (6, 18))] == ["G206"]
    assert list(steps((), Fraction(2, 100), (0, 0))) == []


def test_six_hundred_pupils_cannot_show_six_points() -> None:
    # As the notes on methods simulate it: 600 pupils, and a change of a year. Half the width is about 6.
    assert 0.05 < chance((300, 600), (4000, 5000)) < 0.065
    assert chance((300, 600)) < chance((300, 600), (4000, 5000))


@pytest.mark.parametrize("code", rules())
def test_every_rule_is_used(code: str) -> None:
    """By the code, since the examples show only that somebody says it."""
    from tests.conftest import ROOT

    rooms = ("strategy", "targets")
    files = [path for room in rooms for path in (ROOT / "src" / "gapcalc" / room).glob("*.py")]
    assert any(f'"{code}"' in path.read_text(encoding="utf-8") for path in files)
