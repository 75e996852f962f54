"""Editions of rules confirmed by a second officer, and days off that move running terms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from models.contract.admission_commands import (
    ConfirmCategory,
    ConfirmChange,
    SetCalendarDay,
    SetCategory,
    SetProgramme,
)
from models.contract.outcomes import CommandOutcome
from models.domain.admissions.states import Event, Programme
from provider.services.admissions.clock import run_due
from tests.provider.admissions_world import Admissions, code
from tests.provider.sync_world import Device

OCTOBER = date(2026, 10, 1)


def prepare(town: Admissions, officer: Device, day: date = OCTOBER, **settings: Any) -> CommandOutcome:
    return town.send(officer, SetProgramme(town.tenant, "general", day, settings))


def test_rules_hold_from_their_day_once_a_second_officer_confirmed_them(town: Admissions) -> None:
    author, other = town.officer(), town.officer()
    prepared = prepare(town, author, contract_days=7)
    edition = prepared.result["programme_id"]
    assert town.department().rules(Programme.GENERAL, datetime(2026, 10, 2, tzinfo=UTC)).contract_days == 5
    assert code(town.send(author, ConfirmChange(town.tenant, edition, True))) == "needs-another-officer"
    assert town.send(other, ConfirmChange(town.tenant, edition, True)).result["state"] == "confirmed"
    rules = town.department().rules
    assert rules(Programme.GENERAL, datetime(2026, 9, 30, 18, tzinfo=UTC)).contract_days == 5  # 23:00 of 30 September
    assert rules(Programme.GENERAL, datetime(2026, 9, 30, 19, tzinfo=UTC)).contract_days == 7
    before = town.scalar("SELECT valid_to FROM programme WHERE programme = 'general' AND id <> :id", id=edition)
    assert before == OCTOBER


def test_a_prepared_edition_is_seen_by_the_office_only_until_it_is_confirmed(town: Admissions) -> None:
    author, other, parent = town.officer(), town.officer(), town.family().device
    edition = prepare(town, author, contract_days=7).result["programme_id"]
    parent.pull_all()
    author.pull_all()
    assert not [key for key in parent.rows if key[2:] == ("programme", edition)]
    assert [key for key in author.rows if key[2:] == ("programme", edition)]
    town.send(other, ConfirmChange(town.tenant, edition, True))
    for device in (parent, author):
        device.pull_all()
        assert [key for key in device.rows if key[2:] == ("programme", edition)]


def test_wrong_settings_are_told_all_at_once_by_field(town: Admissions) -> None:
    outcome = prepare(town, town.officer(), contract_days=0, order="random", nonsense=1)
    assert {problem.field for problem in outcome.problems} == {"contract_days", "order", "nonsense"}
    assert town.scalar("SELECT count(*) FROM programme WHERE state = 'prepared'") == 0


def test_no_rule_demands_a_signature_that_nobody_can_give(town: Admissions) -> None:
    outcome = prepare(town, town.officer(), signature_contract="eds")
    assert [(problem.code, problem.field) for problem in outcome.problems] == [
        ("rule-not-offered", "signature_contract")
    ]
    assert town.scalar("SELECT count(*) FROM programme WHERE state = 'prepared'") == 0


def test_an_edition_must_begin_ahead_when_prepared_and_when_confirmed(town: Admissions) -> None:
    author, other = town.officer(), town.officer()
    assert code(prepare(town, author, town.now.date())) == "valid-from-passed"
    edition = prepare(town, author, town.now.date() + timedelta(days=2)).result["programme_id"]
    town.later(days=2)
    assert code(town.send(other, ConfirmChange(town.tenant, edition, True))) == "valid-from-passed"


def test_an_edition_is_decided_once_and_a_later_one_ends_it(town: Admissions) -> None:
    author, other = town.officer(), town.officer()
    late = prepare(town, author, date(2026, 11, 1), contract_days=9).result["programme_id"]
    town.send(other, ConfirmChange(town.tenant, late, True))
    early = prepare(town, author, OCTOBER, contract_days=7).result["programme_id"]
    town.send(other, ConfirmChange(town.tenant, early, True))
    assert code(town.send(other, ConfirmChange(town.tenant, early, False))) == "change-decided"
    rules = town.department().rules
    days = [rules(Programme.GENERAL, datetime(2026, month, 5, tzinfo=UTC)).contract_days for month in (9, 10, 11)]
    assert days == [5, 7, 9]


def test_who_prepared_an_edition_may_take_it_back_and_a_new_one_for_the_day_replaces_it(town: Admissions) -> None:
    author, other = town.officer(), town.officer()
    first = prepare(town, author, contract_days=7).result["programme_id"]
    second = prepare(town, author, contract_days=8).result["programme_id"]
    assert code(town.send(other, ConfirmChange(town.tenant, first, True))) == "change-decided"
    assert town.send(author, ConfirmChange(town.tenant, second, False)).result["state"] == "refused"


def test_only_officers_set_rules_days_and_categories(town: Admissions) -> None:
    names = {"kk": "Мереке"}
    payloads = (
        SetProgramme(town.tenant, "general", OCTOBER, {}),
        ConfirmChange(town.tenant, 1, True),
        SetCalendarDay(town.tenant, OCTOBER, False, names),
        SetCategory(town.tenant, "x", 5, "ordinary", names, "", 0, 84, OCTOBER),
        ConfirmCategory(town.tenant, 1, True),
    )
    for device in (town.family().device, town.kindergarten("Amina"), town.doctor()):
        assert [code(town.send(device, payload)) for payload in payloads] == ["not-allowed"] * 5


def set_day(town: Admissions, day: date, working: bool | None) -> CommandOutcome:
    outcome = town.send(town.officer(), SetCalendarDay(town.tenant, day, working, {"kk": "Демалыс", "en": "Holiday"}))
    assert outcome.status == "applied", outcome
    return outcome


def test_a_new_day_off_moves_running_terms_later_and_says_so(town: Admissions) -> None:
    family = town.with_voucher(town.family())  # Monday 7 September, contract by Monday 14 at the same hour
    before = town.row(family.application).terms["contract"]
    outcome = set_day(town, date(2026, 9, 10), False)
    assert outcome.result["moved"] == 1
    row = town.row(family.application)
    assert before == "2026-09-14T06:00:00+00:00"
    assert row.terms["contract"] == "2026-09-15T06:00:00+00:00"
    assert town.messages(family)[-1] == "A term ends later"
    for body in town.scalar("SELECT body FROM message ORDER BY id DESC LIMIT 1").values():
        assert "10.09.2026" in body
        assert "15.09.2026 11:00:00" in body
        assert "—" not in body
    last = town.all(
        "SELECT event, from_state, to_state FROM history_entry WHERE application_id = :id ORDER BY id DESC LIMIT 1",
        id=family.application,
    )[0]
    assert tuple(last) == ("calendar-change", "voucher-active", "voucher-active")
    due = town.scalar("SELECT next_due FROM application WHERE id = :id", id=family.application)
    assert due > datetime.fromisoformat(row.terms["contract"])


def test_a_day_off_after_the_end_or_a_new_working_day_moves_nothing(town: Admissions) -> None:
    family = town.with_voucher(town.family())
    before = town.row(family.application).terms
    for day, working in ((date(2026, 9, 15), False), (date(2026, 9, 12), True), (date(2026, 9, 13), False)):
        assert set_day(town, day, working).result["moved"] == 0
    assert town.row(family.application).terms == before
    calendar = town.department().calendar
    assert calendar.is_working(date(2026, 9, 12))
    assert not calendar.is_working(date(2026, 9, 15))


def test_taking_a_day_off_back_moves_no_term_earlier(town: Admissions) -> None:
    family = town.with_voucher(town.family())
    set_day(town, date(2026, 9, 10), False)
    moved = town.row(family.application).terms["contract"]
    assert set_day(town, date(2026, 9, 10), None).result["moved"] == 0
    assert town.row(family.application).terms["contract"] == moved
    assert town.department().calendar.is_working(date(2026, 9, 10))


def test_the_version_of_the_calendar_goes_up_with_every_change(town: Admissions) -> None:
    versions = [set_day(town, date(2026, 9, 10), working).result["version"] for working in (False, None, False)]
    assert versions == sorted(set(versions))
    assert town.department().calendar.version == versions[-1]


def test_a_stop_list_by_calendar_days_rolls_past_a_new_day_off(town: Admissions) -> None:
    family = town.file(town.family())
    town.issue(family)
    town.later(days=5)
    run_due(town.database, town.now)
    term = datetime.fromisoformat(town.row(family.application).terms["restore"])
    last = (term - timedelta(seconds=1)).astimezone(town.department().calendar.zone).date()
    set_day(town, last, False)
    assert datetime.fromisoformat(town.row(family.application).terms["restore"]) > term
    set_day(town, last - timedelta(days=1), False)  # inside the term: days of the calendar count all the same
    moved = town.row(family.application).terms["restore"]
    assert set_day(town, last - timedelta(days=2), False).result["moved"] == 0
    assert town.row(family.application).terms["restore"] == moved


def test_the_past_cannot_be_changed_and_a_day_needs_a_name(town: Admissions) -> None:
    officer = town.officer()
    assert code(town.send(officer, SetCalendarDay(town.tenant, date(2026, 9, 4), False, {"kk": "Д"}))) == "day-passed"
    assert code(town.send(officer, SetCalendarDay(town.tenant, date(2026, 9, 9), None))) == "nothing-to-change"
    assert code(town.send(officer, SetCalendarDay(town.tenant, date(2026, 9, 9), False))) == "field-required"


def test_a_referral_is_valid_through_its_moved_last_day(town: Admissions) -> None:
    house = town.kindergarten("Amina")
    item = town.item(town.groups["star"], 2)
    family = town.file(town.family(), "bulletin")
    town.act(family, Event.APPLY_BULLETIN, item_id=item)
    assert town.step(house, family.application, Event.ACTIVATE).status == "applied"
    last = town.scalar("SELECT valid_until FROM referral")
    set_day(town, date(2026, 9, 9), False)
    assert last == date(2026, 9, 14)
    assert town.scalar("SELECT valid_until FROM referral") == date(2026, 9, 15)
    house.pull_all()
    rows = [row for key, (_, row) in house.rows.items() if key[2] == "referral"]
    assert "2026-09-15" in rows[0]
