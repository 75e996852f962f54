"""What two changed at the same time: both versions side by side, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

import translations
from models.contract.admission_commands import (
    EditApplication,
    EntrustChild,
    SetChildPhoto,
    TakeStep,
    UpdateProfile,
    WriteReview,
)
from models.contract.commands import Payload, UpdateContact
from models.contract.conflicts import Clash, Conflict
from models.contract.department_records import Organisation
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample
from tests.ui.resident import unnamed
from ui.context import Context
from ui.kit import Button, Radio
from ui.waiting.view import WaitingView
from ui.waiting.view_model import Waiting

PHONE = Clash(
    "phone", "+7 701 333 33 33", "+7 701 222 22 22", "+7 701 111 11 11", "Алыбай Қуандық", "parent", sample.at(9, 14)
)
LANGUAGES = Clash("languages", ["ru"], ["kk", "ru"], ["kk"], "Бекова Сәуле", "officer", sample.at(9, 15))
PLACE = Clash("locality_id", sample.CITY, sample.CITY, sample.CITY)


def entry(payload: Payload, clashes: Iterable[Clash], stored: Iterable[str] = ()) -> WaitingItem:
    """Return an entry that met another's change."""
    met = Conflict(list(clashes), list(stored))
    code = "changed-in-part" if met.stored else "changed-meanwhile"
    return WaitingItem(
        "018e-4", payload.KIND, payload, sample.at(9, 13), "conflict", (Problem(code),), result=met.values()
    )


def edit(*clashes: Clash, stored: Iterable[str] = (), **fields: Any) -> WaitingItem:
    """Return a change of the son's application that met another's."""
    values = {clash.field: clash.mine for clash in clashes} | fields
    return entry(EditApplication(sample.DEPARTMENT, sample.FIRST, **values), clashes, stored)


@pytest.fixture
def opened(
    parent: Callable[..., Context], settle: Callable[[Context], None], qtbot: QtBot
) -> Callable[..., tuple[Waiting, WaitingView, Context]]:
    """Return a function that opens the list of what waits with one entry in it."""

    def make(item: WaitingItem, language: str = "en") -> tuple[Waiting, WaitingView, Context]:
        translations.use(language)
        context = parent(client=FamilyClient([item]))
        model = Waiting(context)
        view = WaitingView(model)
        qtbot.addWidget(view)
        view.show()
        settle(context)
        QApplication.processEvents()
        return model, view, context

    return make


def said(view: QWidget) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


def button(view: QWidget, words: str) -> Button:
    return next(one for one in view.findChildren(Button) if one.text() == words and one.isVisibleTo(view))


def test_both_versions_stand_side_by_side_with_whose_they_are(opened: Any) -> None:
    _model, view, _context = opened(edit(PHONE))
    words = said(view)
    assert "Changed by somebody else" in words
    assert "Алыбай Алдияр" in words, "the child whose application it is"
    for text in ("Telephone", "You wrote", "+7 701 333 33 33", "Now at the provider", "+7 701 222 22 22"):
        assert text in words
    assert "You had before you: +7 701 111 11 11" in words
    assert "Алыбай Қуандық · Parent, 09.04.2026 14:00" in words
    mine, theirs = (
        next(one for one in view.findChildren(QLabel) if one.text() == value)
        for value in ("+7 701 333 33 33", "+7 701 222 22 22")
    )
    assert mine.mapTo(view, mine.rect().topLeft()).y() == theirs.mapTo(view, theirs.rect().topLeft()).y()
    assert mine.accessibleName() == "Telephone, You wrote: +7 701 333 33 33"
    offered = [one.text() for one in view.findChildren(QAbstractButton) if one.isVisibleTo(view)]
    assert "Send again as it is" not in offered, "nothing is sent that was not looked at"
    assert unnamed(view) == []


def test_what_is_there_is_kept(opened: Any, settle: Any) -> None:
    model, view, context = opened(edit(PHONE))
    button(view, "Keep what is there").click()
    settle(context)
    assert context.client.calls[-1] == ("acknowledge", "018e-4")
    assert model.items == ()


def test_mine_is_sent_again_by_the_keyboard(opened: Any, settle: Any) -> None:
    _model, view, context = opened(edit(PHONE, stored=["languages"], languages=["ru"]))
    assert "Stored already: Language of education." in said(view)
    send = button(view, "Send mine again")
    send.setFocus()
    QTest.keyClick(send, Qt.Key.Key_Space)
    settle(context)
    assert context.client.calls[-1] == ("resend", "018e-4")
    assert context.client.resent == [EditApplication(sample.DEPARTMENT, sample.FIRST, phone="+7 701 333 33 33")]


def test_of_several_fields_each_is_chosen_by_itself(opened: Any, settle: Any) -> None:
    model, view, context = opened(edit(PHONE, LANGUAGES))
    radios = {one.accessibleName(): one for one in view.findChildren(Radio)}
    theirs = radios["Language of education, Now at the provider: Kazakh, Russian"]
    assert radios["Language of education, You wrote: Russian"].isChecked()
    theirs.setFocus()
    QTest.keyClick(theirs, Qt.Key.Key_Space)
    context.client.tell("waiting", "status")  # news that change nothing leave the choice and the focus
    settle(context)
    assert theirs.isChecked()
    assert theirs.hasFocus()
    assert model.chosen(model.items[0]) == ["phone"]
    button(view, "Send mine again").click()
    settle(context)
    assert context.client.resent == [EditApplication(sample.DEPARTMENT, sample.FIRST, phone="+7 701 333 33 33")]


def test_with_every_field_left_to_the_provider_there_is_nothing_to_send(opened: Any) -> None:
    _model, view, _context = opened(edit(PHONE, LANGUAGES))
    for name in ("Telephone", "Language of education"):
        next(
            one for one in view.findChildren(Radio) if one.accessibleName().startswith(f"{name}, Now at the provider")
        ).click()
    assert not button(view, "Send mine again").isEnabled()
    assert button(view, "Keep what is there").isEnabled()


def test_other_entries_arriving_keep_choice_and_focus(opened: Any, settle: Any) -> None:
    model, view, context = opened(edit(PHONE, LANGUAGES))
    button(view, "Keep what is there").setFocus()
    model.choose(model.items[0], "languages", mine=False)
    context.client.items.append(WaitingItem("018e-8", "x", UpdateProfile(7, address="Абай"), sample.NOW, "waiting"))
    context.client.tell("waiting")
    model.refresh()
    settle(context)
    again = button(view, "Keep what is there")
    assert again.hasFocus()
    assert model.chosen(model.items[0]) == ["phone"]


@pytest.mark.parametrize(
    ("item", "texts"),
    [
        (
            entry(
                UpdateContact(7, phone="1", language="ru"),
                [Clash("language", "ru", "kk", "en", "Home", "self", sample.NOW)],
            ),
            ("Language of letters", "Русский", "Қазақша", "You, on the device “Home”"),
        ),
        (
            entry(UpdateProfile(7, address=""), [Clash("address", "", "Абай к-сі", "Абай", "", "self")]),
            ("Address", "nothing", "Абай к-сі", "You"),
        ),
        (
            entry(SetChildPhoto(sample.DEPARTMENT, sample.SON, "aa" * 32), [Clash("photo", "aa" * 32, "", "bb" * 32)]),
            ("Photo", "Алыбай Алдияр"),
        ),
        (edit(PLACE, Clash("benefit", "", "many-children", "")), ("No benefits", "Locality", "Kökshetau")),
    ],
)
def test_each_kind_of_field_is_said_in_words(opened: Any, item: WaitingItem, texts: tuple[str, ...]) -> None:
    _model, view, _context = opened(item)
    names = "\n".join(one.accessibleName() for one in view.findChildren(QWidget))
    for text in texts:
        assert text in said(view) + names + "\n".join(one.text() for one in view.findChildren(Radio))


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_every_language_says_it_all(opened: Any, language: str) -> None:
    _model, view, _context = opened(edit(PHONE, LANGUAGES, stored=["benefit"]), language)
    words = said(view) + "".join(one.text() for one in view.findChildren(QAbstractButton))
    assert "{" not in words
    if language != "en":
        for text in ("You wrote", "Now at the provider", "Keep what is there", "Send mine again", "You had before"):
            assert text not in words


def test_a_copy_for_support_holds_both_versions(opened: Any) -> None:
    model, _view, _context = opened(edit(PHONE))
    text = model.as_text(model.items[0])
    assert "+7 701 333 33 33" in text
    assert "+7 701 222 22 22" in text


@pytest.mark.parametrize(
    ("payload", "code", "again"),
    [
        (TakeStep(sample.DEPARTMENT, sample.FIRST, "leave-queue"), "step-not-possible", False),
        (TakeStep(sample.DEPARTMENT, sample.FIRST, "extend"), "no-access", False),
        (TakeStep(sample.DEPARTMENT, sample.FIRST, "sign-parent", code="123456"), "too-busy", False),
        (TakeStep(sample.DEPARTMENT, sample.FIRST, "apply-bulletin", item_id=801), "too-early", True),
        (EntrustChild(sample.DEPARTMENT, sample.SON, "890701300123"), "entrusted-to-self", False),
        (EntrustChild(sample.DEPARTMENT, sample.SON, "890701300123"), "person-not-registered", True),
        (UpdateContact(7, phone="1"), "phone-invalid", True),
    ],
)
def test_what_could_only_be_refused_again_is_not_offered_to_be_sent_again(
    opened: Any, payload: Payload, code: str, again: bool
) -> None:
    item = WaitingItem("018e-4", payload.KIND, payload, sample.NOW, "refused", (Problem(code),))
    model, view, _context = opened(item)
    assert model.acts(model.items[0]).resend is again
    assert ("Send again as it is" in [one.text() for one in view.findChildren(Button)]) is again
    assert model.acts(model.items[0]).dismiss


def test_an_entry_whose_document_is_not_there_yet_says_that_it_waits_for_it(opened: Any) -> None:
    payload = SetChildPhoto(sample.DEPARTMENT, sample.SON, "aa" * 32)
    problems = (Problem("blob-missing", "photo"),)
    item = WaitingItem("018e-4", payload.KIND, payload, sample.NOW, "held", problems, stays=Problem("already-sent"))
    _model, view, _context = opened(item)
    shown = "\n".join(label.text() for label in view.findChildren(QLabel))
    assert "Waits for its document" in shown
    assert "has not arrived at the provider yet" in shown
    assert "after an entry that it depends on" not in shown


def test_an_entry_about_a_child_that_is_gone_still_says_whose_it_was(opened: Any) -> None:
    payload = TakeStep(sample.DEPARTMENT, 10**6, "extend")
    called = "Серікұлы Алдияр · 2026-000001"
    item = WaitingItem("018e-4", payload.KIND, payload, sample.NOW, "refused", (Problem("no-access"),), about=called)
    model, view, _context = opened(item)
    assert called in model.detail(model.items[0])
    assert "whoever entrusted it took it back" in model.why(model.items[0])
    assert called in "\n".join(label.text() for label in view.findChildren(QLabel))


def test_a_review_names_its_kindergarten(opened: Any) -> None:
    payload = WriteReview(sample.DEPARTMENT, 101, 4, "Жақсы")
    item = WaitingItem("018e-4", payload.KIND, payload, sample.NOW, "waiting")
    model, _view, _context = opened(item)
    house = next(one for one in sample.family_rows() if isinstance(one, Organisation) and one.id == 101)
    assert model.detail(model.items[0]) == f"{house.name} · ★★★★"


def test_a_conflict_that_this_version_cannot_read_may_still_be_put_away_or_sent(opened: Any) -> None:
    payload = UpdateContact(7, phone="1")
    item = WaitingItem("018e-4", payload.KIND, payload, sample.NOW, "conflict", result={"mine": {}, "theirs": {}})
    model, view, _context = opened(item)
    acts = model.acts(model.items[0])
    assert (acts.resend, acts.dismiss) == (True, True)
    assert "Put away" in [one.text() for one in view.findChildren(Button)]
