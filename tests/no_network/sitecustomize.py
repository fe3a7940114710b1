"""No socket of the internet can be made, nor a name looked up, in this Python and in those that it starts.

Python imports a module of this name before anything else, so a folder with it on PYTHONPATH reaches programs that
tests run as well. What libraries do in native code does not come this way: `tests/test_no_network.py` looks at that.
"""

import _socket
import socket
from typing import Any, NoReturn

INTERNET = (socket.AF_INET, socket.AF_INET6)
MESSAGE = "gapcalc never opens a socket"


class LocalSocket(socket.socket):
    """A socket that never leaves the machine: those between processes work, those of the internet do not."""

    def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:
        if fileno is None and family in (-1, *INTERNET):
            refuse()
        super().__init__(family, type, proto, fileno)

    def connect(self, address: Any) -> None:
        """Refuse an address of the internet, which is a pair."""
        if isinstance(address, tuple):
            refuse()
        super().connect(address)


def refuse(*args: object, **kwargs: object) -> NoReturn:
    """Whatever is asked for in, an error out: no test may go on without what it would have fetched."""
    raise AssertionError(MESSAGE)


LOOKED_UP = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo")


def block() -> None:
    """Let nothing out from here on."""
    for name in ("socket", "SocketType"):
        setattr(socket, name, LocalSocket)
    for name in ("create_connection", "create_server", *LOOKED_UP):
        setattr(socket, name, refuse)
    for name in LOOKED_UP:
        if hasattr(_socket, name):
            setattr(_socket, name, refuse)


block()
