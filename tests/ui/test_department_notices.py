"""Notices of a department's screens about what is on its way go when the department has answered."""

from __future__ import annotations

import pytest

from models.domain.admissions.states import Event
from tests.fixtures.family import FamilyClient
from tests.samples import department as sample
from tests.ui.resident import english
from tests.ui.test_admission_notices import notice
from ui.department.rounds.view_model import RoundsModel
from ui.department.to_act.view_model import ToActModel

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")

ON_ITS_WAY = "On its way; the answer will appear here."


def test_a_notice_goes_when_the_round_it_speaks_of_is_answered(staff, open_window, settle, qtbot):
    client = FamilyClient()
    context = staff(client=client)
    window = open_window(context)
    client.subscribe(context.topics.publish)
    model = RoundsModel(context)
    settle(context)
    model.open(sample.MINE)
    settle(context)
    model.throw_away()
    settle(context)
    settle(context)
    assert notice(window) == ON_ITS_WAY, "nothing has been answered yet"
    client.tell("status")
    settle(context)
    assert notice(window) == ON_ITS_WAY
    client.items.clear()
    client.tell("waiting")
    qtbot.waitUntil(lambda: notice(window) == "")


def test_a_notice_about_several_children_goes_when_all_are_answered(staff, open_window, settle, qtbot):
    client = FamilyClient()
    context = staff("kindergarten", client=client)
    window = open_window(context)
    client.subscribe(context.topics.publish)
    model = ToActModel(context)
    settle(context)
    model.several = model.work_found.send
    model.ask_for_several(Event.SEND_CONTRACT)
    model.confirm_for_several()
    settle(context)
    settle(context)
    assert len(client.items) > 1
    client.items.pop()
    client.tell("waiting")
    settle(context)
    settle(context)
    assert notice(window) == ON_ITS_WAY, "one of them has not been answered yet"
    client.items.clear()
    client.tell("waiting")
    qtbot.waitUntil(lambda: notice(window) == "")
