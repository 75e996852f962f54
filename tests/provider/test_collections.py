"""Collected wishes and groups formed from them: who may, until when, what is given, four eyes, nothing half."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.contract.collection_commands import (
    CancelCollection,
    CancelForming,
    FileWishes,
    IssueForming,
    OpenCollection,
    PlanForming,
)
from models.contract.outcomes import CommandOutcome
from models.domain.admissions.states import Event
from provider.jobs.rounds import clock_round
from tests.provider.admissions_world import Admissions, Family
from tests.provider.sync_world import Device


def queue(town: Admissions, count: int, **values: Any) -> list[Family]:
    families = []
    for _ in range(count):
        town.later(seconds=1)
        families.append(town.file(town.family(), **values))
    return families


def opened(town: Admissions, officer: Device, *groups: str, days: int = 5) -> int:
    town.later(minutes=1)
    end = town.now + timedelta(days=days)
    payload = OpenCollection(
        town.tenant, "general", [town.groups[name] for name in groups], end, end.date() + timedelta(days=9)
    )
    outcome = town.send(officer, payload)
    assert outcome.status == "applied", outcome
    return int(outcome.result["collection_id"])


def wish(town: Admissions, family: Family, collection: int, *groups: str) -> CommandOutcome:
    payload = FileWishes(town.tenant, family.application, collection, [town.groups[name] for name in groups])
    return town.send(family.device, payload)


def computed(town: Admissions, officer: Device, collection: int) -> Any:
    outcome = town.send(officer, PlanForming(town.tenant, collection))
    assert outcome.status == "applied", outcome
    return outcome.result


def close(town: Admissions) -> None:
    town.later(days=5, minutes=1)
    clock_round(town.database, town.now)


def test_places_are_given_at_once_by_the_wishes_and_the_order_of_the_queue(town: Admissions) -> None:
    first, second, third, fourth = queue(town, 4)
    officer, other = town.officer(), town.officer()
    collection = opened(town, officer, "sun", "star", "moon")
    assert wish(town, fourth, collection, "sun").status == "applied"
    assert wish(town, second, collection, "sun", "moon").status == "applied"
    assert wish(town, first, collection, "moon", "sun").status == "applied"
    close(town)
    made = computed(town, officer, collection)
    assert (made["lists"], made["placed"], made["stable"]) == (3, 2, True)
    assert {town.state(one) for one in (first, second, third, fourth)} == {"queued"}
    done = town.send(other, IssueForming(town.tenant, made["forming_id"]))
    assert (done.status, done.result["placed"]) == ("applied", 2), done
    assert [town.state(one) for one in (first, second, third, fourth)] == [
        "contract-org", "contract-org", "queued", "queued",
    ]  # fmt: skip
    assert town.row(first.application).group_id == town.groups["moon"]
    assert town.row(second.application).group_id == town.groups["sun"]
    assert town.row(first.application).voucher_number.startswith("V2026-")
    assert (town.counts("sun"), town.counts("moon"), town.counts("star")) == ((1, 0), (1, 0), (0, 0))
    rows = town.all("SELECT application_id, state, wish FROM wish_list ORDER BY application_id")
    assert [(row.state, row.wish) for row in rows] == [("placed", 1), ("placed", 1), ("not-placed", 0)]
    assert town.messages(first)[-1] == "Forming of groups"
    assert town.messages(fourth)[-1] == "Forming of groups"
    assert town.messages(third)[-1] != "Forming of groups"
    assert town.scalar("SELECT state FROM collection WHERE id = :id", id=collection) == "issued"
    again = town.send(other, IssueForming(town.tenant, made["forming_id"]))
    assert again.problems[0].code == "forming-decided"


def test_who_had_it_computed_may_not_give_the_places(town: Admissions) -> None:
    (family,) = queue(town, 1)
    officer = town.officer()
    collection = opened(town, officer, "sun")
    wish(town, family, collection, "sun")
    close(town)
    made = computed(town, officer, collection)
    own = town.send(officer, IssueForming(town.tenant, made["forming_id"]))
    assert (own.status, own.problems[0].code) == ("refused", "needs-another-officer")
    assert town.state(family) == "queued"


def test_nothing_is_given_while_wishes_are_collected(town: Admissions) -> None:
    (family,) = queue(town, 1)
    officer, other = town.officer(), town.officer()
    collection = opened(town, officer, "sun")
    wish(town, family, collection, "sun")
    made = computed(town, officer, collection)
    early = town.send(other, IssueForming(town.tenant, made["forming_id"]))
    assert early.problems[0].code == "collection-not-over"
    close(town)
    assert town.send(other, IssueForming(town.tenant, made["forming_id"])).status == "applied"


def test_a_result_is_stale_when_a_wish_a_place_or_the_queue_changed(town: Admissions) -> None:
    first, second = queue(town, 2)
    officer, other = town.officer(), town.officer()
    collection = opened(town, officer, "sun", "moon")
    wish(town, first, collection, "sun")
    wish(town, second, collection, "sun", "moon")
    early = computed(town, officer, collection)
    assert wish(town, second, collection, "sun").status == "applied"
    close(town)
    done = town.send(other, IssueForming(town.tenant, early["forming_id"]))
    assert (done.status, done.problems[0].code) == ("refused", "forming-stale")
    assert {town.state(first), town.state(second)} == {"queued"}
    made = computed(town, officer, collection)
    town.act(first, Event.LEAVE_QUEUE)
    late = town.send(other, IssueForming(town.tenant, made["forming_id"]))
    assert late.problems[0].code == "forming-stale"
    assert town.scalar("SELECT count(*) FROM forming WHERE state = 'stale'") == 2
    assert town.scalar("SELECT state FROM collection WHERE id = :id", id=collection) == "closed"


def test_a_list_counts_until_the_instant_and_not_a_moment_after(town: Admissions) -> None:
    (family,) = queue(town, 1)
    collection = opened(town, town.officer(), "sun", "moon")
    assert wish(town, family, collection, "sun").status == "applied"
    town.now = town.scalar("SELECT closes_at FROM collection WHERE id = :id", id=collection)
    assert wish(town, family, collection, "moon").status == "applied"
    town.later(microseconds=1)
    late = wish(town, family, collection, "sun")
    assert late.problems[0].code == "collection-over"
    assert town.scalar("SELECT groups FROM wish_list") == [town.groups["moon"]]


def test_a_list_is_refused_that_is_too_long_or_names_what_was_not_offered_or_does_not_suit(town: Admissions) -> None:
    (family,) = queue(town, 1)
    for number in range(13):
        town.group(f"g{number}", town.organisations["Amina"])
    town.group("old", town.organisations["Amina"], age_from=5, age_to=6)
    town.group("russian", town.organisations["Amina"], language="ru")
    many = [f"g{number}" for number in range(13)]
    collection = opened(town, town.officer(), "old", *many)
    assert wish(town, family, collection, *many).problems[0].code == "too-many-wishes"
    assert wish(town, family, collection, *many[:12]).status == "applied"
    assert wish(town, family, collection, "sun").problems[0].code == "wish-not-offered"
    assert wish(town, family, collection, "old").problems[0].code == "age-does-not-fit"
    assert town.scalar("SELECT jsonb_array_length(groups) FROM wish_list") == 12
    assert wish(town, family, collection).status == "applied"
    assert town.scalar("SELECT state FROM wish_list") == "withdrawn"


def test_strangers_and_kindergartens_file_nothing_and_open_nothing(town: Admissions) -> None:
    first, second = queue(town, 2)
    officer = town.officer()
    collection = opened(town, officer, "sun")
    payload = FileWishes(town.tenant, first.application, collection, [town.groups["sun"]])
    assert town.send(second.device, payload).problems[0].code == "not-found"
    assert town.send(officer, payload).problems[0].code == "not-found", "an officer wishes nothing for a family"
    house = town.kindergarten("Amina")
    for asked in (
        OpenCollection(town.tenant, "general", [town.groups["star"]], town.now + timedelta(days=2), date(2026, 10, 1)),
        PlanForming(town.tenant, collection),
        CancelCollection(town.tenant, collection, "x"),
    ):
        assert town.send(house, asked).status == "refused"
        assert town.send(first.device, asked).status == "refused"
    assert town.scalar("SELECT count(*) FROM collection") == 1
    assert town.scalar("SELECT count(*) FROM wish_list") == 0


def test_an_officer_may_not_give_a_place_past_the_four_eyes(town: Admissions) -> None:
    (family,) = queue(town, 1)
    outcome = town.step(town.officer(), family.application, Event.FORM_GROUP, group_id=town.groups["sun"])
    assert outcome.status == "refused"
    assert town.state(family) == "queued"


def test_twins_have_one_list_and_go_together_or_not_at_all(town: Admissions) -> None:
    user = town.person("twins", ["parent"])
    one, two = town.family(user=user), town.family(user=user)
    town.later(seconds=1)
    town.file(one)
    town.later(seconds=1)
    town.file(two)
    (single,) = queue(town, 1)
    assert town.row(one.application).bundle_id is not None
    officer, other = town.officer(), town.officer()
    collection = opened(town, officer, "sun", "star")
    assert wish(town, one, collection, "sun", "star").status == "applied"
    assert wish(town, single, collection, "sun").status == "applied"
    assert town.scalar("SELECT count(*) FROM wish_list WHERE state = 'filed'") == 3
    close(town)
    made = computed(town, officer, collection)
    assert town.send(other, IssueForming(town.tenant, made["forming_id"])).status == "applied"
    star = town.groups["star"]
    assert [town.row(f.application).group_id for f in (one, two, single)] == [star, star, town.groups["sun"]]
    assert town.counts("star") == (2, 0)


def test_families_whose_child_suits_are_told_once_and_the_office_of_the_end(town: Admissions) -> None:
    (suits,) = queue(town, 1)
    other = town.file(town.family(born=date(2021, 5, 5)))
    town.group("old", town.organisations["Amina"], age_from=6, age_to=7)
    collection = opened(town, town.officer(), "sun")
    clock_round(town.database, town.now)
    clock_round(town.database, town.now)
    assert town.messages(suits).count("Wishes for groups") == 1
    assert "Wishes for groups" not in town.messages(other)
    close(town)
    assert town.scalar("SELECT state FROM collection WHERE id = :id", id=collection) == "closed"
    clock_round(town.database, town.now)
    assert town.scalar("SELECT count(*) FROM message WHERE subject->>'en' LIKE 'Wishes are collected%'") == 1


def test_who_has_filed_nothing_is_reminded_once_the_morning_before_the_end(town: Admissions) -> None:
    filed, silent = queue(town, 2)
    collection = opened(town, town.officer(), "sun")
    clock_round(town.database, town.now)
    assert wish(town, filed, collection, "sun").status == "applied"
    town.later(days=3)
    clock_round(town.database, town.now)
    assert "ends on" not in town.scalar("SELECT string_agg(body->>'en', ' ') FROM message")
    town.later(days=1)
    clock_round(town.database, town.now)
    clock_round(town.database, town.now)
    reminded = "SELECT count(*) FROM message WHERE body->>'en' LIKE '%no list is filed%' AND application_id = :id"
    assert [town.scalar(reminded, id=one.application) for one in (filed, silent)] == [0, 1]
    assert (
        town.scalar("SELECT string_agg(DISTINCT link, ',') FROM message WHERE subject->>'en' LIKE 'Wishes%'")
        == "wishes"
    )


def test_a_collection_that_is_given_up_gives_nothing_and_says_why(town: Admissions) -> None:
    (family,) = queue(town, 1)
    officer, other = town.officer(), town.officer()
    collection = opened(town, officer, "sun")
    wish(town, family, collection, "sun")
    made = computed(town, officer, collection)
    assert town.send(officer, CancelCollection(town.tenant, collection, "")).problems[0].code == "field-required"
    assert town.send(officer, CancelCollection(town.tenant, collection, "Жөндеу")).status == "applied"
    assert "Жөндеу" in town.scalar("SELECT body->>'en' FROM message ORDER BY id DESC LIMIT 1")
    assert wish(town, family, collection, "sun").problems[0].code == "collection-over"
    close(town)
    refused = town.send(other, IssueForming(town.tenant, made["forming_id"]))
    assert refused.problems[0].code == "forming-decided"
    assert town.state(family) == "queued"


def test_a_result_is_thrown_away_and_another_is_computed(town: Admissions) -> None:
    (family,) = queue(town, 1)
    officer, other = town.officer(), town.officer()
    collection = opened(town, officer, "sun")
    wish(town, family, collection, "sun")
    close(town)
    made = computed(town, officer, collection)
    assert town.send(other, CancelForming(town.tenant, made["forming_id"], "no")).status == "applied"
    assert town.send(other, IssueForming(town.tenant, made["forming_id"])).problems[0].code == "forming-decided"
    again = computed(town, other, collection)
    assert town.send(officer, IssueForming(town.tenant, again["forming_id"])).status == "applied"
    assert town.state(family) == "contract-org"


def test_who_waits_for_a_full_group_with_a_voucher_leaves_its_lists_for_the_place(town: Admissions) -> None:
    holder = town.with_voucher(town.family())
    assert town.act(holder, Event.CHOOSE_PLACE, group_id=town.groups["sun"]).status == "applied"
    waits = town.with_voucher(town.family())
    assert town.act(waits, Event.JOIN_WAITLIST, group_id=town.groups["sun"]).status == "applied"
    officer, other = town.officer(), town.officer()
    collection = opened(town, officer, "sun", "moon", days=3)
    assert wish(town, waits, collection, "moon").status == "applied"
    town.later(days=3, minutes=1)
    made = computed(town, officer, collection)
    assert town.send(other, IssueForming(town.tenant, made["forming_id"])).status == "applied"
    assert town.state(waits) == "contract-org"
    assert town.row(waits.application).group_id == town.groups["moon"]
    assert town.scalar("SELECT state FROM waiting_entry") == "cancelled"
