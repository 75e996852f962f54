"""Kindergartens and groups come in from files, and a department itself; what is wrong is named and stops nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from models.contract.admission_records import Group, Organisation, Place
from provider.__main__ import main
from provider.commands_department import TEMPLATE
from provider.demo.department import DEPARTMENT
from provider.demo.families import iin
from provider.demo.organisations import create_oskemen
from provider.imports import (
    TableRefused,
    import_groups,
    import_kindergartens,
    import_queue,
    import_workbook,
)
from provider.services.admissions.department import department
from provider.services.departments import NewLocality, create_department
from provider.store.changes import PUBLIC
from provider.store.database import Database
from tests.provider.import_world import (
    DATA,
    OPTIONS,
    QUEUE,
    Region,
    codes,
    make_region,
    row,
)


@pytest.fixture
def region(database: Database, tmp_path: Path) -> Region:
    return make_region(database, tmp_path)


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


def test_texts_with_invisible_signs_or_formulas_are_left_out_by_row(region: Region) -> None:
    file = region.file(
        "№;Атауы;Мекенжайы;Телефон;Меңгерушісі\n"
        "1;«Ай\x07гөлек»;;;\n"
        "2;«Ақ\u202eбота»;;;\n"
        '3;=HYPERLINK("http://x");;;\n'
        "4;«Балапан»;@SUM(A1);;\n"
        f"5;{'а' * 201};;;\n"
        '6;«Күн»;"Абай к-сі,\n  6";+7 (727) 364-39-32;«А»\u200b\n'
        '7;«Күн»;"Абай к-сі,\n  6";+7 (727) 364-39-32;А. Б.\n'
    )
    report = import_kindergartens(region.database, region.tenant, file, options=OPTIONS)
    assert [(column, code) for _row, column, code in codes(report)] == [
        ("Атауы", "import-text-not-allowed"),
        ("Атауы", "import-text-not-allowed"),
        ("Атауы", "import-text-formula"),
        ("Мекенжайы", "import-text-formula"),
        ("Атауы", "import-text-too-long"),
        ("Меңгерушісі", "import-text-not-allowed"),
    ]
    assert [(one.name, one.address, one.phone) for one in region.rows(Organisation)] == [
        ("«Күн»", "Абай к-сі, 6", "+7 (727) 364-39-32")
    ]
    groups = region.file("Балабақша №;Топ;Жасы;Тілі;Барлық орын\n7;=1+1;3–4;қазақ;20\n7;Гүл\x1bдер;3–4;қазақ;20\n")
    report = import_groups(region.database, region.tenant, groups, options=OPTIONS)
    assert [one.problem.code for one in report.problems] == ["import-text-formula", "import-text-not-allowed"]


def test_kindergartens_of_one_name_are_asked_about_and_named_by_their_numbers(region: Region) -> None:
    header = "№;Атауы;Мекенжайы\n"
    file = region.file(header + "1;«Айгөлек»;Абай к-сі, 1\n2;Айгөлек;абай к-сі 1\n3;«АЙГӨЛЕК»;Сәтпаев к-сі, 2\n")
    report = import_kindergartens(region.database, region.tenant, file, options=OPTIONS)
    assert (report.added, report.rejected) == (2, 1)
    assert codes(report) == [(3, "Атауы", "import-kindergarten-twice"), (4, "Атауы", "import-kindergarten-namesake")]
    groups = region.file("Балабақша;Топ;Жасы;Тілі;Барлық орын\nАйгөлек;Күншуақ;3–4;қазақ;20\n3;Күншуақ;3–4;қазақ;20\n")
    report = import_groups(region.database, region.tenant, groups, options=OPTIONS)
    assert codes(report) == [(2, "Балабақша", "import-kindergarten-several")]
    houses = {one.code: one.id for one in region.rows(Organisation)}
    assert [one.organisation_id for one in region.rows(Group)] == [houses["3"]]


def test_a_registry_brings_the_number_of_a_kindergarten_that_an_officer_entered(region: Region) -> None:
    header = "№;Атауы;Мекенжайы\n"
    import_kindergartens(region.database, region.tenant, region.file(header + "1;«А»;Абай, 1\n"), options=OPTIONS)
    (house,) = [one.id for one in region.rows(Organisation)]
    with region.database.change() as unit:
        unit.connection.execute(text("UPDATE organisation SET code = 'O' || id, name = '«Айгөлек»'"))
        unit.changes.live(region.tenant, PUBLIC, "organisation", house)
    again = region.file(header + "17;АЙГӨЛЕК;Абай 1\n")
    report = import_kindergartens(region.database, region.tenant, again, options=OPTIONS)
    assert (report.added, report.changed, report.problems) == (0, 1, [])
    assert [(one.code, one.name) for one in region.rows(Organisation)] == [("17", "АЙГӨЛЕК")]


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
    rows = [row(f"Н-{number}", child=iin(date(2023, 4, 14), True, number), parent="") for number in range(1, 121)]
    many = at / "queue.csv"
    many.write_text(QUEUE + "\n".join([*rows, row("Н-900", child="123456789012")]) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["import", "queue", str(many), "--dry-run"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert any(line.startswith("Row 122,") for line in said[:10]), "what was left out stands before a hundred notices"
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
