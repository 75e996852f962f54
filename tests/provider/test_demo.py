"""The demonstration: worked examples come out, families stand where they should, building it again changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from models.contract.admission_records import Application, BulletinItem, Child, HistoryEntry, Iteration
from models.contract.codec import sha256
from models.contract.letter_records import Letter, LetterEntry
from models.contract.messages import SignInRequest
from models.contract.records import Assertion, Entry, Message, Person
from models.domain.reconciliation import reconciliation
from provider.demo import build, department, families
from provider.demo.admissions import tell_stories
from provider.demo.build import PASSWORD
from provider.demo.families import HOUSEHOLDS, NOT_ENTERED, registered
from provider.services import sessions
from provider.services.accounts import account_view
from provider.services.admissions import clock, reminders
from provider.services.register import open_register
from provider.services.statements import find_accounts, statement
from provider.settings import Settings
from provider.store.database import Database
from provider.store.rows import fetch
from tests.provider.money import assert_ledger_holds, count_entries


@pytest.fixture
def demo(database: Database, provider_settings: Settings) -> Database:
    build(database, provider_settings, accounts=50)
    return database


def test_the_demonstration_holds_the_worked_examples(demo: Database, provider_settings: Settings) -> None:
    assert_ledger_holds(demo)
    with demo.read() as connection:
        (resident,) = find_accounts(connection, "123456")
        (legal,) = find_accounts(connection, "700044")
        (ukrainian,) = find_accounts(connection, "101")
        january = statement(connection, resident, date(2024, 1, 1), date(2024, 1, 31))
        act = reconciliation(account_view(connection, legal).entries, date(2024, 1, 1), date(2024, 3, 31))
        spring = [one for one in account_view(connection, ukrainian).entries if one.kind != "opening"]
        stated = fetch(connection, Assertion)
        view = account_view(connection, resident)
    assert (january.opening_minor, january.closing_minor) == (85490, 112028)
    assert [one.amount_minor for one in january.entries] == [67788, 58750, -38325, -61675]
    assert {one.service_id: one.balance_minor for one in view.account_services} == dict(
        zip((one.id for one in view.services), (67788, 44240), strict=True)
    )
    assert len([one for one in view.readings if one.state == "accepted"]) == 14
    assert (act.opening, act.debit, act.credit, act.closing) == (1245000, 5385388, 4117055, 2513333)
    assert [(row.document, row.debit, row.credit) for row in act.rows] == [
        ("118", 1872055, None),
        ("45", None, 3117055),
        ("241", 1700410, None),
        ("12", -120410, None),
        ("77", None, 1000000),
        ("377", 1933333, None),
    ]
    assert [(one.business_date.isoformat(), -one.amount_minor) for one in spring if one.kind == "payment"] == [
        ("2023-03-12", 13062),
        ("2023-03-13", 1321),
    ]
    february = [one for one in spring if one.belongs_to == 202302]
    assert {one.amount_minor for one in february if one.kind == "charge"} == {24217, 20021, 5250, 21840}
    assert [one.amount_minor for one in february if one.kind == "subscription"] == [1500]
    assert len(stated) == 11
    with demo.read() as connection:
        (person,) = [one for one in fetch(connection, Person) if one.login == "123456"]
        granted = connection.execute(text("SELECT key FROM scope_grant WHERE user_id = :user"), {"user": person.id})
        keys = sorted(key.partition(":")[0] for key in granted.scalars())
    assert person.roles == ["resident", "parent"]
    assert keys == ["account", "account", "child", "child", "public"]
    again = build(demo, provider_settings)
    assert (again.reports, again.accounts) == ([], 3052)


def test_building_it_again_changes_nothing(demo: Database, provider_settings: Settings) -> None:
    before = count_entries(demo)
    build(demo, provider_settings)
    with demo.read() as connection:
        assert len(fetch(connection, Entry)) == before


WITH_CODE = {
    "123456": {("general", "queued"), ("bulletin", "queued")},
    "parent": {("general", "voucher-issued"), ("general", "contract-org"), ("bulletin", "enrolled")},
    "parent2": {("general", "contract-org-sign"), ("bulletin", "referral-issued"), ("general", "archived")},
    "parent3": {
        ("special", "docs-review"),
        ("bulletin", "bulletin-applied"),
        ("general", "stop-list"),
        ("general", "voucher-waitlisted"),
    },
}


def _states(database: Database) -> dict[str, set[tuple[str, str]]]:
    """Return programme and state of every family's applications, by login."""
    with database.read() as connection:
        rows = connection.execute(
            text("SELECT p.login, a.programme, a.state FROM application a JOIN person p ON p.id = a.applicant_id")
        ).all()
    return {login: {(row.programme, row.state) for row in rows if row.login == login} for login in WITH_CODE}


def _families(database: Database, settings: Settings, now: datetime) -> Database:
    """Build only the department of the demonstration."""
    tenant, _reports = department.create(database, now, 20)
    house = department.kindergarten(database, tenant, "1")
    today = now.astimezone(ZoneInfo("Asia/Almaty")).date()
    people = families.enter(database, settings, tenant, house, [], PASSWORD, today, now)
    tell_stories(database, settings, tenant, house, people, now)
    return database


@pytest.fixture
def alatau(database: Database, provider_settings: Settings) -> Database:
    return _families(database, provider_settings, datetime.now(UTC))


def test_the_families_of_the_demonstration_stand_in_every_state(alatau: Database) -> None:
    assert _states(alatau) == WITH_CODE
    with alatau.read() as connection:
        own_ones = [one for one in fetch(connection, Application) if one.applicant_id]
        entries = fetch(connection, HistoryEntry)
        messages = fetch(connection, Message)
        items = fetch(connection, BulletinItem)
        rounds = fetch(connection, Iteration)
        numbers = connection.execute(text("SELECT application_id, number FROM queue_position")).all()
    now = datetime.now(UTC)
    queued = {one.id for one in own_ones if one.state == "queued"}
    assert queued <= {row.application_id for row in numbers}
    assert {one.temp for one in own_ones if one.state == "queued"} == {"none", "attending"}
    assert {one.benefit_state for one in own_ones} == {"", "verified"}
    for one in own_ones:
        own = [entry for entry in entries if entry.application_id == one.id]
        assert own[0].event == "submit"
        assert [entry.at for entry in own] == sorted(entry.at for entry in own)
        assert [message for message in messages if message.application_id == one.id]
    assert {item.open_at is not None and item.open_at <= now for item in items} == {True, False}
    assert [one.state for one in rounds] == ["issued"] * 5 + ["planned"]
    assert all(one.planned_by != one.issued_by for one in rounds)


def test_nothing_of_the_demonstration_ends_at_once_and_everybody_may_sign_in(
    alatau: Database, provider_settings: Settings
) -> None:
    now = datetime.now(UTC)
    assert clock.run_due(alatau, now).steps == 0
    reminders.remind(alatau, now)
    before = _states(alatau)
    assert clock.run_due(alatau, now).steps == 0
    assert _states(alatau) == before == WITH_CODE
    for login in ("123456", "parent", "officer", "doctor", "kindergarten"):
        request = SignInRequest(login, PASSWORD, sha256(login.encode()), "test")
        assert sessions.sign_in(alatau, request, "127.0.0.1", now).user_id
    register = open_register(provider_settings)
    for household in HOUSEHOLDS:
        parent = register.find(household.code)
        assert parent is not None
        assert parent.has_phone(household.phone)
    fresh = register.find(registered(NOT_ENTERED, [], now.date()).code)
    assert fresh is not None
    assert fresh.parents == [HOUSEHOLDS[1].code]
    with alatau.read() as connection:
        assert fresh.code not in {one.iin for one in fetch(connection, Child)}


@pytest.mark.parametrize(
    "moment",
    [
        "2026-06-03T05:00",  # groups of the next school year count since two days ago
        "2026-09-01T07:30",  # the first day of a school year
        "2026-12-31T20:00",  # already the next year in Almaty, and a holiday
        "2027-12-20T06:00",  # terms run into a year that the program brings no calendar for
        "2031-02-27T06:00",  # years after the last calendar
    ],
)
def test_the_demonstration_can_be_built_on_any_day(
    database: Database, provider_settings: Settings, moment: str
) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    _families(database, provider_settings, now)
    assert _states(database) == WITH_CODE
    assert clock.run_due(database, now).steps == 0


def test_one_letter_of_a_family_is_answered_and_one_waits(demo: Database) -> None:
    with demo.read() as connection:
        letters = fetch(connection, Letter)
        entries = fetch(connection, LetterEntry)
    assert [letter.state for letter in letters] == ["answered", "new"]
    assert [entry.kind for entry in entries] == ["question", "answer", "question"]
