"""Twins: places together or none, and what is offered to one who waits alone."""

from __future__ import annotations

import pytest

from models.domain.admissions.states import Event
from tests.provider.admissions_ground import BORN
from tests.provider.admissions_world import Admissions, Family, codes

pytestmark = pytest.mark.usefixtures("whole_sentences")


def twins_with_vouchers(edu: Admissions) -> list[Family]:
    """Return twins who have filed before anybody else and chose nothing yet."""
    parent = edu.person("mother", ["parent"])
    twins = [edu.family(BORN, parent) for _ in range(2)]
    for twin in twins:
        edu.file(twin)
    edu.issue(*twins)
    edu.later(minutes=1)
    for twin in twins:
        edu.act(twin, Event.CONFIRM_INTEREST)
    return twins


def test_twins_who_wait_are_offered_places_together_or_the_next_goes_on(edu: Admissions) -> None:
    twins = twins_with_vouchers(edu)
    owners = [edu.with_voucher(edu.family()) for _ in range(2)]
    for owner in owners:
        edu.act(owner, Event.CHOOSE_PLACE, group_id=edu.groups["star"])
    single = edu.with_voucher(edu.family())
    for one in (single, *twins):
        edu.act(one, Event.JOIN_WAITLIST, group_id=edu.groups["star"])
    edu.act(owners[0], Event.CHANGE_CHOICE)  # one place: not for two
    assert [edu.state(one) for one in (*twins, single)] == ["voucher-waitlisted"] * 2 + ["place-offered"]
    edu.act(single, Event.DECLINE_OFFER)
    assert [edu.state(one) for one in (*twins, single)] == ["voucher-waitlisted"] * 2 + ["voucher-active"]
    assert edu.counts("star") == (1, 0)
    edu.act(owners[1], Event.CHANGE_CHOICE)
    assert [edu.state(one) for one in twins] == ["place-offered"] * 2
    assert edu.counts("star") == (2, 0)
    told = edu.all("SELECT application_id FROM message WHERE body->>'en' LIKE '%place%' ORDER BY id DESC LIMIT 2")
    assert {row.application_id for row in told} == {twin.application for twin in twins}


def test_twins_who_wait_for_different_groups_get_both_in_the_kindergarten(edu: Admissions) -> None:
    twins = twins_with_vouchers(edu)
    owners = [edu.with_voucher(edu.family()) for _ in range(3)]
    for owner, group in zip(owners, ("sun", "star", "star"), strict=True):
        edu.act(owner, Event.CHOOSE_PLACE, group_id=edu.groups[group])
    for twin, group in zip(twins, ("sun", "star"), strict=True):
        edu.act(twin, Event.JOIN_WAITLIST, group_id=edu.groups[group])
    edu.act(owners[0], Event.CHANGE_CHOICE)
    assert [edu.state(one) for one in twins] == ["voucher-waitlisted"] * 2
    edu.act(owners[1], Event.CHANGE_CHOICE)
    assert [edu.state(one) for one in twins] == ["place-offered"] * 2
    assert (edu.counts("sun"), edu.counts("star")) == ((1, 0), (2, 0))


def test_a_twin_who_waits_alone_is_offered_a_place_alone(edu: Admissions) -> None:
    twins = twins_with_vouchers(edu)
    owners = [edu.with_voucher(edu.family()) for _ in range(2)]
    for owner, twin, group in zip(owners, twins, ("sun", "moon"), strict=True):
        edu.act(owner, Event.CHOOSE_PLACE, group_id=edu.groups[group])
        edu.act(twin, Event.JOIN_WAITLIST, group_id=edu.groups[group])
    edu.act(owners[0], Event.CHANGE_CHOICE)
    assert [edu.state(one) for one in twins] == ["place-offered", "voucher-waitlisted"]


def test_twins_get_places_in_one_kindergarten_or_none(edu: Admissions) -> None:
    parent = edu.person("mother", ["parent"])
    first, second = edu.family(BORN, parent), edu.family(BORN, parent)
    for twin in (first, second):
        edu.file(twin)
    bundles = {edu.row(twin.application).bundle_id for twin in (first, second)}
    assert len(bundles) == 1
    assert bundles != {None}
    edu.issue(first, second)
    for twin in (first, second):
        edu.act(twin, Event.CONFIRM_INTEREST)
    alone = edu.step(first.device, first.application, Event.CHOOSE_PLACE, group_id=edu.groups["moon"])
    assert codes(alone) == ["no-place-for-twins"]
    assert edu.counts("moon") == (0, 0)
    edu.act(first, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    assert (edu.state(first), edu.state(second)) == ("contract-org", "contract-org")
    assert (edu.counts("sun"), edu.counts("star")) == ((1, 0), (1, 0))
    edu.act(second, Event.REFUSE_VOUCHER)
    assert edu.row(first.application).bundle_id is None
    assert edu.row(second.application).bundle_id is None
