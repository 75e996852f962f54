"""Kindergartens, groups and publications of free places: what is refused and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from models.contract.admission_commands import (
    PublishItem,
    SaveGroup,
    SaveOrganisation,
    TakeStep,
    WithdrawItem,
)
from models.domain.problems import Problem
from tests.samples.balabaqsha import CITY
from tests.ui.resident import english
from tests.ui.test_department_cases import sent, texts
from tests.ui.test_department_keyboard import refused
from tests.ui.test_department_screens import Settle, opened
from ui.context import Context
from ui.kit import Button, Choice

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]


# Kindergartens and groups


def test_places_are_never_fewer_than_those_taken(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("kindergarten")
    model, _view = opened(qtbot, context, "office_places", settle)
    model.open(101)
    model.edit_group(1012)
    model.type("capacity", "20")
    model.save_group()
    assert [(problem.code, problem.values) for problem in model.problems] == [("places-below-taken", {"count": 21})]
    model.type("capacity", "21")
    model.save_group()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, SaveGroup)
    assert (payload.group_id, payload.capacity, payload.valid_to) == (1012, 21, None)


def test_a_group_closes_only_when_everybody_in_it_is_decided_about(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_places", settle)
    model.open(101)
    model.begin_close(1012)
    settle(context)
    assert model.undecided()
    assert any("cannot close before" in text for text in texts(view))
    enrolled = next(line for line in model.attending if line.application.id == 31_009)
    model.move(enrolled, 1011)
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, TakeStep)
    assert (payload.event, payload.application_id, payload.group_id) == ("group-close", 31_009, 1011)


def test_a_group_does_not_close_on_a_day_that_is_over(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_places", settle)
    model.open(101)
    model.begin_close(1012)
    settle(context)
    model.last_day = date(2020, 1, 1)
    model.close_group()
    settle(context)
    assert sent(context) == []
    assert any("This day is over" in text for text in texts(view)), "said at the field, before anything is sent"
    assert model.part == "close"


def test_an_officer_enters_a_kindergarten_and_its_bin_is_checked(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_places", settle)
    model.edit_organisation(new=True)
    for key, text in (("name", "«Күншуақ»"), ("address", "Абай к-сі, 1"), ("phone", "+7 7162 31-00-00")):
        model.type(key, text)
    model.type("bin", "190640100005")
    model.type("email", "kunshuaq")
    model.save_organisation()
    assert [problem.field for problem in model.problems] == ["place", "bin", "email"]
    model.type("place", str(CITY))
    model.type("email", "kunshuaq@example.org")
    model.type("phone", "жоқ")
    model.save_organisation()
    assert [problem.field for problem in model.problems] == ["bin", "phone"]
    model.type("phone", "8 7162 31 00 00")
    model.type("bin", "190640100004")
    model.save_organisation()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, SaveOrganisation)
    assert (payload.organisation_id, payload.name) == (None, "«Күншуақ»")


def test_a_name_that_another_kindergarten_or_group_has_is_refused_in_the_form(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "office_places", settle)
    known = model.organisations()[0]
    model.edit_organisation(new=True)
    filled = {"name": known.name.upper(), "place": str(CITY), "address": "Абай к-сі, 1", "phone": "+7 7162 31-00-00"}
    for key, text in filled.items():
        model.type(key, text)
    model.save_organisation()
    assert [(one.field, one.code, one.values) for one in model.problems] == [
        ("name", "kindergarten-named-so", {"address": known.address})
    ]
    house = next(one for one in model.organisations() if model.offers(one.id))
    model.open(house.id)
    model.edit_organisation()
    model.save_organisation()
    assert not model.problems
    model.open(house.id)
    model.edit_group(None)
    model.type("name", f" {model.offers(house.id)[0].group.name} ")
    model.save_group()
    assert [(one.field, one.code) for one in model.problems] == [("name", "group-named-so")]


def test_a_kindergartens_person_changes_groups_but_enters_no_kindergarten(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    model, view = opened(qtbot, staff("kindergarten"), "office_places", settle)
    assert [one.id for one in model.organisations()] == [101]
    assert not view.new.isVisibleTo(view)


def test_where_a_child_goes_is_chosen_and_a_group_that_does_not_suit_it_says_so(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_places", settle)
    model.open(101)
    model.begin_close(1012)
    settle(context)
    enrolled = next(line for line in model.attending if line.application.id == 31_009)
    name = f"Where {enrolled.child.name} goes"
    choice = next(one for one in view.findChildren(Choice) if one.accessibleName() == name)
    decide = next(b for b in view.findChildren(Button) if b.accessibleName() == f"Decide so: {enrolled.child.name}")
    assert not decide.isEnabled(), "nothing becomes of a child by pressing a button alone"
    ways = [choice.itemText(at) for at in range(choice.count())]
    assert ways[:2] == ["Choose where the child goes", "The voucher goes back to the parent"]
    assert ways[2].endswith("which does not suit the child")
    choice.setCurrentIndex(2)
    choice.activated.emit(2)
    decide.click()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, TakeStep)
    assert payload.group_id == model.others(enrolled)[0][0].group.id


def test_what_was_refused_says_why_in_the_form_and_each_refusal_takes_the_cursor(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    payload = SaveGroup(500, 1012, 101, "Балапан", 3, 4, "kk", 30)
    context = staff(client=refused(payload))
    model, view = opened(qtbot, context, "office_places", settle)
    problem = Problem("places-published", "capacity", {"count": 2, "least": 32})
    model.again(SimpleNamespace(payload=payload, problems=(problem,), command_id="018f-9"))
    settle(context)
    assert any("The bulletin offers 2 places" in text for text in texts(view))
    for _time in range(2):
        model.type("name", "")
        save = next(b for b in view.findChildren(Button) if b.text() == "Save the group")
        save.setFocus()
        save.click()
        qtbot.waitUntil(lambda: view.form.fields["name"].hasFocus())


# Publications


def test_a_publication_names_its_opening_hour_and_is_asked_about_once_more(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("kindergarten")
    model, view = opened(qtbot, context, "publications", settle)
    model.begin()
    model.set_group("1011")
    assert model.free == 1  # two are free, one of them is published
    assert any("Opens to the queue 09.04.2026 18:00:00" in text for text in texts(view))
    model.type("places", "2")
    model.review()
    assert [(problem.code, problem.values) for problem in model.problems] == [("more-than-free", {"free": 1})]
    model.type("places", "1")
    model.review()
    assert model.asking
    assert sent(context) == []
    model.publish()
    settle(context)
    (payload,) = sent(context)
    assert isinstance(payload, PublishItem)
    assert (payload.group_id, payload.places, payload.birth_years) == (1011, 1, [2022, 2021])
    assert not model.writing


def test_what_the_desk_heard_is_drawn_though_other_news_ask_again_at_once(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("kindergarten")
    model, _view = opened(qtbot, context, "publications", settle)
    drawn: list[None] = []
    model.data_changed.connect(lambda: drawn.append(None))
    model.news()
    settle(context)
    assert drawn == []  # the same answer
    model.desk.changed.emit()  # what was on its way is there now
    model.news()
    settle(context)
    assert drawn


def test_a_publication_without_a_birth_year_is_incomplete_and_not_wrong(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff("kindergarten")
    model, view = opened(qtbot, context, "publications", settle)
    model.begin()
    model.set_group("1011")
    for box in view.year_boxes.values():
        box.setChecked(False)
    model.type("places", "1")
    model.review()
    assert [(problem.code, problem.field) for problem in model.problems] == [("field-required", "years")]
    assert not model.asking


def test_a_published_number_is_lowered_to_what_is_taken_at_most(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, _view = opened(qtbot, context, "publications", settle)
    model.begin_lower(801)
    model.type("number", "0")
    model.lower()
    assert {problem.code for problem in model.problems} == {"reason-missing", "places-below-taken"}
    model.type("number", "1")
    model.type("reason", "One place is being repaired.")
    model.lower()
    settle(context)
    assert sent(context) == [WithdrawItem(500, 801, "One place is being repaired.", 1)]


def test_a_publication_is_withdrawn_with_a_reason(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "publications", settle)
    model.begin_lower(801)
    assert any("lose it, return into the queue" in text for text in texts(view))
    model.type("reason", "The group moves.")
    model.withdraw()
    settle(context)
    assert sent(context) == [WithdrawItem(500, 801, "The group moves.")]


def test_a_draft_of_a_publication_outlives_the_program(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("kindergarten")
    model, _view = opened(qtbot, context, "publications", settle)
    model.begin()
    model.set_group("1011")
    model.type("responsible", "Асанова")
    model.drafts.save()
    settle(context)
    again, _second = opened(qtbot, context, "publications", settle)
    assert again.writing
    assert again.draft["responsible"] == "Асанова"
