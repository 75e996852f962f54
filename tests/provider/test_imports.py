"""Imports: what is right is taken, what is wrong is named by row and column, and nothing is taken twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.contract.records import Account, Assertion, Meter, Reading, Recipient
from models.domain.period import Month
from provider.demo.build import DATA
from provider.demo.organisations import create_izenhard
from provider.demo.synthetic import write_registry
from provider.imports import (
    ImportOptions,
    ImportReport,
    import_assertions,
    import_payments,
    import_readings,
    import_recipients,
    import_subscribers,
    import_tariffs,
)
from provider.services.catalogue import load_catalogue
from provider.services.statements import find_accounts, statement
from provider.store.database import Database
from provider.store.rows import fetch
from provider.store.tables_utility import account, suspense
from tests.provider.money import add_account, assert_ledger_holds, balances, charge, entries_of, water_provider, write

HEADER = "Л/С;ФИО;Улица;Дом;Кв;ИИН;Жильцов;Сальдо;№ счетчика;Показание;Дата показания;Канализация\n"
ROWS = (
    "000101;Ким Олег;Абая;1;2;850101300124;3;1 264,70;00112233;125,30;20.12.2023;1\n"
    "000102;Ли Анна;Абая;1;3;;2;-12,50;;;;0\n"
)
JANUARY = ImportOptions(as_of=date(2024, 1, 1), today=date(2024, 2, 1))


def codes(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.problem.code) for one in report.problems]


def test_subscribers_come_with_services_meter_reading_and_opening_balance(database: Database, tmp_path: Path) -> None:
    catalogue = water_provider(database)
    water, drainage = (one.id for one in catalogue.services)
    report = import_subscribers(database, catalogue.tenant, write(tmp_path / "a.csv", HEADER + ROWS), options=JANUARY)
    assert (report.rows, report.added, report.rejected, report.amount_minor) == (2, 2, 0, 125220)
    with database.read() as connection:
        first, second = (find_accounts(connection, number)[0] for number in ("000101", "000102"))
        kept = fetch(connection, Account, account.c.id == first)[0]
        meters = fetch(connection, Meter)
        readings = fetch(connection, Reading)
        lines = statement(connection, first, date(2024, 1, 1), date(2024, 1, 31))
    assert (kept.number, kept.code_masked, kept.residents, kept.street) == ("000101", "8501******24", 3, "Абая")
    assert [(one.number, one.initial) for one in meters] == [("00112233", 12530)]
    assert [(one.value, one.source, one.period) for one in readings] == [(12530, "initial", 202312)]
    assert balances(database, first) == {water: 126470, drainage: 0}
    assert balances(database, second) == {water: -1250}
    assert (lines.opening_minor, lines.entries, lines.closing_minor) == (126470, (), 126470)
    assert_ledger_holds(database)


def test_one_bad_row_never_stops_the_rest(database: Database, tmp_path: Path) -> None:
    catalogue = water_provider(database)
    bad = (
        ";Без Счёта;Абая;1;1;;1;0;;;;1\n"
        "000101;Ким Олег;Абая;1;2;850101300124;3;1 264,70;00112233;125,30;20.12.2023;1\n"
        "000103;Ахметов;Абая;1;4;850101300125;1;0;;;;1\n"
        "000104;Ахметов;Абая;1;4;;много;0;;;;1\n"
        "000105;Ахметов;Абая;1;4;;1;12O,5;;;;1\n"
        "000106;Ахметов;Абая;1;4;;1;0;777;123456,00;20.12.2023;1\n"
        "000107;Ахметов;Абая;1;4;;1;0;778;12,00;31.02.2023;1\n"
        "000108;;Абая;1;4;;1;0;;;;1\n"
        "000109;Ахметов;Абая;1;4;;1;0;;;;возможно\n"
        "000110;Нурланов;Абая;1;5;;1;0;;;;1\n"
        "Итого;;;;;;;1 252,20;;;;\n"
    )
    report = import_subscribers(
        database, catalogue.tenant, write(tmp_path / "a.csv", HEADER + ROWS + bad), options=JANUARY
    )
    assert (report.rows, report.added, report.rejected) == (12, 3, 9)
    assert codes(report) == [
        (4, "Л/С", "import-account-missing"),
        (5, "Л/С", "import-duplicate-row"),
        (6, "ИИН", "iin-invalid"),
        (7, "Жильцов", "import-not-a-number"),
        (8, "Сальдо", "import-not-money"),
        (9, "Показание", "import-reading-too-long"),
        (10, "Дата показания", "import-not-a-date"),
        (11, "ФИО", "import-value-missing"),
        (12, "Канализация", "import-not-a-flag"),
    ]
    plain = report.plain()["problems"][4]
    assert (plain["row"], plain["text"]) == (8, "12O,5")
    assert plain["sentence"]


def test_a_dry_run_reports_the_same_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    catalogue = water_provider(database)
    path = write(tmp_path / "a.csv", HEADER + ROWS + ";x;;;;;;;;;;\n")
    trial = import_subscribers(database, catalogue.tenant, path, dry_run=True, options=JANUARY)
    with database.read() as connection:
        assert fetch(connection, Account) == []
    real = import_subscribers(database, catalogue.tenant, path, options=JANUARY)
    assert (trial.counts(), codes(trial)) == (real.counts(), codes(real))


def test_the_same_file_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    catalogue = water_provider(database)
    clean = write(tmp_path / "a.csv", HEADER + ROWS)
    with_bad_row = write(tmp_path / "b.csv", HEADER + ROWS + ";x;;;;;;;;;;\n")
    for path in (clean, with_bad_row):
        import_subscribers(database, catalogue.tenant, path, options=JANUARY)
    with database.read() as connection:
        before = [entries_of(database, one.id) for one in fetch(connection, Account)]
    for path, repeated in ((clean, True), (with_bad_row, False)):
        report = import_subscribers(database, catalogue.tenant, path, options=JANUARY)
        assert (report.repeated, report.added, report.changed, report.unchanged) == (repeated, 0, 0, 2)
    with database.read() as connection:
        assert [entries_of(database, one.id) for one in fetch(connection, Account)] == before


def test_a_corrected_file_updates_by_difference(database: Database, tmp_path: Path) -> None:
    catalogue = water_provider(database)
    water = catalogue.services[0].id
    import_subscribers(database, catalogue.tenant, write(tmp_path / "a.csv", HEADER + ROWS), options=JANUARY)
    corrected = (HEADER + ROWS).replace("1 264,70", "1 260,00").replace("Ким Олег", "Ким Ольга")
    report = import_subscribers(database, catalogue.tenant, write(tmp_path / "b.csv", corrected), options=JANUARY)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)
    with database.read() as connection:
        first = find_accounts(connection, "000101")[0]
        assert fetch(connection, Account, account.c.id == first)[0].holder == "Ким Ольга"
    assert balances(database, first)[water] == 126000
    assert [one.amount_minor for one in entries_of(database, first)] == [126470, -470]
    assert_ledger_holds(database)


def test_a_later_registry_is_compared_with_the_ledger_and_never_forced(database: Database, tmp_path: Path) -> None:
    catalogue = water_provider(database)
    import_subscribers(database, catalogue.tenant, write(tmp_path / "a.csv", HEADER + ROWS), options=JANUARY)
    later = ImportOptions(as_of=date(2024, 2, 1))
    changed = (HEADER + ROWS).replace("1 264,70", "2 000,00")
    report = import_subscribers(database, catalogue.tenant, write(tmp_path / "b.csv", changed), options=later)
    assert codes(report) == [(2, "Сальдо", "import-balance-differs")]
    assert report.problems[0].problem.values["difference_minor"] == 73530
    assert report.rejected == 0


def test_a_new_meter_number_removes_the_old_meter_and_keeps_it(database: Database, tmp_path: Path) -> None:
    catalogue = water_provider(database)
    import_subscribers(database, catalogue.tenant, write(tmp_path / "a.csv", HEADER + ROWS), options=JANUARY)
    replaced = (HEADER + ROWS).replace("00112233;125,30;20.12.2023", "99887766;0,00;15.01.2024")
    import_subscribers(database, catalogue.tenant, write(tmp_path / "b.csv", replaced), options=JANUARY)
    with database.read() as connection:
        meters = fetch(connection, Meter)
    assert [(one.number, one.status) for one in meters] == [("00112233", "removed"), ("99887766", "working")]


def test_readings_are_checked_against_the_meter_they_are_of(database: Database, tmp_path: Path) -> None:
    catalogue = water_provider(database)
    import_subscribers(database, catalogue.tenant, write(tmp_path / "a.csv", HEADER + ROWS), options=JANUARY)
    rows = (
        "Лицевой счет;№ счетчика;Дата снятия;Показание;Источник\n"
        "000101;00112233;20.01.2024;138,75;контролер\n"
        "000101;00112233;31.02.2024;12,40;потребитель\n"
        "000101;00112233;20.01.2024;12O,5;потребитель\n"
        "000101;00112233;21.01.2024;100,00;потребитель\n"
        "000101;55555555;20.01.2024;1,00;потребитель\n"
        "999999;11111111;20.01.2024;55,00;потребитель\n"
        "000102;;20.01.2024;55,00;потребитель\n"
        "000101;00112233;20.03.2024;155,00;потребитель\n"
    )
    path = write(tmp_path / "r.csv", rows, "cp1251")
    report = import_readings(database, catalogue.tenant, path, options=JANUARY)
    assert report.added == 1
    assert {(row, code) for row, _, code in codes(report)} == {
        (3, "import-not-a-date"),
        (4, "import-not-a-reading"),
        (5, "import-reading-went-down"),
        (6, "import-meter-unknown"),
        (7, "import-account-unknown"),
        (8, "import-meter-unknown"),
        (9, "import-date-in-future"),
    }
    again = import_readings(database, catalogue.tenant, path, options=JANUARY)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)


def test_a_corrected_reading_corrects_what_was_charged(database: Database, tmp_path: Path) -> None:
    catalogue = water_provider(database)
    water, drainage = (one.id for one in catalogue.services)
    account_id, _ = add_account(database, catalogue, "7", initial=12530)
    head = "Л/С;Дата;Показание\n"
    import_readings(database, catalogue.tenant, write(tmp_path / "a.csv", head + "7;20.01.2024;148,75\n"))
    charge(database, catalogue, [account_id], Month(2024, 1))
    report = import_readings(database, catalogue.tenant, write(tmp_path / "b.csv", head + "7;20.01.2024;138,75\n"))
    assert report.changed == 1
    assert balances(database, account_id) == {water: 67788, drainage: 58750}
    assert_ledger_holds(database)


def test_payments_are_posted_once_and_unknown_accounts_wait_in_suspense(database: Database, tmp_path: Path) -> None:
    catalogue = water_provider(database)
    water, drainage = (one.id for one in catalogue.services)
    account_id, _ = add_account(database, catalogue, "000101")
    rows = (
        "Дата|Лицевой счет|ФИО|Сумма|Назначение|№ операции\n"
        "11.01.2024|000101|Ким|1 500,00|канализация|B1\n"
        "12.01.2024|654321|Неизвестный|1000,00|вода|B2\n"
        "15.01.2024|000101|Ким|1 264,70|вода|B1\n"
        "11.01.2024|000101|Ким|1 500,00|канализация|B1\n"
        "15.01.2024|000101|Ким|0|вода|B4\n"
        "15.01.2024|000101|Ким|сто|вода|B5\n"
        "32.01.2024|000101|Ким|100|вода|B6\n"
        "16.01.2024|000101|Ким|20,00|вода и канализация|\n"
        "16.01.2024|000101|Ким|20,00|вода и канализация|\n"
        "Итого||6|3 804,70||\n"
    )
    path = write(tmp_path / "bank.csv", rows, "cp866")
    report = import_payments(database, catalogue.tenant, path)
    assert (report.rows, report.added, report.rejected, report.suspense, report.amount_minor) == (9, 4, 5, 1, 254000)
    assert {(row, code) for row, _, code in codes(report)} == {
        (3, "import-payment-suspense"),
        (4, "import-operation-repeated"),
        (5, "import-operation-repeated-same"),
        (6, "import-amount-not-positive"),
        (7, "import-not-money"),
        (8, "import-not-a-date"),
        (11, "import-sum-differs"),
    }
    assert balances(database, account_id) == {water: -4000, drainage: -150000}
    with database.read() as connection:
        assert [(row.account_number, row.amount_minor) for row in connection.execute(suspense.select())] == [
            ("654321", 100000)
        ]
    again = import_payments(database, catalogue.tenant, path)
    assert (again.added, again.unchanged, again.rejected) == (0, 4, 5)
    assert_ledger_holds(database)


def test_tariffs_are_added_changed_and_never_overlap(database: Database, tmp_path: Path) -> None:
    with database.change() as unit:
        tenant = create_izenhard(unit)
    head = "Послуга;Група;Тариф;ПДВ;Норма;Діє з;Діє до;Абон. плата\n"
    rows = (
        "ВОДОПОСТАЧАННЯ;населення;36,77;0;3,6;01.01.2022;31.12.2022;0\n"
        "ВОДОВІДВЕДЕННЯ;населення;30,40;0;3,6;01.01.2022;;15,00\n"
        "ГАЗ;населення;7,96;0;;01.01.2022;;0\n"
        "ВОДОПОСТАЧАННЯ;населення;40,00;0;3,6;01.07.2022;31.12.2023;0\n"
        "ВОДОПОСТАЧАННЯ;населення;40,00;0;3,6;01.01.2023;31.12.2021;0\n"
        "ВОДОВІДВЕДЕННЯ;населення;34,05;0;3,6;01.01.2023;;17,00\n"
    )
    path = write(tmp_path / "t.csv", head + rows)
    report = import_tariffs(database, tenant, path)
    assert (report.added, codes(report)) == (
        3,
        [
            (4, "Послуга", "import-service-unknown"),
            (5, "Діє з", "import-tariff-overlaps"),
            (6, "Діє до", "import-dates-reversed"),
        ],
    )
    with database.read() as connection:
        tariffs = load_catalogue(connection, tenant).tariffs
    assert [(one.price, one.valid_from, one.valid_to, one.subscription_minor) for one in tariffs] == [
        ("36.77", date(2022, 1, 1), date(2023, 1, 1), 0),
        ("30.40", date(2022, 1, 1), date(2023, 1, 1), 1500),
        ("34.05", date(2023, 1, 1), None, 1700),
    ]


def test_recipients_keep_old_accounts_apart_from_ibans(database: Database) -> None:
    with database.change() as unit:
        tenant = create_izenhard(unit)
    report = import_recipients(database, tenant, DATA / "otrymuvachi.xlsx")
    assert (report.added, report.rejected) == (4, 0)
    with database.read() as connection:
        kept = fetch(connection, Recipient)
        services = load_catalogue(connection, tenant).services
    assert [(one.iban, one.legacy_account, one.commission_percent) for one in kept] == [
        ("", "26005060383123", "0"),
        ("", "26004300092595", "2.9"),
        ("", "26007707224620", "0"),
        ("UA393052990000026006060365696", "", "0.127"),
    ]
    assert [one.recipient_id for one in services] == [one.id for one in kept]


def test_stated_figures_that_do_not_follow_are_kept_and_marked(database: Database, tmp_path: Path) -> None:
    with database.change() as unit:
        tenant = create_izenhard(unit)
    rows = "О/Р;ПІБ;Послуга;Сальдо на 01.01.2023, грн\n101;Кожемяка;ВОДОПОСТАЧАННЯ;0\n"
    import_subscribers(database, tenant, write(tmp_path / "a.csv", rows))
    report = import_assertions(database, tenant, DATA / "stan_rakhunkiv_101.csv")
    assert (report.added, report.rejected, len(report.problems)) == (11, 0, 10)
    with database.read() as connection:
        kept = sorted(fetch(connection, Assertion), key=lambda one: one.period)
    assert [one.expected_minor for one in kept[:2]] == [None, 135298 + 8384 - 9893]
    assert (kept[-1].closing_minor, kept[-1].tariff) == (136652, "13.21")
    assert sum(one.charged_minor for one in kept) == 141835
    again = import_assertions(database, tenant, DATA / "stan_rakhunkiv_101.csv")
    assert (again.added, again.changed) == (0, 0)


@pytest.mark.parametrize("count", [2_500])
def test_invented_registries_are_taken_whole_across_batches(database: Database, tmp_path: Path, count: int) -> None:
    catalogue = water_provider(database)
    write_registry(tmp_path / "n.csv", count)
    report = import_subscribers(database, catalogue.tenant, tmp_path / "n.csv", options=JANUARY)
    assert (report.added, report.problems) == (count, [])
    assert_ledger_holds(database)
