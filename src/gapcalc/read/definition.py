"""The path of a definition file in, its text out."""

from gapcalc.errors import NotReadable
from gapcalc.read.sources import source


def read_definition(path: str) -> tuple[str, str]:
    """A path in, the file's name and its text out. Raises FileNotThere, NotReadable or TooLarge."""
    file, data = source(path)
    try:
        return file, data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise NotReadable(file, "its text is not UTF-8", "save it as UTF-8") from None
