"""What every screen of a department's people has in common: names, states, roles, languages, drawing again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import translations
from models.contract.admission_commands import ADMISSION_KINDS, TakeStep
from models.domain.admissions import machine
from models.domain.admissions.rules import DEFAULTS, Rules
from models.domain.admissions.states import Actor, Event, Programme
from models.domain.admissions.table import TRANSITIONS
from sync.status import State as Line
from sync.status import SyncStatus
from tests.fixtures.department import offline_client
from tests.fixtures.family import FamilyClient
from tests.fixtures.ports import Failed
from tests.samples import balabaqsha
from tests.samples import department as sample
from tests.ui.resident import unnamed
from ui.context import Context
from ui.department import words
from ui.department.programmes.rules_table import RULES, settings_of
from ui.kit.page import State
from ui.shell.screens import SCREENS, screen

KEYS = [spec.key for spec in SCREENS if spec.folder.startswith("department.")]
Settle = Callable[[Context], None]


def role_of(key: str) -> str:
    return "officer" if "officer" in screen(key).roles else "doctor"


def opened(qtbot: QtBot, context: Context, key: str, settle: Settle) -> tuple[Any, Any]:
    model, build = screen(key).make(context)
    settle(context)
    view: Any = build()
    qtbot.addWidget(view)
    view.resize(1000, 760)
    view.show()
    settle(context)
    return model, view


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
@pytest.mark.parametrize("key", KEYS)
def test_everything_that_takes_focus_has_a_name(
    qtbot: QtBot, staff: Callable[..., Context], settle: Settle, key: str, language: str
) -> None:
    translations.use(language)
    _model, view = opened(qtbot, staff(role_of(key)), key, settle)
    assert view.state is State.CONTENT
    assert unnamed(view) == []


@pytest.mark.parametrize("key", KEYS)
def test_an_office_without_data_says_so_instead_of_failing(
    qtbot: QtBot, staff: Callable[..., Context], settle: Settle, key: str
) -> None:
    role = role_of(key)
    rows = [balabaqsha.department(), sample.person("X", (role,)), *balabaqsha.localities(), *balabaqsha.rules()]
    _model, view = opened(qtbot, staff(role, rows), key, settle)
    assert view.state in (State.CONTENT, State.EMPTY)


@pytest.mark.parametrize("key", KEYS)
def test_a_cache_that_cannot_be_read_is_an_error_with_a_second_try(
    qtbot: QtBot, staff: Callable[..., Context], settle: Settle, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = staff(role_of(key))

    def broken(_question: Any) -> Any:
        raise Failed("cache-damaged")

    monkeypatch.setattr(context.store, "read", broken)
    _model, view = opened(qtbot, context, key, settle)
    assert view.state is State.ERROR


@pytest.mark.parametrize("key", KEYS)
def test_while_the_very_first_exchange_goes_on_the_page_loads(
    qtbot: QtBot, staff: Callable[..., Context], settle: Settle, key: str
) -> None:
    role = role_of(key)
    context = staff(role, [sample.person("X", (role,))], client=FamilyClient(status=SyncStatus(Line.SYNCING)))
    _model, view = opened(qtbot, context, key, settle)
    assert view.state is State.LOADING


@pytest.mark.parametrize("key", KEYS)
def test_without_a_department_and_without_a_line_the_page_says_that_it_needs_one(
    qtbot: QtBot, staff: Callable[..., Context], settle: Settle, key: str
) -> None:
    role = role_of(key)
    context = staff(role, [sample.person("X", (role,))], client=offline_client())
    _model, view = opened(qtbot, context, key, settle)
    assert view.state is State.OFFLINE


@pytest.mark.parametrize("key", KEYS)
def test_data_stay_readable_without_a_line(
    qtbot: QtBot, staff: Callable[..., Context], settle: Settle, key: str
) -> None:
    _model, view = opened(qtbot, staff(role_of(key), client=offline_client()), key, settle)
    assert view.state is State.CONTENT


def test_roles_see_their_own_screens_only() -> None:
    def keys(role: str) -> set[str]:
        return {spec.key for spec in SCREENS if spec.roles and role in spec.roles} & set(KEYS)

    assert keys("doctor") == {"doctor_review"}
    assert keys("kindergarten") == {"to_act", "publications", "office_places"}
    assert keys("officer") == set(KEYS) - {"doctor_review"}
    assert keys("parent") == set()


def test_every_act_of_the_machines_table_for_these_people_has_a_verb_or_its_own_screen() -> None:
    elsewhere = {Event.ISSUE_VOUCHER, Event.WITHDRAW_ITEM, Event.GROUP_CLOSE}  # rounds, publications, places
    mine = {row.event for row in TRANSITIONS if {Actor.OFFICER, Actor.KINDERGARTEN, Actor.DOCTOR} & set(row.actors)}
    assert mine - elsewhere <= set(words.VERBS)


def test_every_rule_is_shown_in_words_in_some_programme() -> None:
    from dataclasses import fields

    assert {rule.key for rule in RULES} == {field.name for field in fields(Rules)}


def test_an_edition_stores_only_what_is_not_the_default() -> None:
    assert settings_of("general", DEFAULTS[Programme.GENERAL]) == {}
    assert settings_of("general", Rules(interest_days=3)) == {"interest_days": 3}


def test_every_command_of_these_people_has_a_title_in_the_waiting_list() -> None:
    from ui.waiting.admission_words import KINDS, STEPS

    translations.use("en")
    assert {kind.KIND for kind in ADMISSION_KINDS if kind is not TakeStep} <= set(KINDS)
    assert {event.value for event in words.OFFICE_EVENTS} <= set(STEPS)


def test_possible_acts_of_a_doctor_are_only_about_documents() -> None:
    from models.contract.admissions import case_of
    from models.domain.admissions.states import State as Stand

    case = case_of(balabaqsha.application(1, 1, Stand.DOCS_REVIEW))
    assert set(machine.possible(case, Actor.DOCTOR)) == {Event.DOC_CONFIRM, Event.DOC_REJECT}


def test_the_rail_counts_what_waits_and_the_search_finds_children(
    qtbot: QtBot, staff: Callable[..., Context], settle: Settle, open_window: Callable[[Context], Any]
) -> None:
    translations.use("en")
    context = staff("officer")
    window = open_window(context)
    qtbot.waitUntil(lambda: "8" in window.frame_.rail.buttons["office_decisions"].text())
    palette = window.search()
    palette.field.setText("Қайратова Раяна")
    qtbot.waitUntil(lambda: any("Раяна" in found.title for found in palette.found))
    next(found for found in palette.found if "27250" in found.note).act()
    settle(context)
    assert window.key == "office_queue"
    assert window.model("office_queue").chosen == 31_003


def test_a_kindergartens_rail_counts_its_own_work_only(
    qtbot: QtBot, staff: Callable[..., Context], open_window: Callable[[Context], Any]
) -> None:
    window = open_window(staff("kindergarten"))
    qtbot.waitUntil(lambda: "4" in window.frame_.rail.buttons["to_act"].text())
