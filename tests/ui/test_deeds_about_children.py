"""What was done about a child stands at its card while it is on its way, and when it was refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from models.contract.admission_commands import (
    AddChild,
    EndEntrusting,
    EntrustChild,
    FileApplication,
    RemoveChild,
    SetChildPhoto,
    UpdateProfile,
)
from models.domain.admissions.states import State as Stand
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as sample
from tests.ui.looking import said
from ui.applications.form_model import ApplicationForm
from ui.applications.view_model import Applications
from ui.children.view import ChildCard, ChildrenView
from ui.children.view_model import Children
from ui.kit import Button
from ui.profile.view import ProfileView
from ui.profile.view_model import Profile

pytestmark = pytest.mark.usefixtures("speaks_english")

HERE = sample.DEPARTMENT


@pytest.fixture
def children(parent, settle, qtbot):
    """Return a function that opens the screen with commands that are not settled."""

    def make(*items):
        client = FamilyClient()
        client.items = list(items)
        context = parent(client=client)
        model = Children(context)
        settle(context)
        view = ChildrenView(model)
        qtbot.addWidget(view)
        view.show()
        return model, view, client

    return make


def shown(card, qtbot):
    qtbot.addWidget(card)
    card.show()
    return card


def item(payload, state: str = "refused", *problems: Problem) -> WaitingItem:
    return WaitingItem("c1", payload.KIND, payload, sample.NOW, state, problems=problems)


@pytest.mark.parametrize(
    ("payload", "named"),
    [
        (EntrustChild(HERE, sample.SON, "890701300123"), "Entrust a child"),
        (EndEntrusting(HERE, 605), "Take back what was entrusted"),
        (SetChildPhoto(HERE, sample.SON, "aa" * 32), "Photo of a child"),
        (RemoveChild(HERE, sample.SON), "Remove a child from the cabinet"),
    ],
)
def test_a_refused_deed_is_said_with_its_reason_at_the_child(children, settle, payload, named):
    model, view, client = children(item(payload, "refused", Problem("person-not-here", "code")))
    assert f"{named}: refused." in said(view)
    away = next(one for one in view.findChildren(Button) if one.text() == "Put away")
    away.click()
    settle(model.context)
    assert ("acknowledge", "c1") in client.calls


def test_a_deed_on_its_way_can_be_withdrawn_and_is_not_said_of_another_child(children):
    model, view, _client = children(item(EntrustChild(HERE, sample.SON, "890701300123"), "waiting"))
    assert said(view).count("Entrust a child: not yet with the department.") == 1
    assert "Withdraw" in [one.text() for one in view.findChildren(Button)]
    model.choose("entrusted")
    assert "not yet with the department" not in said(view)


def test_it_is_told_whether_somebody_may_act_or_only_see_and_until_when(children, qtbot):
    model, view, _client = children()
    son = next(one for one in model.rows if one.child.id == sample.SON)
    (other,) = model.others(son)
    assert "Entrusted: may see" in said(view)
    assert "until" not in said(view)
    given = replace(son, guardians=(son.own, msgspec.structs.replace(other, may_act=True, ends_on=date(2026, 12, 31))))
    assert "Entrusted: may see and act · until 31.12.2026" in said(shown(ChildCard(model, given), qtbot))
    mine = replace(son, own=msgspec.structs.replace(other, kind="entrusted", ends_on=date(2026, 12, 31)))
    assert "Entrusted to you until 31.12.2026" in said(shown(ChildCard(model, mine), qtbot))


def test_a_child_that_waits_to_be_sent_is_not_asked_about_again(children):
    one = AddChild(HERE, "220909600214", "Сейтқали", "Айару", "", sample.NOW.date(), "female")
    model, _view, _client = children(item(one, "waiting"))
    model.begin_adding()
    model.type_iin("220909600214")
    model.check()
    assert [problem.code for problem in model.problems] == ["child-known"]
    assert model.context.families.calls == []


def test_a_child_is_entrusted_to_somebody_with_a_document_number_and_not_to_oneself(children, settle):
    model, _view, client = children()
    model.begin_entrusting(next(view for view in model.rows if view.child.id == sample.SON))
    model.type("code", "n 1234567")
    model.entrust()
    settle(model.context)
    assert [call[1].code for call in client.calls if call[0] == "submit"] == ["n1234567"]


def test_an_application_for_a_child_that_was_taken_back_meanwhile_says_so_and_keeps_what_was_entered(children, settle):
    model, _view, client = children()
    form = ApplicationForm(model.context)
    settle(model.context)
    form.show(child_id=604_000)
    form.type("phone", "+7 (701) 555-01-07")
    form.file()
    settle(model.context)
    assert [problem.code for problem in form.problems if problem.field == "child"] == ["child-gone"]
    assert form.typed("phone")
    assert not [call for call in client.calls if call[0] == "submit"]


def test_a_refused_photo_of_one_s_own_is_said_on_the_profile_and_put_away(parent, settle, qtbot):
    client = FamilyClient()
    payload = UpdateProfile(user_id=1, photo="aa" * 32)
    client.items = [item(payload, "refused", Problem("photo-damaged", "file"))]
    model = Profile(parent(client=client))
    settle(model.context)
    view = ProfileView(model)
    qtbot.addWidget(view)
    view.show()
    assert "Photo: refused. The photo cannot be opened" in said(view)
    next(one for one in view.findChildren(Button) if one.text() == "Put away").click()
    settle(model.context)
    assert ("acknowledge", "c1") in client.calls


def test_a_child_that_is_leaving_is_not_asked_about_again(parent, settle):
    client = FamilyClient()
    model = Children(parent(Stand.ARCHIVED, client=client))
    settle(model.context)
    son = next(one for one in model.rows if one.child.id == sample.SON)
    assert model.may_remove(son)
    client.items = [item(RemoveChild(HERE, sample.SON), "waiting")]
    model.home.refresh()
    settle(model.context)
    assert not model.may_remove(son)


def test_a_refused_application_of_a_child_that_was_taken_back_says_whose_it_was_and_why(parent, settle):
    payload = FileApplication(HERE, 10**6, "general", sample.CITY, ["kk"], True)
    refused = item(payload, "refused", Problem("not-found"))
    client = FamilyClient()
    client.items = [replace(refused, about="Серікұлы Алдияр")]
    context = parent(client=client)
    model = Applications(context)
    settle(context)
    text, _tone = model.filing_words(model.unfiled[0])
    assert text.startswith("Серікұлы Алдияр: the application was refused. This child is no longer in your cabinet")
