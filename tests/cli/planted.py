"""Inputs of every kind with a pupil's own value where it does not belong, and how to look for it afterwards."""

import csv
import datetime
import gzip
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
import pyarrow as pa
from pyarrow import parquet as pq

CANARIES = {
    "number": "A987654321098",
    "surname": "Zzcanary",
    "birth": "13/05/2001",
    "birth_iso": "2001-05-13",
    "postcode": "CB98 7ZX",
}
LOOKED_FOR = [one.lower() for one in [*CANARIES.values(), "CB987ZX", "13-05-2001", "13 May 2001", "20010513"]]

PUPILS = {
    "upn": "Z123456789012",
    "surname": "Plain",
    "forename": "Jo",
    "date_of_birth": "01/01/2002",
    "postcode": "ZZ1 1ZZ",
    "academic_year": "2012/13",
    "la": "873",
    "district": "Wisbech",
    "school": "900001",
    "school_name": "A School",
    "key_stage": "KS2",
    "sex": "F",
    "fsm": "Y",
    "sen_provision": "N",
    "looked_after": "N",
    "looked_after_months": "",
    "first_language": "ENG",
    "ethnicity": "WBRI",
    "reading": "4",
    "writing": "4",
    "maths": "4",
    "remarks": "none",
}
NPD = {
    "PupilMatchingRefAnonymous": "PMR1",
    "ACADYR": "2012/13",
    "LA": "873",
    "URN": "900001",
    "SCHOOL_NAME": "A School",
    "GENDER": "F",
    "FSMeligible_SPR13": "1",
    "SENprovision_SPR13": "N",
    "KS2_READLEV": "4",
    "KS2_MATLEV": "4",
    "KS2_WRITLEVTA": "4",
    "NFTYPE": "21",
}
TIDY = {
    "period": "2012/13",
    "term": "",
    "status": "final",
    "area": "Wisbech",
    "area_name": "Wisbech",
    "level": "district",
    "within": "873",
    "key_stage": "KS2",
    "measure": "rwm_l4",
    "dimension": "fsm",
    "group": "fsm",
    "pupils": "40",
    "total": "20",
    "source": "ours",
    "colour": "blue",
}
EES = {
    "time_period": "202223",
    "time_identifier": "Academic year",
    "geographic_level": "School",
    "country_code": "E92000001",
    "country_name": "England",
    "new_la_code": "E10000003",
    "la_name": "Cambridgeshire",
    "school_urn": "110001",
    "school_name": "A School",
    "fsm_status": "FSM eligible",
    "t_rwm_eligible_pupils": "40",
    "t_rwm_met_expected_standard": "20",
    "version": "1",
}
# Each kind: a row, and what the other row has otherwise, so that there is a gap.
KINDS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "pupils": (PUPILS, {"fsm": "N", "sex": "M"}),
    "npd": (NPD, {"FSMeligible_SPR13": "0", "GENDER": "M"}),
    "tidy": (TIDY, {"group": "not_fsm"}),
    "ees": (EES, {"fsm_status": "Not known to be FSM eligible"}),
}
OF_PUPILS = ("pupils", "npd")
# A surname and a place's name are both just words: here nothing can tell the one from the other.
NAMED_FREELY = {
    "pupils": {"district", "school", "school_name"},
    "npd": {"URN", "SCHOOL_NAME"},
    "tidy": {"area", "area_name", "within"},
    "ees": {"school_urn", "school_name", "fsm_status"},
}
# Columns that a row can be wrong in without stopping the run.
HARMLESS = {
    "pupils": [*list(PUPILS)[:5], *list(PUPILS)[11:18], "remarks"],
    "npd": ["PupilMatchingRefAnonymous", "GENDER", "FSMeligible_SPR13", "SENprovision_SPR13", "NFTYPE"],
    "tidy": ["source", "colour"],
    "ees": ["country_name", "la_name", "version"],
}
Table = list[list[str]]


def table(kind: str, planted: Mapping[str, Sequence[str]] | None = None) -> Table:
    """A header and rows of a kind of file; `planted` has what stands in a column instead, from the first row on."""
    row, other = KINDS[kind]
    rows = [one for _ in range(16 if kind in OF_PUPILS else 1) for one in (dict(row), row | other)]
    for number, one in enumerate(rows):
        one |= {name: f"{one[name]}{number}" for name in ("upn", "PupilMatchingRefAnonymous") if name in one}
    for column, texts in (planted or {}).items():
        for one, text in zip(rows, texts, strict=False):
            one[column] = text
    return [list(row), *(list(one.values()) for one in rows)]


def as_csv(rows: Table) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def as_zip(rows: Table) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("inside.csv", as_csv(rows))
    return made.getvalue()


def as_xlsx(rows: Table) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([_typed(cell) for cell in row])  # type: ignore[union-attr]
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _typed(cell: str) -> str | datetime.date:
    return datetime.date(2001, 5, 13) if cell == CANARIES["birth"] else cell


def as_parquet(rows: Table) -> bytes:
    made = io.BytesIO()
    columns = [pa.array(cells, pa.string()) for cells in zip(*rows[1:], strict=True)]
    pq.write_table(pa.table(columns, names=rows[0]), made)
    return made.getvalue()


PACKED: dict[str, Callable[[Table], bytes]] = {
    "data.csv": as_csv,
    "data.csv.gz": lambda rows: gzip.compress(as_csv(rows)),
    "data.zip": as_zip,
    "data.xlsx": as_xlsx,
    "data.parquet": as_parquet,
}


def written(folder: Path, given: set[Path]) -> Iterator[tuple[str, str]]:
    """Everything in a folder that was not given: the name of each file, and its text however it is packed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in given:
            data = path.read_bytes()
            yield path.name, str(pq.read_table(path).to_pylist()) if data.startswith(b"PAR1") else data.decode()


def leaks(*texts: str) -> list[str]:
    """The canaries that can be seen in texts."""
    seen = "\n".join(texts).lower()
    return [one for one in LOOKED_FOR if one in seen]
