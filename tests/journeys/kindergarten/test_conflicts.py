"""Two windows change one application, one of them without a line: nothing is lost, nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt

from tests.fixtures.provider import ProviderServer
from tests.journeys.kindergarten.line import Line, told
from tests.journeys.kindergarten.steps import open_application
from tests.journeys.kindergarten.town import CODES, FATHER, MOTHER, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire

MOTHERS, FATHERS, LAST = "+7 701 222 22 22", "+7 701 333 33 33", "+7 701 444 44 44"


@pytest.fixture
def second_wire(provider_server: ProviderServer) -> Iterator[Wire]:
    """The line of a second computer."""
    line = Wire(provider_server.url)
    yield line
    line.close()


@pytest.fixture
def parents(start: Callable[..., Program], town: Town, wire: Wire, second_wire: Wire) -> tuple[Program, Program]:
    """The windows of the mother and of the father, who may act for the son too; his application is open in both."""
    town.file("son")
    mother = start(place="mother").enter(MOTHER)
    mother.go("children")
    mother.press("Entrust Алыбай Алдияр Қуандықұлы to somebody")
    mother.write("IIN or document number of the other person", CODES[FATHER])
    mother.tick("May also act: file applications, choose, confirm")
    Line(mother, wire, town).plain(lambda: mother.press("Entrust"))
    father = start(place="father", provider_url=second_wire.url).enter(FATHER)
    for program in (mother, father):
        open_application(program)
        program.reads("Change the application")
    return mother, father


def change(program: Program, **fields: str) -> None:
    """Change the application on its screen: the telephone, or a language of education to add."""
    program.press("Change the application")
    if "phone" in fields:
        program.write("Telephone", fields["phone"])
    if "without" in fields:
        program.tick(fields["without"], on=False)
    program.press("Save")


def changed(program: Program, town: Town, **fields: str) -> None:
    """Change the application and wait until the provider has it and its answer is here."""
    before = town.commands()
    change(program, **fields)
    program.until(lambda: town.commands() > before, "the change at the provider")
    told(program)


def cut(program: Program, wire: Wire) -> None:
    """Break the line of a window."""
    wire.break_("down")
    program.wake()
    program.until(lambda: program.client.status().problem, "the break")


def mend(program: Program, wire: Wire) -> None:
    """Mend it, and wait for the answer."""
    wire.heal()
    told(program)


def test_different_fields_that_two_parents_changed_both_count(
    parents: tuple[Program, Program], town: Town, second_wire: Wire
) -> None:
    mother, father = parents
    cut(father, second_wire)
    change(father, without="Russian")
    father.reads("Not sent yet")
    changed(mother, town, phone=MOTHERS)
    mend(father, second_wire)
    father.until(lambda: not father.client.waiting(), "the answer")
    row = town.application()
    assert (row.phone, row.languages) == (MOTHERS, ["kk"])
    assert town.events() == ["submit", "edit", "edit"]


def test_the_same_field_opens_both_versions_and_a_person_chooses(
    parents: tuple[Program, Program], town: Town, second_wire: Wire
) -> None:
    mother, father = parents
    cut(father, second_wire)
    change(father, phone=FATHERS, without="Russian")
    changed(mother, town, phone=MOTHERS)
    mend(father, second_wire)
    father.reads("Somebody changed some of the same data meanwhile.")
    row = town.application()
    assert (row.phone, row.languages) == (MOTHERS, ["kk"]), "nothing was overwritten, and the rest counts"
    father.press("Look at both versions")
    for words in ("You wrote", FATHERS, "Now at the provider", MOTHERS, "Сейтқали Айгүл", "Stored already: Language"):
        father.reads(words)
    father.reads("1 needs your attention")
    # Meanwhile the mother changes it once more: that is not what the father looks at.
    mother.until(lambda: "Change the application" in mother.words(), "the screen")
    changed(mother, town, phone=LAST)
    told(father)
    father.press("Send mine again: Change of an application")
    father.until(lambda: LAST in father.words(), "the newest version")
    assert town.application().phone == LAST
    father.press("Send mine again: Change of an application")
    father.reads("Nothing waits.")
    assert town.application().phone == FATHERS
    told(mother)
    mother.reads(FATHERS)


def test_what_is_there_is_kept_and_nothing_more_is_asked(
    parents: tuple[Program, Program], town: Town, second_wire: Wire
) -> None:
    mother, father = parents
    cut(father, second_wire)
    change(father, phone=FATHERS)
    changed(mother, town, phone=MOTHERS)
    mend(father, second_wire)
    father.press("Look at both versions")
    father.until(lambda: father.has_button("Keep what is there: Change of an application"), "the choice")
    father.press("Keep what is there: Change of an application")
    father.reads("It stays as it is at the provider.")
    father.reads("Nothing waits.")
    assert town.application().phone == MOTHERS
    assert town.events() == ["submit", "edit"]


def test_news_that_come_while_a_form_is_open_are_not_overwritten(parents: tuple[Program, Program], town: Town) -> None:
    mother, father = parents
    father.press("Change the application")
    father.write("Telephone", FATHERS)
    changed(mother, town, phone=MOTHERS)
    told(father)
    father.until(lambda: _known(father) == MOTHERS, "the mother's telephone on the father's computer")
    father.key(Qt.Key.Key_Tab)
    father.press("Save")
    father.reads("Somebody changed the same data meanwhile")
    assert town.application().phone == MOTHERS


def test_two_devices_of_one_person_change_the_profile(
    start: Callable[..., Program], town: Town, second_wire: Wire
) -> None:
    home = start(place="home").enter(MOTHER)
    work = start(place="work", provider_url=second_wire.url).enter(MOTHER)
    cut(work, second_wire)
    for program, words in ((home, "Абай к-сі, 5"), (work, "Әуезов к-сі, 7")):
        program.go("profile")
        program.write("Address", words)
        program.press("Save")
    home.until(lambda: town.column("SELECT address FROM person WHERE login = 'mother'")[0], "the address")
    mend(work, second_wire)
    work.go("waiting")
    for words in ("Әуезов к-сі, 7", "Абай к-сі, 5", "You, on the device"):
        work.reads(words)
    work.press("Send mine again: Change of the profile")
    work.reads("Nothing waits.")
    assert town.column("SELECT address FROM person WHERE login = 'mother'") == ["Әуезов к-сі, 7"]


def test_contacts_change_while_a_voucher_runs(start: Callable[..., Program], town: Town, wire: Wire) -> None:
    town.file("son")
    town.vouchers()
    program = start().enter(MOTHER)
    line = Line(program, wire, town, "down")
    open_application(program)
    program.press("Change contacts")
    program.write("Telephone", MOTHERS)
    line.step(lambda: program.press("Save"), waits="Not sent yet")
    program.reads(MOTHERS)
    row = town.application()
    assert (row.phone, row.state) == (MOTHERS, "voucher-issued")


def _known(program: Program) -> str:
    from ui.family.model import family_of

    (view,) = (one for one in family_of(program.window.context).family.applications if one.live)
    return str(view.application.phone)
