"""Stretches of a text, each of whole rows, in memory that is used again: fresh memory costs more than to look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gapcalc.read import limits

SPARE = 2**16  # bytes beyond a block: room for the start of a row, and for letters that are longer in UTF-8


class Odd(Exception):
    """Something in a stretch of text is odd: perhaps that it is no UTF-8."""

    def __init__(self, *, no_utf_8: bool = False) -> None:
        super().__init__()
        self.no_utf_8 = no_utf_8


class Stretch(NamedTuple):
    """Some rows of a text as UTF-8: so many bytes of a buffer, behind which anything may stand."""

    buffer: bytearray
    end: int

    @property
    def data(self) -> memoryview:
        """The bytes, which stay where they are."""
        return memoryview(self.buffer)[: self.end]

    def has(self, letter: bytes) -> bool:
        """Whether a letter is among them."""
        return self.buffer.find(letter, 0, self.end) >= 0

    def of_short_lines(self) -> bool:
        """Whether no line is longer than a cell may be: then no cell is, in whatever column."""
        some = limits.MAX_CELL // 2
        starts = range(0, self.end - some, some)
        return all(self.buffer.find(b"\n", start, start + some) >= 0 for start in starts)

    def count(self, letters: bytes) -> int:
        """How often some letters are among them."""
        return self.buffer.count(letters, 0, self.end)


def stretches(fill: Callable[[memoryview], int], skip: int, free: list[bytearray]) -> Iterator[Stretch]:
    """What fills a buffer with the next bytes of a text (none at its end) in; its rows after so many bytes out.

    Who is done with a stretch puts its buffer among the free ones. Raises Odd for a row that does not end.
    """
    held, end, filled = bytearray(), 0, 0  # what was read last, how far its whole rows go, and how far it goes
    while True:
        rest = filled - end
        if rest > limits.MAX_ROW:
            raise Odd
        buffer = free.pop() if free else bytearray()
        if len(buffer) < rest + limits.BLOCK + SPARE // 2:
            buffer = bytearray(rest + limits.BLOCK + SPARE)
        buffer[:rest] = memoryview(held)[end:filled]
        size = fill(memoryview(buffer)[rest:])
        if not size:
            break
        if skip:
            above = min(skip, size)
            buffer[: size - above] = buffer[above:size]
            size, skip = size - above, skip - above
        if end:
            yield Stretch(held, end)
        held, filled = buffer, rest + size
        end = cut(held, filled)
    # Empty lines at the end are no rows, nor is the mark with which programs of the age of DOS end a text.
    if last := len(held[:filled].rstrip(b"\x1a\r\n")):
        yield Stretch(held, last)


def cut(data: bytes | bytearray, end: int) -> int:
    """Where the last whole row before an end ends: at the last line end before which all quotes are closed."""
    before = data.count(b'"', 0, end) if data.find(b'"', 0, end) >= 0 else 0  # to find none is much faster
    while (at := data.rfind(b"\n", 0, end)) >= 0:
        before -= data.count(b'"', at, end)
        if before % 2 == 0:
            return at + 1
        end = at
    return 0
