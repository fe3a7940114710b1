"""Run by itself, outside pytest: Spark's own sockets are not let through there. Spark equals `by_hand` on drawn pupils.

`python -m tests.properties.spark_agrees N` draws N files; any that differs is an error, with the file. The name of a
fault may follow, which is planted first: then it must be found.
"""

import sys
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from gapcalc.count.by_hand import by_hand
from gapcalc.count.spark import spark
from gapcalc.harmonise import harmonise
from gapcalc.model import Pupils
from gapcalc.read.warehouse import SparkRows, session
from tests.properties.faults import FAULTS
from tests.properties.test_engines import Wanted, every_text, files, harmonised, same, wants

Drawn = list[dict[str, str]]


def of_spark(rows: Drawn) -> Pupils:
    """Drawn rows as a table of Spark; blanks are null, as a warehouse may have them."""
    names = list(rows[0])
    cells = [tuple(row[name] or None for name in names) for row in rows]
    frame = session().createDataFrame(cells, ", ".join(f"{name} string" for name in names))
    content = harmonise(SparkRows("drawn", frame, tuple(names))).content
    assert isinstance(content, Pupils)
    return content


def compare(rows: Drawn, wanted: Wanted) -> None:
    """Raise AssertionError where Spark differs."""
    here = harmonised(rows)
    if here is not None:
        asked = wanted.of(here)
        same(spark(of_spark(rows), asked), by_hand(here, asked))


def main(number: int, plant: Callable[[Any], None] | None) -> None:
    """Compare drawn files, and one with every text."""
    if plant is not None:
        plant(None)
    pupils, ask = every_text()
    same(spark(of_spark(pupils.rows.whole().table.to_pylist()), ask), by_hand(pupils, ask))
    drawn = given(files, wants)(compare)
    settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )(drawn)()


if __name__ == "__main__":
    main(int(sys.argv[1]), FAULTS[sys.argv[2]] if len(sys.argv) > 2 else None)
    sys.stdout.write("the same\n")
