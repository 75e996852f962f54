"""The working days of a new year: entered by an officer, or brought by the program; and what waits for them."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import httpx
import pytest
from sqlalchemy import URL, text

from models.contract.admission_commands import CompleteCalendarYear, SetCalendarDay
from models.contract.codec import encode
from models.contract.outcomes import CommandOutcome
from models.contract.sentences import sentence
from models.domain.admissions.states import Event
from provider.__main__ import parser
from provider.handlers.push import sweep
from provider.services.admissions.department import department
from provider.settings import Settings
from provider.store.changes import PUBLIC
from provider.store.database import Database
from resources import calendars
from tests.fixtures.provider import ProviderServer
from tests.provider.admissions_world import Admissions, code
from tests.provider.sync_world import Device, add_row
from translations import LANGUAGES, using

NAME = {"kk": "Жаңа жыл", "en": "New Year"}


def without_years(town: Admissions, first: int = 0) -> None:
    """Take the years from ``first`` on away, as before an officer entered them."""
    with town.database.change() as unit:
        years = text("DELETE FROM calendar_year WHERE tenant_id = :tenant AND year >= :first RETURNING id")
        for year in unit.connection.execute(years, {"tenant": town.tenant, "first": first}).scalars():
            unit.changes.gone(town.tenant, PUBLIC, "calendar_year", year)


def day_off(town: Admissions, officer: Device, day: date) -> CommandOutcome:
    return town.send(officer, SetCalendarDay(town.tenant, day, False, NAME))


def test_a_step_into_a_year_without_a_calendar_is_kept_with_the_real_reason(town: Admissions) -> None:
    family = town.file(town.family())
    town.issue(family)
    without_years(town)
    outcome = town.step(family.device, family.application, Event.CONFIRM_INTEREST)
    assert outcome.status == "held"
    assert [(problem.code, problem.values) for problem in outcome.problems] == [
        ("year-not-loaded", {"year": town.now.year})
    ]
    assert town.state(family) == "voucher-issued"
    assert sweep(town.database, lambda: town.now) == 0, "it waits as long as the year is missing"


def test_what_waited_for_a_year_is_carried_out_once_it_is_complete(town: Admissions) -> None:
    family = town.file(town.family())
    town.issue(family)
    without_years(town)
    held = town.step(family.device, family.application, Event.CONFIRM_INTEREST)
    done = town.send(town.officer(), CompleteCalendarYear(town.tenant, town.now.year, confirmed=True))
    assert (done.status, done.result["calendar_year"]) == ("applied", town.now.year)
    assert sweep(town.database, lambda: town.now) == 1
    assert town.state(family) == "voucher-active"
    family.device.pull_all()
    status = town.scalar("SELECT status FROM command WHERE id = :id", id=held.command_id)
    assert status == "applied"
    assert town.row(family.application).terms["contract"] == "2026-09-14T06:00:00+00:00"


def test_days_of_a_year_to_come_are_prepared_and_count_once_it_is_complete(town: Admissions) -> None:
    officer = town.officer()
    family = town.with_voucher(town.family())
    before = town.row(family.application).terms
    assert day_off(town, officer, date(2028, 1, 3)).result["moved"] == 0
    assert day_off(town, officer, date(2028, 1, 4)).result["moved"] == 0
    again = town.send(officer, SetCalendarDay(town.tenant, date(2028, 1, 4), None))
    assert again.status == "applied"
    assert 2028 not in town.department().calendar.years
    done = town.send(officer, CompleteCalendarYear(town.tenant, 2028, "Decree 12")).result
    assert done["days"] == 1
    calendar = town.department().calendar
    assert not calendar.is_working(date(2028, 1, 3))
    assert calendar.is_working(date(2028, 1, 4))
    assert calendar.version == done["version"]
    assert town.row(family.application).terms == before
    officer.pull_all()
    rows = [row for key, (_, row) in officer.rows.items() if key[2] == "calendar_year"]
    assert any("2028" in repr(row) and "Decree 12" in repr(row) for row in rows)


def test_a_day_that_is_added_to_a_completed_year_moves_terms_again(town: Admissions) -> None:
    without_years(town)
    officer = town.officer()
    town.send(officer, CompleteCalendarYear(town.tenant, 2026, confirmed=True))
    family = town.with_voucher(town.family())
    assert day_off(town, officer, date(2026, 9, 10)).result["moved"] == 1
    assert town.row(family.application).terms["contract"] == "2026-09-15T06:00:00+00:00"


def test_years_are_completed_in_order_once_and_not_afterwards(town: Admissions) -> None:
    officer = town.officer()

    def complete(year: int, *, confirmed: bool = True) -> str:
        return code(town.send(officer, CompleteCalendarYear(town.tenant, year, "", confirmed)))

    assert complete(2025) == "calendar-year-passed"
    assert complete(2026) == "calendar-year-complete"
    assert complete(2029) == "calendar-year-skipped"
    assert complete(2028, confirmed=False) == "calendar-year-empty"
    assert town.send(officer, CompleteCalendarYear(town.tenant, 2028, "", True)).status == "applied"
    assert complete(2028) == "calendar-year-complete"


def test_a_worked_saturday_alone_is_no_day_off(town: Admissions) -> None:
    officer = town.officer()
    town.send(officer, SetCalendarDay(town.tenant, date(2028, 3, 11), True, NAME))
    assert code(town.send(officer, CompleteCalendarYear(town.tenant, 2028))) == "calendar-year-empty"
    day_off(town, officer, date(2028, 3, 8))
    assert town.send(officer, CompleteCalendarYear(town.tenant, 2028)).result["days"] == 2


def test_only_an_officer_completes_a_year(town: Admissions) -> None:
    for device in (town.family().device, town.kindergarten("Amina"), town.doctor()):
        assert code(town.send(device, CompleteCalendarYear(town.tenant, 2028, "", True))) == "not-allowed"
    assert 2028 not in town.department().calendar.years


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_names_the_year_that_comes_first(town: Admissions, language: str) -> None:
    outcome = town.send(town.officer(), CompleteCalendarYear(town.tenant, 2030))
    with using(language):
        told = sentence(outcome.problems[0])
    assert "2028" in told
    assert "2030" in told


@pytest.fixture
def office(town: Admissions, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Admissions:
    monkeypatch.setattr("provider.commands_admissions.Database.open", lambda _settings: Database(database_url))
    return town


def run(settings: Settings, *words: str) -> int:
    given = parser().parse_args(["admissions", "calendar", "--department", "edu", *words])
    status: int = given.run(given, settings)
    return status


def test_a_year_that_the_program_brings_is_offered_and_added_beside_what_officers_entered(
    office: Admissions, provider_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    without_years(office, 2027)
    own = {"kk": "Қала күні", "ru": "Қала күні", "uk": "Қала күні", "en": "Қала күні"}
    for day, working in ((date(2027, 1, 1), True), (date(2027, 6, 1), False)):
        add_row(
            office.database, office.tenant, PUBLIC, "calendar_day",
            department_id=office.tenant, day=day, working=working, name=own, version=1,
        )  # fmt: skip
    assert run(provider_settings) == 0
    assert capsys.readouterr().out.splitlines() == ["complete 2026", "next 2027", "offered 2027"]
    assert run(provider_settings, "--add", "2027") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "offered"
    calendar = office.department().calendar
    kept = {day for day in calendars.load("KZ").days_off if day.year == 2027} - {date(2027, 1, 1)}
    assert {day for day in calendar.days_off if day.year == 2027} == kept | {date(2027, 6, 1)}
    assert calendar.is_working(date(2027, 1, 1)), "an officer's own day stays as it was entered"
    found = "SELECT name ->> 'kk' FROM calendar_day WHERE day = '2027-01-01'"
    assert office.scalar(found) == "Қала күні"


def test_the_program_adds_no_year_twice_out_of_order_or_that_it_lacks(
    office: Admissions, provider_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for year, said in (("2027", "complete already"), ("2029", "one after another"), ("2028", "does not bring")):
        with using("en"):
            assert run(provider_settings, "--add", year) == 1
        assert said in capsys.readouterr().err
    assert office.scalar("SELECT count(*) FROM calendar_day") == 0


def test_the_server_carries_out_what_waited_as_soon_as_the_year_is_complete(
    town: Admissions, provider_server: ProviderServer
) -> None:
    family = town.file(town.family())
    town.issue(family)
    without_years(town)
    town.step(family.device, family.application, Event.CONFIRM_INTEREST)
    officer = town.officer()
    with town.database.read() as connection:
        calendar = department(connection, town.tenant).calendar
    # the server's clock is the machine's, and tokens of this world hold for its own day
    this = calendar.local_day(datetime.now(UTC)).year
    with town.database.engine.begin() as connection:
        connection.execute(text("UPDATE access_token SET expires_at = now() + interval '1 hour'"))
        connection.execute(text("UPDATE user_session SET expires_at = now() + interval '1 hour', seen_at = now()"))
    request = officer.request(officer.command(CompleteCalendarYear(town.tenant, this, confirmed=True)))
    answer = httpx.post(
        f"{provider_server.url}/api/v1/sync/commands",
        content=encode(request),
        headers={"Authorization": f"Bearer {officer.token}", "Content-Type": "application/json"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    assert '"applied"' in answer.text, answer.text
    ends = time.monotonic() + 30
    while town.scalar("SELECT count(*) FROM command WHERE status = 'held'"):
        assert time.monotonic() < ends, "nobody carried out what waited"
        time.sleep(0.05)
