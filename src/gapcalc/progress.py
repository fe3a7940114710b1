"""How far a long step has come: told by the steps that take long, heard by whoever shows it, if anybody does.

Who tells also hears that the run is to stop: an engine may keep what a signal raises to itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn, Protocol


class Listener(Protocol):
    """Somebody who shows how far a step has come."""

    def start(self) -> None:
        """Steps that may take long begin."""

    def tell(self, what: str, rows: int | None, share: float | None) -> None:
        """What is being done, to how many rows so far, and what share of it is done, where that is known."""

    def stop(self) -> None:
        """They have ended."""


_listeners: list[Listener] = []
_halted: list[BaseException] = []


def listen(listener: Listener) -> None:
    """Tell this one alone from now on."""
    _listeners[:] = [listener]


@contextmanager
def shown() -> Iterator[None]:
    """What is told inside is shown, until it is left."""
    for one in _listeners:
        one.start()
    try:
        yield
    finally:
        for one in _listeners:
            one.stop()


def halt(raised: BaseException) -> NoReturn:
    """End the run, here and wherever its next step is told."""
    _halted[:] = [raised]
    raise raised


def check_halted() -> None:
    """Raise what the run was halted with, if it was."""
    if _halted:
        raise _halted[0]


def begin() -> None:
    """Begin a run: whatever an earlier one was halted with is over."""
    _halted.clear()


def tell(what: str, rows: int | None = None, share: float | None = None) -> None:
    """Say how far a step has come. Raises what the run was halted with."""
    check_halted()
    for one in _listeners:
        one.tell(what, rows, share)
