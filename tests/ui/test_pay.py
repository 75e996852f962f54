"""Paying: the seed's pay screen with its sums, what is refused, and the hand-over."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

import translations
from documents.figures import invoice_figures
from documents.invoice_payment import code_of, purpose_line, transfer
from models.contract.records import AccountView
from tests.samples import UK_DRAINAGE, UK_HOUSING, UK_REFUSE, UK_WATER, WATER, sample_view_kk, sample_view_uk
from tests.ui.resident import World, english, said, unnamed, world
from ui.pay.view import PayPage
from ui.pay.view_model import PayModel, code_text, commission

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
LINK = "https://pay.example/{account}?sum={amount}&minor={amount_minor}&for={period}"


def model_of(here: World) -> PayModel:
    return PayModel(here.cabinet, here.context.open_link, here.context.clock)


def page_of(qtbot: QtBot, here: World, model: PayModel | None = None) -> PayPage:
    page = PayPage(here.context, model or model_of(here))
    page.resize(1100, 900)
    qtbot.addWidget(page)
    page.show()
    return page


def with_link(view: AccountView, link: str = LINK, **provider: object) -> AccountView:
    return msgspec.structs.replace(view, provider=msgspec.structs.replace(view.provider, pay_link=link, **provider))


def sums(page: PayPage) -> list[str]:
    return [text.replace("\u00a0", " ") for text in page.totals_texts]


def type_amount(qtbot: QtBot, page: PayPage, view: AccountView, service: int, text: str) -> None:
    field = page.lines[view.account.id, service].amount
    field.setFocus()
    field.selectAll()
    if text:
        qtbot.keyClicks(field, text)
    else:
        qtbot.keyClick(field, Qt.Key.Key_Delete)


def test_the_sums_are_those_of_the_seed_with_and_without_commission(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_uk()]))
    assert sums(page) == ["3,154.97 ₴", "26.53 ₴", "3,181.50 ₴"]


def test_each_line_names_recipient_account_bank_purpose_and_commission(qtbot: QtBot) -> None:
    translations.use("uk")
    here = world([sample_view_uk()])
    page = page_of(qtbot, here)
    line = {line.service.id: line for line in page.view_model.lines()}
    assert line[UK_WATER].bank_account == "26005060383123"
    assert line[UK_HOUSING].bank_account == "UA39 3052 9900 0002 6006 0603 6569 6"
    assert line[UK_WATER].purpose == "за послугу Водопостачання без ПДВ"
    card = page.lines[here.views[0].account.id, UK_DRAINAGE]
    assert said(card.note) == "Комісія за перерахування коштів становить 25,23 грн"
    assert said(page.lines[here.views[0].account.id, UK_HOUSING].note).endswith("1,30 грн")


def test_amounts_are_edited_and_the_sums_follow(qtbot: QtBot) -> None:
    here = world([sample_view_uk()])
    page = page_of(qtbot, here)
    type_amount(qtbot, page, here.views[0], UK_WATER, "1000,5")
    assert sums(page)[0] == "2,890.77 ₴"


def test_an_empty_line_is_left_out(qtbot: QtBot) -> None:
    here = world([sample_view_uk()])
    page = page_of(qtbot, here)
    type_amount(qtbot, page, here.views[0], UK_WATER, "")
    assert said(page.lines[here.views[0].account.id, UK_WATER].note) == "Nothing is paid for this service now."
    qtbot.mouseClick(page.proceed, Qt.MouseButton.LeftButton)
    assert [line.service.id for line in page.view_model.hand_overs()[0].lines] == [UK_DRAINAGE, UK_HOUSING]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-5", "The amount must be above zero. Nothing was recorded."),
        ("abc", "This is not an amount. Type it in figures, such as 1250 or 1250,50."),
        ("999999999999", "The amount is too large. Check it and type it again; nothing was recorded."),
    ],
)
def test_a_wrong_amount_is_refused_in_a_sentence(qtbot: QtBot, text: str, sentence: str) -> None:
    here = world([sample_view_uk()])
    page = page_of(qtbot, here)
    type_amount(qtbot, page, here.views[0], UK_WATER, text)
    assert page.lines[here.views[0].account.id, UK_WATER].note.text() == sentence
    qtbot.mouseClick(page.proceed, Qt.MouseButton.LeftButton)
    assert page.obstacle.label.text() == sentence
    assert not page.view_model.handing_over


def test_zero_altogether_is_refused_in_a_sentence(qtbot: QtBot) -> None:
    here = world([sample_view_uk()])
    page = page_of(qtbot, here)
    for service in (UK_WATER, UK_DRAINAGE, UK_REFUSE, UK_HOUSING):
        type_amount(qtbot, page, here.views[0], service, "0")
    qtbot.mouseClick(page.proceed, Qt.MouseButton.LeftButton)
    assert "above zero" in page.obstacle.label.text()
    type_amount(qtbot, page, here.views[0], UK_WATER, "10")
    assert page.obstacle.label.text() == ""


def test_a_provider_that_takes_no_part_says_so(qtbot: QtBot) -> None:
    view = with_link(sample_view_kk(), partial_payment=False)
    page = page_of(qtbot, world([view]))
    type_amount(qtbot, page, view, WATER, "100")
    assert "does not take part of a bill: pay 677.88 ₸" in said(page.lines[101001, WATER].note)


def test_an_overpayment_is_nothing_to_pay(qtbot: QtBot) -> None:
    view = sample_view_kk()
    credit = [msgspec.structs.replace(item, balance_minor=-100) for item in view.account_services]
    page = page_of(qtbot, world([msgspec.structs.replace(view, account_services=credit)]))
    assert page.lines[101001, WATER].amount.text() == "0.00"


def test_several_providers_are_handed_over_one_by_one(qtbot: QtBot) -> None:
    here = world([with_link(sample_view_kk()), with_link(sample_view_uk(), "https://bank.example/{account}")])
    page = page_of(qtbot, here)
    qtbot.mouseClick(page.proceed, Qt.MouseButton.LeftButton)
    assert len(page.hand_overs) == 2
    first = page.hand_overs[0].open
    assert first is not None
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert here.links == ["https://pay.example/123456?sum=1120.28&minor=112028&for=2024-01"]
    again = page.hand_overs[0].open
    assert again is not None
    assert again.text() == "Open the payment page again"
    second = page.hand_overs[1].open
    assert second is not None
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert here.links[1] == "https://bank.example/101"


def test_back_keeps_the_amounts_and_then_leaves(qtbot: QtBot) -> None:
    here = world([with_link(sample_view_kk())])
    page = page_of(qtbot, here)
    type_amount(qtbot, page, here.views[0], WATER, "500")
    qtbot.mouseClick(page.proceed, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert not page.view_model.handing_over
    assert page.lines[101001, WATER].amount.text() == "500"
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert here.went == [("overview", {})]


def test_without_a_link_the_details_and_the_qr_text_can_be_copied(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_kk()]))
    qtbot.mouseClick(page.proceed, Qt.MouseButton.LeftButton)
    card = page.hand_overs[0]
    assert card.open is None
    qtbot.mouseClick(card.copy, Qt.MouseButton.LeftButton)
    details = QGuiApplication.clipboard().text().replace("\u00a0", " ")
    assert "KZ16601A871001234567" in details
    assert "Purpose: ж/ш 123456 01.2024, Сумен жабдықтау және су бұру қызметтері үшін" in details
    assert "Amount: 1,120.28 ₸" in details
    qtbot.mouseClick(card.codes[0], Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "123456;2024-01;1120.28"


def test_only_a_recipient_with_an_iban_has_a_national_bank_code(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_uk()]))
    qtbot.mouseClick(page.proceed, Qt.MouseButton.LeftButton)
    codes = page.hand_overs[0].codes
    assert len(codes) == 1
    assert str(codes[0].property("code")).startswith("https://bank.gov.ua/qr/")


def test_screen_and_paper_say_the_same_code_and_purpose(qtbot: QtBot) -> None:
    page = page_of(qtbot, world([sample_view_uk()]))
    qtbot.mouseClick(page.proceed, Qt.MouseButton.LeftButton)
    item = page.hand_overs[0].item
    view, period = item.view, page.view_model.period(item.view)
    paper = {payment.recipient: payment for payment in invoice_figures(view, period).payments}
    for part in item.transfers:
        made = transfer(view.provider, view.account, period, paper[part.recipient])
        assert made.account == "О/Р 101"
        assert f"Purpose: {purpose_line(made)}" in page.hand_overs[0].details.text()
        code = code_of(view.provider, view.account, period, paper[part.recipient])
        assert code is not None
        assert code_text(item, part, period) == code.text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "http://plain.example/{account}", ""])
def test_only_secure_web_addresses_are_opened(link: str) -> None:
    here = world([with_link(sample_view_kk(), link)])
    model = model_of(here)
    assert model.proceed()
    model.open(101001)
    assert here.links == []


def test_the_note_says_when_the_payment_will_appear(qtbot: QtBot) -> None:
    assert "after the provider has received it" in page_of(qtbot, world()).note.text()


def test_commission_is_rounded_once_a_line() -> None:
    recipients = {recipient.purpose: recipient for recipient in sample_view_uk().recipients}
    rates = sorted({commission(86927, recipient) for recipient in recipients.values()})
    assert 2523 in rates
    assert commission(0, next(iter(recipients.values()))) == 0


def test_typed_amounts_survive_a_change_of_language_and_a_restart(qtbot: QtBot) -> None:
    here = world([sample_view_kk()])
    model = model_of(here)
    page = page_of(qtbot, here, model)
    type_amount(qtbot, page, here.views[0], WATER, "500")
    translations.use("kk")
    assert page_of(qtbot, here, model).lines[101001, WATER].amount.text() == "500"
    later = model_of(here)
    later.restore(model.drafts)
    assert later.drafts == {f"101001:{WATER}": "500"}


@pytest.mark.parametrize("step", [1, 2])
def test_everything_that_takes_focus_has_a_name(qtbot: QtBot, step: int) -> None:
    page = page_of(qtbot, world())
    if step == 2:
        qtbot.mouseClick(page.proceed, Qt.MouseButton.LeftButton)
    assert unnamed(page) == []


def test_news_from_the_provider_do_not_take_the_focus_away(qtbot: QtBot) -> None:
    here = world([with_link(sample_view_kk())])
    page = page_of(qtbot, here)
    qtbot.mouseClick(page.proceed, Qt.MouseButton.LeftButton)
    button = page.hand_overs[0].open
    here.views[0] = msgspec.structs.replace(here.views[0], sequence=5000)
    here.show()
    assert page.hand_overs[0].open is button


def test_tab_goes_through_the_amounts_to_the_button(qtbot: QtBot) -> None:
    page = page_of(qtbot, world())
    page.activateWindow()
    fields = [line.amount for line in page.lines.values()]
    fields[0].setFocus()
    for field in fields[1:]:
        page.focusNextChild()
        assert page.focusWidget() is field
    page.focusNextChild()
    assert page.focusWidget() is page.back
    page.focusNextChild()
    assert page.focusWidget() is page.proceed
