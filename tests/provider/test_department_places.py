"""Kindergartens, groups and the bulletin: never below what is taken, closed only when empty, withdrawn without harm."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import msgspec
import pytest

from models.contract.admission_commands import PublishItem, SaveGroup, SaveOrganisation, WithdrawItem
from models.domain.admissions.states import Event
from provider.services.admissions.bulletin import expire_items
from provider.store.database import Database
from tests.provider.admissions_world import Admissions, Family, code, make_admissions
from tests.provider.sync_world import Device

TODAY = date(2026, 9, 7)
Changed = TypeVar("Changed", SaveGroup, SaveOrganisation)


def group(town: Admissions, name: str = "sun", **values: Any) -> SaveGroup:
    plain = SaveGroup(town.tenant, town.groups[name], town.organisations["Amina"], name, 3, 4, "kk", 1)
    return msgspec.structs.replace(plain, **values)


def item(town: Admissions, name: str = "star", **values: Any) -> PublishItem:
    plain = PublishItem(town.tenant, town.groups[name], 2, [2023], TODAY, TODAY + timedelta(days=1))
    return msgspec.structs.replace(plain, **values)


def published(town: Admissions, device: Device, **values: Any) -> int:
    outcome = town.send(device, item(town, **values))
    assert outcome.status == "applied", outcome
    return int(outcome.result["item_id"])


def opened(town: Admissions, device: Device, **values: Any) -> int:
    """Return published places whose hour has come for everybody."""
    found = published(town, device, **values)
    town.later(days=10)
    return found


def applied(town: Admissions, item_id: int, family: Family | None = None) -> Family:
    family = family or town.file(town.family(), "bulletin")
    town.act(family, Event.APPLY_BULLETIN, item_id=item_id)
    return family


def test_an_officer_enters_a_kindergarten_and_a_group_with_places(town: Admissions) -> None:
    officer = town.officer()
    payload = SaveOrganisation(
        town.tenant, None, "№7 «Ертөстік»", "nursery-garden", "state", town.city, "Абай к-сі, 1", "+7 7162 31-07-07",
        bin="190640100004",
    )  # fmt: skip
    house = town.send(officer, payload).result["organisation_id"]
    made = town.send(officer, SaveGroup(town.tenant, None, house, "Балапан", 3, 4, "ru", 25)).result["group_id"]
    place = town.all("SELECT mode, capacity, occupied, held FROM place WHERE group_id = :id", id=made)
    assert [tuple(row) for row in place] == [("permanent", 25, 0, 0)]
    row = town.all("SELECT code, languages FROM organisation WHERE id = :id", id=house)[0]
    assert row.code
    assert row.languages == ["ru"]
    assert town.send(officer, replace_(payload, organisation_id=house, opened=False)).status == "applied"
    assert town.scalar("SELECT opened FROM organisation WHERE id = :id", id=house) is False


def test_two_kindergartens_and_two_groups_of_one_name_are_not_entered(town: Admissions) -> None:
    officer = town.officer()
    first = SaveOrganisation(town.tenant, None, "«Айгөлек»", "kindergarten", "state", town.city, "Абай к-сі, 1", "")
    house = town.send(officer, first).result["organisation_id"]
    again = town.send(officer, replace_(first, name="АЙГӨЛЕК", address="Сәтпаев к-сі, 2"))
    assert code(again) == "kindergarten-named-so"
    assert again.problems[0].values == {"address": "Абай к-сі, 1"}
    other = replace_(first, name="Айгөлек-2")
    second = town.send(officer, other).result["organisation_id"]
    assert code(town.send(officer, replace_(other, organisation_id=second, name="айгөлек"))) == "kindergarten-named-so"
    assert town.send(officer, replace_(first, organisation_id=house, address="Абай к-сі, 3")).status == "applied"

    group = SaveGroup(town.tenant, None, house, "Балапан", 3, 4, "ru", 25)
    made = town.send(officer, group).result["group_id"]
    assert code(town.send(officer, replace_(group, name=" «балапан»"))) == "group-named-so"
    assert town.send(officer, replace_(group, group_id=made, capacity=20)).status == "applied"
    assert town.send(officer, replace_(group, organisation_id=second)).status == "applied"


def replace_(payload: Changed, **values: Any) -> Changed:
    return msgspec.structs.replace(payload, **values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"bin": "190640100005"}, "bin-check-digit"),
        ({"kind": "hotel"}, "field-invalid"),
        ({"name": "  "}, "field-required"),
        ({"locality_id": 999}, "not-found"),
        ({"organisation_id": 999}, "not-found"),
    ],
)
def test_nonsense_about_a_kindergarten_is_refused(town: Admissions, values: dict[str, Any], expected: str) -> None:
    payload = SaveOrganisation(town.tenant, None, "A", "kindergarten", "state", town.city, "B", "")
    found = code(town.send(town.officer(), replace_(payload, **values)))
    assert found == expected or (expected.startswith("bin") and "bin" in found)


def test_places_never_go_below_those_taken_and_held(town: Admissions) -> None:
    house = town.kindergarten("Amina")
    town.enrolled(town.family(), "star", house)
    holder = town.with_voucher(town.family())
    town.act(holder, Event.CHOOSE_PLACE, group_id=town.groups["star"])
    refused = town.send(house, group(town, "star", capacity=1))
    assert code(refused) == "places-below-taken"
    assert refused.problems[0].values == {"count": 2}
    assert town.send(house, group(town, "star", capacity=2)).status == "applied"


def test_new_places_are_offered_to_who_waits(town: Admissions) -> None:
    first, second = town.with_voucher(town.family()), town.with_voucher(town.family())
    town.act(first, Event.CHOOSE_PLACE, group_id=town.groups["sun"])
    town.act(second, Event.JOIN_WAITLIST, group_id=town.groups["sun"])
    assert town.send(town.officer(), group(town, capacity=2)).status == "applied"
    assert town.state(second) == "place-offered"


def test_a_group_with_children_or_held_places_cannot_be_closed(town: Admissions) -> None:
    officer, house = town.officer(), town.kindergarten("Amina")
    child = town.enrolled(town.family(), "sun", house)
    refused = town.send(officer, group(town, valid_to=TODAY))
    assert code(refused) == "group-not-empty"
    assert refused.problems[0].values == {"occupied": 1, "held": 0}
    assert town.step(officer, child.application, Event.GROUP_CLOSE).status == "applied"
    town.later(days=1)
    holder = town.with_voucher(town.family())
    refused = town.send(officer, group(town, valid_to=TODAY + timedelta(days=1)))
    assert code(refused) == "group-not-empty"  # the child's last day is counted through
    town.act(holder, Event.CHOOSE_PLACE, group_id=town.groups["star"])
    refused = town.send(officer, group(town, "star", capacity=2, valid_to=TODAY + timedelta(days=1)))
    assert refused.problems[0].values == {"occupied": 0, "held": 1}


def test_closing_a_group_withdraws_its_items_and_lets_the_waiting_choose_anew(town: Admissions) -> None:
    officer = town.officer()
    first, second = town.with_voucher(town.family()), town.with_voucher(town.family())
    town.act(first, Event.CHOOSE_PLACE, group_id=town.groups["sun"])
    town.act(second, Event.JOIN_WAITLIST, group_id=town.groups["sun"])
    town.act(first, Event.CHANGE_CHOICE)  # the second is offered the place
    assert town.state(second) == "place-offered"
    item_id = published(town, officer)
    assert town.send(officer, group(town, valid_to=TODAY)).status == "applied"
    assert town.state(second) == "voucher-active"
    assert town.counts("sun") == (0, 0)
    assert town.send(officer, group(town, "star", capacity=2, valid_to=TODAY)).status == "applied"
    assert town.scalar("SELECT state FROM bulletin_item WHERE id = :id", id=item_id) == "withdrawn"
    town.later(days=1)
    late = town.step(second.device, second.application, Event.CHOOSE_PLACE, group_id=town.groups["star"])
    assert code(late) == "group-closed"


def test_a_kindergarten_changes_its_own_groups_only(town: Admissions) -> None:
    assert town.send(town.kindergarten("Amina"), replace_(group(town), name="Күн")).status == "applied"
    for stranger in (town.kindergarten("Balapan"), town.family().device, town.doctor()):
        assert code(town.send(stranger, replace_(group(town), name="Ай"))) == "not-found"
        assert code(town.send(stranger, item(town))) == "not-found"
    payload = SaveOrganisation(town.tenant, town.organisations["Amina"], "A", "nursery", "state", town.city, "B", "")
    assert code(town.send(town.kindergarten("Amina"), payload)) == "not-allowed"


def test_places_open_at_the_hour_of_the_rules_and_to_all_after_the_window(town: Admissions) -> None:
    item_id = published(town, town.kindergarten("Amina"))
    row = town.all("SELECT * FROM bulletin_item WHERE id = :id", id=item_id)[0]
    assert row.open_at == datetime(2026, 9, 8, 13, 0, tzinfo=UTC)  # 18:00 in Almaty
    assert row.open_to_all_at == datetime(2026, 9, 11, 13, 0, tzinfo=UTC)  # three working days later
    assert (row.state, row.places, row.taken, row.language, row.birth_years) == ("published", 2, 0, "kk", [2023])
    assert row.number.startswith("B2026-")
    family = town.file(town.family(), "bulletin")
    early = town.step(family.device, family.application, Event.APPLY_BULLETIN, item_id=item_id)
    assert code(early) == "item-not-open"
    town.now = datetime(2026, 9, 8, 13, 0, tzinfo=UTC)
    applied(town, item_id, family)
    assert town.state(family) == "bulletin-applied"
    assert town.scalar("SELECT taken FROM bulletin_item WHERE id = :id", id=item_id) == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"places": 3}, "more-than-free"),
        ({"places": 0}, "number-out-of-range"),
        ({"free_from": TODAY - timedelta(days=1)}, "free-from-passed"),
        ({"published_on": TODAY - timedelta(days=1)}, "opening-passed"),
        ({"birth_years": [2019]}, "birth-years-do-not-fit"),
        ({"birth_years": []}, "field-required"),
        ({"group_id": 999}, "not-found"),
    ],
)
def test_places_that_are_not_there_or_fit_nobody_are_not_published(
    town: Admissions, values: dict[str, Any], expected: str
) -> None:
    assert code(town.send(town.officer(), item(town, **values))) == expected


def test_places_are_not_published_twice_nor_when_they_are_held(town: Admissions) -> None:
    officer = town.officer()
    published(town, officer, places=1)
    assert code(town.send(officer, item(town))) == "more-than-free"
    holder = town.with_voucher(town.family())
    town.act(holder, Event.CHOOSE_PLACE, group_id=town.groups["star"])
    assert code(town.send(officer, item(town, places=1))) == "more-than-free"
    town.now = datetime(2026, 9, 7, 13, 0, tzinfo=UTC)
    assert code(town.send(officer, item(town, "moon", places=1, published_on=TODAY))) == "opening-passed"


def test_withdrawing_puts_families_back_into_the_queue_without_a_penalty(town: Admissions) -> None:
    house = town.kindergarten("Amina")
    item_id = opened(town, house, free_from=TODAY)
    waiting, referred = applied(town, item_id), applied(town, item_id)
    assert town.step(house, referred.application, Event.ACTIVATE).status == "applied"
    dates = [town.row(family.application).rank_date for family in (waiting, referred)]
    assert code(town.send(house, WithdrawItem(town.tenant, item_id, "  "))) == "reason-missing"
    outcome = town.send(house, WithdrawItem(town.tenant, item_id, "The heating is broken"))
    assert outcome.result["lost"] == 2
    assert [town.state(family) for family in (waiting, referred)] == ["queued", "queued"]
    assert [town.row(family.application).rank_date for family in (waiting, referred)] == dates
    assert town.counts("star") == (0, 0)
    assert "The heating is broken." in town.scalar(
        "SELECT body ->> 'en' FROM message WHERE application_id = :id ORDER BY id DESC LIMIT 1", id=waiting.application
    )
    again = town.step(waiting.device, waiting.application, Event.APPLY_BULLETIN, item_id=item_id)
    assert code(again) == "item-withdrawn"
    assert code(town.send(house, WithdrawItem(town.tenant, item_id, "Again"))) == "item-withdrawn"


def test_a_number_of_places_is_lowered_by_what_is_not_held_only(town: Admissions) -> None:
    house = town.kindergarten("Amina")
    item_id = opened(town, house)
    family = applied(town, item_id)
    assert code(town.send(house, WithdrawItem(town.tenant, item_id, "Fewer", 2))) == "number-out-of-range"
    assert town.send(house, WithdrawItem(town.tenant, item_id, "Fewer", 1)).result["lost"] == 0
    assert town.state(family) == "bulletin-applied"
    other = town.file(town.family(), "bulletin")
    full = town.step(other.device, other.application, Event.APPLY_BULLETIN, item_id=item_id)
    assert code(full) == "no-free-place"
    assert town.scalar("SELECT places FROM bulletin_item WHERE id = :id", id=item_id) == 1


def test_nobody_is_left_in_withdrawn_places_however_many_apply_meanwhile(town: Admissions) -> None:
    town.send(town.officer(), group(town, "star", capacity=8))
    house = town.kindergarten("Amina")
    item_id = opened(town, house, places=8)
    families = [town.file(town.family(), "bulletin") for _ in range(8)]
    town.later(seconds=1)
    ready = threading.Barrier(9)

    def apply(family: Family) -> None:
        ready.wait()
        town.step(family.device, family.application, Event.APPLY_BULLETIN, item_id=item_id)

    threads = [threading.Thread(target=apply, args=(family,)) for family in families]
    for thread in threads:
        thread.start()
    ready.wait()
    outcome = town.send(house, WithdrawItem(town.tenant, item_id, "Closed"))
    for thread in threads:
        thread.join()
    assert outcome.status == "applied", outcome
    assert {town.state(family) for family in families} == {"queued"}
    assert town.counts("star") == (0, 0)
    assert town.scalar("SELECT taken FROM bulletin_item WHERE id = :id", id=item_id) == 0


def test_places_are_over_with_their_group_or_when_it_takes_other_years(town: Admissions) -> None:
    officer = town.officer()
    item_id = published(town, officer)
    assert expire_items(town.database, town.tenant, town.now) == 0
    assert expire_items(town.database, town.tenant, town.now + timedelta(days=700)) == 1
    assert town.scalar("SELECT state FROM bulletin_item WHERE id = :id", id=item_id) == "expired"


def test_the_opening_hour_is_the_rules_own(database: Database) -> None:
    town = make_admissions(database, bulletin={"bulletin_opens": "09:30", "priority_window_days": 1})
    item_id = published(town, town.officer(), published_on=date(2026, 9, 11))  # a Friday
    row = town.all("SELECT open_at, open_to_all_at FROM bulletin_item WHERE id = :id", id=item_id)[0]
    assert row.open_at == datetime(2026, 9, 11, 4, 30, tzinfo=UTC)
    assert row.open_to_all_at == datetime(2026, 9, 14, 4, 30, tzinfo=UTC)


def test_places_that_the_bulletin_offers_are_not_taken_away_under_it(town: Admissions) -> None:
    officer = town.officer()
    item_id = published(town, officer)
    assert town.send(officer, group(town, "star", capacity=3)).status == "applied"
    refused = town.send(officer, group(town, "star", capacity=1))
    assert code(refused) == "places-published"
    assert refused.problems[0].values == {"count": 2, "least": 2}
    lower = WithdrawItem(town.tenant, item_id, "", 1, "item-mistake")
    assert town.send(officer, lower).status == "applied"
    assert town.send(officer, group(town, "star", capacity=1)).status == "applied"


def test_a_group_that_closes_is_opened_again_only_by_who_says_so(town: Admissions) -> None:
    officer, last = town.officer(), TODAY + timedelta(days=30)
    assert town.send(officer, group(town, valid_to=last)).status == "applied"
    town.later(days=40)
    assert town.send(officer, group(town, responsible="Айгүл")).status == "applied"
    assert town.scalar("SELECT valid_to FROM kindergarten_group WHERE id = :id", id=town.groups["sun"]) == last
    assert town.send(officer, group(town, valid_to=last, responsible="Бақыт")).status == "applied"
    assert town.send(officer, group(town, open_again=True)).status == "applied"
    assert town.scalar("SELECT valid_to FROM kindergarten_group WHERE id = :id", id=town.groups["sun"]) is None
