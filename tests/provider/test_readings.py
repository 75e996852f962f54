"""Readings: asked about when odd, refused when impossible, replaced within the month, kept as history."""

from __future__ import annotations

from datetime import date

from models.contract.records import Reading
from models.domain.problems import Problem
from provider.services.accounts import account_view
from provider.store.database import Database
from provider.store.rows import fetch
from tests.provider.money import add_account, at, read, water_provider

DAY = date(2024, 1, 20)


def refused(answer: object) -> set[str]:
    assert isinstance(answer, tuple)
    return {one.code for one in answer if isinstance(one, Problem)}


def test_an_accepted_reading_answers_with_the_providers_own_figures(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, meter_id = add_account(database, catalogue, "1", initial=12530)
    answer = read(database, catalogue, account_id, meter_id, 13875, DAY, command_id="c-1")
    assert isinstance(answer, dict)
    number = answer.pop("reading_id")
    assert answer == {
        "period": 202401,
        "next_period": False,
        "value": 13875,
        "volume": 1345,
        "corrected_minor": 0,
    }
    with database.read() as connection:
        kept = fetch(connection, Reading)[-1]
        view = account_view(connection, account_id)
    assert (kept.id, kept.command_id, kept.source, kept.state) == (number, "c-1", "consumer", "accepted")
    assert [one.value for one in view.readings] == [12530, 13875]
    assert view.epoch
    assert view.sequence > 0


def test_questions_must_be_confirmed_and_nothing_is_stored_before(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, meter_id = add_account(database, catalogue, "1", initial=9_999_025, residents=1)
    assert refused(read(database, catalogue, account_id, meter_id, 1240, DAY, confirmed=())) == {
        "reading-rolled-over",
        "reading-unusual",
    }
    assert refused(read(database, catalogue, account_id, meter_id, 1240, DAY, confirmed=("reading-rolled-over",))) == {
        "reading-unusual"
    }
    with database.read() as connection:
        assert len(fetch(connection, Reading)) == 1
    assert isinstance(
        read(
            database, catalogue, account_id, meter_id, 1240, DAY, confirmed=("reading-rolled-over", "reading-unusual")
        ),
        dict,
    )


def test_impossible_readings_are_refused(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, meter_id = add_account(database, catalogue, "1", initial=12530)
    other_id, other_meter = add_account(database, catalogue, "2")
    assert refused(read(database, catalogue, account_id, meter_id, 12000, DAY)) == {"reading-went-down"}
    assert refused(read(database, catalogue, account_id, meter_id, 10_000_000, DAY)) == {"reading-too-long"}
    assert refused(read(database, catalogue, account_id, meter_id, 13000, DAY, received_at=at(date(2024, 1, 18)))) == {
        "reading-in-future"
    }
    assert refused(read(database, catalogue, account_id, other_meter, 13000, DAY)) == {"meter-unknown"}
    assert refused(read(database, catalogue, 999_999, meter_id, 13000, DAY)) == {"unknown-account"}
    assert isinstance(read(database, catalogue, other_id, other_meter, 10100, DAY), dict)


def test_a_reading_of_the_same_month_replaces_the_one_before_which_stays_as_history(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, meter_id = add_account(database, catalogue, "1", initial=12530)
    for value in (13800, 13875):
        read(database, catalogue, account_id, meter_id, value, DAY)
    with database.read() as connection:
        states = [(one.value, one.state) for one in fetch(connection, Reading)]
    assert states == [(12530, "accepted"), (13800, "replaced"), (13875, "accepted")]


def test_a_reading_after_the_window_counts_for_the_next_month(database: Database) -> None:
    catalogue = water_provider(database)
    account_id, meter_id = add_account(database, catalogue, "1", initial=12530)
    late = read(database, catalogue, account_id, meter_id, 13875, date(2024, 1, 29))
    assert isinstance(late, dict)
    assert (late["period"], late["next_period"]) == (202402, True)
    # inside the window by its day, received two days after it: within the three days of grace
    other_id, other_meter = add_account(database, catalogue, "2", initial=0)
    graced = read(database, catalogue, other_id, other_meter, 500, date(2024, 1, 25), received_at=at(date(2024, 1, 27)))
    assert isinstance(graced, dict)
    assert (graced["period"], graced["next_period"]) == (202401, False)
    assert refused(read(database, catalogue, account_id, meter_id, 13000, DAY)) == {"reading-before-last"}
