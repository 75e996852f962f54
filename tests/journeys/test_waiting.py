"""Waiting and attention: a refusal is told with its reason, corrected and sent again; signing out asks first."""

from __future__ import annotations

from datetime import UTC, date, datetime

from provider.services.catalogue import load_catalogue
from provider.services.readings import NewReading, accept_reading
from tests.fixtures.provider import ProviderServer
from tests.journeys.program import Program
from tests.journeys.surroundings import readings_at
from tests.sync.wire import Wire

WATER = "Water supply, meter 04518237, reading now"


def test_a_refused_reading_is_told_corrected_and_sent_again(
    resident: Program, wire: Wire, provider_server: ProviderServer
) -> None:
    program = resident
    program.go("readings")
    wire.vanish()
    program.write(WATER, "147,5")
    program.press("Give readings")
    program.reads("Offline since")
    controller_reads(program, provider_server, 15_000)
    wire.heal()
    program.wake()
    program.reads("1 needs your attention")
    program.reads("Not accepted")
    program.go("waiting")
    program.reads("The reading is lower than the last one, 00150,00")
    program.press("Correct and send again: Reading of a meter")
    program.until(lambda: program.has_field(WATER), "the readings")
    program.write(WATER, "152")
    program.press("Give readings")
    program.reads("The provider has 00152,00 of 20.02.2024, given by you")
    program.settled()
    program.until(lambda: "needs your attention" not in program.words(), "an empty list")
    assert program.client.waiting() == []
    assert readings_at(provider_server, "04518237")[-1] == 15_200


def test_a_waiting_entry_is_withdrawn_from_the_list(resident: Program, wire: Wire) -> None:
    program = resident
    program.go("readings")
    wire.vanish()
    program.write(WATER, "147,5")
    program.press("Give readings")
    program.reads("Offline since")
    program.go("waiting")
    program.press("Withdraw: Reading of a meter")
    program.reads("Nothing waits.")
    wire.heal()
    program.wake()
    program.settled()
    assert [r.value for r in program.view("123456").readings if r.read_on >= date(2024, 2, 1)] == []


def test_signing_out_with_unsent_work_asks_and_keeps_it_for_the_next_time(
    resident: Program, wire: Wire, provider_server: ProviderServer
) -> None:
    program = resident
    program.go("readings")
    wire.vanish()
    program.write(WATER, "147,5")
    program.press("Give readings")
    program.reads("Offline since")
    program.menu("Sign out")
    program.reads("1 entry has not been sent yet.")
    program.press("Stay signed in")
    assert len(program.client.waiting()) == 1
    program.menu("Sign out")
    program.press("Sign out and keep them here")
    program.reads("You have signed out. What was not sent is kept on this computer")
    assert program.window.context.inside is None
    wire.heal()
    program.sign_in("123456")
    assert readings_at(provider_server, "04518237")[-1] == 14_750


def controller_reads(program: Program, server: ProviderServer, value: int) -> None:
    """Record a reading that the provider's controller took last month, and that came in late."""
    view = program.view("123456")
    meter = next(meter for meter in view.meters if meter.number == "04518237")
    with server.database.read() as connection:
        catalogue = load_catalogue(connection, view.provider.id)
    with server.database.change() as unit:
        accepted = accept_reading(
            unit,
            catalogue,
            NewReading(
                view.account.id,
                meter.id,
                value,
                date(2024, 1, 24),
                datetime(2024, 1, 24, 9, tzinfo=UTC),
                "controller",
                confirmed=(),
            ),
        )
    assert isinstance(accepted, dict), accepted
