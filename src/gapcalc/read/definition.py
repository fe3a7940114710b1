"""The path of a definition file in, its text out; and where one lies that nobody has named."""

from pathlib import Path

from gapcalc.errors import NotReadable
from gapcalc.read.sources import source


def read_definition(path: str) -> tuple[str, str]:
    """A path in, the file's name and its text out. Raises FileNotThere, NotReadable or TooLarge."""
    file, data = source(path)
    try:
        return file, data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise NotReadable(file, "its text is not UTF-8", "save it as UTF-8") from None


def nearest(name: str) -> str | None:
    """The name of a file in; its path in this folder, or in the nearest one above that has it, out."""
    here = Path.cwd()
    return next((str(folder / name) for folder in (here, *here.parents) if (folder / name).is_file()), None)
