"""What a signature binds: the facts of the contract at the instant of signing, over real commands."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from models.contract import contracts
from models.contract.admission_commands import EditApplication
from models.contract.admission_records import Application
from models.domain.admissions.states import Event
from provider.services.admissions import contracts as service
from tests.provider.admissions_world import Admissions, Family
from tests.provider.sync_world import Device


@pytest.fixture
def house(edu: Admissions) -> Device:
    return edu.kindergarten("Amina")


@pytest.fixture
def family(edu: Admissions, house: Device) -> Family:
    """A family that has everything for its signature."""
    found = edu.with_voucher(edu.family())
    edu.act(found, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    assert edu.step(house, found.application, Event.SEND_CONTRACT).status == "applied"
    edu.documents(found)
    return found


def says(edu: Admissions, family: Family) -> dict[str, Any]:
    with edu.database.read() as connection:
        facts = service.facts(connection, edu.row(family.application))
    assert facts is not None
    return facts


def kept(edu: Admissions, family: Family) -> contracts.Signed | None:
    return contracts.signed(edu.row(family.application), edu.groups["sun"])


def rename(edu: Admissions, name: str) -> None:
    with edu.database.change() as unit:
        unit.connection.execute(
            text("UPDATE kindergarten_group SET name = :name WHERE id = :id"), {"name": name, "id": edu.groups["sun"]}
        )
        unit.changes.live(edu.tenant, "public", "kindergarten_group", edu.groups["sun"])


def refusal(outcome: Any) -> tuple[str, dict[str, Any]]:
    assert outcome.status == "refused", outcome
    (problem,) = outcome.problems
    return problem.code, dict(problem.values)


def test_both_signatures_are_kept_with_the_digest_of_what_was_signed(
    edu: Admissions, house: Device, family: Family
) -> None:
    digest = contracts.digest(says(edu, family))
    assert kept(edu, family) is None
    assert edu.step(family.device, family.application, Event.SIGN_PARENT, digest=digest).status == "applied"
    first = kept(edu, family)
    assert first is not None
    assert (first.digest, first.facts, first.organisation) == (digest, says(edu, family), None)
    assert first.parent is not None
    assert (first.parent.at, first.parent.kind) == (edu.now, "click")
    edu.later(hours=2)
    assert edu.step(house, family.application, Event.SIGN_ORG, digest=digest).status == "applied"
    both = kept(edu, family)
    assert both is not None
    assert both.parent == first.parent
    assert both.organisation is not None
    assert both.organisation.at == edu.now
    rows = edu.all(
        "SELECT event, detail->'contract_digest'->>1 AS digest FROM history_entry WHERE application_id = :id "
        "AND detail ? 'contract_digest' ORDER BY id", id=family.application,
    )  # fmt: skip
    assert [(row.event, row.digest) for row in rows] == [("sign-parent", digest), ("sign-org", digest)]


def test_both_computers_get_what_was_signed(edu: Admissions, house: Device, family: Family) -> None:
    edu.step(family.device, family.application, Event.SIGN_PARENT)
    at = Application.__struct_fields__.index("contract")
    for device in (house, family.device):
        device.pull_all()
        rows = [row for key, (_, row) in device.rows.items() if key[2:] == ("application", family.application)]
        assert rows
        assert all(str(edu.groups["sun"]) in row[at] for row in rows)


def test_a_parent_signs_nothing_else_than_what_was_read(edu: Admissions, family: Family) -> None:
    read = contracts.digest(says(edu, family))
    rename(edu, "star")
    outcome = edu.step(family.device, family.application, Event.SIGN_PARENT, digest=read)
    assert refusal(outcome) == ("contract-not-as-read", {})
    assert (edu.state(family), kept(edu, family)) == ("contract-parent", None)
    again = contracts.digest(says(edu, family))
    assert edu.step(family.device, family.application, Event.SIGN_PARENT, digest=again).status == "applied"


def test_a_contract_that_changed_after_the_parent_signed_goes_back_and_is_signed_anew(
    edu: Admissions, house: Device, family: Family
) -> None:
    edu.step(family.device, family.application, Event.SIGN_PARENT)
    rename(edu, "star")
    outcome = edu.step(house, family.application, Event.SIGN_ORG)
    assert refusal(outcome) == ("contract-changed", {"facts": "group"})
    assert edu.state(family) == "contract-org-sign"
    assert edu.counts("sun") == (1, 0)
    back = edu.step(house, family.application, Event.RETURN_FOR_FIX, reason="The group has a new name")
    assert back.status == "applied"
    assert kept(edu, family) is None
    edu.step(family.device, family.application, Event.SIGN_PARENT)
    assert edu.step(house, family.application, Event.SIGN_ORG).status == "applied"
    found = kept(edu, family)
    assert found is not None
    assert found.facts["group"] == "star"


def test_a_new_telephone_between_the_signatures_changes_nothing(edu: Admissions, house: Device, family: Family) -> None:
    edu.step(family.device, family.application, Event.SIGN_PARENT)
    payload = EditApplication(edu.tenant, family.application, phone="+7 701 999 88 77")
    assert edu.send(family.device, payload).status == "applied"
    assert edu.step(house, family.application, Event.SIGN_ORG).status == "applied"


def test_a_contract_that_is_given_up_leaves_no_signature(edu: Admissions, house: Device, family: Family) -> None:
    edu.step(family.device, family.application, Event.SIGN_PARENT)
    assert edu.step(house, family.application, Event.REJECT, reason="No room").status == "applied"
    assert edu.row(family.application).contract is None


def test_a_transfer_keeps_the_contract_in_force_until_the_new_one_is_signed(
    edu: Admissions, house: Device, family: Family
) -> None:
    edu.step(family.device, family.application, Event.SIGN_PARENT)
    edu.step(house, family.application, Event.SIGN_ORG)
    other = next(name for name in edu.groups if name != "sun" and edu.counts(name)[0] == 0)
    outcome = edu.step(family.device, family.application, Event.TRANSFER, group_id=edu.groups[other])
    assert outcome.status == "applied", outcome
    assert edu.row(family.application).state == "contract-org"
    found = kept(edu, family)
    assert found is not None
    assert found.organisation is not None
