"""The default engine: DuckDB runs the one statement over rows that come a stretch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gapcalc.count.cells import asked_of, tally
from gapcalc.count.readings import Readings
from gapcalc.errors import TooLarge
from gapcalc.model import Pupils
from gapcalc.progress import check_halted
from gapcalc.tally import Ask, Tally
from gapcalc.texts import numbered

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MEMORY = "256MB"  # beyond, what is counted so far is put into a folder of its own


def duck(pupils: Pupils, ask: Ask) -> Tally:
    """Pupils in, the sums of every cell out."""
    import numpy as np

    statement = asked_of(pupils, ask)
    readings = Readings(pupils.rows, statement)
    cube = run(statement.sql("readings"), readings.schema(), readings.batches(), pupils.rows.file)
    for i, texts in enumerate(readings.spelled):
        cube[f"k{i}"] = numbered(cube[f"k{i}"].to_numpy(dtype=np.int64), [*texts, ""])
    return tally(pupils, ask, statement, cube)


def run(sql: str, schema: pa.Schema, batches: Iterator[pa.RecordBatch], file: str) -> pd.DataFrame:
    """A statement over `readings`, which come in batches, in; its result out. Memory is bounded, and disk cleaned up.

    Whatever the batches raise is raised. Raises TooLarge when even the disk does not do.
    """
    import duckdb
    import pyarrow as pa

    raised: list[BaseException] = []

    def watched() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except GeneratorExit:
            raise  # DuckDB has stopped reading, and says why
        except BaseException as error:  # DuckDB would make words of it
            raised.append(error)
            raise

    with TemporaryDirectory(prefix="gapcalc-") as folder:
        # Nothing is fetched, and no file is touched but in a folder of our own, which nobody else can look into.
        closed: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "enable_external_access": False,
            "temp_directory": folder,
            "memory_limit": MEMORY,
            "preserve_insertion_order": False,
        }
        try:
            with duckdb.connect(config=closed) as connection:
                connection.execute("SET enable_progress_bar = false")  # it would be drawn on standard output
                connection.register("readings", pa.RecordBatchReader.from_batches(schema, watched()))
                result: pd.DataFrame = connection.execute(sql).df()
        except Exception as error:
            if raised:
                raise raised[0] from None
            check_halted()  # a signal that DuckDB has heard instead of Python
            if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
                raise TooLarge(
                    file, "it does not fit into memory", "split it, by year or by area, and give the parts"
                ) from None
            raise
    pa.default_memory_pool().release_unused()  # what the stretches took: the tables that follow need it
    return result
