"""The network is shut in every test, in the programs that tests start, and in the library that could use it itself."""

import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

GOOD = "academic_year,la,key_stage,fsm,reading\n2012/13,873,KS2,Y,4\n2012/13,873,KS2,N,4\n"
TRIES: dict[str, Callable[[], object]] = {
    "a socket": socket.socket,
    "one of the old internet": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "one of the new": lambda: socket.socket(socket.AF_INET6),
    "a connection": lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
    "a server": lambda: socket.create_server(("127.0.0.1", 0)),
    "a name": lambda: socket.getaddrinfo("localhost", 80),
    "an old look-up": lambda: socket.gethostbyname("localhost"),
    "a page": lambda: urllib.request.urlopen("http://127.0.0.1:9/", timeout=1),
}


@pytest.mark.parametrize("name", TRIES)
def test_nothing_gets_out(name: str) -> None:
    with pytest.raises(AssertionError, match="never opens a socket"):
        TRIES[name]()


@pytest.mark.parametrize("code", ["socket.socket()", "socket.getaddrinfo('localhost', 80)"])
def test_nothing_gets_out_of_a_program_that_a_test_starts(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", f"import socket; {code}"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "never opens a socket" in done.stderr


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="skipped: no sockets between processes here")
def test_what_stays_on_the_machine_works() -> None:
    for one in socket.socketpair():
        one.close()


def test_the_counting_library_fetches_and_writes_nothing(
    run: Callable[..., Any], write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own code is native, so blocking Python's sockets does not reach it: it is told not to."""
    given: dict[str, Any] = {}
    connect = duckdb.connect

    def spy(*args: Any, **options: Any) -> duckdb.DuckDBPyConnection:
        given.update(options["config"])
        return connect(*args, **options)

    monkeypatch.setattr(duckdb, "connect", spy)
    assert run("compute", write(GOOD)).code == 0
    spilt = Path(str(given["temp_directory"]))
    assert spilt.name.startswith("gapcalc-")
    assert not spilt.exists()
    with connect(config=given) as connection:
        assert connection.execute("SELECT current_setting('temp_directory')").fetchall() == [(str(spilt),)]
        for statement in (
            "INSTALL httpfs",
            "LOAD httpfs",
            "SELECT * FROM read_csv('http://127.0.0.1:9/a.csv')",
            f"SELECT * FROM read_text('{Path(__file__).as_posix()}')",
            "COPY (SELECT 1) TO 'out.csv'",
            "ATTACH 'out.db'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


def test_the_program_works_where_there_is_no_network_at_all(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(GOOD, encoding="utf-8")
    alone = [shutil.which("unshare") or "unshare", "--map-root-user", "--net"]
    if sys.platform != "linux" or shutil.which("unshare") is None:
        pytest.skip("skipped: no unshare here")
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("skipped: this system lets nobody shut its network")
    command = [*alone, sys.executable, "-m", "gapcalc", "compute", "data.csv"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["data.csv"]
