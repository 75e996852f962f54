"""Groups formed from wishes: the parent ranks, one officer has it computed, another gives the places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget

from models.contract.admission_commands import SaveGroup
from models.contract.collection_commands import FileWishes, OpenCollection
from provider.services.admissions import collections, organisations
from tests.fixtures.provider import ProviderServer
from tests.journeys.kindergarten.line import WAYS, Line, told
from tests.journeys.kindergarten.steps import file_general
from tests.journeys.kindergarten.town import FATHER, MOTHER, Town
from tests.journeys.program import Program
from tests.journeys.surroundings import pdf_text
from tests.sync.wire import Wire

LIST = "Your list, best first"
MOON, STAR = "Амина, group “Айгөлек”", "Амина, group “Жұлдыз”"


@pytest.fixture
def town(town: Town) -> Town:
    """The town with a second Kazakh group in Амина."""
    at = town.now
    new = SaveGroup(town.tenant, None, town.houses["Амина"], "Айгөлек", 3, 4, "kk", 1, "day", "", "Дүйсенова Мөлдір")
    town.groups["Айгөлек"] = town.do(
        "officer", lambda unit, known, own: organisations.save_group(unit, known, new, own, at)
    )
    return town


@pytest.fixture
def second_wire(provider_server: ProviderServer) -> Iterator[Wire]:
    """The line of a second computer."""
    line = Wire(provider_server.url)
    yield line
    line.close()


def done(program: Program, town: Town, act: Callable[[], Any]) -> None:
    """Do something and wait until the provider has it and its answer is here."""
    before = town.commands()
    act()
    program.wake()
    program.until(lambda: town.commands() > before, "the command at the provider")
    told(program)


def open_collection(officer: Program, town: Town) -> None:
    """Open a collection of the two groups of Амина on the officer's screen."""
    officer.go("office_collections")
    officer.press("Collect wishes")
    officer.write("Last day of the collection", "11.09.2026")
    officer.key(Qt.Key.Key_Tab)
    officer.write("First day in the groups", "21.09.2026")
    officer.key(Qt.Key.Key_Tab)
    officer.reads("3 groups are in the collection")
    done(officer, town, lambda: officer.press("Open the collection"))
    officer.pick("Collections of wishes", "Wishes are collected")


def rank(program: Program) -> None:
    """Rank both groups, Жұлдыз best, by the keyboard alone."""
    program.pick("Groups that suit your child", "Айгөлек")
    program.press("Add to the list")
    program.pick("Groups that suit your child", "Жұлдыз")
    program.press("Add to the list")
    program.until(lambda: program.table(LIST) == [[f"1. {MOON}"], [f"2. {STAR}"]], "both groups in the list")
    program.press("Up")
    program.until(lambda: program.table(LIST) == [[f"1. {STAR}"], [f"2. {MOON}"]], "the other order")


def neighbour_wishes(town: Town, *groups: str) -> None:
    """Let the neighbour's child wish for groups."""
    at = town.now
    (collection,) = town.column("SELECT id FROM collection")
    wanted = [town.groups[name] for name in groups]
    payload = FileWishes(town.tenant, town.application("neighbour").id, collection, wanted)
    town.do(FATHER, lambda unit, known, own: collections.file_wishes(unit, known, payload, own, at))


@pytest.mark.parametrize("way", WAYS)
def test_a_family_ranks_groups_and_has_its_place_after_two_officers_looked(
    start: Callable[..., Program], town: Town, wire: Wire, second_wire: Wire, tmp_path: Path, way: str
) -> None:
    town.file("neighbour")
    town.later(hours=1)
    mother = start(place="mother").enter(MOTHER)
    line = Line(mother, wire, town, way)
    file_general(mother, Line(mother, wire, town))
    officer = start(place="officer", provider_url=second_wire.url).enter("officer")
    open_collection(officer, town)
    town.rounds()
    told(mother)
    mother.go("wishes")
    mother.reads("until 11.09.2026 18:00:00")
    mother.reads("Nothing filed")
    rank(mother)
    mother.reads("This is a draft on this computer, not yet filed. File it by 11.09.2026 18:00:00.")
    line.step(lambda: mother.press("File the list"), waits="not yet filed")
    mother.reads("Filed on")
    assert town.column("SELECT groups FROM wish_list") == [[town.groups["Жұлдыз"], town.groups["Айгөлек"]]]
    neighbour_wishes(town, "Жұлдыз")

    told(officer)
    officer.open_row("Collections of wishes", "Wishes are collected")
    officer.reads("Lists filed | 2")
    done(officer, town, lambda: officer.press("Compute a trial"))
    officer.open_row("Computed results", "Computed: no place")
    officer.reads("You had this computed, so another officer has to give the places")
    assert not officer.has_button("Give the places…")
    officer.press("Throw the result away")
    town.at(date(2026, 9, 11), 18, 1)
    told(mother)
    mother.reads("The collection has ended.")

    officer.press("Back to the collection")
    told(officer)
    done(officer, town, lambda: officer.press("Compute the result"))
    officer.open_row("Computed results", "Computed: no place")
    officer.reads("Who gets what, and why")
    rows = officer.table("Who gets what, and why")
    assert [(row[5], row[6]) for row in rows] == [("Амина, Жұлдыз", "1/1"), ("Амина, Айгөлек", "2/2")]
    assert officer.table("How full the groups are") == [["Амина", "Жұлдыз", "1", "1"], ["Амина", "Айгөлек", "1", "1"]]
    officer.save_to = tmp_path
    officer.press("Save the protocol")
    officer.until(lambda: officer.saved and officer.saved[-1].exists(), "the saved protocol")
    paper = " ".join(pdf_text(officer.saved[-1].read_bytes()).split())
    assert "Protocol of the forming of groups" in paper
    assert "DRAFT" in paper

    second = start(place="officer2", provider_url=second_wire.url).enter("officer2")
    second.go("office_collections")
    second.open_row("Collections of wishes", "Ended")
    second.open_row("Computed results", "Computed: no place")
    second.press("Give the places…")
    second.reads("2 children get places.")
    done(second, town, lambda: second.press("Give the places"))
    second.reads("Places given")
    assert (town.state(), town.state("neighbour")) == ("contract-org", "contract-org")
    assert (town.counts("Айгөлек"), town.counts("Жұлдыз")) == ((1, 0), (1, 0))
    told(mother)
    mother.reads(f"A place is given: {MOON}. It is your wish number 2.")
    mother.press("Open the application")
    mother.reads("Wait for the contract from Амина. The place is held for you.")
    assert "has a place" in town.text_messages()[-1]


def test_a_draft_is_kept_over_a_restart_and_is_moved_by_alt_with_arrows(
    start: Callable[..., Program], town: Town, wire: Wire
) -> None:
    mother = start().enter(MOTHER)
    line = Line(mother, wire, town)
    file_general(mother, line)
    open_for(town)
    told(mother)
    mother.go("wishes")
    rank(mother)
    (ranked,) = [one for one in mother.shown(QListWidget) if one.accessibleName() == LIST]
    ranked.setFocus()
    QTest.keyClick(ranked, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    mother.until(lambda: mother.table(LIST) == [[f"1. {MOON}"], [f"2. {STAR}"]], "the moved wish")
    mother.reads("Not yet filed")
    mother.until(lambda: "[" in mother.draft("wishes"), "the kept draft")
    mother.close()
    again = start()
    again.until(lambda: again.window.context.inside is not None or again.has_field("Password"), "the beginning")
    if again.window.context.inside is None:
        again.enter(MOTHER)
    again.go("wishes")
    again.until(lambda: again.table(LIST) == [[f"1. {MOON}"], [f"2. {STAR}"]], "the draft of before")
    again.reads("This is a draft on this computer, not yet filed.")
    assert town.column("SELECT count(*) FROM wish_list") == [0]


@pytest.mark.parametrize("way", ["down", "html"])
def test_a_list_that_comes_after_the_end_is_refused_and_says_so(
    start: Callable[..., Program], town: Town, wire: Wire, way: str
) -> None:
    mother = start().enter(MOTHER)
    file_general(mother, Line(mother, wire, town))
    open_for(town)
    told(mother)
    mother.go("wishes")
    rank(mother)
    wire.break_(way)
    mother.wake()
    mother.reads("Offline since")
    mother.press("File the list")
    mother.reads("Your list is not yet filed: it counts only if the department receives it by 11.09.2026 18:00:00.")
    town.at(date(2026, 9, 11), 18, 1)
    wire.heal()
    mother.wake()
    mother.reads("The collection ended at 11.09.2026 18:00, so this list was not filed.")
    assert town.column("SELECT count(*) FROM wish_list") == [0]


def open_for(town: Town) -> None:
    """Open a collection of both groups of Амина without the officer's screen."""
    zone, at = town.department().calendar.zone, town.now
    ends = datetime.combine(date(2026, 9, 11), time(18), zone)
    groups = [town.groups["Айгөлек"], town.groups["Жұлдыз"]]
    payload = OpenCollection(town.tenant, "general", groups, ends, date(2026, 9, 21))
    town.do("officer", lambda unit, known, own: collections.open_collection(unit, known, payload, own, at))
