"""Every command, argument and option says what it does, and every command shows how."""

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from gapcalc.cli import app


def commands(command: Any, path: tuple[str, ...] = ("gapcalc",)) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, one in getattr(command, "commands", {}).items():
        yield from commands(one, (*path, name))


COMMANDS = dict(commands(get_command(app)))
PARAMETERS = {(*path, one.name): one for path, command in COMMANDS.items() for one in command.params}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_command_opens_with_a_sentence_and_has_an_example_of_itself(path: tuple[str, ...]) -> None:
    help_text = COMMANDS[path].help or ""
    assert help_text.splitlines()[0].endswith(".")
    assert f"Example: {' '.join(path)} " in help_text


@pytest.mark.parametrize("path", PARAMETERS, ids=" ".join)
def test_a_parameter_has_help_in_one_sentence(path: tuple[str, ...]) -> None:
    assert (PARAMETERS[path].help or "").endswith(".")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_is_plain_text(path: tuple[str, ...]) -> None:
    # A Windows pipe may not take other letters.
    texts = [COMMANDS[path].help or "", *(one.help or "" for one in COMMANDS[path].params)]
    assert all(text.isascii() for text in texts)
