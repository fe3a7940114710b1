"""Tables of statistical neighbours: one row per authority, its neighbours side by side."""

from gapcalc.definitions import NeighbourLayout, area_named
from gapcalc.errors import UnknownCode
from gapcalc.model import Neighbours
from gapcalc.rows import Rows

COLUMNS = ["version", "area_code", "rank", "neighbour_code", "closeness"]


def neighbours(rows: Rows, layout: NeighbourLayout) -> tuple[Neighbours, dict[str, str]]:
    """Rows of a neighbour table in; one row per authority and neighbour, and what its columns were taken for, out.

    A blank neighbour is left out. Raises UnknownCode for an authority that is in no list, or not given.
    """
    import pandas as pd

    header = rows.header
    ranks = [(rank, layout.neighbour.format(rank=rank)) for rank in range(1, len(header))]
    places = [(rank, header.index(name)) for rank, name in ranks if name in header]
    area = header.index(layout.area)
    found, strange = [], []
    columns = [rows.table.column(place).to_pylist() for place in range(len(header))]
    for number, row in zip(rows.numbers, zip(*columns, strict=True), strict=True):
        for rank, place in places:
            pair = area_named(row[area]), area_named(row[place])
            if not row[place].strip():
                continue
            if pair[0] is None or pair[1] is None:
                strange.append(number)
            else:
                closeness = row[place + 1].strip().capitalize()
                found.append((layout.version, pair[0].code, rank, pair[1].code, closeness))
    if strange:
        once = sorted(set(strange))
        raise UnknownCode(rows.file, layout.area, once, len(once), "LA numbers; see `gapcalc list areas`")
    mapped = {layout.area: "area"}
    for rank, place in places:
        mapped |= {header[place]: f"neighbour {rank}", header[place + 1]: f"closeness {rank}"}
    return Neighbours(pd.DataFrame(found, columns=COLUMNS)), mapped
