"""The small style sheet that the tokens are poured into; only what palette and Fusion cannot say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Template
from typing import Final

from resources import FOLDER

_SHEET: Final = Template("""
QToolTip { color: $text; background: $raised; border: 1px solid $edge; padding: ${g1}px; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="positive"] { color: $positive; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="pending"] { color: $pending; }
QFrame[part="card"] { background: $raised; border: 1px solid $line; border-radius: ${g2}px; }
QFrame[part="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[part="banner"] { border-radius: ${g1}px; border: 1px solid $line; background: $raised; }
QFrame[part="banner"][tone="accent"] { background: $accent_soft; border-color: $accent; }
QFrame[part="banner"][tone="positive"] { background: $positive_soft; border-color: $positive; }
QFrame[part="banner"][tone="warning"] { background: $warning_soft; border-color: $warning; }
QFrame[part="banner"][tone="danger"] { background: $danger_soft; border-color: $danger; }
QFrame[part="banner"][tone="pending"] { background: $pending_soft; border-color: $pending; }
QFrame[part="ribbon"] { border: none; border-radius: ${g1}px; background: $warning_soft; }
QFrame[part="ribbon"][tone="pending"] { background: $pending_soft; }
QFrame[part="ribbon"][tone="danger"] { background: $danger_soft; }
QFrame[part="ribbon"][tone="accent"] { background: $accent_soft; }
QLabel[part="chip"] { border-radius: ${g2}px; padding: ${gh}px ${g2}px; background: $sunken; color: $muted; }
QLabel[part="chip"][tone="accent"] { background: $accent_soft; color: $accent; }
QLabel[part="chip"][tone="positive"] { background: $positive_soft; color: $positive; }
QLabel[part="chip"][tone="warning"] { background: $warning_soft; color: $warning; }
QLabel[part="chip"][tone="danger"] { background: $danger_soft; color: $danger; }
QLabel[part="chip"][tone="pending"] { background: $pending_soft; color: $pending; }
QPushButton, QToolButton[part="button"] {
  background: $raised; color: $text; border: 1px solid $edge; border-radius: ${g1}px;
  padding: ${gh}px ${g3}px; min-height: ${g6}px;
}
QPushButton:hover, QToolButton[part="button"]:hover { background: $hover; }
QPushButton:pressed, QToolButton[part="button"]:pressed { background: $accent_soft; }
QPushButton:focus, QToolButton[part="button"]:focus { border: 2px solid $accent; padding: ${ghm}px ${g3m}px; }
QPushButton:disabled, QToolButton[part="button"]:disabled { color: $muted; background: $surface; border-color: $line; }
QPushButton:checked { background: $accent_soft; color: $accent; border-color: $accent; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { border-color: $text; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $muted; border-color: $line; }
QPushButton[kind="danger"] { color: $danger; border-color: $danger; }
QPushButton[kind="danger"]:disabled { color: $muted; border-color: $line; }
QPushButton[kind="link"] {
  background: transparent; border: 1px solid transparent; color: $accent; padding: ${gh}px ${gq}px; text-align: left;
}
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 1px solid $accent; }
QPushButton[kind="link"]:disabled { color: $muted; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; padding: ${gh}px ${g2}px; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus { border: 2px solid $accent; padding: ${ghm}px ${g2m}px; }
QPushButton[kind="quiet"]:checked { background: $accent_soft; color: $accent; }
QPushButton[kind="search"] { text-align: left; color: $muted; border-color: $line; background: $surface; }
QPushButton[kind="search"]:focus { border: 2px solid $accent; }
QToolButton { border: 1px solid transparent; border-radius: ${g1}px; padding: ${g1}px; color: $text;
  background: transparent; }
QToolButton:hover { background: $hover; }
QToolButton:focus { border: 2px solid $accent; padding: ${g1m}px; }
QToolButton:checked { background: $accent_soft; color: $accent; }
QToolButton:disabled { color: $muted; }
QToolButton::menu-indicator { image: none; }
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox {
  background: $raised; color: $text; border: 1px solid $edge; border-radius: ${g1}px;
  padding: ${gh}px ${g2}px; selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QAbstractSpinBox { min-height: ${g6}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus {
  border: 2px solid $accent; padding: ${ghm}px ${g2m}px;
}
QLineEdit:disabled, QPlainTextEdit:disabled { background: $surface; color: $muted; border-color: $line; }
QLineEdit[readOnly="true"] { background: $surface; border-color: $line; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] { border: 2px solid $danger; padding: ${ghm}px ${g2m}px; }
QComboBox {
  background: $raised; color: $text; border: 1px solid $edge; border-radius: ${g1}px;
  padding: ${gh}px ${g2}px; min-height: ${g6}px;
}
QComboBox:focus { border: 2px solid $accent; padding: ${ghm}px ${g2m}px; }
QComboBox:disabled { background: $surface; color: $muted; border-color: $line; }
QComboBox::drop-down { border: none; width: ${g6}px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView {
  background: $raised; color: $text; border: 1px solid $edge; padding: ${gh}px;
  selection-background-color: $accent_soft; selection-color: $text; outline: none;
}
QListView { background: $raised; border: 1px solid $line; border-radius: ${g1}px; outline: none; }
QListView::item { padding: ${g1}px ${g2}px; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $accent_soft; color: $text; }
QListView:focus { border: 2px solid $accent; }
QTableView {
  background: $raised; alternate-background-color: $raised; color: $text; border: 1px solid $line;
  border-radius: ${g1}px; gridline-color: $line; selection-background-color: $accent_soft; selection-color: $text;
  outline: none;
}
QTableView:focus { border: 1px solid $accent; }
QTableView::item { padding: 0 ${g2t}px; border: none; border-bottom: 1px solid $line; }
QTableView::item:selected { background: $accent_soft; color: $text; }
QTableView::item:focus { border: 1px solid $accent; }
QTreeView { background: $raised; color: $text; border: 1px solid $line; border-radius: ${g1}px; outline: none; }
QTreeView:focus { border: 1px solid $accent; }
QTreeView::item { padding: 0 ${g2}px; border: none; }
QTreeView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: $raised; border: none; }
QHeaderView::section {
  background: $raised; color: $muted; border: none; border-bottom: 1px solid $edge;
  padding: ${g1}px ${g2}px; font-weight: 600;
}
QHeaderView::section:hover { color: $text; }
QTableCornerButton::section { background: $raised; border: none; }
QScrollArea { border: none; background: transparent; }
QFrame[part="rail"] QWidget { background: transparent; }
QWidget[part="scrolled"] { background: $surface; }
QMenu { background: $raised; color: $text; border: 1px solid $edge; padding: ${g1}px; }
QMenu::item { padding: ${g1}px ${g6}px ${g1}px ${g3}px; border-radius: ${gh}px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: ${g1}px; }
QProgressBar { background: $sunken; border: 1px solid $line; border-radius: ${gh}px; max-height: ${g2}px;
  min-height: ${gh}px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: ${gh}px; }
QTabBar::tab { background: transparent; color: $muted; padding: ${g2}px ${g3}px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $accent; border-bottom: 2px solid $accent; font-weight: 600; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { border: 1px solid $accent; border-bottom: 2px solid $accent; }
QTabWidget::pane { border: none; }
QTabBar { qproperty-drawBase: 0; }
QCheckBox, QRadioButton { spacing: ${g2}px; padding: ${gh}px; border: 1px solid transparent; border-radius: ${gh}px; }
QCheckBox:focus, QRadioButton:focus { border: 1px solid $accent; }
QCheckBox::indicator, QRadioButton::indicator {
  width: ${g3h}px; height: ${g3h}px; border: 1px solid $edge; background: $raised; border-radius: ${gh}px;
}
QRadioButton::indicator { border-radius: ${gr}px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $surface; border-color: $line; }
QScrollBar:vertical { background: transparent; width: ${g3}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${g3}px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: ${gh}px; margin: ${gq}px;
  min-height: ${g6}px; min-width: ${g6}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QFrame[part="rail"] { background: $sunken; border: none; }
QFrame[part="header"] { background: $raised; border: none; border-bottom: 1px solid $line; }
QFrame[part="status"] { background: $sunken; border: none; border-top: 1px solid $line; }
QFrame[part="rail"] QPushButton {
  background: transparent; border: 1px solid transparent; text-align: left; padding: ${g1}px ${g3}px;
  min-height: ${g7}px; color: $text; border-radius: ${g1}px;
}
QFrame[part="rail"] QPushButton[close="true"] { padding: 0 ${g3}px; }
QFrame[part="rail"] QPushButton:hover { background: $hover; }
QFrame[part="rail"] QPushButton:focus { border: 1px solid $accent; }
QFrame[part="rail"] QPushButton:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QFrame[part="popup"] { background: $raised; border: 1px solid $edge; }
QFrame[part="palette"] { background: $raised; border: 1px solid $edge; border-radius: ${g2}px; }
QFrame[part="toast"] { background: $raised; border: 1px solid $edge; border-radius: ${g2}px; }
QFrame[part="paper"] { background: $sunken; border: 1px solid $line; border-radius: ${g1}px; }
""")

_HIGH_CONTRAST: Final = Template("""
QLabel[part="chip"] { border: 1px solid $edge; padding: 0 ${g2}px; }
QLabel[part="chip"][tone="accent"] { border-color: $accent; background: $raised; }
QLabel[part="chip"][tone="positive"] { border-color: $positive; }
QLabel[part="chip"][tone="warning"] { border-color: $warning; }
QLabel[part="chip"][tone="danger"] { border-color: $danger; }
QLabel[part="chip"][tone="pending"] { border-color: $pending; }
QFrame[part="ribbon"] { border: 1px solid $warning; }
QFrame[part="ribbon"][tone="pending"] { border-color: $pending; }
QFrame[part="ribbon"][tone="danger"] { border-color: $danger; }
QFrame[part="ribbon"][tone="accent"] { border-color: $accent; }
QFrame[part="banner"] { border-width: 2px; }
QPushButton:checked, QPushButton[kind="quiet"]:checked, QToolButton:checked,
QFrame[part="rail"] QPushButton:checked { background: $accent; color: $on_accent; border: 1px solid $accent; }
QListView::item:selected, QTableView::item:selected, QTreeView::item:selected, QMenu::item:selected {
  border: 1px solid $accent; }
QTableView, QTreeView, QComboBox QAbstractItemView, QPushButton[kind="search"] { border-color: $edge; }
QFrame[part="rail"] { border-right: 1px solid $line; }
QLineEdit, QPlainTextEdit { placeholder-text-color: $muted; }
""")
"""What the shades of other schemes say is said by edges and by turning colours round."""


def build(tokens: Mapping[str, str], grid: Callable[[float], int]) -> str:
    """Return the application's style sheet for these tokens at the size of text in force."""
    steps = {f"g{n}": grid(n) for n in range(1, 9)}
    halves = {"gq": grid(0.25), "gh": grid(0.5), "g3h": grid(3.5), "gr": grid(3.5) // 2 + 1}
    halves["g2t"] = max(0, steps["g2"] - 3)  # Fusion adds its focus margin of three inside cells, not in headings.
    # A two-pixel focus edge takes one pixel from the padding, so nothing moves when focus comes.
    inner = {
        "g1m": max(0, steps["g1"] - 1),
        "g2m": max(0, steps["g2"] - 1),
        "g3m": max(0, steps["g3"] - 1),
        "ghm": max(0, halves["gh"] - 1),
    }
    # A style sheet draws no mark of its own and cannot tint one: the two that are needed are files.
    bright = sum(bytes.fromhex(tokens["on_accent"][1:])) > 3 * 127
    mark = FOLDER / "icons" / ("check-white.svg" if bright else "check-black.svg")
    sheets = [_SHEET, _HIGH_CONTRAST] if tokens["line"] == tokens["edge"] else [_SHEET]
    return "".join(sheet.substitute(tokens, **steps, **halves, **inner, check=mark.as_posix()) for sheet in sheets)
