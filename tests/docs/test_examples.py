"""Every example of the manual prints what the manual says it prints."""

import pytest

from gapcalc.errors import FINDINGS
from tests.docs.examples import Example, examples, manual

EXAMPLES = [one for page in manual() for one in examples(page)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.page}:{one.line}")
def test_an_example_prints_what_the_page_shows(example: Example) -> None:
    result = example.run()
    assert result.returncode in (0, FINDINGS), result.stderr
    if example.goes_on:
        assert result.stdout.startswith(example.expected)
        assert result.stdout != example.expected, "the output does not go on: take the last line away"
    else:
        assert result.stdout == example.expected


def test_the_manual_has_examples() -> None:
    assert {one.page for one in EXAMPLES} >= {"README.md"}
