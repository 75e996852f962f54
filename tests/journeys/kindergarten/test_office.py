"""Officers, a doctor and a kindergarten act in their own windows, at a real provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from models.contract.admission_commands import FileApplication, SaveGroup
from models.domain.admissions.states import Actor, Event, Programme
from provider.services.admissions import filing, organisations
from provider.services.admissions.authority import acting
from tests.fixtures.provider import ProviderServer
from tests.journeys.kindergarten.line import Line, told
from tests.journeys.kindergarten.steps import file_special, fingerprint, make_papers, open_application, read_contract
from tests.journeys.kindergarten.town import MOTHER, SON, Town
from tests.journeys.program import Program
from tests.sync.wire import Wire

CONCLUSION = "Conclusion of the commission (PMPK)"
CHILD = f"{SON.surname} {SON.given_name}"


@pytest.fixture
def second_wire(provider_server: ProviderServer) -> Iterator[Wire]:
    """The line of a second computer."""
    line = Wire(provider_server.url)
    yield line
    line.close()


def file(town: Town, programme: str = "general") -> int:
    """Let the mother file an application for her son; returns its id."""
    payload = FileApplication(town.tenant, town.children["son"], programme, town.city, ["kk", "ru"], True)
    at = town.now
    row = town.do(
        MOTHER,
        lambda unit, known, own: filing.file_application(unit, known, payload, own, acting(own, Actor.PARENT), at),
    )
    return int(row.id)


def done(program: Program, town: Town, act: Callable[[], Any]) -> None:
    """Do something and wait until the provider has it and its answer is here."""
    before = town.commands()
    act()
    program.wake()
    program.until(lambda: town.commands() > before, "the command at the provider")
    told(program)


def test_a_round_is_planned_by_one_officer_issued_by_another_and_ends_with_a_signed_contract(
    start: Callable[..., Program], town: Town, second_wire: Wire, tmp_path: Path
) -> None:
    application = file(town)
    town.later(hours=1)

    officer = start(place="officer").enter("officer")
    officer.go("office_rounds")
    officer.press("Plan a round")
    officer.write("Number of vouchers", "1")
    done(officer, town, lambda: officer.press("Make the plan"))
    officer.open_row("History of rounds", "Planned")
    officer.reads("You planned this round, so another officer has to issue it")
    assert not officer.has_button("Issue the vouchers…")
    assert [row[1] for row in officer.table("Lines of the plan")] == [f"{CHILD} {SON.patronymic}"]

    second = start(place="officer2", provider_url=second_wire.url).enter("officer2")
    second.go("office_rounds")
    second.open_row("History of rounds", "Planned")
    second.press("Issue the vouchers…")
    second.reads("1 voucher is issued at once")
    done(second, town, lambda: second.press("Issue the vouchers"))
    second.reads("Vouchers given")
    assert town.state() == "voucher-issued"

    town.act(MOTHER, Event.CONFIRM_INTEREST, Actor.PARENT, application)
    town.act(MOTHER, Event.CHOOSE_PLACE, Actor.PARENT, application, group_id=town.groups["Жұлдыз"])
    house = start(place="kindergarten", provider_url=second_wire.url).enter("kindergarten")
    house.go("to_act")
    house.open_row("Contracts to send", CHILD)
    draft = read_contract(house, tmp_path)
    assert "DRAFT" in draft
    house.press("Send the contract to the parent")
    house.reads("The parent signs it until")
    done(house, town, lambda: house.press("Send the contract to the parent"))
    assert town.state() == "contract-parent"

    papers = frozenset(town.department().rules(Programme.GENERAL, town.now).contract_needs)
    town.act(MOTHER, Event.SIGN_PARENT, Actor.PARENT, application, signature="code", documents=papers)
    told(house)
    house.reads("Contract to be signed")
    signed = read_contract(house, tmp_path)
    assert "signed with a one-time code" in signed
    assert fingerprint(signed) == fingerprint(draft)
    house.press("Sign the contract: the child is enrolled")
    house.reads("You sign with a one-time code.")
    officer.go("office_queue", application_id=application)
    told(officer)
    officer.reads("Contract to be signed")
    officer.reads("The kindergarten still has time.")


def test_a_doctor_opens_the_conclusion_rejects_it_and_the_parent_reads_the_name_and_the_reason(
    start: Callable[..., Program], town: Town, wire: Wire, second_wire: Wire, tmp_path: Path
) -> None:
    mother = start(place="mother").enter(MOTHER)
    (conclusion,) = make_papers(tmp_path, "pmpk").values()
    file_special(mother, Line(mother, wire, town), conclusion)
    open_application(mother)
    doctor = start(place="doctor", provider_url=second_wire.url).enter("doctor")
    doctor.go("doctor_review")
    doctor.open_row("Documents to review", CHILD)
    doctor.reads("The parent will read your name: Тілеуова Айман.")
    doctor.press("Open the document: Conclusion of the commission (PMPK)")
    doctor.until(
        lambda: any(label.accessibleName() == CONCLUSION and label.width() > 50 for label in doctor.shown(QLabel)),
        "the conclusion",
    )
    doctor.press("Reject the documents: the application goes to the archive")
    doctor.tick("The conclusion has expired.")
    doctor.write("In your own words", "Жаңасын алыңыз.")
    done(doctor, town, lambda: doctor.press("Reject the documents: the application goes to the archive"))
    assert town.state() == "archived"
    doctor.reads(f"Decided: {CHILD}")
    told(mother)
    mother.press("History")
    mother.reads("The conclusion has expired. Жаңасын алыңыз.")
    mother.reads("Тілеуова Айман")


def test_an_officer_steps_in_when_the_kindergarten_is_silent(start: Callable[..., Program], town: Town) -> None:
    application = file(town)
    town.vouchers()
    town.act(MOTHER, Event.CONFIRM_INTEREST, Actor.PARENT, application)
    town.act(MOTHER, Event.CHOOSE_PLACE, Actor.PARENT, application, group_id=town.groups["Жұлдыз"])
    town.later(days=3)
    officer = start().enter("officer")
    officer.go("office_decisions")
    officer.open_row("Kindergartens that are late or silent", CHILD)
    officer.reads("you may act for it")
    officer.press("Refuse the child: the place is given back")
    officer.reads("The parent keeps the voucher")
    officer.press("Refuse the child: the place is given back")
    officer.reads("Give a reason: the parent will read it.")
    assert town.state() == "contract-org"
    officer.tick("The group is closed.")
    done(officer, town, lambda: officer.press("Refuse the child: the place is given back"))
    officer.reads("Chooses a kindergarten")
    assert town.state() == "voucher-active"
    assert town.column("SELECT reason_code FROM history_entry WHERE event = 'reject'") == ["group-closed"]
    (told_in_russian,) = town.column("SELECT body ->> 'ru' FROM message ORDER BY id DESC LIMIT 1")
    assert "Причина: Группа закрыта." in told_in_russian


def test_a_kindergarten_publishes_activates_and_concludes_on_papers(start: Callable[..., Program], town: Town) -> None:
    application = file(town, "bulletin")
    house = start().enter("kindergarten")
    house.go("publications")
    house.press("Publish places")
    house.reads("Opens to the queue")
    house.press("Check and publish…")
    house.reads("A parent who applies holds a place at once.")
    done(house, town, lambda: house.press("Publish"))
    house.pick("Publications of free places", "In the bulletin")
    (item,) = town.column("SELECT id FROM bulletin_item")
    town.later(hours=9)
    group = town.column("SELECT group_id FROM bulletin_item")[0]
    assert group in town.groups.values()
    town.act(MOTHER, Event.APPLY_BULLETIN, Actor.PARENT, application, item_id=item)
    told(house)
    house.go("to_act")
    house.open_row("To activate", CHILD)
    house.press("Activate: a referral is issued")
    done(house, town, lambda: house.press("Activate: a referral is issued"))
    house.reads("Referral issued")
    house.press("Conclude the contract: the child is enrolled")
    for paper in ("Identity card of a parent", "Birth certificate", "Medical certificate 027/u", "Referral"):
        house.tick(paper)
    done(house, town, lambda: house.press("Conclude the contract: the child is enrolled"))
    house.reads("Enrolled")
    assert town.state() == "enrolled"


def test_a_kindergarten_activates_several_children_with_one_confirmation_and_each_has_its_own_answer(
    start: Callable[..., Program], town: Town, wire: Wire
) -> None:
    at = town.now
    new = SaveGroup(town.tenant, None, town.houses["Амина"], "Айгөлек", 3, 4, "kk", 3, "day", "", "Дүйсенова Мөлдір")
    group = town.do("officer", lambda unit, known, own: organisations.save_group(unit, known, new, own, at))
    town.groups["Айгөлек"] = group
    son, neighbour = town.file("son", "bulletin"), town.file("neighbour", "bulletin")
    item = town.publish("Айгөлек", 2)
    town.later(hours=9)
    town.act(MOTHER, Event.APPLY_BULLETIN, Actor.PARENT, son, item_id=item)
    town.act("father", Event.APPLY_BULLETIN, Actor.PARENT, neighbour, item_id=item)
    house = start().enter("kindergarten")
    house.go("to_act")
    house.pick("To activate", CHILD)
    house.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    house.reads("2 children are chosen.")
    wire.break_("down")
    house.wake()
    house.reads("Offline since")
    house.pick("To activate", CHILD)
    house.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    house.reads("2 children are chosen.")
    house.press("Activate: a referral is issued for all…")
    house.reads("Алыбай Әсел")
    house.reads(CHILD)
    before = town.commands()
    house.press("Do it for 2 children")
    house.reads("2 steps are not with the department yet.")
    # One of them changes its mind meanwhile: the other's answer does not depend on it.
    town.act("father", Event.CANCEL_BULLETIN, Actor.PARENT, neighbour)
    wire.heal()
    house.wake()
    house.until(lambda: town.commands() == before + 2, "both commands at the provider")
    told(house)
    assert (town.state("son"), town.state("neighbour")) == ("referral-issued", "queued")
    house.reads("refused.")
