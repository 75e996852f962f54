"""What goes wrong at an office's desk: two officers at once, the same officer twice, bad input, a line that is down.

Each ends with one sentence at the place where it was done, and nothing that was written is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from models.contract.admission_commands import CancelIteration, ConfirmChange, SaveGroup
from models.domain.admissions.states import Actor, Event
from provider.services.admissions import iterations, organisations, programmes
from tests.fixtures.provider import ProviderServer
from tests.journeys.kindergarten.line import told
from tests.journeys.kindergarten.test_office import done, file
from tests.journeys.kindergarten.town import MOTHER, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire


@pytest.fixture
def second_wire(provider_server: ProviderServer) -> Iterator[Wire]:
    """The line of a second computer."""
    line = Wire(provider_server.url)
    yield line
    line.close()


def plan(officer: Program, town: Town, count: str) -> None:
    """Plan a round by the keyboard alone."""
    officer.go("office_rounds")
    officer.press("Plan a round")
    officer.write("Number of vouchers", count)
    done(officer, town, lambda: officer.key(Qt.Key.Key_Return))


def test_a_round_of_an_impossible_size_is_not_planned_and_a_large_one_is_warned_about(
    start: Callable[..., Program], town: Town
) -> None:
    file(town)
    officer = start().enter("officer")
    officer.go("office_rounds")
    officer.press("Plan a round")
    for number in ("0", "1000000", "-3", "ten"):
        officer.write("Number of vouchers", number)
        officer.key(Qt.Key.Key_Return)
        officer.reads("Enter a number from 1 to 20000. Nothing was changed.")
        assert officer.value("Number of vouchers") == number
    officer.write("Number of vouchers", "900")
    officer.reads("More vouchers than places, even with those expected by")
    done(officer, town, lambda: officer.press("Make the plan"))
    officer.open_row("History of rounds", "Planned")
    officer.reads("Free now: 2")


def test_a_colleague_who_was_quicker_is_named_in_one_sentence_and_the_plan_can_be_made_again(
    start: Callable[..., Program], town: Town, wire: Wire, second_wire: Wire
) -> None:
    file(town)
    officer = start(place="officer").enter("officer")
    plan(officer, town, "1")
    second = start(place="officer2", provider_url=second_wire.url).enter("officer2")
    second.go("office_rounds")
    second.open_row("History of rounds", "Planned")
    second_wire.break_("down")
    second.wake()
    second.reads("Offline since")
    at = town.now
    (number,) = town.column("SELECT id FROM iteration")
    gone = CancelIteration(town.tenant, number)
    town.do("officer", lambda unit, known, own: iterations.cancel(unit, known, gone, own, at))
    second.press("Issue the vouchers…")
    second.press("Issue the vouchers")
    second.reads("is not sent yet: it counts when the department's server receives it.")
    second_wire.heal()
    second.wake()
    second.reads("This round was cancelled, so its vouchers were not issued. Plan a new one.")
    assert town.state() == "queued"
    second.press("Put away")
    second.press("Back to the list")
    plan(second, town, "1")
    told(officer)
    officer.open_row("History of rounds", "Planned")
    officer.until(lambda: officer.has_button("Issue the vouchers…"), "the issue of what a colleague planned")


def test_rules_are_written_with_mistakes_meet_another_edition_and_are_not_confirmed_by_who_wrote_them(
    start: Callable[..., Program], town: Town, second_wire: Wire
) -> None:
    officer = start(place="officer").enter("officer")
    officer.go("office_programmes")
    officer.press("Prepare an edition")
    day = town.day(town.now)
    for typed, said in ((day - timedelta(days=3), "A change holds from a day that lies ahead"), (day, "choose a day")):
        officer.write("In force from", f"{typed:%d.%m.%Y}")
        officer.write("Term to confirm interest", "0")
        officer.press("Hand over to a second officer")
        officer.reads(said)
        officer.reads("This number must be from 1 to 400.")
        assert officer.value("Term to confirm interest") == "0"
    officer.key(Qt.Key.Key_Escape)
    assert officer.value("Term to confirm interest") == "0", "Escape throws no rules away"
    ahead = day + timedelta(days=9)
    officer.write("In force from", f"{ahead:%d.%m.%Y}")
    officer.write("Term to confirm interest", "4")
    done(officer, town, lambda: officer.press("Hand over to a second officer"))
    officer.reads("You prepared this edition, so another officer has to confirm it.")
    assert not officer.has_button("Confirm the edition")
    (edition,) = town.column("SELECT id FROM programme WHERE state = 'prepared'")
    officer.window.model("office_programmes").decide(  # as a program that was changed might
        next(one for one in officer.window.model("office_programmes").editions() if one.id == edition), True
    )
    officer.reads("You prepared this yourself, and a second officer has to decide about it.")

    second = start(place="officer2", provider_url=second_wire.url).enter("officer2")
    second.go("office_programmes")
    second.press("Prepare an edition")
    second.write("In force from", f"{ahead:%d.%m.%Y}")
    second.key(Qt.Key.Key_Tab)
    second.reads("Бекова Сәуле prepared an edition for that day: this one takes its place.")
    second.press("Cancel")
    at = town.now
    answer = ConfirmChange(town.tenant, edition, False, at)
    second_wire.break_("down")
    town.do("officer2", lambda unit, known, own: programmes.decide(unit, known, answer, own, at))
    second.press("Confirm the edition")
    second_wire.heal()
    second.wake()
    second.reads("This change was decided already. Nothing was changed.")
    assert town.column("SELECT state FROM programme WHERE id = " + str(edition)) == ["refused"]


def test_an_officer_decides_about_a_group_without_a_line_while_it_fills(
    start: Callable[..., Program], town: Town, wire: Wire
) -> None:
    application = file(town)
    officer = start().enter("officer")
    officer.go("office_places")
    officer.open_row("Kindergartens", "Амина")
    officer.open_row("Groups", "Жұлдыз")
    officer.write("Places", "0")
    wire.break_("down")
    officer.wake()
    officer.reads("Offline since")
    town.vouchers()
    town.act(MOTHER, Event.CONFIRM_INTEREST, Actor.PARENT, application)
    town.act(MOTHER, Event.CHOOSE_PLACE, Actor.PARENT, application, group_id=town.groups["Жұлдыз"])
    officer.press("Save the group")
    officer.reads("is not sent yet")
    wire.heal()
    officer.wake()
    officer.reads("was refused.")
    assert town.column(f"SELECT capacity FROM place WHERE group_id = {town.groups['Жұлдыз']}") == [1]
    officer.press("Change and send again")
    officer.until(lambda: officer.has_field("Places"), "the form")
    assert officer.value("Places") == "0", "what was written is there to be changed"
    officer.key(Qt.Key.Key_Return)
    officer.reads("1 place is taken or held")
    officer.write("Places", "2")
    done(officer, town, lambda: officer.key(Qt.Key.Key_Return))
    assert town.column(f"SELECT capacity FROM place WHERE group_id = {town.groups['Жұлдыз']}") == [2]
    officer.reads("Sent to the kindergarten")
    assert any("Жұлдыз" in cell for row in officer.table("Sent to the kindergarten") for cell in row)


def test_a_kindergarten_publishes_a_place_that_was_closed_meanwhile_and_keeps_its_draft(
    start: Callable[..., Program], town: Town, wire: Wire
) -> None:
    house = start().enter("kindergarten")
    house.go("publications")
    house.press("Publish places")
    house.choose("Group", "Солнце")
    for number in ("0", "7", "x"):
        house.write("Places", number)
        house.press("Check and publish…")
        house.reads("Enter a number" if number != "7" else "Only 1 place is free")
        house.until(lambda: house.has_field("Places"), "the draft")
        assert house.value("Places") == number
        assert not house.has_button("Publish")
    house.write("Places", "1")
    house.write("Responsible", "Айгүл")
    house.press("Check and publish…")
    wire.break_("down")
    house.wake()
    house.reads("Offline since")
    at, group = town.now, town.groups["Солнце"]
    closed = SaveGroup(town.tenant, group, town.houses["Амина"], "Солнце", 3, 4, "ru", 0)
    town.do("officer", lambda unit, known, own: organisations.save_group(unit, known, closed, own, at))
    house.press("Publish")
    house.reads("is not sent yet")
    wire.heal()
    house.wake()
    house.reads("was refused.")
    house.press("Change and send again")
    house.until(lambda: house.has_field("Responsible"), "the draft")
    assert house.value("Responsible") == "Айгүл"
    assert town.column("SELECT count(*) FROM bulletin_item") == [0]
