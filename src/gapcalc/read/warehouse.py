"""Rows that stay where they are: a folder of Parquet or a table, read by Spark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gapcalc.errors import InputError, NotReadable, UsageError
from gapcalc.read import limits
from gapcalc.read.shape import names
from gapcalc.rows import Batch, Rows, Source

if TYPE_CHECKING:
    import pyarrow as pa

VIEW = "gapcalc_pupils"
EXACT = 2**53  # whole numbers above are not exact as floats
# So that the statement means the same as everywhere: names of columns in double quotes, and no silent overflow.
SETTINGS = {"spark.sql.ansi.enabled": "true", "spark.sql.ansi.doubleQuotedIdentifiers": "true"}


def warehouse(name: str) -> SparkRows:
    """The path of a folder of Parquet, or the name of a table, in; its rows out, none of which is read yet.

    Raises UsageError where Spark or Java is not there, and NotReadable where Spark finds nothing of this name.
    """
    spark = session()
    with quiet(name, "Spark finds neither a folder of Parquet nor a table of this name"):
        place = Path(name)
        if place.exists() or "/" in name or "\\" in name:
            frame = spark.read.parquet(str(place.resolve()) if place.exists() else name)
        else:
            frame = spark.table(name)
        header = tuple(names(frame.columns, name))
    return SparkRows(name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1], frame, header)


def session() -> Any:
    """Spark's session: the one that is there, or as the machine's settings say; on a laptop, all its cores."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError("pyspark is not installed", "install gapcalc[spark], or leave out --engine spark") from None
    try:
        building = SparkSession.builder.appName("gapcalc").config("spark.ui.enabled", "false")
        building = building.config("spark.ui.showConsoleProgress", "false")
        found = building.config("spark.log.level", "OFF").getOrCreate()
        # What it says of a row that fails would hold the row.
        found.sparkContext.setLogLevel("OFF")
        for key, setting in SETTINGS.items():
            found.conf.set(key, setting)
    except (PySparkException, OSError, RuntimeError):
        raise UsageError("Spark does not start", "check that Java 17 or later is there, and JAVA_HOME") from None
    return found


@contextmanager
def quiet(name: str, what: str) -> Iterator[None]:
    """Whatever Spark raises inside, an error of our own out: its messages quote rows."""
    try:
        yield
    except (InputError, MemoryError):
        raise
    except Exception:
        raise NotReadable(name, what, "try the same in a Spark shell") from None


@dataclass(frozen=True)
class SparkRows:
    """A table of Spark, read by Spark alone. It has no row numbers, and no fingerprint."""

    file: str
    frame: Any
    header: tuple[str, ...]
    encoding: str = "spark"
    sha256: str = ""
    notes: tuple[str, ...] = ()
    short_rows: tuple[int, ...] = ()
    counted: list[int] = field(default_factory=list, compare=False)

    @property
    def origin(self) -> Source:
        """The same."""
        return self

    @property
    def count(self) -> int:
        """How many rows there are."""
        if not self.counted:
            with quiet(self.file, "Spark cannot count its rows"):
                self.counted.append(self.frame.count())
        return self.counted[0]

    def text(self, column: str) -> str:
        """A column's cells as text, in SQL: blanks for null, whole numbers without decimals."""
        name = '"' + column.replace('"', '""') + '"'
        kind = dict(self.frame.dtypes)[column]
        text = f"CAST({name} AS STRING)"
        if kind in ("float", "double"):
            whole = f"{name} = FLOOR({name}) AND ABS({name}) < {EXACT}"
            whole_number = f"WHEN {whole} THEN CAST(CAST({name} AS BIGINT) AS STRING)"
            text = f"CASE WHEN isnan({name}) THEN '' {whole_number} ELSE {text} END"
        return f"COALESCE({text}, '')"

    def answer(self, sql: Callable[[str], str]) -> list[dict[str, object]]:
        """The rows of what a statement over a view of the table finds."""
        with quiet(self.file, "Spark cannot count it"):
            self.frame.createOrReplaceTempView(VIEW)
            # One by one: what Spark makes a data frame of itself hangs on the version of pandas.
            return [row.asDict() for row in session().sql(sql(VIEW)).collect()]

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """All rows, of these columns, brought here a stretch at a time."""
        import pyarrow as pa

        with quiet(self.file, "Spark cannot read its rows"):
            rows = self.frame.selectExpr(*(f"{self.text(name)} AS c{i}" for i, name in enumerate(columns)))
            coming = rows.toLocalIterator()
            while some := list(islice(coming, limits.BATCH_ROWS)):
                yield Batch((), pa.table(dict(zip(columns, map(_texts, zip(*some, strict=True)), strict=True))))

    def whole(self) -> Rows:
        """All rows in memory: of counts that are brought here, not of pupils."""
        import pyarrow as pa

        table = pa.concat_tables([batch.table for batch in self.batches(self.header)])
        return Rows(self.file, "", self.encoding, table, range(1, table.num_rows + 1))


def _texts(cells: Sequence[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(cells, pa.string())
