"""Figures of those who missed a standard, as a tidy aggregate may print them, turned into those who reached it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from gapcalc.definitions import Measure
from gapcalc.harmonise.figures import TOLERANCE, Columns, Figures, half_unit, printed
from gapcalc.printed import Printed

HUNDRED = Decimal(100)
Cells = Mapping[str, str]


class Missed:
    """Turns the `missed` and `missed_value` cells of a file's rows round. `columns` are its headers by canonical name.

    Of a measure of which less is better, those whom it counts have missed the standard.
    """

    def __init__(self, figures: Figures, columns: Mapping[str, str]) -> None:
        self.figures, self.columns = figures, columns
        self.kept: list[tuple[tuple[str, ...], Measure, Sequence[str]]] = []

    def turned(self, row: int, measure: Measure, cells: Cells) -> tuple[Cells, Columns]:
        """A row's cells in; the same with `total` and `value` of those who reached it, and what the columns are called.

        What is no number stays as it is, and is judged where it is read.
        """
        said = {name: cells.get(name, "").strip() for name in ("missed", "missed_value", "total", "value")}
        if not (said["missed"] or said["missed_value"]):
            return cells, self._names({})
        if measure.kind == "mean":
            for name in ("missed", "missed_value"):
                if said[name]:
                    self.figures.complaints.add(self._called(name), "who missed a standard, of a mean score,", row)
            return cells, self._names({})
        turned, took = dict(cells), dict[str, str]()
        if said["missed"] and not said["total"]:
            turned["total"], took["total"] = self._count(row, measure, cells), "missed"
        if said["missed_value"] and not said["value"]:
            turned["value"], took["value"] = self._share(row, measure, said["missed_value"]), "missed_value"
        self._agree(row, measure, cells)
        return turned, self._names(took)

    def keep(self, key: tuple[str, ...], measure: Measure, cells: Sequence[str]) -> None:
        """Note a row whose words may be asked for. Few runs do, so nothing is read before that."""
        if measure.kind == "proportion":
            self.kept.append((key, measure, cells))

    def printed(self) -> list[Printed]:
        """What the rows print, in the words of those who missed the standard."""
        rows = (
            self._printed(key, measure, dict(zip(self.columns, cells, strict=True)))
            for key, measure, cells in self.kept
        )
        return [row for row in rows if (row.pupils, row.missed, row.share) != (None, None, None)]

    def _printed(self, key: tuple[str, ...], measure: Measure, cells: Cells) -> Printed:
        pupils, missed, share = (self._number(cells, name) for name in ("pupils", "missed", "missed_value"))
        total, value = self._number(cells, "total"), self._number(cells, "value")
        less = measure.lower_is_better
        if missed is None and total is not None:
            missed = total if less else None if pupils is None else pupils - total
        if share is None and value is not None:
            share = value if less else HUNDRED - value
        size, count = (None if one is None else int(one) for one in (pupils, missed))
        if share is None:
            return Printed(key, size, count, None, 0.0, 0)
        places = max(0, -int(share.as_tuple().exponent))
        return Printed(key, size, count, float(share), float(half_unit(share)), places)

    def _count(self, row: int, measure: Measure, cells: Cells) -> str:
        missed, pupils = self._number(cells, "missed"), self._number(cells, "pupils")
        if measure.lower_is_better or missed is None:
            return cells["missed"]
        if pupils is None:
            return ""  # of how many is not said, so how many reached it is not either
        if missed > pupils:
            self.figures.complaints.add(self._called("missed"), f"more than {self._called('pupils')} allows", row)
            return ""
        return cells["missed"] if missed < 0 else str(pupils - missed)

    def _share(self, row: int, measure: Measure, text: str) -> str:
        share = self._number({"missed_value": text}, "missed_value")
        if measure.lower_is_better or share is None or share < 0:
            return text
        if share > HUNDRED:
            self.figures.complaints.add(self._called("missed_value"), "a percentage above 100", row)
            return ""
        return str(HUNDRED - share)

    def _agree(self, row: int, measure: Measure, cells: Cells) -> None:
        """Note where a row says both who reached the standard and who missed it, and one denies the other."""
        read = {name: self._number(cells, name) for name in ("pupils", "missed", "total", "missed_value", "value")}
        missed, total, pupils = read["missed"], read["total"], read["pupils"]
        if missed is not None and total is not None and pupils is not None:
            other = total if measure.lower_is_better else pupils - total
            if missed != other:
                self._note("missed", f"denied by {self._called('total')} and {self._called('pupils')}", row)
        share, value = read["missed_value"], read["value"]
        if share is not None and value is not None:
            other = value if measure.lower_is_better else HUNDRED - value
            if abs(share - other) > half_unit(share) + half_unit(value) + TOLERANCE:
                self._note("missed_value", f"denied by {self._called('value')}", row)

    def _note(self, name: str, rule: str, row: int) -> None:
        self.figures.contradictions.setdefault((self._called(name), rule), []).append(row)

    def _number(self, cells: Cells, name: str) -> Decimal | None:
        try:
            return printed(cells.get(name, ""), self.figures.symbols, percent=name.endswith("value"))[0]
        except InvalidOperation:
            return None

    def _called(self, name: str) -> str:
        return self.columns.get(name, name)

    def _names(self, took: Mapping[str, str]) -> Columns:
        return Columns(*(self._called(took.get(name, name)) for name in ("pupils", "total", "value", "total_sq")))
