"""The contract of a place as a paper on both sides of it, also without a line, and what a signature binds here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace as changed
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from models.contract import contracts
from models.contract.admission_records import Application, Attachment, Group
from models.contract.record import Record
from models.domain.admissions.states import Event, State
from sync.status import State as Line
from sync.status import SyncStatus
from tests.documents.reader import text
from tests.fixtures.family import FamilyClient
from tests.samples import balabaqsha as family
from tests.samples import department as office
from tests.samples.admission_papers import MOTHER_SIGNED, contract_facts
from tests.ui.resident import english
from tests.ui.test_department_cases import opened_case, sent
from tests.ui.test_department_screens import Settle
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel
from ui.context import Context

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
DIGEST = contracts.digest(contracts.plain(contract_facts()))
FINGERPRINT = contracts.fingerprint(DIGEST)
TO_SIGN = 31_004
"""The application whose contract the kindergarten has to sign."""


def paper(qtbot: QtBot, model: Any, settle: Settle) -> str:
    with qtbot.waitSignal(model.paper_made) as made:
        model.read_contract()
    settle(model.context)  # the window has drawn its pages: the reader of PDF works on one thread at a time
    return text(bytes(made.args[0])).replace("\u00a0", " ")


def page(qtbot: QtBot, context: Context, settle: Settle) -> tuple[ApplicationModel, ApplicationPage]:
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=family.FIRST)
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    return model, view


def texts(view: Any) -> str:
    QCoreApplication.processEvents()  # what has just been put into a layout is shown with the next events
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


# The parent


@pytest.mark.parametrize(
    "state", [State.CONTRACT_ORG, State.CONTRACT_PARENT, State.CONTRACT_ORG_SIGN, State.REFERRAL_ISSUED, State.ENROLLED]
)
def test_a_parent_reads_the_contract_from_when_it_is_prepared_on(
    parent: Callable[..., Context], settle: Settle, qtbot: QtBot, state: State
) -> None:
    context = parent(state)
    model, view = page(qtbot, context, settle)
    assert view.decision is not None
    found = paper(qtbot, model, settle)
    assert "Contract on a child's upbringing and education in a kindergarten" in found
    assert "940225401806" in found  # the parent's own code is known on the parent's own computer
    assert ("DRAFT" in found) is (state is State.CONTRACT_ORG)
    assert view.decision.read.text() == "Read the contract"
    assert view.paper is not None
    assert view.paper.view.save_button.isEnabled()
    assert view.paper.view.print_button.isEnabled()
    view.paper.close()


@pytest.mark.parametrize("state", [State.QUEUED, State.VOUCHER_ACTIVE, State.PLACE_OFFERED])
def test_without_a_place_there_is_no_contract_to_read(
    parent: Callable[..., Context], settle: Settle, qtbot: QtBot, state: State
) -> None:
    _, view = page(qtbot, parent(state), settle)
    assert "Read the contract" not in [button.text() for button in view.findChildren(type(view.print_button))]


def test_the_contract_is_read_without_a_line_and_says_of_when_it_is(
    parent: Callable[..., Context], settle: Settle, qtbot: QtBot
) -> None:
    client = FamilyClient((), SyncStatus(Line.OFFLINE, family.NOW, family.NOW))
    model, view = page(qtbot, parent(State.CONTRACT_PARENT, client=client), settle)
    found = paper(qtbot, model, settle)
    assert "DATA AS OF 09.04.2026 14:40" in found
    assert FINGERPRINT in found
    assert view.paper is not None
    assert "Made without a connection" in texts(view.paper)
    view.paper.close()


def signable() -> list[Record]:
    papers = [
        Attachment(5510 + number, family.FIRST, family.SON, kind, kind, "application/pdf", 9, "cd" * 32, family.at(8),
                   "received")
        for number, kind in enumerate(("027", "birth-certificate", "parent-id", "052-2", "065"))
    ]  # fmt: skip
    return [*family.family_rows(State.CONTRACT_PARENT), *papers]


def test_a_parent_signs_what_was_read_and_not_what_came_meanwhile(
    parent: Callable[..., Context], settle: Settle, qtbot: QtBot
) -> None:
    context = parent(State.CONTRACT_PARENT, rows=signable())
    model, view = page(qtbot, context, settle)
    model.ask(Event.SIGN_PARENT)
    assert view.decision is not None
    assert view.decision.read.isEnabled()  # also while the code is asked for
    assert FINGERPRINT in paper(qtbot, model, settle)
    store: Any = context.store
    with store.write() as connection:
        connection.execute("UPDATE kindergarten_group SET name = 'Күн' WHERE id = 1012")
    model.home.refresh()
    settle(context)
    model.signing.type("123456")
    model.confirm()
    settle(context)
    (payload,) = sent(context)
    assert (payload.event, payload.digest) == ("sign-parent", DIGEST)
    assert view.paper is not None
    view.paper.close()


def test_who_signs_without_reading_signs_what_this_computer_knows(
    parent: Callable[..., Context], settle: Settle
) -> None:
    context = parent(State.CONTRACT_PARENT, rows=signable())
    model = ApplicationModel(context)
    settle(context)
    model.ask(Event.SIGN_PARENT)
    model.signing.type("123456")
    model.confirm()
    settle(context)
    assert [one.digest for one in sent(context)] == [DIGEST]


def test_the_paper_shows_the_contract_as_it_was_signed_whatever_the_group_is_called_now(
    parent: Callable[..., Context], settle: Settle, qtbot: QtBot
) -> None:
    rows = family.family_rows(State.CONTRACT_ORG_SIGN)
    (one,) = [row for row in rows if isinstance(row, Application) and row.id == family.FIRST]
    (group,) = [row for row in rows if isinstance(row, Group) and row.id == 1012]
    facts = contracts.plain(contract_facts())
    kept = contracts.with_signature(one, 1012, facts, Event.SIGN_PARENT, MOTHER_SIGNED)
    context = parent(State.CONTRACT_ORG_SIGN, rows=[*rows, changed(one, contract=kept), changed(group, name="Күн")])
    model, view = page(qtbot, context, settle)
    found = paper(qtbot, model, settle)
    assert "Жұлдыз" in found
    assert "Күн" not in found
    assert "09.04.2026 14:31:05 (UTC+05:00)" in found
    assert "Changed since then: the name of the group." in found
    assert view.paper is not None
    view.paper.close()


# The kindergarten


def with_contract(name: str = "") -> list[Record]:
    """Return the office's rows with a contract that the parent signed; ``name`` is what its group is called since."""
    rows: list[Record] = list(office.office_rows(("kindergarten",), office.DIRECTOR))
    (at,) = [number for number, row in enumerate(rows) if isinstance(row, Application) and row.id == TO_SIGN]
    one = rows[at]
    assert isinstance(one, Application)
    kept = contracts.with_signature(one, 1011, said(rows, one), Event.SIGN_PARENT, MOTHER_SIGNED)
    rows[at] = changed(one, contract=kept)
    return [changed(row, name=name) if name and isinstance(row, Group) and row.id == 1011 else row for row in rows]


def said(rows: Sequence[Record], one: Application) -> dict[str, Any]:
    from models.contract.admission_records import Child, Locality, Organisation

    (group,) = [row for row in rows if isinstance(row, Group) and row.id == one.group_id]
    (house,) = [row for row in rows if isinstance(row, Organisation) and row.id == group.organisation_id]
    (child,) = [row for row in rows if isinstance(row, Child) and row.id == one.child_id]
    (place,) = [row for row in rows if isinstance(row, Locality) and row.id == house.locality_id]
    return contracts.plain(contracts.facts_of(one, child, house, group, place.name, ()))


@pytest.mark.parametrize(("application", "draft"), [(31_002, True), (TO_SIGN, False), (31_007, False)])
def test_a_kindergarten_reads_the_contract_before_it_sends_and_before_it_signs(
    staff: Callable[..., Context], settle: Settle, qtbot: QtBot, application: int, draft: bool
) -> None:
    context = staff("kindergarten")
    model, view = opened_case(qtbot, context, "to_act", settle, application)
    assert view.read.isEnabled()
    found = paper(qtbot, model, settle)
    assert ("DRAFT" in found) is draft
    assert "IIN of the parent ______" in found  # a kindergarten does not know it
    view.printed.close()
    settle(context)


def test_a_kindergarten_signs_what_the_parent_signed(
    staff: Callable[..., Context], settle: Settle, qtbot: QtBot
) -> None:
    rows = with_contract()
    context = staff("kindergarten", rows)
    model, view = opened_case(qtbot, context, "to_act", settle, TO_SIGN)
    found = paper(qtbot, model, settle)
    assert "09.04.2026 14:31:05 (UTC+05:00)" in found
    assert contracts.fingerprint(contracts.digest(said(rows, model.view.application))) in found
    model.ask(Event.SIGN_ORG)
    model.ask_question.signing.type("482913")
    model.confirm()
    settle(context)
    (payload,) = sent(context)
    assert payload.digest == contracts.digest(said(rows, model.view.application))
    view.printed.close()


def test_a_contract_that_changed_since_the_parent_signed_is_returned_and_not_signed(
    staff: Callable[..., Context], settle: Settle, qtbot: QtBot
) -> None:
    model, view = opened_case(qtbot, staff("kindergarten", with_contract("Күн")), "to_act", settle, TO_SIGN)
    assert not view.buttons[Event.SIGN_ORG].isEnabled()
    assert view.buttons[Event.RETURN_FOR_FIX].isEnabled()
    assert "Changed since then: the name of the group. The kindergarten cannot sign it so" in texts(view)
    model.ask(Event.RETURN_FOR_FIX)
    assert model.ask_question.deed is not None


def test_a_doctor_has_no_contract_to_read(staff: Callable[..., Context], settle: Settle, qtbot: QtBot) -> None:
    _, view = opened_case(qtbot, staff("doctor"), "doctor_review", settle, 31_000)
    assert not hasattr(view, "read")
