"""What every large file is, of whatever kind: opened afresh for each reading, and known once it has been read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gapcalc.rows import Batch, Rows, Source


@dataclass(frozen=True, kw_only=True)
class OnDisk(ABC):
    """A file whose rows are not kept. `found` has its fingerprint and number of rows, once it has been read."""

    place: Path
    header: tuple[str, ...]
    read_whole: Callable[[], Rows]
    notes: tuple[str, ...] = ()
    short_rows: tuple[int, ...] = ()
    found: list[tuple[str, int]] = field(default_factory=list, compare=False)

    @abstractmethod
    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """All rows, of these columns."""

    @property
    def origin(self) -> Source:
        """The same."""
        return self  # type: ignore[return-value]  # each kind says what its encoding is

    @property
    def file(self) -> str:
        """The file's name."""
        return self.place.name

    @property
    def sha256(self) -> str:
        """The fingerprint of the file's bytes."""
        return self._facts()[0]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._facts()[1]

    def _facts(self) -> tuple[str, int]:
        if not self.found:
            deque(self.batches(self.header), maxlen=0)
        return self.found[0]

    def whole(self) -> Rows:
        """All rows and columns in memory."""
        return self.read_whole()
