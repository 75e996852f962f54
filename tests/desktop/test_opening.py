"""The first frame: it waits for nothing that it does not show, looks like the window, and opens once a profile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.opening import Opening
from desktop.settings import Settings
from desktop.single_instance import SingleInstance
from ui import theme

ROOT = Path(__file__).parents[2]
FIRST_PAINT = """
import sys
from desktop import __main__ as program

def watched(places, settings, typed, verbose=False):
    from PySide6 import QtCore, QtWidgets
    from desktop.opening import run

    class Painted(QtCore.QObject):
        def eventFilter(self, watched, event):
            if event.type() == QtCore.QEvent.Type.Paint and watched.isWindow():
                print(type(watched).__name__, "Qt" in vars(QtCore), *sorted(sys.modules))
                sys.stdout.flush()
                import os
                os._exit(0)
            return False

    app = QtWidgets.QApplication([])
    watcher = Painted()
    app.installEventFilter(watcher)
    return run(places, settings, typed)

program._open_window = watched
program.main(["--data-dir", sys.argv[1]])
"""
LATER = (
    "babel",
    "dataclasses",
    "desktop.app",
    "desktop.logs",
    "hashlib",
    "models",
    "msgspec",
    "PySide6.QtPrintSupport",
    "PySide6.QtSvg",
    "reportlab",
    "requests",
    "sqlalchemy",
    "sync",
    "ui.shell",
    "ui.style_sheet",
)


def test_the_first_frame_waits_for_nothing_that_it_does_not_show(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    painted, named_qt, *modules = answer.stdout.split()
    assert painted == "Opening"
    assert not set(LATER) & set(modules)
    assert named_qt == "False", "naming Qt makes a hundred enumerations before the first paint"


def test_the_frame_has_the_colours_and_letters_of_the_window(qapp: QApplication) -> None:
    for scheme in (theme.Scheme.LIGHT, theme.Scheme.DARK, theme.Scheme.SYSTEM):
        theme.apply(qapp, scheme)
        window = (theme.tokens(), qapp.palette().window().color(), qapp.font())
        theme.prepare(qapp, scheme)
        assert (theme.tokens(), qapp.palette().window().color(), qapp.font()) == window
    theme.apply(qapp, theme.Scheme.LIGHT)


def test_the_name_stands_in_the_middle_of_the_frame(qtbot: QtBot, tmp_path: Path) -> None:
    frame = Opening(Settings(tmp_path / "settings.json"))
    qtbot.addWidget(frame)
    for width, height in ((900, 500), (1300, 850)):
        frame.resize(width, height)
        frame.show()
        qtbot.waitUntil(lambda width=width: frame.width() == width)
        middle = frame._name.geometry().center()
        assert abs(middle.x() - width // 2) <= 1
        assert abs(middle.y() - height // 2) <= 1


def test_a_second_start_of_the_same_profile_hands_its_arguments_to_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first, second, other = (SingleInstance(tmp_path / name) for name in ("one", "one", "two"))
    assert not first.hand_over([])
    assert first.listen()
    with qtbot.waitSignal(first.started_again) as told:
        assert second.hand_over(["invoice", "Қ"])
    assert told.args == [["invoice", "Қ"]]
    assert not other.hand_over([])
