"""One group's figures as printed, and what they amount to: counts, reconstructed counts, or a value alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from gapcalc.definitions import Measure, scales, spelling
from gapcalc.errors import ImpossibleValue, InputError
from gapcalc.model import COUNTS, KEY, VALUES, Aggregates, PrintedGap

Printed = tuple[Decimal | None, str | None]  # a number, or why there is none
LEVEL = KEY.index("level")
TOLERANCE = Decimal("1e-9")
PADDED = 3
NOISE = 12  # more decimals than this are what is left of a binary fraction, as in 74.900000000000006


@dataclass
class Complaints:
    """What is wrong in a file: for each column and rule, the rows that break it."""

    file: str
    found: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def add(self, column: str, rule: str, row: int) -> None:
        """Note one row that breaks a rule."""
        rows = self.found.setdefault((column, rule), [])
        if row not in rows[-1:]:
            rows.append(row)

    def raise_first(self) -> None:
        """Raise the complaint that comes first in the file, if there is one."""
        if self.found:
            (column, rule), rows = min(self.found.items(), key=lambda one: one[1][0])
            raise self.error(column, rule, rows)

    def error(self, column: str, rule: str, rows: list[int]) -> InputError:
        """The error of one complaint."""
        return ImpossibleValue(self.file, column, rows, len(rows), rule)


def printed(text: str, symbols: Mapping[str, str], *, percent: bool = False) -> Printed:
    """A cell's text in; its number, or the symbol for why there is none, out. Raises InvalidOperation.

    A per cent sign is understood only where a percentage stands.
    """
    plain = spelling(text)
    if not plain:
        return None, "not_available"
    for symbol, meaning in symbols.items():
        if plain == spelling(symbol):
            return None, meaning
    plain = plain.removesuffix("%").rstrip() if percent else plain
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain, re.ASCII):
        plain = plain.replace(",", "")
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,20})?", plain, re.ASCII):
        raise InvalidOperation
    number = Decimal(plain)
    if int(number.as_tuple().exponent) < -PADDED and plain.endswith("00"):
        # Written out to a fixed width, as in 63.400000: noughts at the end say nothing of how it was rounded.
        number = max(number.normalize(), number.quantize(Decimal("0.1")), key=lambda one: -int(one.as_tuple().exponent))
    if int(number.as_tuple().exponent) < -NOISE:
        number = Decimal(repr(round(float(number), NOISE - 3)))
    return number, None


def half_unit(value: Decimal) -> Decimal:
    """A figure as printed in, half of its last printed place out: how far rounding may have moved it."""
    return Decimal(5).scaleb(min(int(value.as_tuple().exponent), 0) - 1)


@dataclass(frozen=True)
class Columns:
    """What the columns of a group's figures are called in the file, for messages."""

    pupils: str
    total: str
    value: str
    total_sq: str = "total_sq"


@dataclass
class Figures:
    """Collects the figures of an aggregate file, row by row, and what is wrong with them."""

    complaints: Complaints
    symbols: Mapping[str, str]
    rounded_levels: tuple[str, ...] = ()
    counts: list[tuple[object, ...]] = field(default_factory=list)
    values: list[tuple[object, ...]] = field(default_factory=list)
    percentages: dict[int, Decimal] = field(default_factory=dict)  # by row
    value_column: str = ""
    contradictions: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    printed_gaps: list[PrintedGap] = field(default_factory=list)
    seen: dict[tuple[str, ...], tuple[object, ...]] = field(default_factory=dict)
    again: list[int] = field(default_factory=list)

    def add(
        self,
        row: int,
        key: tuple[str, ...],
        area_name: str,
        measure: Measure,
        cells: Mapping[str, str],
        columns: Columns,
    ) -> None:
        """Take one group's cells (`pupils`, `total`, `total_sq`, `value`, any of them blank or missing)."""
        names = {
            "pupils": columns.pupils,
            "total": columns.total,
            "value": columns.value,
            "total_sq": columns.total_sq,
        }
        read = {name: self._number(row, names[name], cells.get(name, ""), name) for name in names}
        pupils = self._whole(row, names["pupils"], read["pupils"][0], 1)
        total = self._whole(row, names["total"], read["total"][0], measure.per_unit)
        squares = self._whole(row, names["total_sq"], read["total_sq"][0], measure.per_unit**2)
        value = read["value"][0]
        self._check(row, measure, names, pupils, total, value)
        if key in self.seen and row not in self.again[-1:]:
            self.again.append(row)
        before = self.seen.setdefault(key, (pupils, total, value))
        for name, old, new in zip(("pupils", "total", "value"), before, (pupils, total, value), strict=True):
            if old != new:
                where = (names[name], "a figure given before with another value")
                self.contradictions.setdefault(where, []).append(row)
        self._contradiction(row, names, measure, key, (pupils, total, value))
        self._printed_gap(row, key, cells.get("gap", ""))
        if pupils == 0 and value:
            self.complaints.add(names["value"], f"a value for no {names['pupils']}", row)
        if squares is not None and total is not None and pupils is not None and pupils * squares < total**2:
            self.complaints.add(names["total_sq"], f"less than {names['total']} allows", row)
        if read["total"][1] == "hidden":
            value = None  # what the source hides is not worked out again
        if pupils == 0:
            # Nobody in the group: there is nothing to hide and nothing missing, and the rate is undefined.
            self.counts.append((*key, area_name, 0, 0, 0, "counted", None))
        elif pupils is not None and total is not None:
            squares = total if measure.kind == "proportion" else squares
            # Counts that were rounded for publication are no more than close.
            basis = "reconstructed" if key[LEVEL] in self.rounded_levels else "counted"
            self.counts.append((*key, area_name, pupils, total, squares, basis, None))
        elif value is not None and pupils is not None:
            share = value / 100 if measure.kind == "proportion" else value
            whole = int((share * pupils * measure.per_unit).quantize(Decimal(1), ROUND_HALF_UP))
            squares = whole if measure.kind == "proportion" else squares
            self.counts.append((*key, area_name, pupils, whole, squares, "reconstructed", None))
        elif value is not None:
            scale = 100 if measure.kind == "proportion" else 1
            half = half_unit(value) / scale
            self.values.append(
                (*key, area_name, None, None, None, "published", None, float(value / scale), float(half))
            )
        else:
            given = [name for name in ("total", "value", "pupils") if cells.get(name, "").strip()]
            symbols = [read[name][1] for name in given if read[name][1]]
            basis = "published" if "total" not in cells else "counted"
            self.counts.append((*key, area_name, pupils, None, None, basis, (symbols or ["not_available"])[0]))

    def aggregates(self) -> Aggregates:
        """All figures as tables. Raises the first complaint, if there is one."""
        import pandas as pd

        self.complaints.raise_first()
        if any(0 < one < 1 for one in self.percentages.values()) and max(self.percentages.values()) <= 1:
            rule = "proportions where percentages are wanted (46.8, not 0.468)"
            raise ImpossibleValue(
                self.complaints.file, self.value_column, list(self.percentages), len(self.percentages), rule
            )
        # Objects, so that a missing count does not turn the others into floats.
        counts = pd.DataFrame(self.counts, columns=COUNTS, dtype=object)
        values = pd.DataFrame(self.values, columns=VALUES, dtype=object)
        values[["value", "half_unit"]] = values[["value", "half_unit"]].astype(float)
        return Aggregates(counts, values, self.contradictions, self.printed_gaps, self.again)

    def _contradiction(
        self,
        row: int,
        names: Mapping[str, str],
        measure: Measure,
        key: tuple[str, ...],
        figures: tuple[int | None, int | None, Decimal | None],
    ) -> None:
        """Note a printed value that its own counts deny, or that no whole number of pupils gives."""
        pupils, total, value = figures
        if not pupils or value is None or key[LEVEL] in self.rounded_levels:
            return
        scale = 100 if measure.kind == "proportion" else 1
        per_unit = Decimal(measure.per_unit)
        half = half_unit(value)
        if total is not None:
            denied = abs(scale * total / per_unit / pupils - value) > half + TOLERANCE
            rule = f"denied by its own {names['total']} and {names['pupils']}"
        else:
            nearest = (value * pupils * per_unit / scale).quantize(Decimal(1), ROUND_HALF_UP)
            denied = abs(scale * nearest / per_unit / pupils - value) > half + TOLERANCE
            rule = f"a value that no whole number of {names['pupils']} gives"
        if denied:
            self.contradictions.setdefault((names["value"], rule), []).append(row)

    def _printed_gap(self, row: int, key: tuple[str, ...], text: str) -> None:
        gap, _ = self._number(row, "gap", text)
        if gap is not None:
            self.printed_gaps.append(PrintedGap(key, row, float(gap), float(half_unit(gap))))

    def _number(self, row: int, column: str, text: str, name: str = "") -> Printed:
        try:
            return printed(text, self.symbols, percent=name == "value")
        except InvalidOperation:
            self.complaints.add(column, "not a number, nor a symbol of this kind of file,", row)
            return None, None

    def _whole(self, row: int, column: str, number: Decimal | None, per_unit: int) -> int | None:
        if number is None:
            return None
        if number < 0:
            self.complaints.add(column, "a negative number", row)
        whole = number * per_unit
        if whole != whole.to_integral_value():
            self.complaints.add(column, "a count that is not whole" if per_unit == 1 else "too many decimals", row)
        return int(whole)

    def _check(
        self,
        row: int,
        measure: Measure,
        names: Mapping[str, str],
        pupils: int | None,
        total: int | None,
        value: Decimal | None,
    ) -> None:
        numbers = scales()[measure.parts[0].scale].numbers if measure.parts else None
        highest = 100 if measure.kind == "proportion" or numbers is None else numbers.highest
        what = "a percentage" if measure.kind == "proportion" else "a mean"
        if value is not None and measure.kind == "proportion":
            self.percentages[row] = value
            self.value_column = names["value"]
        if value is not None and value > highest:
            self.complaints.add(names["value"], f"{what} above {highest}", row)
        if value is not None and value < 0:
            self.complaints.add(names["value"], f"{what} below 0", row)
        most = None if pupils is None else pupils * (1 if measure.kind == "proportion" else highest * measure.per_unit)
        if total is not None and most is not None and total > most:
            self.complaints.add(names["total"], f"more than {names['pupils']} allows", row)
