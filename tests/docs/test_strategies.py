"""The manual's strategies are right, and it names every kind of target and every rule."""

import re

import pytest
from pydantic import TypeAdapter

from gapcalc.definitions.rules import rules
from gapcalc.strategy import checked
from gapcalc.targets import AnyTarget
from tests.docs.examples import ROOT
from tests.docs.strategy_pages import files

EXAMPLE = (ROOT / "docs" / "examples" / "strategy.toml").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "how-to" / "write-a-strategy.md").read_text(encoding="utf-8")
ADAPTER: TypeAdapter[AnyTarget] = TypeAdapter(AnyTarget)
KINDS = list(ADAPTER.json_schema()["discriminator"]["mapping"])


def test_the_example_has_nothing_to_be_said_of() -> None:
    assert checked(EXAMPLE, "strategy.toml").findings == ()


def test_the_how_to_shows_the_example_as_it_is() -> None:
    assert f"```toml\n{EXAMPLE}```" in PAGE


@pytest.mark.parametrize("kind", KINDS)
def test_the_how_to_names_every_kind(kind: str) -> None:
    assert re.search(rf"^\| .*`{kind}`.* \|", PAGE, re.MULTILINE)


def test_there_are_kinds() -> None:
    assert len(KINDS) == 10


def test_the_page_of_rules_has_every_rule_in_order() -> None:
    page = (ROOT / "docs" / "reference" / "lint.md").read_text(encoding="utf-8")
    assert re.findall(r"^### (G[0-9]{3})", page, re.MULTILINE) == list(rules())


def test_schemas_are_found_without_a_network() -> None:
    """The line for editors names a file of the project."""
    for path in [*files(), ROOT / "docs" / "examples" / "strategy.toml"]:
        first = path.read_text(encoding="utf-8").split("\n")[0]
        assert first.startswith("#:schema ")
        assert (path.parent / first.removeprefix("#:schema ")).resolve() == ROOT / "docs/reference/strategy.schema.json"
