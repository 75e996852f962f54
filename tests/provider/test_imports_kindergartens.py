"""Kindergartens, groups and an existing queue come in from files; what is wrong is named and stops nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, text

from models.contract.admission_records import Application, Child, Group, Organisation, Place
from provider.__main__ import main
from provider.commands_department import TEMPLATE
from provider.demo.department import DEPARTMENT, LOCALITIES
from provider.demo.families import iin
from provider.demo.organisations import create_oskemen
from provider.imports import (
    ImportOptions,
    ImportReport,
    TableRefused,
    import_groups,
    import_kindergartens,
    import_queue,
    import_workbook,
)
from provider.imports import admission_words as words
from provider.imports.queue_rows import instant
from provider.imports.sentences import sentence
from provider.services.admissions.department import Department, department
from provider.services.admissions.positions import position
from provider.services.children import make_child
from provider.services.departments import NewLocality, create_department
from provider.services.families import make_parent
from provider.services.register import RegisteredPerson
from provider.store.database import Database
from provider.store.rows import fetch
from provider.store.tables_admissions import application
from provider.store.tables_claims import child_claim
from translations import LANGUAGES, using

DATA = Path(__file__).parents[2] / "provider" / "demo" / "data"
TODAY = date(2026, 9, 9)
NOW = datetime(2026, 9, 9, 6, 0, tzinfo=UTC)
OPTIONS = ImportOptions(today=TODAY)
QUEUE = "Тіркеу нөмірі;Берілген күні;Баланың ЖСН;Баланың аты-жөні;Ата-анасының ЖСН;Телефон;Санат;Оқу тілі;Кезек түрі\n"
PARENT = "940225301801"
CHILD = iin(date(2023, 4, 14), True, 17)
SECOND = iin(date(2023, 4, 14), False, 23)


@dataclass
class Region:
    """A department into which files come."""

    database: Database
    tenant: int
    folder: Path

    def file(self, content: str, name: str = "file.csv") -> Path:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def queue(self, *rows: str, **more: Any) -> ImportReport:
        return import_queue(
            self.database, self.tenant, self.file(QUEUE + "\n".join(rows) + "\n"), options=OPTIONS, now=NOW, **more
        )

    def rows(self, record: type[Any]) -> list[Any]:
        with self.database.read() as connection:
            return fetch(connection, record)

    def department(self) -> Department:
        with self.database.read() as connection:
            return department(connection, self.tenant)


@pytest.fixture
def region(database: Database, tmp_path: Path) -> Region:
    with database.change() as unit:
        return Region(database, create_department(unit, DEPARTMENT, LOCALITIES), tmp_path)


def codes(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.problem.code) for one in report.problems]


def row(number: str = "ОДО-2025-1", **cells: str) -> str:
    plain = {
        "at": "2025-05-12 03:03:35.215992", "child": CHILD, "name": "Өмірбек Дария Сәкенқызы", "parent": PARENT,
        "phone": "+7 (704) 756-86-64", "category": "Жеңілдіктер жоқ", "languages": "Қазақша, Орысша",
        "queue": "Жалпы білім беру",
    }  # fmt: skip
    return ";".join((number, *(plain | cells).values()))


def test_a_registry_of_kindergartens_and_groups_comes_whole_and_a_second_time_changes_nothing(region: Region) -> None:
    trial = import_workbook(region.database, region.tenant, DATA / "balabaqshalar.xlsx", dry_run=True, options=OPTIONS)
    assert [(one.kind, one.rows, one.added, one.rejected) for one in trial] == [
        ("kindergartens", 120, 120, 0),
        ("groups", 480, 480, 0),
    ]
    assert region.rows(Organisation) == []
    first = import_workbook(region.database, region.tenant, DATA / "balabaqshalar.xlsx", options=OPTIONS)
    assert [one.counts() for one in first] == [one.counts() for one in trial]
    houses, groups, places = region.rows(Organisation), region.rows(Group), region.rows(Place)
    assert (houses[3].code, houses[3].ownership, houses[3].kind, houses[3].corrections, houses[3].languages) == (
        "4", "state", "nursery-garden", ["vision"], ["kk", "ru"],
    )  # fmt: skip
    assert (groups[0].name, groups[0].age_from, groups[0].age_to, groups[0].language) == ("Ақжелкен-1", 2, 3, "kk")
    assert (places[0].capacity, places[0].occupied, places[0].free, places[0].valid_from) == (
        23,
        22,
        1,
        date(2026, 9, 1),
    )
    lent = [one for one in places if one.mode == "temporary"]
    assert sum(one.free for one in lent) == 41
    assert {one.valid_to for one in lent} == {date(2027, 8, 31)}
    again = import_workbook(region.database, region.tenant, DATA / "balabaqshalar.xlsx", options=OPTIONS)
    assert [(one.repeated, one.added, one.changed) for one in again] == [(True, 0, 0), (True, 0, 0)]
    assert (region.rows(Organisation), region.rows(Place)) == (houses, places)


def test_a_corrected_registry_changes_only_what_differs(region: Region) -> None:
    header = "№;Атауы;Меншік нысаны;Түрі;Мекенжайы;БСН\n"
    first = region.file(header + "1;«Айгөлек»;Жеке меншік;бөбекжай;Абай к-сі, 1;\n2;«Ақбота»;Мемлекеттік;балабақша;;\n")
    import_kindergartens(region.database, region.tenant, first, options=OPTIONS)
    groups = "Балабақша №;Топ;Жасы;Тілі;Барлық орын;Бос орын\n"
    import_groups(region.database, region.tenant, region.file(groups + "1;Күншуақ;3–4;қазақ;20;5\n"), options=OPTIONS)
    second = region.file(
        header
        + "1;«Айгөлек»;Жеке меншік;бөбекжай-бақша;Абай к-сі, 2;190640100004\n2;«Ақбота»;Мемлекеттік;балабақша;;\n"
    )
    report = import_kindergartens(region.database, region.tenant, second, options=OPTIONS)
    assert (report.changed, report.unchanged) == (1, 1)
    house = region.rows(Organisation)[0]
    assert (house.kind, house.address, house.bin, house.languages) == (
        "nursery-garden", "Абай к-сі, 2", "190640100004", ["kk"],
    )  # fmt: skip
    larger = import_groups(
        region.database, region.tenant, region.file(groups + "1;Күншуақ;3–4;қазақ;22;5\n"), options=OPTIONS
    )
    assert larger.changed == 1
    assert codes(larger) == [(2, "Бос орын", "import-free-differs")]
    smaller = import_groups(
        region.database, region.tenant, region.file(groups + "1;Күншуақ;3–4;қазақ;9;\n"), options=OPTIONS
    )
    assert codes(smaller) == [(2, "Барлық орын", "import-places-below-taken")]
    assert [(one.capacity, one.occupied) for one in region.rows(Place)] == [(22, 15)]


def test_each_thing_wrong_with_a_kindergarten_or_a_group_is_named_and_the_rest_is_taken(region: Region) -> None:
    file = region.file(
        "№;Атауы;Меншік нысаны;Түрі;БСН;Түзету түрі;Елді мекен\n"
        "1;«Айгөлек»;Жеке меншік;бөбекжай;;;Шығыс ауданы\n"
        "1;«Екінші»;;;;;\n"
        "3;;;;;;\n"
        "4;«Төртінші»;;;190640100005;;\n"
        "5;«Бесінші»;;ұшақ;;;\n"
        "6;«Алтыншы»;бөгде;;;;\n"
        "7;«Жетінші»;;;;ұшу;\n"
        "8;«Сегізінші»;;;;;Марс\n"
    )
    report = import_kindergartens(region.database, region.tenant, file, options=OPTIONS)
    assert (report.rows, report.added, report.rejected) == (8, 1, 7)
    assert codes(report) == [
        (3, "№", "import-duplicate-row"),
        (4, "Атауы", "import-value-missing"),
        (5, "БСН", "import-bin-wrong"),
        (6, "Түрі", "import-kind-unknown"),
        (7, "Меншік нысаны", "import-ownership-unknown"),
        (8, "Түзету түрі", "import-correction-unknown"),
        (9, "Елді мекен", "import-locality-unknown"),
    ]
    groups = region.file(
        "Детский сад;Группа;Возраст;Язык обучения;Всего мест;Свободных мест;Режим приёма;Вид группы\n"
        "1;А;2–3;русский;20;20;Общий;Дневная\n"
        "77;Б;2–3;русский;20;20;;\n"
        "1;В;взрослые;русский;20;20;;\n"
        "1;Г;2–3;марсианский;20;20;;\n"
        "1;Д;2–3;русский;много;20;;\n"
        "1;Е;2–3;русский;20;21;;\n"
        "1;Ж;2–3;русский;20;2;иногда;\n"
        "1;А;2–3;русский;20;20;Общий;\n"
        "«Айгөлек»;И;от 3 до 4 лет;казахский;20;;Временное пребывание;Круглосуточная\n"
    )
    found = import_groups(region.database, region.tenant, groups, options=OPTIONS)
    assert (found.rows, found.added, found.rejected) == (9, 2, 7)
    assert [(number, code) for number, _column, code in codes(found)] == [
        (3, "import-kindergarten-unknown"),
        (4, "import-not-ages"),
        (5, "import-language-unknown"),
        (6, "import-not-a-number"),
        (7, "import-free-above-all"),
        (8, "import-mode-unknown"),
        (9, "import-duplicate-row"),
    ]
    assert [(one.name, one.kind) for one in region.rows(Group)] == [("А", "day"), ("И", "round-the-clock")]


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


def test_only_a_department_takes_such_files(database: Database, region: Region) -> None:
    with database.change() as unit:
        utility = create_oskemen(unit)
    for take in (import_kindergartens, import_groups, import_queue):
        with pytest.raises(TableRefused) as refused:
            take(database, utility, DATA / "kezek.csv")
        assert refused.value.problem.code == "import-not-a-department"
    with pytest.raises(TableRefused) as missing:
        import_queue(region.database, region.tenant, DATA / "balabaqshalar.xlsx")
    assert missing.value.problem.code == "import-missing-column"


def test_groups_are_found_on_the_second_sheet_of_a_workbook(region: Region) -> None:
    import_kindergartens(region.database, region.tenant, DATA / "balabaqshalar.xlsx", options=OPTIONS)
    report = import_groups(region.database, region.tenant, DATA / "balabaqshalar.xlsx", options=OPTIONS)
    assert (report.added, report.rejected) == (480, 0)


def test_the_whole_registry_of_a_city_comes_with_its_two_bad_rows_named(region: Region) -> None:
    options = ImportOptions(today=date(2026, 11, 21))
    report = import_queue(region.database, region.tenant, DATA / "kezek.csv", options=options)
    assert (report.rows, report.added, report.rejected) == (8001, 7999, 2)
    assert [(one.row, one.problem.code) for one in report.problems if one.rejected] == [
        (4454, "import-child-repeated"),
        (8002, "import-not-an-instant"),
    ]


@pytest.fixture
def at(database: Database, database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder; the commands find the test's database, whose tables are there already."""
    monkeypatch.setenv("KABINET_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("provider.commands_organisation.Database.open", lambda _settings: Database(database_url))
    return tmp_path


def test_a_department_is_added_from_a_file_and_its_registries_imported_from_the_command_line(
    at: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["organisation", "template", "department"]) == 0
    file = at / "bilim.toml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["organisation", "add", str(file)]) == 0
    assert main(["organisation", "add", str(file)]) == 1
    assert "already" in capsys.readouterr().err
    assert main(["import", "kindergartens", str(DATA / "balabaqshalar.xlsx"), "--dry-run"]) == 0
    assert main(["import", "kindergartens", str(DATA / "balabaqshalar.xlsx")]) == 0
    assert main(["import", "queue", str(DATA / "balabaqshalar.xlsx")]) == 1
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM kindergarten_group")).scalar_one() == 480
        assert connection.execute(text("SELECT count(*) FROM programme")).scalar_one() == 4
        known = department(connection, connection.execute(text("SELECT id FROM provider")).scalar_one())
    assert 2026 in known.calendar.years
    assert len(known.categories) == 35
    assert [row.code for row in known.localities] == ["10", "1001"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('registration_code = "990340004512"', 'registration_code = "990340004513"', "registration_code"),
        ('parent = "10"', 'parent = "99"', "parent"),
        ('kind = "district"', 'kind = "planet"', "kind"),
        ('zone = "Asia/Almaty"', 'zone = "Mars/Base"', "time zone"),
        ("[rules.general]", "[rules.special2]", "programme"),
        ('signature_contract = "code"', "interest_days = -1", "interest_days"),
        ('code = "bilim"', 'code = "bilim"\ncolour = "blue"', "colour"),
    ],
)
def test_what_is_wrong_in_the_file_of_a_department_is_named_and_nothing_is_added(
    at: Path, database: Database, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    file = at / "bilim.toml"
    file.write_text(TEMPLATE.replace(old, new, 1), encoding="utf-8")
    assert main(["organisation", "add", str(file)]) == 1
    assert said in capsys.readouterr().err
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM provider")).scalar_one() == 0


def test_localities_have_to_hold_together(database: Database) -> None:
    names = {"kk": "Қала"}
    with pytest.raises(ValueError, match="parent"), database.change() as unit:
        create_department(unit, DEPARTMENT, [NewLocality("2", "district", names, "1"), NewLocality("1", "city", names)])
    with pytest.raises(ValueError, match="locality"), database.change() as unit:
        create_department(unit, DEPARTMENT, [])
