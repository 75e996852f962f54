"""The invoice: what it is about, the paper beside it, and what is said about its data."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from models.contract.commands import SendDocument
from models.domain.period import Month
from tests.samples import DRAINAGE, UK_WATER, WATER, sample_view_kk, sample_view_uk
from tests.ui.resident import World, english, unnamed, world
from ui.invoice.view import InvoicePage
from ui.invoice.view_model import InvoiceModel, only
from ui.kit.pdf import PDFIUM

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def page_of(qtbot: QtBot, here: World, model: InvoiceModel | None = None) -> InvoicePage:
    page = InvoicePage(here.context, model or InvoiceModel(here.context, here.cabinet))
    page.resize(1200, 900)
    qtbot.addWidget(page)
    page.show()
    return page


def settled(qtbot: QtBot, page: InvoicePage) -> bytes:
    document = page.view_model.document
    qtbot.waitUntil(lambda: bool(document.data) and not document.making)
    return document.data


def text_of(data: bytes) -> str:
    lines = []
    with PDFIUM:  # the preview of the same paper is being drawn in a worker
        document = pypdfium2.PdfDocument(data)
        for page in document:
            text_page = page.get_textpage()
            lines.append(text_page.get_text_range())
            text_page.close()
            page.close()
        document.close()
    text = "\n".join(lines)
    return text.replace("\u00a0", " ").replace("\r", "")


def test_the_newest_billed_month_is_shown_as_the_very_paper(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    page = page_of(qtbot, here)
    data = settled(qtbot, page)
    assert page.period.month == Month(2024, 1)
    assert "123456" in text_of(data)
    assert page.document.data == data


def test_all_services_and_providers_of_the_cabinet_are_on_one_paper(qtbot: QtBot) -> None:
    page = page_of(qtbot, world())
    text = text_of(settled(qtbot, page))
    assert "123456" in text
    assert "Міськводоканал" in text


def test_leaving_services_out_makes_another_paper(qtbot: QtBot) -> None:
    here = world()
    page = page_of(qtbot, here)
    settled(qtbot, page)
    for (account, _service), box in page.boxes.items():
        if account == here.views[1].account.id:
            box.click()
    assert [view.account.id for view in page.view_model.chosen()] == [here.views[0].account.id]
    qtbot.waitUntil(lambda: not page.view_model.document.making)
    assert "Міськводоканал" not in text_of(settled(qtbot, page))


def test_nothing_chosen_is_said(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    settled(qtbot, page)
    for box in page.boxes.values():
        box.click()
    assert page.nothing.text() == "Choose at least one service."
    assert not page.document.isEnabled()


def test_the_language_of_the_paper_is_its_own(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    english_text = text_of(settled(qtbot, page))
    page.language.choose("kk")
    page.language.chosen.emit("kk")
    qtbot.waitUntil(lambda: not page.view_model.document.making)
    kazakh = text_of(settled(qtbot, page))
    assert "Жеке шот" in kazakh
    assert "Жеке шот" not in english_text
    assert page.title.text() == "Invoice"


def test_another_month_is_another_paper(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    first = settled(qtbot, page)
    page.period.step(-1)
    qtbot.waitUntil(lambda: page.view_model.document.data != first)
    assert page.view_model.document.paper is not None
    assert page.view_model.document.paper.name == "invoice_123456_2023-12.pdf"


def test_old_data_are_said_in_a_ribbon(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    settled(qtbot, page)
    assert "The data are old" in page.document.ribbon.label.text()


def test_print_and_save_share_the_bytes_that_are_shown(qtbot: QtBot, tmp_path: Path) -> None:
    here = world([sample_view_kk()])
    here.paths.append(tmp_path / "invoice.pdf")
    page = page_of(qtbot, here)
    data = settled(qtbot, page)
    qtbot.mouseClick(page.document.print_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.view_model.document.saved):
        qtbot.mouseClick(page.document.save_button, Qt.MouseButton.LeftButton)
    assert here.printed[0][0] == data == (tmp_path / "invoice.pdf").read_bytes()
    assert here.suggested == ["invoice_123456_2024-01.pdf"]


def test_cancelling_the_save_dialog_writes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    here = world([sample_view_kk()])
    here.paths.append(None)
    page = page_of(qtbot, here)
    settled(qtbot, page)
    qtbot.mouseClick(page.document.save_button, Qt.MouseButton.LeftButton)
    assert list(tmp_path.iterdir()) == []


def test_sending_asks_for_each_account(qtbot: QtBot) -> None:
    here = world()
    page = page_of(qtbot, here)
    settled(qtbot, page)
    assert page.document.send_button is not None
    with qtbot.waitSignal(page.view_model.document.sent):
        qtbot.mouseClick(page.document.send_button, Qt.MouseButton.LeftButton)
    sent = [item.payload for item in here.client.items]
    assert sent == [
        SendDocument(account_id=view.account.id, document="invoice", language="en", period=202401)
        for view in here.views
    ]
    qtbot.waitUntil(lambda: "Waiting to be sent" in page.document.note.label.text())


def test_choices_survive_building_the_view_again(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    model = InvoiceModel(here.context, here.cabinet)
    first = page_of(qtbot, here, model)
    first.boxes[101001, DRAINAGE].click()
    second = page_of(qtbot, here, model)
    assert not second.boxes[101001, DRAINAGE].isChecked()
    assert second.boxes[101001, WATER].isChecked()


def test_reducing_an_account_keeps_only_what_belongs_to_its_services() -> None:
    view = only(sample_view_uk(), {UK_WATER})
    assert {entry.service_id for entry in view.entries} == {UK_WATER}
    assert [service.id for service in view.services] == [UK_WATER]
    assert {meter.service_id for meter in view.meters} == {UK_WATER}


def test_everything_that_takes_focus_has_a_name(qtbot: QtBot) -> None:
    page = page_of(qtbot, world())
    settled(qtbot, page)
    assert unnamed(page) == []


def test_a_newer_cut_with_the_same_figures_is_no_other_document(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    page = page_of(qtbot, here)
    settled(qtbot, page)
    here.views[0] = msgspec.structs.replace(here.views[0], sequence=5000, as_of=here.context.clock())
    here.show()
    assert not page.view_model.document.making
    here.views[0] = msgspec.structs.replace(here.views[0], entries=here.views[0].entries[:-1])
    here.show()
    assert page.view_model.document.making
    qtbot.waitUntil(lambda: not page.view_model.document.making)


def test_an_invoice_of_some_services_is_not_sent_as_something_else(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    settled(qtbot, page)
    page.boxes[101001, DRAINAGE].click()
    qtbot.waitUntil(lambda: not page.view_model.document.making)
    assert page.document.send_button is not None
    assert not page.document.send_button.isEnabled()
    assert "all services only" in page.document.note.label.text()
    page.boxes[101001, DRAINAGE].click()
    qtbot.waitUntil(lambda: not page.view_model.document.making)
    assert page.document.send_button.isEnabled()


def test_tab_goes_through_the_choices_before_the_paper(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    settled(qtbot, page)
    chain, widget = [], page.language.nextInFocusChain()
    while widget is not page.language:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    boxes = [chain.index(box) for box in page.boxes.values()]
    assert boxes == sorted(boxes)
    assert boxes[-1] < chain.index(page.document.save_button)
