"""Bytes in, the same text as UTF-8 out."""

import codecs
import re
from collections.abc import Iterator

from gapcalc.errors import NotReadable, UnknownName
from gapcalc.read import limits
from gapcalc.read.sources import too_many_bytes

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Not every codec of Python is one of texts, and some unpack.
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850", "iso8859-1", "iso8859-15", "mac-roman")
NO_TABLE = {
    (b"<!doctype", b"<html", b"<?xml", b"<table"): "a web page or XML",
    (b"{", b"[{"): "JSON or rich text",
}
END_OF_FILE = re.compile(rb"\x1a[\x1a\r\n]*\Z")
CP1252 = "read as cp1252, since it is not UTF-8; check names with accents"
AS_UTF_8 = "save it as 'CSV UTF-8'"


def decode(data: bytearray, encoding: str | None, file: str) -> tuple[bytearray, str, list[str]]:
    """Bytes in; the text as UTF-8 without a mark, the encoding it had, and notes out.

    Raises NotReadable for what is no text, and UnknownName for an encoding that is not there.
    """
    codec, notes = codec_of(data, encoding)
    text = _utf_8(data, codec, file)
    if text is None and encoding is None and codec == "utf-8":
        codec = "cp1252"
        text = _utf_8(data, codec, file)
        notes.append(CP1252)
    if text is None:
        words = f"its text is not {codec}" if encoding else "its text is neither UTF-8, UTF-16 nor cp1252"
        raise NotReadable(file, words, AS_UTF_8)
    _drop_end_of_file(text)
    if b"\0" in text:
        raise NotReadable(file, "it holds NUL bytes, so it is no text", AS_UTF_8)
    check_table(text, file)
    return text, called(codec), notes


def codec_of(data: bytearray, encoding: str | None) -> tuple[str, list[str]]:
    """The start of a text in; the codec it seems to have, unless that is given, and notes out."""
    # No guessing beyond this: statistical guessers take Welsh and Irish names in cp1252 for cp1250.
    if encoding is not None:
        return _known(encoding), []
    if data.startswith(UTF_16_MARKS):
        return "utf-16", []
    if found := _utf_16_unmarked(data):
        return found, ["read as UTF-16, by the look of its bytes"]
    return "utf-8", []


def called(codec: str) -> str:
    """What a codec is called for users."""
    return codec.removesuffix("-le").removesuffix("-be")


def check_table(text: bytearray, file: str) -> None:
    """Raise NotReadable for a text that is no table."""
    for starts, what in NO_TABLE.items():
        if text[:64].lstrip().lower().startswith(starts):
            raise NotReadable(file, f"it is {what}, not a table", "open it in a spreadsheet and save it as CSV")


def _drop_end_of_file(text: bytearray) -> None:
    """Programs of the age of DOS end a text with 0x1A."""
    if found := END_OF_FILE.search(text[-64:]):
        del text[-len(found[0]) :]


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    name = {"utf-8-sig": "utf-8", "ascii": "utf-8"}.get(name, name)
    if name not in ENCODINGS:
        raise UnknownName("encoding", encoding, ENCODINGS)
    return name


def _utf_16_unmarked(data: bytearray) -> str | None:
    """The UTF-16 whose every other byte is mostly NUL, as in any western text; None when neither is."""
    sample = data[:4096]
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if second * 2 > half and first * 10 < second:
        return "utf-16-le"
    return "utf-16-be" if first * 2 > half and second * 10 < first else None


def _utf_8(data: bytearray, codec: str, file: str) -> bytearray | None:
    """The same text as UTF-8, or None when the bytes are not in the codec. By chunks: never all of it as a string."""
    try:
        if codec == "utf-8":
            for _ in _letters(data, codec):
                pass
            return unmarked(data)
        text = bytearray()
        for letters in _letters(data, codec):
            text += letters.encode("utf-8")
            if len(text) > limits.MAX_BYTES:
                raise too_many_bytes(file)
    except UnicodeError:
        return None
    return unmarked(text)


def unmarked(text: bytearray) -> bytearray:
    """Without the mark at the start, in place: a slice would be a copy. Programs that add one may find one there."""
    while text.startswith(codecs.BOM_UTF8):
        del text[:3]
    return text


def _letters(data: bytearray, codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)()
    for start in range(0, len(data), limits.CHUNK):
        yield decoder.decode(bytes(data[start : start + limits.CHUNK]))
    yield decoder.decode(b"", final=True)
