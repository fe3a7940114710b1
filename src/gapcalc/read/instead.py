"""What libraries raise, turned into words of our own."""

from collections.abc import Iterator
from contextlib import contextmanager

from gapcalc.errors import InputError


@contextmanager
def instead(error: InputError) -> Iterator[None]:
    """Whatever a library raises inside, `error` out: a damaged file makes them raise anything, and quote its cells."""
    try:
        yield
    except (InputError, MemoryError):
        raise
    except Exception:
        raise error from None
