"""Names from outside are text: on labels, in tool tips, and nowhere in the code is there another way (S1)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.ui.plain import PlainLabel, safe_text, set_tip

UI = Path(__file__).resolve().parents[2] / "console" / "ui"
MODULES = sorted(UI.rglob("*.py"))
RICH = {"setToolTip", "setHtml", "setWhatsThis", "setStatusTip", "insertHtml", "setTitle", "setMarkdown"}
WIDGETS = {"QLabel", "QMessageBox"}
WRAPPER = UI / "plain.py"
OWN_TEXT = {
    UI / "dialogs" / "manual.py",  # shows a file of ours in a browser that loads nothing
    UI / "dialogs" / "handover.py",  # Markdown with every text from outside escaped: test_handover holds it so
    UI / "export" / "vector_capture.py",  # the title field of a document: test_vector_capture holds it to be plain
    UI / "first_light.py",  # three words of its own, before PlainLabel can be afforded
}


def loose_calls(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = (*node.args, *(keyword.value for keyword in node.keywords))
        loose = [each for each in texts if not isinstance(each, ast.Constant)]
        if (name in RICH and loose) or name in WIDGETS:
            found.append(f"line {node.lineno}: {name}")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(UI)))
def test_s1_no_text_from_outside_reaches_a_rich_text_door(path: Path) -> None:
    if path == WRAPPER or path in OWN_TEXT:
        return
    assert not loose_calls(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("hostile", ["<b>bold</b>", "<img src='file:///etc/passwd'>", "&lt;", "a<br>b"])
def test_s1_a_tag_is_shown_and_not_obeyed(qtbot: QtBot, hostile: str) -> None:
    label = PlainLabel(hostile, elide=True)
    qtbot.addWidget(label)
    assert label.text() == hostile
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert "<b>" not in label.toolTip()
    assert "<img" not in label.toolTip()


def test_s1_direction_marks_and_control_characters_are_shown() -> None:
    assert safe_text("Georgia\u202e1") == "Georgia\\u202e1"
    assert safe_text("a\x07b") == "a\\u0007b"
    assert safe_text("Ağrı 1 · 30 °C") == "Ağrı 1 · 30 °C"


def test_an_empty_tip_is_no_tip(qtbot: QtBot) -> None:
    label = PlainLabel("x")
    qtbot.addWidget(label)
    set_tip(label, "")
    assert label.toolTip() == ""


def test_r57_a_narrow_label_is_elided_and_keeps_the_whole_text_in_its_tip(qtbot: QtBot) -> None:
    label = PlainLabel("a long name of a site that does not fit", elide=True)
    qtbot.addWidget(label)
    label.resize(60, 20)
    assert "does not fit" in label.toolTip()
    assert label.minimumSizeHint().width() == 0
