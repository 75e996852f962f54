"""A reason of a list is chosen in one language and read in another, wherever a person meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import translations
from models.contract.admission_commands import CheckDocument, TakeStep, WithdrawItem
from models.contract.admission_records import Attachment, HistoryEntry
from models.contract.record import Record
from models.domain.admissions.states import Event, State
from tests.samples import balabaqsha as sample
from tests.ui.test_department_cases import opened_case, sent
from tests.ui.test_department_screens import Settle
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel
from ui.context import Context
from ui.waiting.admission_words import admission_detail

OWN = "Мөр көрінбейді."
SAID = {
    "kk": ("Себебі: Топ жабық. Мөр көрінбейді.", "Құжатты оқу мүмкін емес."),
    "ru": ("Причина: Группа закрыта. Мөр көрінбейді.", "Документ не читается."),
    "uk": ("Причина: Групу закрито. Мөр көрінбейді.", "Документ не читається."),
}


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    translations.use("en")
    yield
    translations.use("en")


def decided(row: Record) -> Record:
    """Return a row of the sample as an officer decided it with a reason of a list."""
    if isinstance(row, HistoryEntry) and row.event == "issue-voucher":
        return replace(row, reason=OWN, reason_code="group-closed")
    if isinstance(row, Attachment) and row.state == "refused":
        return replace(row, reason="", reason_code="document-unreadable")
    return row


def labels(view: Any) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


@pytest.mark.parametrize("language", list(SAID))
def test_a_parent_reads_an_officers_choice_in_the_parents_language(
    parent: Callable[..., Context], settle: Settle, qtbot: QtBot, language: str
) -> None:
    context = parent(State.VOUCHER_ISSUED, rows=[decided(row) for row in sample.family_rows()])
    translations.use(language)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    history, document = SAID[language]
    view.tabs.buttons["history"].click()
    assert history in labels(view)
    view.tabs.buttons["documents"].click()
    assert document in labels(view)


def test_what_is_chosen_in_kazakh_travels_as_a_code(
    qtbot: QtBot, staff: Callable[..., Context], settle: Settle
) -> None:
    translations.use("kk")
    context = staff("kindergarten")
    model, view = opened_case(qtbot, context, "to_act", settle, 31_002)
    model.ask(Event.REJECT)
    assert view.question.reasons["group-closed"].text() == "Топ жабық."
    view.question.reasons["group-closed"].click()
    view.question.yes.click()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, TakeStep)
    assert (payload.reason_code, payload.reason) == ("group-closed", "")


def test_what_waits_to_be_sent_says_its_reason_in_the_language_in_force() -> None:
    chosen = CheckDocument(500, 1, False, OWN, reason_code="document-expired")
    written = WithdrawItem(500, 1, OWN)
    translations.use("ru")
    assert admission_detail(chosen) == f"Срок документа истёк. {OWN}"
    assert admission_detail(written) == OWN
    translations.use("kk")
    assert admission_detail(chosen) == f"Құжаттың мерзімі өткен. {OWN}"
