"""The pages agree with the project: links lead somewhere, files that are named exist, lists are complete."""

import csv
import re
import tomllib
from pathlib import Path

import pytest

from gapcalc.definitions import PupilLayout, layouts
from gapcalc.definitions.own import own_layout
from tests.docs.examples import ROOT, manual

PAGES = [*manual(), ROOT / "data" / "samples" / "README.md"]
KEPT = ("src", "tests", "docs", "data")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def files() -> set[str]:
    kept = [path for folder in KEPT for path in (ROOT / folder).rglob("*")]
    return {path.relative_to(ROOT).as_posix() for path in [*kept, *ROOT.iterdir()]}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_files_that_are_named_exist(page: Path) -> None:
    # A file may be named from the project's folder or from nearer; NAME and * stand for one to be made.
    named = re.findall(
        r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|toml|csv|md|json|txt)|(?:[\w-]+/){2,})`", page.read_text("utf-8")
    )
    there = files()
    gone = [one for one in named if not any(f"/{path}".endswith("/" + one.rstrip("/")) for path in there)]
    assert [one for one in gone if "NAME" not in one and not one.startswith("gaps.")] == []


def test_readme_names_every_column_of_a_pupil_file() -> None:
    layout = layouts()["pupils"]
    assert isinstance(layout, PupilLayout)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    unnamed = [id for id, names in layout.columns.items() if not any(f"`{name}`" in text for name in names)]
    assert unnamed == []


def test_readme_shows_the_example_file_as_it_is() -> None:
    example = (ROOT / "docs" / "examples" / "figures.csv").read_text(encoding="utf-8")
    assert f"```text\n{example}```" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_how_to_shows_the_example_layout_as_it_is() -> None:
    example = (ROOT / "docs" / "examples" / "school.toml").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "how-to" / "a-new-kind-of-file.md").read_text(encoding="utf-8")
    assert f"```toml\n{example}```" in page


def test_every_layout_a_page_shows_can_be_loaded() -> None:
    page = (ROOT / "docs" / "how-to" / "a-new-kind-of-file.md").read_text(encoding="utf-8")
    shown = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert [own_layout(text, "shown.toml").id for text in shown] == ["school", "county_report"]


def test_the_figures_of_the_example_file_are_published_ones() -> None:
    files = ROOT / "docs" / "examples" / "figures.csv", ROOT / "data" / "samples" / "published.csv"
    example, published = (list(csv.DictReader(file.read_text(encoding="utf-8").splitlines())) for file in files)
    for row in example:
        same = [
            one for one in published if all(one[key] == row[key] for key in ("area", "key_stage", "period", "group"))
        ]
        assert any(all(row[key] in ("", one[key]) for key in ("pupils", "total", "value")) for one in same), row


def test_every_library_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needs = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = [re.split(r"[<>=!~ \[]", need)[0] for need in needs]
    text = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    tables = "\n".join(line.split("|")[1] for line in text.splitlines() if line.startswith("|"))
    assert [one for one in names if not re.search(rf"\b{re.escape(one)}\b", tables)] == []
