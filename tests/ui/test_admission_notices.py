"""Notices about what is on its way go when the department has answered."""

from __future__ import annotations

import pytest

from models.domain.admissions.states import Event, State
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample
from ui.application.view_model import ApplicationModel
from ui.children.view_model import Children

pytestmark = pytest.mark.usefixtures("speaks_english")

ON_ITS_WAY = "On its way to the department; its answer will appear here."


def notice(window) -> str:
    toast = window.frame_._toast
    return toast.label.text() if toast is not None and toast.isVisible() else ""


def begun(parent, open_window, settle):
    client = FamilyClient()
    context = parent(State.VOUCHER_ISSUED, client=client)
    window = open_window(context)
    client.subscribe(context.topics.publish)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    model.ask(Event.CONFIRM_INTEREST)
    model.confirm()
    settle(context)
    settle(context)
    return client, context, window


def test_a_notice_goes_when_the_command_it_speaks_of_is_answered(parent, open_window, settle, qtbot):
    client, context, window = begun(parent, open_window, settle)
    assert notice(window) == ON_ITS_WAY, "nothing has been answered yet"
    client.tell("status")
    settle(context)
    assert notice(window) == ON_ITS_WAY
    client.items.clear()
    client.tell("waiting")
    qtbot.waitUntil(lambda: notice(window) == "")


def test_an_answer_takes_no_other_notice_away(parent, open_window, settle, qtbot):
    client, context, window = begun(parent, open_window, settle)
    context.toast("Copied.")
    client.items.clear()
    client.tell("waiting")
    settle(context)
    settle(context)
    assert notice(window) == "Copied."


def test_a_child_that_stands_there_is_not_announced_any_more(parent, open_window, settle, qtbot):
    client = FamilyClient()
    context = parent(client=client)
    window = open_window(context)
    client.subscribe(context.topics.publish)
    model = Children(context)
    settle(context)
    model.begin_adding()
    model.type_iin("210220550811")
    model.check()
    settle(context)
    model.add()
    settle(context)
    assert "it appears here when the department has confirmed it" in notice(window)
    client.items.clear()
    client.tell("waiting")
    qtbot.waitUntil(lambda: notice(window) == "")
