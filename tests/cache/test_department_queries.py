"""What officers, doctors and kindergartens ask the cache; fast with an office of two hundred thousand applications."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.cache.queries import department, figures, kindergarten
from models.cache.queries.department import PAGE, Wanted
from models.cache.queries.rows import by_number
from models.cache.store import CacheStore
from models.domain.admissions.states import State
from tests.fixtures.department import office_store
from tests.samples import department as sample
from tests.samples.balabaqsha import CITY, VILLAGE


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CacheStore]:
    store = office_store(tmp_path)
    yield store
    store.close()


def test_the_queue_comes_by_pages_in_its_order(office: CacheStore) -> None:
    first = office.read(lambda c: department.queue(c, Wanted()))
    second = office.read(lambda c: department.queue(c, Wanted(), offset=PAGE))
    assert len(first.lines) == PAGE
    keys = [
        (line.application.category_rank, line.application.rank_date, line.application.id)
        for line in (*first.lines, *second.lines)
    ]
    assert keys == sorted(keys)
    assert first.total == second.total == PAGE + len(second.lines)
    assert not first.many


def test_filters_narrow_by_state_programme_place_language_year_category_and_mark(office: CacheStore) -> None:
    def found(**wanted: object) -> list[department.Line]:
        page = office.read(lambda c: department.queue(c, Wanted(**wanted), limit=1000))  # type: ignore[arg-type]
        return list(page.lines)

    assert {line.application.state for line in found(states=("stop-list",))} == {"stop-list"}
    assert {line.application.programme for line in found(programme="bulletin")} == {"bulletin"}
    assert {line.application.locality_id for line in found(localities=frozenset({VILLAGE}))} == {VILLAGE}
    assert all("ru" in line.application.languages for line in found(language="ru"))
    assert {line.child.born.year for line in found(birth_year=2022)} == {2022}
    assert {line.application.category_id for line in found(category_id=22)} == {22}
    assert [line.application.id for line in found(flag="escalated")] == [31_003]
    assert found(localities=frozenset({CITY}), language="kk", birth_year=2021, states=("queued",))


@pytest.mark.parametrize(
    "text", ["Қайратов Раяна", "раяна қайрат", "ҚАЙРАТОВ", "231228610284", "ОДО-2026-27250", "27250"]
)
def test_a_child_is_found_by_name_in_any_order_and_case_by_iin_and_by_number(office: CacheStore, text: str) -> None:
    page = office.read(lambda c: department.queue(c, Wanted(text=text), limit=1000))
    assert 31_003 in {line.application.id for line in page.lines}
    assert page.total < 30


def test_what_nobody_is_called_finds_nothing(office: CacheStore) -> None:
    assert office.read(lambda c: department.queue(c, Wanted(text="Жоқ Ешкім"))).total == 0


def test_a_doctor_sees_the_longest_wait_first_with_how_many_documents(office: CacheStore) -> None:
    lines = office.read(department.under_review)
    filed = [line.application.submitted_at for line in lines]
    assert filed == sorted(filed)  # type: ignore[type-var]
    assert {line.application.state for line in lines} == {State.DOCS_REVIEW}
    assert lines[0].documents == 2


def test_what_waits_for_an_officer_is_of_six_kinds_and_leaves_the_doctors_papers_alone(office: CacheStore) -> None:
    found = office.read(department.decisions)
    assert [line.application.id for line in found.late] == [31_003]
    assert [appeal.id for appeal, _line in found.appeals] == [8101]
    assert [line.application.id for line in found.benefits] == [31_010]
    assert [paper.id for paper, _line in found.documents] == [8004]
    assert [review.id for review in found.reviews] == [904]
    assert [(type(one).TABLE, one.id) for one in found.changes] == [
        ("programme", 41), ("category", 51), ("iteration", 9002)
    ]  # fmt: skip
    assert found.count == 8


def test_a_kindergartens_work_is_sorted_by_kind_and_by_the_term_that_ends_first(office: CacheStore) -> None:
    found = office.read(lambda c: kindergarten.work(c, [1011, 1012]))
    assert [line.application.id for line in found.activate] == [31_006]
    assert [line.application.id for line in found.send] == [31_003, 31_002]
    assert [line.application.id for line in found.sign] == [31_004]
    assert [line.application.id for line in found.referred] == [31_007]
    assert [line.application.id for line in found.temporary] == [31_008]
    assert [line.application.id for line in found.attending] == [31_009]


def test_a_child_that_moves_attends_its_kindergarten_until_the_new_contract_is_signed(office: CacheStore) -> None:
    with office.write() as connection:
        connection.execute("UPDATE application SET placement_group_id = 1012 WHERE id = 31002")  # a place held in 1011
    found = office.read(lambda c: kindergarten.work(c, [1012]))
    assert [line.application.id for line in found.attending] == [31_002, 31_009]


def test_a_card_has_everything_that_hangs_on_an_application(office: CacheStore) -> None:
    card = office.read(lambda c: department.card(c, 31_003, department.desk(c, sample.NOW)))
    assert card is not None
    assert [entry.event for entry in card.view.history] == ["organisation-expires", "choose-place"]
    assert card.family.offers[1012].organisation.id == 101
    assert [guardian.kind for guardian in card.guardians] == ["parent"]
    assert office.read(lambda c: department.card(c, 999_999, department.desk(c, sample.NOW))) is None


def test_a_round_has_its_lines_in_order_with_who_was_passed_over(office: CacheStore) -> None:
    found = office.read(lambda c: department.round_of(c, sample.MINE))
    assert found is not None
    assert [line.position for line in found.lines] == [1, 2, 3, 4, 5, 6]
    assert [line.skipped for line in found.lines if line.skipped] == ["child-too-young", "voucher-already"]


def test_figures_count_every_application_once(office: CacheStore) -> None:
    found = office.read(figures.figures)
    everything = office.read(lambda c: c.execute("SELECT count(*) FROM application").fetchone()[0])
    assert sum(found.states.values()) == everything
    assert found.archive["voucher-expired"] == 2


def test_the_desk_knows_the_kindergarten_that_a_person_works_for(tmp_path: Path) -> None:
    store = office_store(tmp_path, "kindergarten")
    desk = store.read(lambda c: department.desk(c, sample.NOW))
    assert desk.mine == {sample.KINDERGARTEN}
    assert [offer.group.name for offer in desk.groups_of(desk.mine)] == ["Жұлдыз", "Солнце"]
    store.close()


def test_every_question_of_the_queue_reads_an_index(office: CacheStore) -> None:
    """Two hundred thousand rows are measured in tests/benchmarks; here the plan is checked."""

    def plan(statement: str) -> str:
        return office.read(lambda c: " ".join(str(row[3]) for row in c.execute(f"EXPLAIN QUERY PLAN {statement}")))

    listed = plan(
        "SELECT id FROM application WHERE +state = 'queued' AND languages LIKE '%kk%'"
        " ORDER BY category_rank, rank_date, id LIMIT 100"
    )
    assert "COVERING INDEX application_queue" in listed
    assert "TEMP B-TREE" not in listed
    counts = plan("SELECT programme, state, voucher, archive, count(*) FROM application"
                  " GROUP BY state, programme, voucher, archive")  # fmt: skip
    assert "COVERING INDEX application_counts" in counts
    assert "child_surname" in plan("SELECT id FROM child WHERE surname >= 'А' AND surname < 'Б' ORDER BY surname")
    assert "application_terms" in plan("SELECT * FROM application WHERE terms <> '{}' ORDER BY id")
    flagged = "SELECT * FROM application WHERE flags <> '[]' AND flags LIKE '%late%' ORDER BY state_since, id"
    assert "application_flagged" in plan(flagged)


def test_a_page_of_a_small_office_comes_at_once(office: CacheStore) -> None:
    started = time.thread_time()  # others may keep the machine busy
    office.read(lambda c: department.queue(c, Wanted(language="kk", birth_year=2022)))
    assert time.thread_time() - started < 0.2


def test_kindergartens_are_listed_by_their_numbers() -> None:
    names = ["№10 «Қарлығаш»", "№2 «Ақбота»", "«Амина»", "№2 «Айгөлек»"]
    assert sorted(names, key=by_number) == ["«Амина»", "№2 «Айгөлек»", "№2 «Ақбота»", "№10 «Қарлығаш»"]
