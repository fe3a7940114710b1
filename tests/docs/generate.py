"""Write the reference pages from the code and the definitions, and renew the examples of the other pages.

Run it as `python -m tests.docs.generate`, or `make docs`, and read the difference before you commit it.
"""

import csv
import inspect
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

import gapcalc.definitions
from gapcalc import errors
from gapcalc.cli import app
from gapcalc.definitions import (
    AggregateLayout,
    Dimension,
    Measure,
    PupilLayout,
    Scale,
    TidyLayout,
    dimensions,
    key_stages,
    layouts,
    measures,
    scales,
)
from gapcalc.definitions.schema import GroupSource, Numbers, Part
from gapcalc.harmonise.aggregate import TOGETHER
from gapcalc.present.known import schema_of
from tests.docs import strategy_pages
from tests.docs.examples import ROOT, manual, renewed

REFERENCE = ROOT / "docs" / "reference"
DEFINITIONS = Path(inspect.getfile(gapcalc.definitions)).parent
WIDTH = 100


def pages() -> dict[Path, str]:
    """Every reference page and its text."""
    made = {
        "measures.md": _measures(),
        "groups.md": _groups(),
        "layouts.md": _layouts(),
        "errors.md": _errors(),
        "cli.md": _cli(),
        "lint.md": strategy_pages.lint(),
        "strategies.md": strategy_pages.strategies(),
    }
    texts = {REFERENCE / name: "\n".join(lines) + "\n" for name, lines in made.items()}
    schemas = ("results", "verdicts", "cohort", "sensitivity", "audit", "layout", "strategy")
    return texts | {REFERENCE / f"{what}.schema.json": schema_of(what) for what in schemas}


def _head(title: str, source: str) -> list[str]:
    return [f"<!-- Made by `make docs` from {source}: change that, not this page. -->", f"# {title}", ""]


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [heading, ["---"] * len(heading), *rows]
    return [*("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines), ""]


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _measures() -> Iterator[str]:
    yield from _head("Measures", "`src/gapcalc/definitions/measures.toml`")
    yield "What gapcalc can measure at each key stage, and which column of a pupil file it reads. A *share* is the"
    yield "proportion of pupils who reach a standard; where a measure reads several columns, a pupil reaches it by"
    yield "reaching all of them. Years are academic years; a blank means no limit."
    yield ""
    for stage in key_stages().values():
        yield f"## {stage.label}"
        yield ""
        yield f"In files: {_code(stage.codes)}. On the command line: `{stage.id}`."
        yield ""
        rows = [_measure_row(one) for one in measures().values() if one.key_stage == stage.id]
        yield from _table(("measure", "what it is", "kind", "from", "to", "columns", "source"), rows)
    yield "## Scales"
    yield ""
    yield "How results are written in a pupil file. Capitals and space around a code do not matter. A blank cell is no"
    yield "result: the pupil does not count, unless another subject of the same standard was missed. Anything that is"
    yield "not listed is an error, so that nobody drops out unseen."
    yield ""
    rows = [_scale_row(id, one) for id, one in scales().items()]
    yield from _table(("scale", "lowest to highest", "counts, not reached", "does not count", "source"), rows)


def _measure_row(measure: Measure) -> list[str]:
    columns = "; ".join(_part_words(part) for part in measure.parts)
    kind = "share" if measure.kind == "proportion" else "mean score"
    name, first, last = f"`{measure.id}`", measure.first or "", measure.last or ""
    return [name, measure.label, kind, first, last, columns, measure.source]


def _part_words(part: Part) -> str:
    return f"`{part.column}` as {part.scale}" + (f", `{part.at_least}` or above" if part.at_least else "")


def _scale_row(id: str, scale: Scale) -> list[str]:
    steps = [(step,) if isinstance(step, str) else step for step in scale.order]
    order = _numbers_words(scale.numbers) if scale.numbers else " < ".join(_code(step) for step in steps)
    return [id, order, _code(scale.not_met), _code(scale.no_result), scale.source]


def _numbers_words(numbers: Numbers) -> str:
    places = f", up to {numbers.decimals} decimals" if numbers.decimals else ", whole"
    return f"{numbers.lowest} to {numbers.highest}{places}"


def _groups() -> Iterator[str]:
    yield from _head("Groups", "`src/gapcalc/definitions/dimensions.toml` and `codes/*.csv`")
    yield "Who is set against whom. The groups of a dimension, `unknown` included, add up to all pupils. A gap is taken"
    yield "for each focus group; the reference group is its peers. With `--reference all` it is all pupils instead."
    yield ""
    yield "An intersection of dimensions is written `fsm:sen` on the command line and `fsm x sen` in files. Each of its"
    yield "combinations is a focus group, but for the one of references alone, against which they are set."
    yield ""
    for dimension in dimensions().values():
        yield f"## {dimension.label} (`{dimension.id}`)"
        yield ""
        roles = {dimension.reference: "reference"} | dict.fromkeys(dimension.focus, "focus")
        rows = [(f"`{id}`", label, roles.get(id, "neither")) for id, label in dimension.groups.items()]
        yield from _table(("group", "what it is", "role"), rows)
        yield from (dimension.notes, "") if dimension.notes else ()
        yield "In a pupil file, the first of these that tells wins; a pupil whom none tells is `unknown`:"
        yield ""
        yield from (f"{place}. {_source_words(one)}" for place, one in enumerate(dimension.source, 1))
        yield ""
        yield from _pools_words(dimension)
    yield "## Code lists"
    yield ""
    yield "Capitals and space around a code do not matter. A pupil whose code is not listed counts as `unknown`, with a"
    yield "warning that says in which rows, or an error with `--strict`. A code outside the academic years in which it"
    yield "was in use is read as what it means, with a warning."
    yield ""
    for file in sorted((DEFINITIONS / "codes").glob("*.csv")):
        if file.name != "areas.csv":  # `gapcalc list areas` shows them
            yield from _code_list(file)


def _source_words(source: GroupSource) -> str:
    words = source.words
    if source.at_least is not None:
        above, below = (f"is `{words[end]}`" if end in words else "does not tell" for end in ("reached", "below"))
        return f"`{source.column}`: {source.at_least} or more {above}, less {below}"
    if source.codes is None:
        return f"`{source.column}`"
    told = f"code list {source.codes}"
    if not words:
        return f"`{source.column}`: {told}, column {source.word_column}"
    return f"`{source.column}`: {told}, " + ", ".join(f"{word} is `{group}`" for word, group in words.items())


def _pools_words(dimension: Dimension) -> Iterator[str]:
    if dimension.pools:
        sums = [f"`{group}` is `{' + '.join(finer)}`" for group, finer in dimension.pools.groups.items()]
        yield f"Where an aggregate has `{dimension.pools.finer}` and not this: {'; '.join(sums)}."
        yield ""


def _code_list(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    yield f"### {file.stem}"
    yield ""
    sources = dict.fromkeys(row.pop("source") for row in rows)
    yield from _table(list(rows[0]), ([f"`{row['code']}`", *list(row.values())[1:]] for row in rows))
    yield f"Source: {'; '.join(sources)}."
    yield ""


def _layouts() -> Iterator[str]:
    yield from _head("Layouts", "`src/gapcalc/definitions/layouts/*.toml`")
    yield "How families of files name their columns. A file is recognised by its header: it must fit one layout alone."
    yield "In pupil and tidy files, case, spaces and punctuation of a header do not matter; where a pupil file has"
    yield "several of the headers of a column, an earlier one here goes before, row by row. Columns that a layout does"
    yield "not name are not used, and `gapcalc validate` lists them. Fields are separated by commas, semicolons, tabs"
    yield "or bars; the text is UTF-8, UTF-16 or, with a warning, cp1252. For a family that is not here, see"
    yield "[a new kind of file](../how-to/a-new-kind-of-file.md)."
    yield ""
    for layout in layouts().values():
        yield f"## {layout.label} (`{layout.id}`)"
        yield ""
        yield f"Shape: {layout.shape}. Needs: {_code(layout.requires)}."
        yield from (f"Has none of: {_code(layout.without)}.",) if layout.without else ()
        yield from (f"Source: {layout.source}.",) if layout.source else ()
        yield ""
        if isinstance(layout, AggregateLayout):
            yield from _aggregate(layout)
        elif isinstance(layout, (PupilLayout, TidyLayout)):
            yield from _named_columns(layout)
        if isinstance(layout, (TidyLayout, AggregateLayout)):
            yield "Where a cell has no figure:"
            yield ""
            yield from _table(("symbol", "meaning"), ((f"`{one}`", why) for one, why in layout.symbols.items()))
        yield from (f"- {note}" for note in layout.notes)
        yield from ("",) if layout.notes else ()


def _named_columns(layout: PupilLayout | TidyLayout) -> Iterator[str]:
    columns = layout.columns
    if isinstance(layout, PupilLayout):
        if like := layouts().get(layout.like or ""):
            assert isinstance(like, PupilLayout)
            yield f"Like `{like.id}`, but for what is said here."
            columns = {id: names for id, names in columns.items() if names != like.columns[id]}
        fixed = [f"`{name}` is always {text}" for name, text in layout.fixed.items()]
        fixed += [f"only rows with {_code(words)} in `{name}`, if it is there" for name, words in layout.keep.items()]
        fixed += [f"taken off a header: `{pattern}`" for pattern in layout.strip if not layout.like]
        yield from ("", *(f"- {one}" for one in fixed), "") if fixed else ("",)
    yield from (
        _table(("column", "headers"), ((f"`{id}`", _code(names)) for id, names in columns.items())) if columns else ()
    )


def _aggregate(layout: AggregateLayout) -> Iterator[str]:
    period = layout.period
    yield f"The year: {period.fixed or (f'column `{period.column}`' if period.column else 'in the name of the file')}"
    yield f"{f', a single year is the {period.single_year} of the school year' if period.single_year else ''}."
    yield ""
    rows = [("filter", TOGETHER.join(f"`{name}`" for name in one.columns[0]), words, groups)
            for one in layout.filters for words, groups in one.groups.items()]  # fmt: skip
    if layout.measures:
        column = f"`{layout.measures.column}`"
        rows += [
            ("code", column, code, {"measure": f"{one.key_stage} {one.measure}"} | one.groups)
            for code, one in layout.measures.codes.items()
        ]
    for cell in layout.cells:
        headers = [*cell.pupils, *cell.total, *cell.value]
        rows.append(("figures", _code(headers), "", {"measure": f"{cell.key_stage} {cell.measure}"} | cell.groups))
    if layout.named_cells:
        named = layout.named_cells
        rows.append(("column name", f"`{named.column}`".replace("|", "\\|"), "", {}))
        rows += [("part of it", "pupils", text, groups) for text, groups in named.pupils.items()]
        rows += [
            ("part of it", "figure", text, {"measure": f"{named.key_stage} {id}"})
            for text, id in (named.totals | named.values).items()
        ]
        rows += [
            ("part of it", part, text, groups) for part, one in named.parts.items() for text, groups in one.items()
        ]
    meanings = [
        (kind, place, f"`{text}`" if text else "", ", ".join(f"{id}: `{group}`" for id, group in groups.items()))
        for kind, place, text, groups in rows
    ]
    yield from _table(("what", "where", "text", "meaning"), ((*row[:3], row[3] or "all pupils") for row in meanings))


def _errors() -> Iterator[str]:
    yield from _head("Errors", "`src/gapcalc/errors.py`")
    yield "What can go wrong, and with which exit code the program then ends. A message says what, where (file, column,"
    yield "how many rows and the first of them) and what to try. It never holds the content of a cell."
    yield ""
    yield "Exit codes 1 and 5 are no errors, but findings: of `validate` (1: errors in a file), `audit` (1: a count is"
    yield "given away; 5: what is printed contradicts itself) and `check-targets` (1: a target is missed; 5: nothing"
    yield "can be said)."
    yield ""
    kinds = [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, errors.GapcalcError)]
    for kind in kinds:
        if kind is not errors.GapcalcError and kind.__base__ is errors.GapcalcError:
            yield f"## Exit code {kind.exit_code}: {kind.__name__}"
            yield ""
            yield inspect.getdoc(kind) or ""
            yield ""
            rows = [(one.__name__, inspect.getdoc(one) or "") for one in kinds if one.__base__ is kind]
            yield from _table(("error", "when"), rows) if rows else ()
    yield "Anything else is a fault of gapcalc: exit code 70, with the place in the code and without the message, which"
    yield "might quote a pupil's data."


def _cli() -> Iterator[str]:
    yield from _head("The command line", "`src/gapcalc/cli/`")
    root: Any = get_command(app)
    for path in ([], *_commands(root)):
        yield f"## {' '.join(['gapcalc', *path])}"
        yield ""
        yield "```text"
        yield _help(path)
        yield "```"
        yield ""


def _commands(group: Any, above: tuple[str, ...] = ()) -> Iterator[list[str]]:
    for name, command in group.commands.items():
        yield [*above, name]
        yield from _commands(command, (*above, name)) if hasattr(command, "commands") else ()


def _help(path: Sequence[str]) -> str:
    result = CliRunner().invoke(
        app,
        [*path, "--help"],
        prog_name="gapcalc",
        env={"TERM": "dumb"},
        terminal_width=WIDTH,
        max_content_width=WIDTH,
    )
    if result.exit_code:
        raise RuntimeError(f"--help of {' '.join(path)} ends with {result.exit_code}")
    return "\n".join(line.rstrip() for line in result.output.splitlines()).strip()


def main() -> None:
    """Write what has changed."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        _write(path, text)
    for path in manual():
        _write(path, renewed(path))


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
