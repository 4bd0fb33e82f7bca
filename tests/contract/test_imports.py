"""The house stays as it was drawn: who may import whom, where the environment is read, and how long anything may get."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
PACKAGES = ("bot", "knowledge", "evals", "playground", "tuning")
EDGES = {  # the six places where a broad except may stand
    "bot/__main__.py": "main",
    "bot/channels/slack/listeners.py": "Bolt's error handler",
    "bot/tasks.py": "the task registry",
    "bot/channels/slack/socket_mode.py": "the socket watchdog",
    "knowledge/reading/__main__.py": "the parser child",
    "knowledge/connectors/reader.py": "readers that others wrote",
}
HEAVY = ("llama_index", "chromadb", "onnxruntime", "tantivy", "slack_bolt", "slack_sdk", "openai", "pdfplumber", "sqlalchemy", "aiohttp")
HEAVY_TOO = ("numpy", "rich", "yaml", "evals", "cryptography")
LONGEST_FILE, LONGEST_FUNCTION = 300, 60
WITNESS = """
import sys
sys.path.insert(0, sys.argv[1])
from bot.__main__ import main
try:
    main(sys.argv[2:])
except SystemExit:
    pass
print("LOADED", *sys.modules)
"""


@cache
def _modules() -> tuple[tuple[str, ast.Module], ...]:
    files = sorted(file for package in PACKAGES for file in (HOME / package).rglob("*.py"))
    return tuple((file.relative_to(HOME).as_posix(), ast.parse(file.read_text(encoding="utf-8"))) for file in files)


def _nodes() -> Iterator[tuple[str, ast.AST]]:
    return ((name, node) for name, tree in _modules() for node in ast.walk(tree))


def test_imports_go_one_way() -> None:
    linter = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=HOME, capture_output=True, text=True, check=False
    )

    assert linter.returncode == 0, linter.stdout + linter.stderr


def test_the_environment_is_read_in_one_file() -> None:
    found = {
        name
        for name, node in _nodes()
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "getenvb"))
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and {"environ", "getenv"} & {one.name for one in node.names})
    }

    assert found == {"bot/settings.py"}


def test_a_broad_except_stands_at_the_six_edges_only() -> None:
    found = {name for name, node in _nodes() if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _raises_again(node)}

    assert found <= EDGES.keys()
    assert "bot/__main__.py" in found


def test_no_exception_is_swallowed_by_suppress() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, node in _nodes()
        if isinstance(node, ast.Call)
        and _called(node.func) == "suppress"
        and any(_called(one) in ("Exception", "BaseException") for one in node.args)
    ]

    assert not found


def test_files_and_functions_stay_short() -> None:
    long_files = [name for name, _ in _modules() if len((HOME / name).read_text(encoding="utf-8").splitlines()) > LONGEST_FILE]
    long_functions = [
        f"{name}: {node.name}"
        for name, node in _nodes()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]

    assert long_files == []
    assert long_functions == []


def test_every_module_begins_with_a_sentence() -> None:
    without = [name for name, tree in _modules() if not ast.get_docstring(tree)]

    assert without == []


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["settings"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    # -I: not what a site or a test puts on the path, only what our own imports bring.
    shown = subprocess.run([sys.executable, "-I", "-c", WITNESS, str(HOME), *arguments], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in shown.stdout.rpartition("LOADED")[2].split()}

    assert "bot" in loaded
    assert not loaded & {*HEAVY, *HEAVY_TOO}


def _is_broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is None or _called(one) in ("Exception", "BaseException") for one in caught)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Cleaning up and passing the same exception on hides nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _called(node: ast.AST | None) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
