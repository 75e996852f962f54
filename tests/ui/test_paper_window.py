"""A paper in its own window: whole pages across, however many there are, until somebody chooses a size."""

from __future__ import annotations

import io

import pytest

from ui.family.pdf import PaperWindow

pytestmark = pytest.mark.usefixtures("speaks_english")


def paper(pages: int) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    for number in range(pages):
        canvas.drawString(100, 700, f"Page {number + 1}")
        canvas.showPage()
    canvas.save()
    return made.getvalue()


@pytest.mark.parametrize("pages", [1, 2])
def test_pages_open_without_scrolling_sideways(parent, settle, qtbot, pages):
    context = parent()
    window = PaperWindow(context, paper(pages), "Contract 7", "")
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.view.shown):
        window.show()
    bar = window.view._area.horizontalScrollBar()
    qtbot.waitUntil(lambda: len(window.view._pages) == pages and bar.maximum() == 0)
    assert window.view.zoom >= 75


def test_a_size_that_was_chosen_stays_when_the_window_changes(parent, settle, qtbot):
    context = parent()
    window = PaperWindow(context, paper(2), "Contract 7", "")
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.view.shown):
        window.show()
    window.view._larger.click()
    chosen = window.view.zoom
    window.resize(600, 600)
    settle(context)
    assert window.view.zoom == chosen
