"""Terms end by the clock, each as of its own end, however late the clock looks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import URL, text

from models.domain.admissions.states import Event
from provider.__main__ import main
from provider.jobs import rounds
from provider.services.admissions import clock, reminders, yearly
from provider.store.database import Database
from tests.provider.admissions_world import Admissions, make_admissions


def test_interest_that_nobody_confirms_leads_to_the_stop_list_as_of_the_missed_day(edu: Admissions) -> None:
    family = edu.file(edu.family())
    edu.issue(family)
    edu.later(days=2)
    assert clock.run_due(edu.database, edu.now).steps == 0  # the ninth still belongs to the term
    edu.later(days=10)
    assert clock.run_due(edu.database, edu.now).steps == 1
    row = edu.row(family.application)
    assert (row.state, row.stop, row.voucher, row.voucher_number) == ("stop-list", "interest", "", "")
    assert row.state_since == datetime(2026, 9, 9, 19, tzinfo=UTC)
    assert row.terms == {"restore": "2026-10-07T19:00:00+00:00"}
    assert row.step_before_stop == "voucher-issued"
    edu.act(family, Event.RESTORE)
    restored = edu.row(family.application)
    assert restored.state == "queued"
    assert restored.rank_date == row.rank_date
    assert restored.restore_used == 1


def test_after_a_pause_everything_is_as_if_the_clock_had_never_stopped(database: Database) -> None:
    edu = make_admissions(database)
    missed = edu.file(edu.family())
    edu.issue(missed)
    owner = edu.with_voucher(edu.family())
    edu.act(owner, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    first, second = edu.with_voucher(edu.family()), edu.with_voucher(edu.family())
    for waiting in (second, first):  # the later one clicks first
        edu.act(waiting, Event.JOIN_WAITLIST, group_id=edu.groups["sun"])
    kindergarten = edu.kindergarten("Amina")
    assert edu.step(kindergarten, owner.application, Event.SEND_CONTRACT).status == "applied"
    edu.later(days=60)
    report = clock.run_due(edu.database, edu.now)
    assert report.stuck == []
    # the owner's contract ends on the 14th; the place goes to the first in the queue for two working days, then on
    assert edu.state(owner) == "archived"
    assert edu.state(missed) == "archived"  # interest missed on the 9th, not restored by 7 October
    events = edu.all(
        "SELECT application_id, transition, at FROM history_entry WHERE actor IN ('clock', 'system') ORDER BY id"
    )
    assert [(row.application_id, row.transition) for row in events[:5]] == [
        (missed.application, "T10"),
        (owner.application, "T22"),
        (first.application, "T17"),
        (first.application, "T19d"),
        (second.application, "T17"),
    ]
    assert [row.at for row in events] == sorted(row.at for row in events)
    assert events[1].at == events[2].at == datetime(2026, 9, 14, 6, 0, 0, 1, tzinfo=UTC)
    assert events[3].at == events[4].at == datetime(2026, 9, 16, 19, tzinfo=UTC)
    assert edu.counts("sun") == (0, 0)
    assert edu.state(first) == edu.state(second) == "archived"  # both vouchers ended long since


def test_a_kindergarten_is_told_that_a_contract_was_not_signed_in_time(edu: Admissions) -> None:
    family = edu.with_voucher(edu.family())
    edu.act(family, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    kindergarten = edu.kindergarten("Amina")
    assert edu.step(kindergarten, family.application, Event.SEND_CONTRACT).status == "applied"
    edu.later(days=10)
    clock.run_due(edu.database, edu.now)
    assert edu.state(family) == "archived"
    told = edu.all("SELECT body FROM message WHERE organisation_id = :id ORDER BY id", id=edu.organisations["Amina"])
    assert "the parent did not sign the contract in time. The place is free again" in told[-1].body["en"]
    assert "Place in the kindergarten" not in edu.messages(family)


def test_two_clocks_at_once_take_each_step_once(edu: Admissions) -> None:
    from concurrent.futures import ThreadPoolExecutor

    families = [edu.file(edu.family()) for _ in range(12)]
    edu.issue(*families)
    edu.later(days=5)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: clock.run_due(edu.database, edu.now, batch=3), range(4)))
    assert sum(report.steps for report in reports) == 12
    assert edu.scalar("SELECT count(*) FROM history_entry WHERE transition = 'T10'") == 12
    assert edu.scalar("SELECT count(*) FROM message WHERE subject->>'en' = 'Application on the stop list'") == 12


def test_a_calendar_without_the_year_stops_nobody_else(edu: Admissions) -> None:
    late, other = edu.file(edu.family()), edu.file(edu.family())
    edu.now = datetime(2027, 12, 27, 6, tzinfo=UTC)
    edu.issue(late)  # ends on the 29th; 28 days after that lie in 2028
    edu.now = datetime(2027, 12, 1, 6, tzinfo=UTC)
    edu.issue(other)
    edu.now = datetime(2028, 1, 10, 6, tzinfo=UTC)
    report = clock.run_due(edu.database, edu.now)
    assert report.stuck == [late.application]
    assert edu.state(other) == "archived"
    assert edu.state(late) == "voucher-issued"
    for year in (2028,):
        edu.public("calendar_year", department_id=edu.tenant, year=year, source="test")
    assert clock.run_due(edu.database, edu.now).stuck == []
    assert edu.state(late) == "stop-list"


def test_a_last_day_is_over_the_day_after(edu: Admissions) -> None:
    kindergarten = edu.kindergarten("Amina")
    family = edu.enrolled(edu.family(), "sun", kindergarten)
    waiting = edu.with_voucher(edu.family())
    edu.act(waiting, Event.JOIN_WAITLIST, group_id=edu.groups["sun"])
    edu.act(family, Event.LEAVE)
    clock.run_due(edu.database, edu.now)
    assert edu.counts("sun") == (0, 1)  # today the child is still there
    kindergarten.pull_all()
    seen = {key[2] for key in kindergarten.rows if key[1].startswith("organisation")}
    assert "child" in seen
    edu.later(days=1)
    assert clock.run_due(edu.database, edu.now).vacated == 1
    assert edu.state(waiting) == "place-offered"
    assert edu.counts("sun") == (1, 0)
    kindergarten.pull_all()
    mine = {(key[2], key[3]) for key in kindergarten.rows if key[1].startswith("organisation")}
    assert ("application", family.application) not in mine
    assert ("child", family.child) not in mine
    assert ("application", waiting.application) in mine


def test_each_reminder_is_given_once(edu: Admissions) -> None:
    family = edu.file(edu.family())
    edu.issue(family)
    assert reminders.remind(edu.database, edu.now) == 0  # the message of the voucher was just read
    edu.later(days=1)
    assert [reminders.remind(edu.database, edu.now) for _ in range(3)] == [1, 0, 0]
    edu.now = datetime(2026, 9, 9, 3, 59, tzinfo=UTC)
    assert reminders.remind(edu.database, edu.now) == 0  # before nine in the morning
    edu.later(minutes=2)
    assert [reminders.remind(edu.database, edu.now) for _ in range(2)] == [1, 0]
    assert edu.scalar("SELECT count(*) FROM phone_message WHERE body LIKE '%09.09.2026%'") == 3


def test_the_minutely_round_reminds_once_a_morning(edu: Admissions) -> None:
    family = edu.file(edu.family())
    edu.issue(family)
    edu.now = datetime(2026, 9, 8, 3, 30, tzinfo=UTC)  # half past eight
    assert rounds.clock_round(edu.database, edu.now) == 0
    edu.later(hours=1)
    assert [rounds.clock_round(edu.database, edu.now) for _ in range(3)] == [1, 0, 0]
    edu.later(days=1)
    assert rounds.clock_round(edu.database, edu.now) == 1
    edu.later(days=1)
    assert rounds.clock_round(edu.database, edu.now) == 1  # the term has ended


def test_nobody_is_reminded_of_what_the_kindergarten_has_to_do(edu: Admissions) -> None:
    family = edu.with_voucher(edu.family())
    edu.act(family, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    edu.now = datetime(2026, 9, 13, 5, tzinfo=UTC)
    assert reminders.remind(edu.database, edu.now) == 0
    edu.step(edu.kindergarten("Amina"), family.application, Event.SEND_CONTRACT)
    edu.now = datetime(2026, 9, 14, 5, tzinfo=UTC)
    assert reminders.remind(edu.database, edu.now) == 1


def test_the_school_year_ends_places_and_the_refresh_moves_children_once(edu: Admissions) -> None:
    kindergarten = edu.kindergarten("Amina")
    grown = edu.enrolled(edu.family(), "sun", kindergarten)
    waiting = edu.file(edu.family(date(2024, 10, 1)))
    with edu.database.change() as unit:
        unit.connection.execute(
            text("UPDATE application SET born = '2020-05-01' WHERE id = :id"), {"id": grown.application}
        )
        unit.changes.live(edu.tenant, f"child:{grown.child}", "application", grown.application)
    before = edu.row(waiting.application).category_id
    edu.now = datetime(2027, 6, 30, 6, tzinfo=UTC)
    report = yearly.run_yearly(edu.database, edu.now)
    assert (report.refreshed, report.ended) == (1, 0) or edu.row(waiting.application).category_id == before
    edu.now = datetime(2027, 9, 2, 6, tzinfo=UTC)
    assert yearly.run_yearly(edu.database, edu.now).ended == 1
    assert yearly.run_yearly(edu.database, edu.now).ended == 0
    row = edu.row(grown.application)
    assert (row.state, row.archive) == ("archived", "graduated")
    assert edu.counts("sun") == (0, 0)
    assert edu.scalar("SELECT ends_on FROM placement") == date(2027, 8, 31)


def test_one_application_that_contradicts_its_place_stops_nobody_else(edu: Admissions) -> None:
    families = [edu.with_voucher(edu.family()) for _ in range(5)]
    broken = families[2]
    edu.act(broken, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    edu.step(edu.kindergarten("Amina"), broken.application, Event.SEND_CONTRACT)
    with edu.database.change() as unit:
        unit.connection.execute(text("UPDATE place SET held = 0"))
        unit.changes.live(edu.tenant, "public", "place", 1)
    edu.later(days=20)
    report = clock.run_due(edu.database, edu.now)
    assert (report.steps, report.stuck) == (4, [broken.application])
    assert [edu.state(family) for family in families if family is not broken] == ["archived"] * 4
    assert edu.state(broken) == "contract-parent"


def test_the_clock_can_be_run_by_hand(
    edu: Admissions, database_url: URL, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    family = edu.file(edu.family())
    edu.issue(family)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr(Database, "open", lambda _settings: Database(database_url))  # made by no migration
    assert main(["run-due", "--queue", "--now", "2026-09-20T06:00:00+00:00"]) == 0
    assert "Steps: 1, places given back: 0, reminders: 0, new numbers: 0." in capsys.readouterr().out
    assert edu.state(family) == "stop-list"
    assert main(["run-due", "--now", "2026-09-20T06:00:00"]) == 1


@pytest.mark.parametrize("recategorise", ["annual", "daily"])
def test_categories_follow_the_age_from_day_to_day_only_where_a_department_wants_it(
    database: Database, recategorise: str
) -> None:
    edu = make_admissions(database, general={"recategorise": recategorise})
    family = edu.file(edu.family(date(2023, 9, 20)))  # three years old on the 20th
    edu.file(edu.family(date(2023, 12, 20)))
    with_voucher = edu.with_voucher(edu.family(date(2023, 9, 20)))
    rank, filed = edu.row(family.application).category_rank, edu.row(family.application).rank_date
    for day in (18, 19, 20):
        edu.now = datetime(2026, 9, day, 20, tzinfo=UTC)  # an hour after midnight in the department: the next day
        yearly.run_nightly(edu.database, edu.now)
        row = edu.row(family.application)
        assert row.category_rank == (3 if day >= 19 and recategorise == "daily" else 4)
    assert (rank, row.rank_date) == (4, filed)
    assert edu.row(with_voucher.application).category_rank == 4
    told = edu.all("SELECT body FROM message WHERE application_id = :id ORDER BY id", id=family.application)
    bodies = [row.body["en"] for row in told]
    assert sum("another category from today" in body for body in bodies) == (recategorise == "daily")
