"""A family's part of the cache, and the public rows of its department."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from models.cache.queries import admissions
from models.cache.queries.conflicts import about
from models.contract.admission_commands import EndEntrusting, EntrustChild, TakeStep
from models.contract.admission_records import Child, Guardian, Place
from models.contract.commands import UpdateContact
from models.domain.admissions.states import LIVE, Mode, Programme, State
from tests.fixtures.window import make_store
from tests.samples import balabaqsha as sample


@pytest.fixture
def store(tmp_path):
    stranger = Child(399, sample.DEPARTMENT, "061211600012", "Бөтен", "Бала", "", sample.NOW.date(), "female", "")
    theirs = Guardian(699, 399, 99, "Бөтен Адам", "parent", True, sample.NOW)
    foreign = sample.application(4099, 399, State.QUEUED)
    made = make_store(tmp_path, [], [*sample.family_rows(), stranger, theirs, foreign])
    yield made
    made.close()


def family(store):
    return store.read(lambda connection: admissions.family(connection, sample.NOW))


def test_only_children_of_the_reader_count_whatever_the_cache_holds(store):
    found = family(store)
    assert {view.child.id for view in found.children} == {sample.SON, sample.DAUGHTER, sample.NIECE}
    assert 4099 not in {view.id for view in found.applications}


def test_a_child_says_by_what_tie_it_is_seen(store):
    ties = {view.child.id: view.entrusted for view in family(store).children}
    assert ties == {sample.SON: False, sample.DAUGHTER: False, sample.NIECE: True}


@pytest.mark.parametrize("kind", ["parent", "entrusted"])
def test_who_has_a_child_again_acts_by_the_tie_that_counts_and_not_by_the_one_that_ended(tmp_path, kind):
    rows = [row for row in sample.family_rows() if not (isinstance(row, Guardian) and row.child_id == sample.SON)]
    ended = Guardian(601, sample.SON, sample.PARENT, "Ана", "parent", True, sample.at(1, 9), until=sample.at(2, 9))
    again = Guardian(690, sample.SON, sample.PARENT, "Ана", kind, True, sample.at(3, 9))
    made = make_store(tmp_path, [], [*rows, ended, again])
    assert family(made).child(sample.SON).own.id == 690
    made.close()


def test_an_application_brings_everything_that_hangs_on_it(store):
    view = family(store).application(sample.FOURTH)
    assert [entry.group_id for entry in view.entries] == [1021, 1022]
    assert family(store).offers[1021].group.name == "Ромашка"
    first = family(store).application(sample.FIRST)
    assert [entry.event for entry in first.history] == ["issue-voucher", "submit"]
    assert {paper.kind for paper in first.attachments} == {"birth-certificate", "027"}
    assert first.case.state is State.VOUCHER_ISSUED


def test_live_applications_come_before_the_archive(store):
    states = [view.case.state for view in family(store).applications]
    assert all(state in LIVE for state in states[:-1])
    assert states[-1] is State.ARCHIVED


def test_a_department_has_its_calendar_and_rules(store):
    department = family(store).departments[0]
    assert department.calendar.years == {2025, 2026, 2027}
    assert department.rules(Programme.SPECIAL, sample.NOW).docs_review
    assert department.inside(sample.REGION) == {sample.REGION, sample.CITY, sample.DISTRICT, sample.VILLAGE}


def test_offers_tell_free_places_by_mode(store):
    offers = store.read(lambda connection: admissions.offers(connection, sample.DEPARTMENT, sample.NOW))
    by_group = {offer.group.id: offer for offer in offers}
    assert by_group[1012].free() == 3
    assert by_group[1032].free(Mode.TEMPORARY) == 1
    assert by_group[1021].free() == 0


def test_lent_places_of_a_group_are_counted_together_and_not_after_their_last_day(tmp_path):
    today = sample.NOW.date()

    def lent(number: int, last: date, taken: int = 0) -> Place:
        return Place(number, 1032, Mode.TEMPORARY.value, 1, taken, 0, today - timedelta(days=60), last)

    rows = [row for row in sample.family_rows() if not (isinstance(row, Place) and row.group_id == 1032)]
    over, soon, later = today - timedelta(days=1), today + timedelta(days=10), today + timedelta(days=30)
    places = [lent(9001, over), lent(9002, later, taken=1), lent(9003, soon), lent(9004, today)]
    made = make_store(tmp_path, [], [*rows, *places])
    offers = made.read(lambda connection: admissions.offers(connection, sample.DEPARTMENT, sample.NOW))
    offer = next(offer for offer in offers if offer.group.id == 1032)
    assert offer.free(Mode.TEMPORARY) == 2
    together = offer.place(Mode.TEMPORARY)
    assert (together.capacity, together.occupied, together.valid_to) == (3, 1, soon), "through when a free one lasts"
    late = datetime.combine(today, time(19, 30), UTC)  # half past midnight there
    offers = made.read(lambda connection: admissions.offers(connection, sample.DEPARTMENT, late))
    assert next(offer for offer in offers if offer.group.id == 1032).free(Mode.TEMPORARY) == 1
    made.close()


def test_the_bulletin_and_reviews_hold_what_is_public(store):
    items = store.read(lambda connection: admissions.bulletin(connection, sample.DEPARTMENT))
    assert {item.item.id for item in items} == {801, 802, 803, 804, 805}
    reviews = store.read(lambda connection: admissions.reviews(connection, 103))
    assert [review.stars for review in reviews] == [5, 4]


def test_an_empty_cache_has_an_empty_family(tmp_path):
    store = make_store(tmp_path, [], [])
    assert family(store) == admissions.Family(None, (), (), ())
    store.close()


@pytest.mark.parametrize(
    ("payload", "called"),
    [
        (TakeStep(sample.DEPARTMENT, sample.FIRST, "extend"), "Алыбай Алдияр Қуандықұлы · ОДО-2026-248"),
        (EntrustChild(sample.DEPARTMENT, sample.SON, "890701300123"), "Алыбай Алдияр Қуандықұлы"),
        (EndEntrusting(sample.DEPARTMENT, 601), "Алыбай Алдияр Қуандықұлы"),
        (TakeStep(sample.DEPARTMENT, 10**6, "extend"), ""),
        (UpdateContact(7, phone="1"), ""),
    ],
)
def test_a_command_is_called_after_its_child_and_its_application(store, payload, called):
    assert store.read(lambda connection: about(connection, payload)) == called
