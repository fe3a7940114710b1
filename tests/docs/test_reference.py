"""The reference pages say what the program says now."""

import json
from pathlib import Path

import pytest

from tests.docs.examples import ROOT
from tests.docs.generate import REFERENCE, pages

PAGES = pages()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_is_up_to_date(path: Path) -> None:
    assert path.is_file(), "missing: run `make docs`"
    assert path.read_text(encoding="utf-8") == PAGES[path], "stale: run `make docs`"


def test_no_page_is_left_over() -> None:
    assert {path for path in REFERENCE.iterdir() if path.is_file()} == set(PAGES)


def test_the_schema_is_json() -> None:
    assert json.loads(PAGES[ROOT / "docs/reference/results.schema.json"])["title"] == "Results"
