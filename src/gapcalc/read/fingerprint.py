"""A file's bytes with their fingerprint, made while they are read."""

import hashlib
from io import BufferedReader

from gapcalc.errors import NotReadable
from gapcalc.read import limits


class Fingerprint:
    """A file that is open, of which whatever is read goes into its fingerprint."""

    def __init__(self, stream: BufferedReader, file: str) -> None:
        self.stream, self.file = stream, file
        self.size = 0  # bytes so far
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self.stream.read(size)
        self.size += len(data)
        self._hash.update(data)
        return data

    def readinto(self, block: memoryview) -> int:
        """The next bytes into a block, and their number."""
        size = self.stream.readinto(block)
        self.size += size
        self._hash.update(block[:size])
        return size

    def drained(self) -> "Fingerprint":
        """The same, read to its end."""
        while self.read(limits.CHUNK):
            pass
        return self

    def check(self, rows: int, found: list[tuple[str, int]]) -> None:
        """Note fingerprint and rows, once all has been read; raise NotReadable where they were others before."""
        facts = (self._hash.hexdigest(), rows)
        if found and found[0] != facts:
            raise NotReadable(self.file, "it changed while it was being read", "run the command again")
        found[:] = [facts]
