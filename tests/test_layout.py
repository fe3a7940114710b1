"""The house: who may import whom, and where the outside may be touched."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "gapcalc"
LEAVES = {
    "model",
    "measured",
    "errors",
    "definitions",
    "intervals",
    "standing",
    "moves",
    "scales",
    "sides",
    "comparisons",
    "forms",
    "rows",
    "tally",
    "texts",
    "progress",
    "solver",
    "",
}
STEPS = {"read", "harmonise", "count", "protect", "rates", "gap", "rescale", "compare", "needs", "cohort", "validate"}
STEPS |= {"present", "pool"}
MAY_IMPORT = (
    {
        "release": {"model", "definitions", "comparisons", "results", "scales", "sides", ""},
        "results": {"model", ""},
        "cli": {"cli", "pipeline", "waist", "who_missed", "audit", "sensitivity", "present", "request", "streams", ""}
        | {"draft", "strategy", "errors", "check_targets", "earlier"},
        "missed": {"model", "definitions", "printed", "release", "results"},
        "printed": {"model"},
        "exposure": {"model", "results", ""},
        "main": {"cli", "errors", "present", "progress", "streams"},
        "__main__": {"main"},
        "__init__": set(),
    }
    | {
        "pipeline": {"asking"}
        | STEPS - {"present", "cohort"}
        | LEAVES
        | {"release", "results", "request", "figures", "gathered", "setting"},
        "request": LEAVES | {"harmonise", "pool", "wording"},
    }
    | {
        "figures": {"asking"}
        | STEPS - {"present", "gap", "rescale", "compare", "cohort"}
        | LEAVES
        | {"structure", "results", "request", "gathered", "known", "levels"}
    }
    | {"setting": {"compare", "figures", "gathered", "harmonise", "read", "request", "results"} | LEAVES}
    | {"sensitivity": {"choices", "figures", "gathered", "pipeline", "request", "setting"} | LEAVES}
    | {"choices": {"model", "release", "results", ""}}
    | {
        "who_missed": {"cohort", "figures", "gathered", "harmonise", "missed", "pipeline", "printed", "read", "request"}
        | {"protect"}
        | LEAVES
    }
    | {
        "waist": {
            "asking",
            "count",
            "figures",
            "gathered",
            "pipeline",
            "request",
            "release",
            "read",
            "harmonise",
            "protect",
        }
        | LEAVES
    }
    | {"asking": {"request"} | LEAVES}
    | {"gathered": {"harmonise", "pool", "request", "results", "structure"} | LEAVES}
    | {"levels": {"gathered", "request"} | LEAVES, "known": {"gathered", "kinds", "rates"} | LEAVES}
    | {
        "audit": {"attack", "exposure", "kinds", "missed", "read", "release", "results", "structure"} | LEAVES,
        "attack": {"attack", "structure", "kinds", "roles"} | LEAVES,
    }
    | {
        "locate": set(),
        "forms": {"intervals", "sides"},
        "check": LEAVES | {"check", "targets", "strategy", "verdicts"},
        "verdicts": {"model", "forms", "release", "results", "targets", ""},
        "earlier": {"errors", "read", "targets", "verdicts"},
        "check_targets": {
            "check",
            "earlier",
            "figures",
            "pipeline",
            "request",
            "setting",
            "strategy",
            "targets",
            "verdicts",
        }
        | {"gathered", "harmonise", "protect", "read", "verdicts"}
        | LEAVES,
        "targets": {"targets", "harmonise"} | LEAVES,
        "strategy": {"strategy", "targets", "locate", "read"} | LEAVES,
        "draft": {"figures", "gathered", "pipeline", "request", "harmonise", "targets"} | LEAVES,
    }
    | {step: LEAVES | {step} for step in STEPS}
    | {step: LEAVES | {step, "printed"} for step in ("harmonise", "cohort")}
    | {"protect": {"protect", "attack", "structure", "kinds", "roles"} | LEAVES}
    | {"structure": LEAVES | {"kinds", "roles"}, "roles": LEAVES | {"kinds"}, "kinds": LEAVES}
    | {
        "present": LEAVES
        | {"present", "release", "missed", "printed", "results", "exposure", "choices", "strategy", "streams"}
        | {"verdicts", "targets"},
        "streams": set(),
    }
    | {
        "errors": {"wording"},
        "wording": set(),
        "rows": set(),
        "progress": set(),
        "tally": {"definitions"},
        "texts": {"model"},
        "definitions": {"definitions", "errors"},
        "intervals": set(),
        "standing": set(),
        "moves": {"sides"},
        "sides": set(),
        "scales": set(),
        "solver": set(),
    }
    | {
        "model": {"definitions", "errors", "rows"},
        "measured": {"definitions", "model"},
        "comparisons": {"model", "definitions"},
    }
)
ONLY_IN = {
    "typer": {"cli"},
    "rich": {"present"},
    "pydantic": {"audit", "choices", "exposure", "missed", "results", "definitions", "targets", "strategy", "verdicts"},
    "pydantic_core": {"targets"},
    "duckdb": {"count"},
    "highspy": {"solver"},
    "scipy": {"protect", "attack", "intervals", "scales", "solver"},
    "csv": {"read", "present", "definitions"},
}
TOUCH = {"open", "print", "write_text", "write_bytes", "read_bytes", "fdopen", "mkstemp", "write"}
MAY_TOUCH = {"read", "present", "streams"}


def files() -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        yield room, path, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield node.module or ""


def test_rooms_import_only_what_comes_before_them() -> None:
    broken = []
    for room, path, tree in files():
        for name in imports(tree):
            parts = name.split(".")
            if parts[0] == "gapcalc":
                target = parts[1] if len(parts) > 1 else ""
                if target not in MAY_IMPORT[room]:
                    broken.append(f"{path.name} ({room}) imports {name}")
            elif room not in ONLY_IN.get(parts[0], {room}):
                broken.append(f"{path.name} ({room}) imports {name}")
    assert not broken


def called(node: ast.Call) -> str:
    """The last name of what is called: `open` and `Path.open` alike."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def test_only_read_present_and_streams_touch_the_outside() -> None:
    broken = [
        f"{path.name}:{node.lineno} calls {called(node)}"
        for room, path, tree in files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) in TOUCH and room not in MAY_TOUCH
    ]
    assert not broken


def test_only_protect_clears_counts() -> None:
    makers = {
        room
        for room, _, tree in files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "Cleared"
    }
    assert makers == {"protect"}


def test_files_stay_small() -> None:
    long = [path.name for _, path, _ in files() if len(path.read_text(encoding="utf-8").splitlines()) > 300]
    assert not long, "a file over 300 lines is asking to be two"
