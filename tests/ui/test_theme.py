"""Tokens: contrast, the grid, and that no colour is named elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.kit import Button

TEXTS = ("text", "muted", "accent", "positive", "warning", "danger", "pending")
SOFT = ("accent", "positive", "warning", "danger", "pending")


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK, theme.CONTRAST], ids=["light", "dark", "contrast"])
def test_every_text_colour_reads_on_every_surface(tokens):
    for ground in ("surface", "raised", "sunken"):
        for text in TEXTS:
            ratio = theme.contrast(getattr(tokens, text), getattr(tokens, ground))
            assert ratio >= 4.5, f"{text} on {ground}: {ratio:.2f}"
    for name in SOFT:
        assert theme.contrast(getattr(tokens, name), getattr(tokens, f"{name}_soft")) >= 4.5, name
        assert theme.contrast(tokens.text, getattr(tokens, f"{name}_soft")) >= 4.5, name
    assert theme.contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert theme.contrast(tokens.text, tokens.accent_soft) >= 4.5
    assert theme.contrast(tokens.text, tokens.hover) >= 4.5
    assert theme.contrast(tokens.edge, tokens.raised) >= 3, "edges of what can be operated"


def test_no_colour_is_named_outside_the_tokens():
    named = re.compile(r"""["'(]#[0-9a-fA-F]{6}\b""")
    for path in Path("ui").rglob("*.py"):
        if path.name != "theme.py":
            assert not named.search(path.read_text("utf-8")), path


def test_the_bundled_family_has_the_letters_and_signs_of_all_languages(qapp):
    theme.apply(qapp, theme.Scheme.LIGHT)
    assert theme.FAMILY in QFontDatabase.families()
    metrics = QFontMetricsF(theme.font())
    for sign in "ӘәҒғҚқҢңӨөҰұҮүҺһІіҐґЄєЇїЁёЫы₸₴−–№«»³":
        assert metrics.inFontUcs4(ord(sign)), sign


def test_figures_are_of_one_width(qapp):
    theme.apply(qapp, theme.Scheme.LIGHT)
    metrics = QFontMetricsF(theme.font())
    assert len({round(metrics.horizontalAdvance(digit), 2) for digit in "0123456789"}) == 1


def test_the_grid_grows_with_the_text(qapp):
    theme.apply(qapp, theme.Scheme.LIGHT, 100)
    ordinary = theme.grid(10)
    theme.apply(qapp, theme.Scheme.LIGHT, 150)
    large = theme.grid(10)
    theme.apply(qapp, theme.Scheme.LIGHT, 100)
    assert large == pytest.approx(ordinary * 1.5, rel=0.06)


def test_an_act_of_danger_that_is_not_possible_looks_like_no_other_act(qtbot):
    theme.apply(QApplication.instance(), theme.Scheme.LIGHT)

    def reds(enabled: bool) -> int:
        button = Button("Revoke the voucher", kind="danger")
        qtbot.addWidget(button)
        button.setEnabled(enabled)
        image = button.grab().toImage()
        colours = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return sum(colour.red() > colour.green() + 60 for colour in colours)

    assert reds(enabled=True) > 50
    assert reds(enabled=False) == 0
