"""Bytes in, what kind they are and what is packed in them out. Known by their first bytes, not by the file's name."""

import gzip
import io
import zipfile
from typing import IO, Literal

from gapcalc.errors import InputError, NotReadable, TooLarge
from gapcalc.read import limits
from gapcalc.read.instead import instead
from gapcalc.read.sources import too_many_bytes

Kind = Literal["gzip", "zip", "workbook", "parquet", "text"]
KINDS: dict[bytes, Kind] = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"PAR1": "parquet"}
UNREAD = {
    b"\xd0\xcf\x11\xe0": ("an old Excel file, or one with a password", "save it in Excel as .xlsx without a password"),
    b"%PDF": ("a PDF", "ask for the table as CSV or xlsx"),
    b"BZh": ("packed with bzip2", "unpack it, or pack it with gzip or zip"),
    b"\xfd7zXZ": ("packed with xz", "unpack it, or pack it with gzip or zip"),
    b"7z\xbc\xaf": ("packed with 7-Zip", "unpack it, or pack it with gzip or zip"),
    b"\x28\xb5\x2f\xfd": ("packed with zstd", "unpack it, or pack it with gzip or zip"),
    b"Rar!": ("packed with RAR", "unpack it, or pack it with gzip or zip"),
}
BESIDE = ("__MACOSX/", ".DS_Store")  # what macOS adds to a zip
# Excel and Windows use no others, and the others give out a gigabyte at a time.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def unpack(data: bytearray, file: str) -> tuple[Kind, bytearray]:
    """Bytes in, their kind (workbook, parquet or text) and what was packed in them out; nothing touches the disk.

    Raises NotReadable for what is damaged, locked or packed twice, TooLarge for what would be more than MAX_BYTES.
    """
    kind = kind_of(data, file)
    if kind == "gzip":
        data = _gunzip(data, file)
    elif kind == "zip":
        data = _unzip(data, file)
    else:
        return kind, data
    kind = kind_of(data, file)
    if kind in ("gzip", "zip"):
        raise NotReadable(file, "it is packed more than once", "unpack it, and give what is inside")
    return kind, data


def kind_of(data: bytearray, file: str) -> Kind:
    """What kind of file bytes begin. Raises NotReadable for those that gapcalc does not read."""
    for start, (what, hint) in UNREAD.items():
        if data.startswith(start):
            raise NotReadable(file, f"it is {what}", hint)
    for start, kind in KINDS.items():
        if data.startswith(start):
            return "workbook" if kind == "zip" and _is_workbook(data, file) else kind
    return "text"


def _gunzip(data: bytearray, file: str) -> bytearray:
    damaged = NotReadable(file, "the gzip is cut short or damaged", "copy or export it again")
    with instead(damaged), gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
        return _poured(stream, len(data), file)


def _unzip(data: bytearray, file: str) -> bytearray:
    with instead(_damaged(file)), opened(data, file) as archive:
        members = [
            one for one in archive.infolist() if not (one.is_dir() or any(name in one.filename for name in BESIDE))
        ]
        if len(members) != 1:
            raise NotReadable(file, f"the zip holds {len(members):,} files, not one", "unpack it, and give the files")
        check_member(members[0], file)
        with archive.open(members[0]) as stream:
            return _poured(stream, min(members[0].compress_size, len(data)), file)


def _poured(stream: IO[bytes] | gzip.GzipFile, packed: int, file: str) -> bytearray:
    out = bytearray()
    while chunk := stream.read(limits.CHUNK):
        out += chunk
        check_size(len(out), packed, file)
    return out


def check_size(size: int, packed: int, file: str) -> None:
    """Raise TooLarge for more bytes than are let in, or for a ratio that only a bomb has."""
    if size > limits.MAX_BYTES:
        raise too_many_bytes(file)
    if size > limits.FREE_OF_RATIO and size > limits.MAX_RATIO * packed:
        what = f"it unpacks to more than {limits.MAX_RATIO} times its size"
        raise TooLarge(file, what, "if you trust it, unpack it and give what is inside")


def opened(data: bytearray, file: str) -> zipfile.ZipFile:
    """The bytes of a zip in, its archive out. Raises TooLarge when it lists too many members."""
    # Each is an object in memory, and a file of some megabytes can list millions.
    if data.count(b"PK\x01\x02") > limits.MAX_MEMBERS:
        raise TooLarge(file, f"the zip holds more than {limits.MAX_MEMBERS:,} files", "unpack it, and give the files")
    return zipfile.ZipFile(io.BytesIO(data))


def check_member(member: zipfile.ZipInfo, file: str) -> None:
    """Raise NotReadable for a member with a password or packed in an unusual way."""
    if member.flag_bits & 0x1:
        raise NotReadable(file, "it has a password", "unpack or save it without one")
    if member.compress_type not in METHODS:
        raise NotReadable(file, "the zip is packed in an unusual way", "unpack it, and give what is inside")


def _is_workbook(data: bytearray, file: str) -> bool:
    with instead(_damaged(file)), opened(data, file) as archive:
        names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        raise NotReadable(file, "it is a binary workbook", "save it as .xlsx")
    if "content.xml" in names and "mimetype" in names:
        raise NotReadable(file, "it is an OpenDocument file", "save it as .xlsx or CSV")
    return "xl/workbook.xml" in names or "[Content_Types].xml" in names


def _damaged(file: str) -> InputError:
    return NotReadable(file, "the zip is cut short or damaged", "copy or export it again")
