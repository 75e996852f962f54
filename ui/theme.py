"""Colours, type and spacing of the program: one table of tokens, from which palette, style sheet and icons are made.

No other module names a colour or a pixel. ``apply`` sets the whole application; ``tokens()`` is what painters read;
``grid(n)`` is ``n`` steps of the four-unit grid in the size of the font in use, so everything grows with the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from resources import FOLDER


class Tokens(NamedTuple):  # quicker made than a dataclass: the first paint waits for it
    """Colours by what they mean, as ``#rrggbb``. Every text colour reads at 4.5 : 1 or better on surface and raised."""

    surface: str  # behind pages
    raised: str  # cards, tables, fields
    sunken: str  # the rail and the status line
    line: str  # hairlines between things
    edge: str  # borders of what can be operated: 3 : 1 on raised
    text: str
    muted: str
    accent: str
    on_accent: str  # text on accent
    accent_soft: str  # behind the chosen row or screen
    positive: str
    positive_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    pending: str  # waiting to be sent, everywhere the same
    pending_soft: str
    hover: str


class Scheme(StrEnum):
    """What a person may choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


LIGHT: Final = Tokens(
    surface="#f4f6f6",
    raised="#ffffff",
    sunken="#e9eeee",
    line="#dbe2e2",
    edge="#7d8b8c",
    text="#16201f",
    muted="#536061",
    accent="#0b6468",
    on_accent="#ffffff",
    accent_soft="#d9ecec",
    positive="#1c6b3c",
    positive_soft="#e1f2e7",
    warning="#855000",
    warning_soft="#fcf0d8",
    danger="#ab1f2b",
    danger_soft="#fbe6e6",
    pending="#62459f",
    pending_soft="#eee9f8",
    hover="#eaf1f1",
)
DARK: Final = Tokens(
    surface="#141a1b",
    raised="#1c2425",
    sunken="#101516",
    line="#303b3c",
    edge="#708081",
    text="#e8eeee",
    muted="#a5b3b4",
    accent="#5cc4c2",
    on_accent="#062223",
    accent_soft="#17393a",
    positive="#7ccb97",
    positive_soft="#19331f",
    warning="#e8b45c",
    warning_soft="#382b12",
    danger="#f5918f",
    danger_soft="#3f2022",
    pending="#bda6f2",
    pending_soft="#2b2542",
    hover="#253031",
)
CONTRAST: Final = Tokens(
    surface="#ffffff",
    raised="#ffffff",
    sunken="#ffffff",
    line="#000000",
    edge="#000000",
    text="#000000",
    muted="#2b2b2b",
    accent="#00474a",
    on_accent="#ffffff",
    accent_soft="#d0f0f0",
    positive="#004d1f",
    positive_soft="#ffffff",
    warning="#5c3300",
    warning_soft="#ffffff",
    danger="#8a0010",
    danger_soft="#ffffff",
    pending="#3c1d80",
    pending_soft="#ffffff",
    hover="#e4f4f4",
)


class Size(StrEnum):
    """The four sizes of type."""

    SMALL = "small"
    BODY = "body"
    HEADING = "heading"
    TITLE = "title"


FAMILY: Final = "IBM Plex Sans"
FONTS: Final = FOLDER / "fonts"
STYLES: Final = ("Regular", "SemiBold", "Bold")
_POINTS: Final = {Size.SMALL: 9.0, Size.BODY: 10.0, Size.HEADING: 12.5, Size.TITLE: 18.0}
TEXT_SCALES: Final = (90, 100, 115, 130, 150)

_tokens = LIGHT
_scale = 1.0
_loaded: set[str] = set()  # styles of the family that Qt knows


def tokens() -> Tokens:
    """Return the colours in force."""
    return _tokens


def color(token: str) -> QColor:
    """Return the colour of a token by its name."""
    return QColor(getattr(_tokens, token))


def font(size: Size = Size.BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the program's font at a size; figures are tabular, so columns of money stay straight."""
    result = QFont(FAMILY)
    result.setPointSizeF(_POINTS[size] * _scale)
    result.setWeight(weight)
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return result


def text_scale() -> float:
    """Return the size of text that the person chose; 1.0 is the ordinary one."""
    return _scale


@lru_cache(maxsize=8)
def _height(scale: float) -> float:
    return QFontMetricsF(font()).height()


def grid(steps: float) -> int:
    """Return ``steps`` of the four-unit grid in pixels: a line of text is a little more than four steps high."""
    return max(1, round(steps * _height(_scale) / 4.4))


def window_size() -> QSize:
    """Return the size of a window that nobody has sized yet: the widest table stands in it without scrolling."""
    return QSize(grid(334), grid(190))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours. Source: WCAG 2.2, 1.4.3."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def load_fonts(styles: Sequence[str] = STYLES) -> None:
    """Make the bundled family known to Qt, each style once a program; a missing file raises OSError."""
    if _loaded and FAMILY not in QFontDatabase.families():
        _loaded.clear()  # of an application that ended
    for style in styles:
        if style in _loaded:
            continue
        data = (FONTS / f"IBMPlexSans-{style}.ttf").read_bytes()
        if QFontDatabase.addApplicationFontFromData(data) < 0:
            raise OSError(f"the font IBM Plex Sans {style} cannot be loaded")
        _loaded.add(style)


def tokens_for(scheme: Scheme) -> Tokens:
    """Return the tokens of a scheme; ``SYSTEM`` follows the desktop."""
    if scheme is Scheme.SYSTEM:
        from PySide6.QtCore import Qt  # naming it is dear: not before the first paint

        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK, Scheme.CONTRAST: CONTRAST}[scheme]


def apply(app: QApplication, scheme: Scheme = Scheme.SYSTEM, scale_percent: int = 100) -> None:
    """Give the application its style, palette, font and style sheet. Views that paint icons are rebuilt afterwards."""
    from ui import style_sheet  # not before the first paint

    load_fonts()
    _wear(app, tokens_for(scheme), scale_percent)
    app.setStyleSheet(style_sheet.build(_tokens._asdict(), grid))


def prepare(app: QApplication, scheme: Scheme = Scheme.SYSTEM) -> None:
    """Give the application what an empty frame needs: style, palette and the plain font; ``apply`` does the rest.

    Where the desktop's own palette is dark, it wants dark windows: asking for its scheme would take longer.
    """
    if scheme is Scheme.SYSTEM:
        scheme = Scheme.DARK if app.palette().window().color().lightness() < 128 else Scheme.LIGHT
    load_fonts(STYLES[:1])
    _wear(app, tokens_for(scheme), 100)


def _wear(app: QApplication, chosen: Tokens, scale_percent: int) -> None:
    global _tokens, _scale
    _height.cache_clear()  # what was measured before the fonts came is wrong
    _tokens = chosen
    _scale = scale_percent / 100
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(_palette(_tokens))


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for part, value in (
        (role.Window, t.surface),
        (role.WindowText, t.text),
        (role.Base, t.raised),
        (role.AlternateBase, t.surface),
        (role.Text, t.text),
        (role.PlaceholderText, t.muted),
        (role.Button, t.raised),
        (role.ButtonText, t.text),
        (role.BrightText, t.danger),
        (role.Highlight, t.accent),
        (role.HighlightedText, t.on_accent),
        (role.ToolTipBase, t.raised),
        (role.ToolTipText, t.text),
        (role.Link, t.accent),
        (role.LinkVisited, t.accent),
        (role.Accent, t.accent),
        (role.Light, t.raised),
        (role.Midlight, t.sunken),
        (role.Mid, t.line),
        (role.Dark, t.edge),
        (role.Shadow, t.edge),
    ):
        palette.setColor(part, QColor(value))
    for part in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(t.muted))
    return palette
