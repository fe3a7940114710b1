"""Pieces of TOML with comments, for drafts that a person goes on with."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from gapcalc.definitions.layout import Groups


def inline(groups: Groups) -> str:
    """Groups in, an inline table out."""
    return "{ " + ", ".join(f"{name} = {quoted(group)}" for name, group in groups.items()) + " }" if groups else "{}"


def listed(texts: Iterable[object]) -> str:
    """Texts in, an array out."""
    return json.dumps(list(texts), ensure_ascii=False).replace("\x7f", "\\u007f")


def quoted(text: str) -> str:
    """A text in, a basic string out, which is nearly one of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def comment(text: str) -> str:
    """A text in, the same fit to stand in a comment out."""
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)


def rest(header: Sequence[str], used: set[str]) -> Iterator[str]:
    """The columns that are in no use, as comments."""
    rest = [name for name in header if name not in used]
    if rest:
        yield from ("", "# Columns of the file that are not used:", *(f"#   {comment(name)}" for name in rest))
