"""How a parent comes in: by password or code, registering, recovering."""

from __future__ import annotations

import pytest

from tests.fixtures.ports import Failed
from tests.ui.looking import fill, said, wrong
from tests.ui.resident import unnamed
from ui.family_entry.view import FamilyEntryView
from ui.family_entry.view_model import FamilyEntry
from ui.sign_in.view import SignInView
from ui.sign_in.view_model import SignIn

pytestmark = pytest.mark.usefixtures("speaks_english")


@pytest.fixture
def outside(parent):
    return parent(signed_in=False)


def test_one_may_sign_in_by_iin_telephone_or_e_mail(outside, settle, qtbot, shown):
    model = SignIn(outside)
    view = shown(SignInView(model))
    view.tabs.buttons["iin"].click()
    fill(model, login="940225 401807", password="kabinet-demo")
    model.sign_in()
    assert set(wrong(model)) == {"login"}
    fill(model, login="940225 401806")
    with qtbot.waitSignal(outside.bridge.entered):
        model.sign_in()
    assert outside.entrance.calls[-1] == ("sign_in", "940225401806")
    view.tabs.buttons["phone"].click()
    assert view.login.placeholderText() == "+7 (___) ___-__-__"
    assert unnamed(view) == []


def test_a_one_time_code_opens_the_cabinet(outside, settle, qtbot, shown):
    model = SignIn(outside)
    view = shown(SignInView(model))
    view.tabs.buttons["code"].click()
    model.sign_in_by_code()
    assert set(wrong(model)) == {"phone", "code", "one_time"}
    fill(model, phone="+7 701 555 01 07", code="940225401806")
    view.send.click()
    settle(outside)
    assert model.wait.left == 80
    assert not view.send.isEnabled()
    assert "within 80 seconds" in said(view)
    fill(model, one_time="123456")
    with qtbot.waitSignal(outside.bridge.entered):
        model.sign_in_by_code()
    assert outside.entrance.calls[-1] == ("sign_in_by_code", ("+7 701 555 01 07", "940225401806", "123456"))


def test_a_parent_registers_by_telephone_code_iin_and_password(outside, settle, qtbot, shown):
    model = FamilyEntry(outside)
    view = shown(FamilyEntryView(model))
    wire = outside.entrance.wire_families
    model.send_code()
    assert set(wrong(model)) == {"phone", "consent"}
    fill(model, phone="8 (701) 555-01-07")
    model.agree(True)
    model.send_code()
    settle(outside)
    assert wire.calls[-1] == ("ask_code", ("register", "+77015550107", "", True))
    assert "within 80 seconds" in said(view)
    fill(model, one_time="123456")
    model.prove()
    settle(outside)
    assert model.step == "person"
    fill(model, code="940225401806")
    model.look_up()
    settle(outside)
    assert "Сейтқали" in said(view)
    assert "25.02.1994" in said(view)
    model.accept_person()
    fill(model, password="short", again="short")
    model.finish()
    assert wrong(model) == {"password": "password-too-short"}
    fill(model, password="ұзақ құпия сөз", again="ұзақ құпия сөз")
    with qtbot.waitSignal(outside.bridge.go) as went:
        model.finish()
    assert went.args == ["sign_in", {"login": "940225401806", "news": "confirmed", "way": "iin"}]
    fields = wire.calls[-1][1][0]
    assert (fields["ticket"], fields["department"]) == ("ticket-1", "kokshetau-edu")
    assert "password" not in model.draft
    assert unnamed(view) == []


def test_recovery_asks_for_the_iin_first_and_needs_no_register(outside, settle, qtbot):
    model = FamilyEntry(outside)
    model.show(purpose="recover")
    fill(model, phone="+7 701 555 01 07")
    model.agree(True)
    model.send_code()
    assert wrong(model) == {"code": "field-required"}
    fill(model, code="940225401806")
    model.send_code()
    settle(outside)
    fill(model, one_time="123456")
    model.prove()
    settle(outside)
    assert model.step == "password"
    fill(model, password="x" * 41, again="x" * 41)
    model.finish()
    assert wrong(model) == {"password": "password-too-long"}
    fill(model, password="x" * 40, again="x" * 40)
    with qtbot.waitSignal(outside.bridge.go) as went:
        model.finish()
    assert went.args[1]["news"] == "recovered"


def test_a_wrong_code_is_said_at_its_field(outside, settle):
    model = FamilyEntry(outside)
    fill(model, phone="+7 701 555 01 07")
    model.agree(True)
    model.send_code()
    settle(outside)
    outside.entrance.wire_families.fail = Failed("code-wrong", "one_time", left=4)
    fill(model, one_time="000000")
    model.prove()
    settle(outside)
    assert wrong(model) == {"one_time": "code-wrong"}
    assert model.step == "code"
