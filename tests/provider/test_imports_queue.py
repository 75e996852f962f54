"""An existing queue comes in from a file; what is wrong is named and stops nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from models.contract.admission_records import Application, Child
from provider.demo.families import iin
from provider.imports import (
    ImportOptions,
    import_queue,
)
from provider.imports import admission_words as words
from provider.imports.queue_rows import instant
from provider.imports.sentences import sentence
from provider.services.admissions.positions import position
from provider.services.children import make_child
from provider.services.families import make_parent
from provider.services.register import RegisteredPerson
from provider.store.database import Database
from provider.store.tables_admissions import application
from provider.store.tables_claims import child_claim
from tests.provider.import_world import (
    CHILD,
    DATA,
    NOW,
    OPTIONS,
    PARENT,
    SECOND,
    Region,
    codes,
    make_region,
    row,
)
from translations import LANGUAGES, using


@pytest.fixture
def region(database: Database, tmp_path: Path) -> Region:
    return make_region(database, tmp_path)


def test_an_existing_queue_keeps_number_instant_rank_and_every_word(region: Region) -> None:
    report = region.queue(
        row(),
        row("ОДО-2025-2", child=SECOND, name="Сәрсен Әли", category="Әскери қызметші балалары", languages="Орысша"),
    )
    assert (report.added, codes(report)) == (2, [])
    first, second = region.rows(Application)
    child = region.rows(Child)[0]
    # 03:03:35 in Almaty, in the year since which the whole country has UTC+5
    at = datetime(2025, 5, 11, 22, 3, 35, 215992, tzinfo=UTC)
    assert (first.number, first.submitted_at, first.rank_date, first.state) == ("ОДО-2025-1", at, at, "queued")
    assert (first.programme, first.languages, first.phone) == ("general", ["kk", "ru"], "+7 (704) 756-86-64")
    assert (child.iin, child.surname, child.given_name, child.patronymic, child.born, child.sex) == (
        CHILD, "Өмірбек", "Дария", "Сәкенқызы", date(2023, 4, 14), "female",
    )  # fmt: skip
    assert (second.benefit, second.benefit_state) == ("military", "verified")
    assert second.category_rank < first.category_rank
    with region.database.read() as connection:
        numbers = [position(connection, one.id, region.department(), NOW) for one in (first, second)]
        kept = connection.execute(text("SELECT application_id, number, total FROM queue_position ORDER BY 1")).all()
        told = connection.execute(text("SELECT event, at FROM history_entry ORDER BY id")).all()
    assert [(one.number, one.total) for one in numbers if one] == [(1, 1), (1, 2)]
    assert [tuple(one) for one in kept] == [(first.id, 1, 1), (second.id, 1, 2)]
    assert told[0] == ("submit", at)


def test_each_thing_wrong_in_a_queue_is_one_clear_sentence(region: Region) -> None:
    with_kindergarten = "Тіркеу нөмірі;Берілген күні;Баланың ЖСН;Баланың аты-жөні;Оқу тілі;Балабақша\n"
    report = region.queue(
        row("1"),
        row("2"),  # the same child in the same queue
        row("1", child=SECOND),
        row("", child=SECOND),
        row("5", child=SECOND, at="2025-02-30 10:00:00"),
        row("6", child=SECOND, at="2027-01-01 10:00:00"),
        row("7", child="210220550812"),
        row("8", child="2102205508"),
        row("9", child="210230550816"),
        row("10", child=PARENT),
        row("11", child=SECOND, parent="940225301802"),
        row("12", child=SECOND, name="Өмірбек"),
        row("13", child=SECOND, languages="Марсша"),
        row("14", child=SECOND, category="Ғарышкерлердің балалары"),
        row("15", child=SECOND, queue="Түнгі"),
        row("16", queue="Арнайы бағыттағы"),  # the same child in another queue
    )
    assert (report.rows, report.added, report.rejected) == (16, 2, 14)
    assert [(number, code) for number, _column, code in codes(report)] == [
        (3, "import-child-repeated"),
        (4, "import-duplicate-row"),
        (5, "import-value-missing"),
        (6, "import-not-an-instant"),
        (7, "import-date-in-future"),
        (8, "import-iin-check"),
        (9, "import-iin-length"),
        (10, "import-iin-day"),
        (11, "import-not-a-child"),
        (12, "import-iin-check"),
        (13, "import-value-missing"),
        (14, "import-language-unknown"),
        (15, "import-category-unknown"),
        (16, "import-queue-unknown"),
    ]
    lost = import_queue(
        region.database,
        region.tenant,
        region.file(with_kindergarten + f"20;2025-01-01 10:00;{SECOND};Ли Анна;Қазақша;№ 99\n"),
        options=OPTIONS,
    )
    assert codes(lost) == [(2, "Балабақша", "import-kindergarten-unknown")]
    for problem in [*report.problems, *lost.problems]:
        for language in LANGUAGES:
            with using(language):
                said = sentence(problem.problem)
            assert said.endswith("."), (language, problem.problem.code)
            assert "{" not in said


def test_names_of_a_queue_are_texts_and_a_telephone_is_one(region: Region) -> None:
    report = region.queue(
        row(number="1", name="=CMD() Дария"),
        row(number="2", name="Өмір\x08бек Дария"),
        row(number="3", phone="хабарласпаңыз"),
    )
    assert codes(report) == [
        (2, "Баланың аты-жөні", "import-text-formula"),
        (3, "Баланың аты-жөні", "import-text-not-allowed"),
        (4, "Телефон", "import-phone-wrong"),
    ]
    assert [(one.number, one.phone) for one in region.rows(Application)] == [("3", "")]


def test_twins_of_an_imported_queue_are_served_together(region: Region) -> None:
    triplet = [iin(date(2023, 4, 14 + day), bool(day), 100 + day) for day in range(3)]
    region.queue(
        row("1", child=triplet[0]),
        row("2", child=triplet[1]),
        row("3", child=iin(date(2021, 1, 5), False, 7)),
        row("4", child=triplet[2], parent="880930300315"),
        row("5", child=triplet[0], queue="Арнайы бағыттағы"),
    )
    found = region.rows(Application)
    assert [one.bundle_id for one in found] == [found[0].id, found[0].id, None, None, None]


def test_what_is_strange_in_a_queue_is_taken_and_pointed_at(region: Region) -> None:
    report = region.queue(
        row("1", at="2023-01-05 09:00:00", parent=""),
        row("2", child=iin(date(2019, 5, 5), False, 31)),
    )
    assert (report.added, report.rejected) == (2, 0)
    assert [(number, code) for number, _column, code in codes(report)] == [
        (2, "import-queued-before-birth"),
        (2, "import-parent-missing"),
        (3, "import-child-too-old"),
    ]
    with region.database.read() as connection:
        assert len(connection.execute(child_claim.select()).all()) == 1


def test_the_same_queue_again_changes_nothing_and_a_corrected_one_only_what_nobody_touched(region: Region) -> None:
    bad = row("3", child="210220550812")
    region.queue(row(), row("ОДО-2025-2", child=SECOND), bad)
    before = region.rows(Application)
    again = region.queue(row(), row("ОДО-2025-2", child=SECOND), bad)
    assert (again.added, again.changed, again.unchanged, again.rejected) == (0, 0, 2, 1)
    assert region.rows(Application) == before
    with region.database.change() as unit:
        unit.connection.execute(application.update().where(application.c.id == before[1].id).values(version=2))
        unit.changes.live(region.tenant, f"child:{before[1].child_id}", "application", before[1].id)
    corrected = region.queue(row(languages="Қазақша"), row("ОДО-2025-2", child=SECOND, languages="Қазақша"))
    assert (corrected.changed, corrected.unchanged) == (1, 1)
    assert [(number, code) for number, _column, code in codes(corrected)] == [(3, "import-application-moved-on")]
    assert [one.languages for one in region.rows(Application)] == [["kk"], ["kk", "ru"]]
    taken = region.queue(row(child=SECOND), row("9", child=CHILD))
    assert [(number, code) for number, _column, code in codes(taken)] == [
        (2, "import-number-taken"),
        (3, "import-child-queued"),
    ]


def test_a_parent_of_an_imported_child_finds_it_on_registering_with_the_telephone_of_the_registry(
    region: Region,
) -> None:
    region.queue(row(), row("2", child=SECOND, parent="880930300315"))
    kept = region.rows(Application)
    assert [one.applicant_id for one in kept] == [0, 0]
    ermek = RegisteredPerson(PARENT, "Каменов", "Ермек", phones=["+7 704 756 86 64"])
    with region.database.change() as unit:
        user = make_parent(
            unit, ermek, phone_number="8 704 756 86 64", password_hash="", language="kk", now=NOW, login="ermek"
        )
    first, second = region.rows(Application)
    assert (first.applicant_id, first.applicant, second.applicant_id) == (user, "Каменов Ермек", 0)
    with region.database.read() as connection:
        keys = connection.execute(text("SELECT key FROM scope_grant WHERE user_id = :user"), {"user": user})
        assert f"child:{first.child_id}" in set(keys.scalars())
    # another telephone than the registry's: the child is entered by hand, and the register of persons decides
    marat = RegisteredPerson("880930300315", "Ибраев", "Марат")
    son = RegisteredPerson(SECOND, "Ибраев", "Әли", "Маратұлы", parents=["880930300315"])
    with region.database.change() as unit:
        other = make_parent(
            unit, marat, phone_number="+7 705 000 00 00", password_hash="", language="kk", now=NOW, login="marat"
        )
    assert region.rows(Application)[1].applicant_id == 0
    with region.database.change() as unit:
        assert make_child(unit, region.tenant, son, other, NOW) == second.child_id
    assert region.rows(Application)[1].applicant_id == other
    assert region.rows(Child)[1].name == "Ибраев Әли Маратұлы"
    with region.database.read() as connection:
        assert connection.execute(child_claim.select()).all() == []


@pytest.mark.parametrize(
    "header",
    [
        "Тіркеу нөмірі;Тіркеу күні мен уақыты;Баланың ЖСН;Баланың аты-жөні;Оқу тілі",
        "Регистрационный номер;Дата подачи;ИИН ребёнка;ФИО ребёнка;Язык обучения",
        "Реєстраційний номер;Дата подання;ІПН дитини;ПІБ дитини;Мова навчання",
        "Registration number;Submitted;Child's IIN;Child's name;Language of education",
    ],
)
def test_the_columns_of_a_queue_are_known_in_four_languages(region: Region, header: str) -> None:
    file = region.file(f"{header}\n7;12.05.2025 10:30;{CHILD};Өмірбек Дария;казахский\n")
    report = import_queue(region.database, region.tenant, file, options=OPTIONS)
    assert (report.added, [code for _row, _column, code in codes(report)]) == (1, [])
    assert region.rows(Application)[0].submitted_at == datetime(2025, 5, 12, 5, 30, tzinfo=UTC)


def test_instants_of_a_registry_are_local_and_exact() -> None:
    from zoneinfo import ZoneInfo

    almaty = ZoneInfo("Asia/Almaty")
    assert instant("2024-02-01 10:00:00.5", almaty) == datetime(2024, 2, 1, 4, 0, 0, 500000, tzinfo=UTC)  # UTC+6 then
    assert instant("2024-04-01T10:00", almaty) == datetime(2024, 4, 1, 5, 0, tzinfo=UTC)
    assert instant("01.04.2024 10:00:01,25", almaty) == datetime(2024, 4, 1, 5, 0, 1, 250000, tzinfo=UTC)
    for wrong in ("", "2025-02-30 10:00:00", "2025-02-20 25:00:00", "ертең", "2025-02-20 10:61"):
        with pytest.raises(ValueError, match=r".*"):
            instant(wrong, almaty)


def test_category_words_of_registries_mean_the_departments_benefits(region: Region) -> None:
    benefits = words.Benefits(region.department().benefits)
    for said, code in (
        ("Жеңілдіктер жоқ", ""),
        ("2-ден 5 жасқа дейінгі балалар", ""),
        ("", ""),
        ("Көп балалы отбасынан шыққан балалар 2 жастан 5 жасқа дейін", "large-family"),
        ("Дети из многодетных семей", "large-family"),
        ("Мүгедектігі бар бала", "special-needs"),
        ("Ребёнок-инвалид", "special-needs"),
        ("Діти військовослужбовців", "military"),
        ("teacher", "teacher"),
        ("Жетім балалар", "orphan"),
    ):
        assert benefits.code(said) == code, said
    with pytest.raises(ValueError, match="category"):
        benefits.code("Ғарышкерлердің балалары")


def test_the_whole_registry_of_a_city_comes_with_its_two_bad_rows_named(region: Region) -> None:
    options = ImportOptions(today=date(2026, 11, 21))
    report = import_queue(region.database, region.tenant, DATA / "kezek.csv", options=options)
    assert (report.rows, report.added, report.rejected) == (8001, 7999, 2)
    assert [(one.row, one.problem.code) for one in report.problems if one.rejected] == [
        (4454, "import-child-repeated"),
        (8002, "import-not-an-instant"),
    ]
