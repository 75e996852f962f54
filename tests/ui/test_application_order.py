"""What stands first on the page of an application, and where its reader is left by news."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import msgspec
import pytest
from PySide6.QtWidgets import QLabel, QScrollArea

from models.contract.admission_records import Application, Attachment, Referral
from models.domain.admissions.states import Event, State
from models.domain.problems import Problem
from sync.status import State as Line
from sync.status import SyncStatus
from tests.fixtures.family import FamilyClient, intentions
from tests.samples import balabaqsha as sample
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel
from ui.kit import Button, Choice

pytestmark = pytest.mark.usefixtures("speaks_english")


@pytest.fixture
def page(parent, settle, qtbot):
    def make(first, rows=None, tab="information"):
        context = parent(first, rows=rows)
        model = ApplicationModel(context)
        settle(context)
        model.show(application_id=sample.FIRST, tab=tab)
        view = ApplicationPage(model)
        qtbot.addWidget(view)
        view.resize(900, 420)
        view.show()
        return model, view

    return make


def with_temporary_place(state: State) -> list:
    rows = sample.family_rows(state)
    son = next(row for row in rows if isinstance(row, Application) and row.id == sample.FIRST)
    rows[rows.index(son)] = msgspec.structs.replace(
        son, temp="attending", temp_group_id=1012, temp_until=date(2026, 9, 30), temp_voucher="in-use"
    )
    begun = sample.NOW - timedelta(days=9)
    return [*rows, Referral(5609, sample.FIRST, "R-9", "temporary", 1012, begun, date(2026, 9, 30), "valid")]


def bar_of(view: ApplicationPage):
    return next(area for area in view.findChildren(QScrollArea) if area.isVisibleTo(view)).verticalScrollBar()


def kind_of(view: ApplicationPage) -> Choice:
    return next(c for c in view.findChildren(Choice) if c.accessibleName() == "Kind of document" and c.isVisible())


def test_an_act_with_a_term_stands_before_the_papers_of_a_temporary_place(page, qtbot):
    _model, view = page(State.VOUCHER_ISSUED, with_temporary_place(State.VOUCHER_ISSUED))
    qtbot.waitUntil(lambda: view.decision.download.isVisible())
    yes = view.decision.buttons[Event.CONFIRM_INTEREST]
    assert yes.y() < view.decision.download.y()
    assert [b for b in view.decision.findChildren(Button) if b.property("kind") == "primary"] == [yes]


def test_a_contract_is_read_before_it_is_signed_and_the_temporary_referral_comes_after(page, qtbot):
    _model, view = page(State.CONTRACT_PARENT, with_temporary_place(State.CONTRACT_PARENT))
    qtbot.waitUntil(lambda: view.decision.download.isVisible())
    sign = view.decision.buttons[Event.SIGN_PARENT]
    assert view.decision.read.y() < sign.y() < view.decision.download.y()


def test_news_leave_the_page_where_its_reader_is_and_another_application_begins_at_its_top(page, qtbot):
    model, view = page(State.CONTRACT_PARENT, tab="documents")
    qtbot.waitUntil(lambda: bar_of(view).maximum() > 100)
    bar_of(view).setValue(bar_of(view).maximum())
    at = bar_of(view).value()
    model.data_changed.emit()
    qtbot.waitUntil(lambda: bar_of(view).value() == at)
    model.show(application_id=sample.FOURTH)
    qtbot.waitUntil(lambda: bar_of(view).value() == 0)


def test_what_became_of_an_application_is_read_from_the_top(page, qtbot, monkeypatch):
    model, view = page(State.CONTRACT_PARENT, tab="documents")
    qtbot.waitUntil(lambda: bar_of(view).maximum() > 100)
    bar_of(view).setValue(bar_of(view).maximum())
    one = model.view
    stood = msgspec.structs.replace(one.application, state="contract-org-sign")
    monkeypatch.setattr(ApplicationModel, "view", dataclasses.replace(one, application=stood))
    model.data_changed.emit()
    qtbot.waitUntil(lambda: bar_of(view).maximum() > 0 and bar_of(view).value() == 0)


def test_the_next_document_is_of_the_kind_that_the_contract_still_lacks(page, qtbot):
    rows = sample.family_rows(State.CONTRACT_PARENT)
    _model, view = page(State.CONTRACT_PARENT, rows, tab="documents")
    assert kind_of(view).value == "027", "the one that was refused does not count"
    paper = next(row for row in rows if isinstance(row, Attachment) and row.kind == "027")
    kept = [row for row in rows if row is not paper] + [msgspec.structs.replace(paper, state="received")]
    _model, view = page(State.CONTRACT_PARENT, kept, tab="documents")
    assert kind_of(view).value == "parent-id"
    _model, view = page(State.VOUCHER_ISSUED, tab="documents")
    assert kind_of(view).value == "other"


def archived(**columns: object) -> list:
    rows = with_temporary_place(State.ARCHIVED)
    son = next(row for row in rows if isinstance(row, Application) and row.id == sample.FIRST)
    rows[rows.index(son)] = msgspec.structs.replace(son, archive="voucher-refused", **columns)
    return rows


def said(view: ApplicationPage) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


def test_an_archived_application_leads_to_a_new_one_and_promises_no_place_in_the_queue(page, qtbot):
    model, view = page(State.ARCHIVED, archived())
    qtbot.waitUntil(lambda: view.decision.download.isVisible())
    assert "the place in the queue stays" not in said(view)
    assert "Your place in the queue stays" not in said(view)
    assert "Temporary place until" in said(view)
    with qtbot.waitSignal(model.context.bridge.go) as went:
        view.decision.anew.click()
    assert went.args == ["applications", {"new": True, "child_id": sample.SON}]


def test_who_is_too_old_or_queues_again_already_is_led_to_no_new_application(page):
    old = [row for row in archived() if not (isinstance(row, Application) and row.id == sample.FIRST)]
    son = next(row for row in archived() if isinstance(row, Application) and row.id == sample.FIRST)
    model, _view = page(State.ARCHIVED, [*old, msgspec.structs.replace(son, archive="aged-out")])
    assert not model.may_apply_anew
    again = sample.application(4099, sample.SON, State.QUEUED)
    model, _view = page(State.ARCHIVED, [*archived(), again])
    assert not model.may_apply_anew


def test_what_may_have_arrived_says_why_it_cannot_be_taken_back(parent, settle, qtbot):
    items = [dataclasses.replace(one, stays=Problem("already-sent")) for one in intentions()]
    context = parent(State.VOUCHER_ISSUED, client=FamilyClient(items, SyncStatus(Line.OFFLINE, sample.NOW, sample.NOW)))
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    assert "can no longer be withdrawn" in said(view)
    assert "Take it back" not in [button.text() for button in view.findChildren(Button)]
