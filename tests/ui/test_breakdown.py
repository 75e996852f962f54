"""The breakdown of charges: the month, how each charge came about, the paper and the mailing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import translations
from models.contract.commands import SendDocument, SetMailing, SubmitReading
from models.contract.records import Mailing
from models.domain.period import Month
from models.domain.problems import Problem
from tests.samples import METER_KK, sample_view_kk, sample_view_uk
from tests.ui.resident import Item, World, english, said, unnamed, world
from ui.breakdown.table_model import BreakdownTree, Part
from ui.breakdown.view import BreakdownPage
from ui.breakdown.view_model import BreakdownModel
from ui.preview.view_model import free_path, freshness, safe_name
from ui.selection import Loaded, services_of

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def page_of(qtbot: QtBot, here: World) -> BreakdownPage:
    page = BreakdownPage(here.context, BreakdownModel(here.context, here.cabinet))
    page.resize(1100, 900)
    qtbot.addWidget(page)
    page.show()
    return page


def row(page: BreakdownPage, at: int) -> list[str]:
    model = page.tree_model
    return [str(model.index(at, part).data()).replace("\u00a0", " ") for part in Part]


def details(page: BreakdownPage, at: int) -> str:
    model = page.tree_model
    parent = model.index(at, 0)
    lines = [str(model.index(line, 0, parent).data()) for line in range(model.rowCount(parent))]
    return " ".join(lines).replace("\u00a0", " ")


def test_the_previous_month_is_shown_on_opening(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    assert page.period.month == Month(2024, 1)
    assert row(page, 0) == [
        "Water supply", "383.25 ₸", "677.88 ₸", "-", "-", "-", "72.63 ₸", "383.25 ₸", "677.88 ₸",
    ]  # fmt: skip
    assert row(page, 2)[0] == "Total"
    assert row(page, 2)[8] == "1,120.28 ₸"


def test_a_line_opens_by_keyboard_and_shows_volume_times_tariff(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    page.tree.setFocus()
    page.tree.setCurrentIndex(page.tree_model.index(0, 0))
    qtbot.keyClick(page.tree, Qt.Key.Key_Right)
    assert page.tree.isExpanded(page.tree_model.index(0, 0))
    text = details(page, 0)
    for part in ("13.45 m³ × 50.40 = 677.88 ₸", "01.01.2024–31.01.2024", "04518237", "R-BILL-1"):
        assert part in text


def test_all_lines_open_at_once(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    closed = page.tree.height()
    qtbot.mouseClick(page.open_all, Qt.MouseButton.LeftButton)
    assert page.tree.isExpanded(page.tree_model.index(1, 0))
    assert page.tree.height() > closed


def test_a_correction_says_why_and_columns_that_say_nothing_are_left_out(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    assert page.tree.header().isSectionHidden(Part.CORRECTION)
    page.period.step(-1)
    assert not page.tree.header().isSectionHidden(Part.CORRECTION)
    assert "Reason: Қарашадағы көлем нақтыланды" in details(page, 1)


def test_the_debt_has_the_providers_sign(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_uk()]))
    page.view_model.choose_month(Month(2023, 2))
    assert row(page, 4)[8] == "−3,298.80 ₴"


def test_payments_of_the_month_stand_below(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    assert [line.row.amount for line in page.payments_model.rows] == [38325, 61675]
    page.view_model.choose_month(Month(2023, 1))
    assert page.no_payments.isVisible()


def test_a_month_without_anything_says_so(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    page.view_model.choose_month(Month(2024, 2))
    assert "no charges and no payments" in page.nothing.text()


def test_the_paper_is_saved_whole_under_a_safe_name(qtbot: QtBot, tmp_path: Path) -> None:
    here = world([sample_view_kk()])
    here.paths.append(tmp_path / "paper.pdf")
    page = page_of(qtbot, here)
    with qtbot.waitSignal(page.view_model.document.saved):
        qtbot.mouseClick(page.paper_acts.download, Qt.MouseButton.LeftButton)
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    assert here.suggested == ["breakdown_123456_2024-01.pdf"]
    assert list(tmp_path.iterdir()) == [tmp_path / "paper.pdf"]
    assert here.toasts[0].startswith("Saved to")


def test_a_name_without_an_ending_never_overwrites_another_file(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_text("mine")
    here = world([sample_view_kk()])
    here.paths.append(tmp_path / "paper")
    page = page_of(qtbot, here)
    with qtbot.waitSignal(page.view_model.document.saved):
        qtbot.mouseClick(page.paper_acts.download, Qt.MouseButton.LeftButton)
    assert (tmp_path / "paper.pdf").read_text() == "mine"
    assert (tmp_path / "paper (2).pdf").read_bytes().startswith(b"%PDF")


def test_a_folder_that_cannot_be_written_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    here = world([sample_view_kk()])
    here.paths.append(tmp_path / "missing" / "paper.pdf")
    page = page_of(qtbot, here)
    with qtbot.waitSignal(page.view_model.document.failed):
        qtbot.mouseClick(page.paper_acts.download, Qt.MouseButton.LeftButton)
    assert "cannot be written" in page.paper_acts.note.label.text()


def test_the_preview_shows_the_paper(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    qtbot.mouseClick(page.paper_acts.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.paper_acts.window_shown is not None)
    window = page.paper_acts.window_shown
    assert window is not None
    assert window.view.data.startswith(b"%PDF")
    window.close()


def test_sending_by_mail_is_recorded_and_shown_as_waiting(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    page = page_of(qtbot, here)
    with qtbot.waitSignal(page.view_model.document.sent):
        qtbot.mouseClick(page.paper_acts.send, Qt.MouseButton.LeftButton)
    assert here.client.items[0].payload == SendDocument(
        account_id=101001, document="breakdown", language="en", period=202401
    )
    qtbot.waitUntil(lambda: "Waiting to be sent" in page.paper_acts.note.label.text())
    assert "aigul@example.org" in page.paper_acts.note.label.text()
    assert page.paper_acts.note.property("tone") == "pending"


def test_without_a_confirmed_address_nothing_is_recorded(qtbot: QtBot) -> None:
    import msgspec

    here = world([sample_view_kk()])
    here.person = msgspec.structs.replace(here.person, email="")
    here.show()
    page = page_of(qtbot, here)
    qtbot.mouseClick(page.paper_acts.send, Qt.MouseButton.LeftButton)
    assert "not confirmed" in page.paper_acts.note.label.text()
    qtbot.mouseClick(page.subscribe, Qt.MouseButton.LeftButton)
    assert "not confirmed" in page.mailing_problem.label.text()
    assert here.client.items == []


def test_stop_works_only_when_subscribed(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    page = page_of(qtbot, here)
    assert page.subscribe.isEnabled()
    assert not page.stop.isEnabled()
    mailing = Mailing(1, 101001, 1, True, "kk")
    here.cabinet.take(Loaded(tuple(here.views), mailings=(mailing,), person=here.person))
    assert not page.subscribe.isEnabled()
    assert page.stop.isEnabled()
    assert "aigul@example.org" in page.mailing.text()


def test_subscribing_waits_to_be_sent_and_says_so(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    page = page_of(qtbot, here)
    qtbot.mouseClick(page.subscribe, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(here.client.items) and page.stop.isEnabled())
    assert here.client.items[0].payload == SetMailing(account_id=101001, active=True, language="en")
    assert page.mailing_waiting.label.text() == "Waiting to be sent: subscribe"
    assert page.mailing_waiting.property("tone") == "pending"


@pytest.mark.parametrize(
    ("state", "hours", "part", "tone"),
    [
        ("online", 1, "", ""),
        ("offline", 1, "no connection", "warning"),
        ("syncing", 1, "catching up", "accent"),
        ("online", 30, "are old", "warning"),
    ],
)
def test_the_ribbon_says_when_data_are_not_fresh(state: str, hours: int, part: str, tone: str) -> None:
    from datetime import timedelta

    here = world([sample_view_kk()])
    here.client.state.state = state
    here.show()
    text, shown = freshness(here.cabinet, here.views, here.views[0].as_of + timedelta(hours=hours))
    assert part in text
    assert bool(text) == bool(part)
    assert shown == tone


def test_the_ribbon_counts_what_waits() -> None:
    here = world([sample_view_kk()])
    here.client.items += [
        Item("c1", SetMailing(account_id=101001, active=True)),
        Item("c2", SubmitReading(101001, METER_KK, 15_200, date(2024, 2, 5)), state="refused"),
        Item("c3", SubmitReading(101001, METER_KK, 15_300, date(2024, 2, 5))),
    ]
    here.show()
    text, tone = freshness(here.cabinet, here.views, datetime(2024, 2, 5, 9, tzinfo=UTC))
    assert text == "1 entry of yours is waiting to be sent and is not in the document."
    assert tone == "pending"


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("шот", "101/5", "2024-01"), "шот_101-5_2024-01.pdf"),
        (("..", "\\/:*?"), "document.pdf"),
        (("con",), "_con.pdf"),
        (("x" * 300,), "x" * 120 + ".pdf"),
    ],
)
def test_names_are_safe_everywhere(parts: tuple[str, ...], name: str) -> None:
    assert safe_name(*parts) == name


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    (tmp_path / "a (2).pdf").touch()
    assert free_path(tmp_path / "a.pdf") == tmp_path / "a (3).pdf"


def test_trouble_in_making_the_paper_is_said(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> bytes:
        raise RuntimeError("broken")

    import documents.breakdown

    monkeypatch.setattr(documents.breakdown, "build", broken)
    page = page_of(qtbot, world([sample_view_kk()]))
    qtbot.mouseClick(page.paper_acts.download, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.view_model.document.problem == Problem("document-not-made"))
    assert "could not be made" in page.paper_acts.note.label.text()


def test_the_tree_keeps_qts_rules(qtbot: QtBot, qtmodeltester: Callable[..., None]) -> None:
    here = world([sample_view_kk()])
    model = BreakdownTree()
    view = here.views[0]
    model.show_month(BreakdownModel(here.context, here.cabinet).breakdown(), services_of(view), view.provider)
    qtmodeltester.check(model)  # type: ignore[attr-defined]


def test_everything_that_takes_focus_has_a_name(qtbot: QtBot) -> None:
    page = page_of(qtbot, world())
    assert unnamed(page) == []
    assert said(page.title) == "Breakdown of charges"


def test_old_data_open_on_their_newest_month(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_uk()]))
    newest = max(entry.period for entry in sample_view_uk().entries)
    assert page.period.month == Month.from_number(newest)
    assert not page.view_model.is_empty()


def test_titles_stand_on_two_lines_rather_than_hide_the_closing_balance(qtbot: QtBot) -> None:
    translations.use("kk")
    page = page_of(qtbot, world())
    page.resize(620, 700)
    qtbot.waitUntil(lambda: page.tree_model.broken)
    titles = [page.tree_model.headerData(part, Qt.Orientation.Horizontal) for part in range(9)]
    assert "Кезең соңындағы\nсальдо" in titles
    page.resize(1700, 700)
    qtbot.waitUntil(lambda: not page.tree_model.broken)
