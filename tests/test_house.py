"""Holds the house to its plan: sizes of rooms, one sentence at each door, colours in one place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "console").rglob("*.py"))
ALL_CODE = sorted(path for folder in ("console", "tests", "packaging") for path in (ROOT / folder).rglob("*.py"))
TOP_LEVEL = {"console", "resources", "tests", "packaging", "pyproject.toml", "README.md"}
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "common", "services", "misc"}
MOST_LINES, MOST_FUNCTION_LINES, MOST_CLASS_LINES, MEDIAN_FUNCTION_LINES = 400, 50, 250, 10
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b|QColor\(\s*\d|Qt\.(?:GlobalColor\.)?(?:white|black|red|green|blue|gray)\b")


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines_of(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("path", ALL_CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_room_is_too_large(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES, "split where a second idea lives inside"
    tree = ast.parse(text)
    long_functions = {node.name: lines_of(node) for node in functions(tree) if lines_of(node) > MOST_FUNCTION_LINES}
    assert not long_functions
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert not {node.name: lines_of(node) for node in classes if lines_of(node) > MOST_CLASS_LINES}


def test_functions_are_short_in_the_middle() -> None:
    sizes = sorted(lines_of(node) for path in MODULES for node in functions(ast.parse(path.read_text("utf-8"))))
    assert sizes[len(sizes) // 2] <= MEDIAN_FUNCTION_LINES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_knows(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert path.stem not in FORBIDDEN_NAMES
    assert path.parent.name not in FORBIDDEN_NAMES


def test_r4_colour_literals_live_in_the_theme_only() -> None:
    theme = ROOT / "console" / "ui" / "theme.py"
    found = {
        f"{path.relative_to(ROOT)}:{number}": line.strip()
        for path in MODULES
        if path != theme
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if COLOUR.search(line)
    }
    assert not found


def test_the_top_level_is_fixed() -> None:
    ignored = {"build", "dist"}
    here = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.name not in ignored}
    assert {name for name in here if not name.endswith(".egg-info")} <= TOP_LEVEL
