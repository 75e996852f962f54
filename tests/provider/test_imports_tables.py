"""Reading tables: four formats, many encodings, and files that nobody should have sent."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from provider.demo.build import DATA
from provider.imports.columns import recognise, service_kinds
from provider.imports.encodings import sniff_encoding
from provider.imports.sentences import sentence
from provider.imports.tables import TableOptions, TableRefused, read_table
from provider.imports.values import parse_day, parse_decimal, parse_flag, parse_money, parse_month, parse_number
from tests.provider.money import write
from translations import using


def table(path: Path, **options: str) -> tuple[list[str], list[tuple[int, list[str]]], str]:
    with read_table(path, TableOptions(**options)) as found:
        return found.header, list(found.rows), found.encoding


def refusal(path: Path, **options: str) -> str:
    with pytest.raises(TableRefused) as caught:
        table(path, **options)
    return caught.value.problem.code


@pytest.mark.parametrize(
    ("encoding", "country", "text"),
    [
        ("utf-8", "KZ", "Серікбаева Айгүл Маратқызы"),
        ("utf-8-sig", "UA", "Мар'яненко Олена Іванівна"),
        ("kz1048", "KZ", "Серікбаева Айгүл Маратқызы, Өтепов көшесі"),
        ("cp1251", "UA", "Їжакевич Ґалаґан Євген, вулиця Зріні Ілони"),
        ("cp866", "KZ", "Мухамедьярова Асель Петровна"),
        ("cp1125", "UA", "Їжакевич Ґалаґан Євген, вулиця Зріні"),
    ],
)
def test_the_encoding_of_a_text_is_recognised(tmp_path: Path, encoding: str, country: str, text: str) -> None:
    path = write(tmp_path / "a.csv", f"Шот;Аты\n000101;{text}\n000102;{text}\n", encoding)
    header, rows, found = table(path, country=country)
    assert header == ["Шот", "Аты"]
    assert rows == [(2, ["000101", text]), (3, ["000102", text])]
    assert found.replace("-sig", "") == encoding.replace("-sig", "")


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_recognised_also_beside_decimal_commas(tmp_path: Path, delimiter: str) -> None:
    amount = '"12,50"' if delimiter == "," else "12,50"
    lines = [delimiter.join(("ls", "summa", "fio")), *(delimiter.join((f"{n:06d}", amount, "Ким")) for n in range(9))]
    _, rows, _ = table(write(tmp_path / "a.csv", "\n".join(lines)))
    assert rows[3][1] == ["000003", "12,50", "Ким"]


def test_a_line_that_names_the_separator_is_no_header(tmp_path: Path) -> None:
    header, rows, _ = table(write(tmp_path / "a.csv", "sep=|\nls|fio;x\n01|a\n"))
    assert (header, rows) == (["ls", "fio;x"], [(3, ["01", "a"])])


def test_workbooks_keep_numbers_as_they_were_typed(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Л/С", "Сальдо", "Дом"])
        sheet.write_row(1, 0, [101, 1017.9, "4/1"])
        sheet.write_row(2, 0, ["000101", -27.12, ""])
    assert table(path)[1] == [(2, ["101", "1017.9", "4/1"]), (3, ["000101", "-27.12", ""])]


def test_old_registries_are_read_exactly() -> None:
    header, rows, encoding = table(DATA / "ABONENT.DBF", country="KZ")
    assert (header[0], encoding, len(rows)) == ("LS", "cp866", 20_003)
    assert rows[0][1][:2] == ["003456", "Петренко Ерлан Олегович"]
    assert rows[0][1][9] == "1521.14"
    header, rows, _ = table(DATA / "abonenty.xls", country="UA")
    assert (len(rows), rows[0][1][:2]) == (10_102, ["101", "Кожемяка Себастьян Боромирович"])


def test_a_table_with_fewer_records_than_it_promises_is_refused(tmp_path: Path) -> None:
    whole = (DATA / "ABONENT.DBF").read_bytes()
    path = tmp_path / "a.dbf"
    path.write_bytes(whole[: 513 + 210 * 100 + 77])
    with pytest.raises(TableRefused) as caught:
        table(path)
    assert caught.value.problem.code == "import-row-count"
    with using("uk"):
        assert "20003" in sentence(caught.value.problem)


def test_a_workbook_that_unpacks_into_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    assert refusal(path) == "import-unpacks-too-large"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "import-empty"),
        ("a.csv", b"only one column\nand nothing else\n", "import-not-a-table"),
        ("a.csv", b"a;b\n\0\0\0;1\n", "import-not-a-table"),
        ("a.xlsx", b"PK\x03\x04 this is no archive", "import-damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "import-damaged"),
        ("a.dbf", b"\x03\x7a\x0b\x15" + struct.pack("<IHH", 5, 65, 1) + b"\0" * 60, "import-damaged"),
        ("a.dbf", b"\x03", "import-damaged"),
        ("a.csv", "a;b\n1;ә\n".encode() + b"\xff\xfe", ""),
    ],
)
def test_a_damaged_file_gets_one_clear_answer(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    if code:
        assert refusal(path) == code
    else:
        assert len(table(path)[1]) == 2


def test_a_wrongly_stated_encoding_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "шот;аты\n1;Ким\n", "cp1251")
    assert refusal(path, encoding="utf-8") == "import-encoding"
    assert refusal(path, encoding="no-such-codec") == "import-encoding"
    assert refusal(tmp_path / "none.csv") == "import-no-file"
    assert refusal(tmp_path) == "import-no-file"


@pytest.mark.parametrize("other", ["cp1251", "kz1048", "cp866"])
def test_a_file_that_was_pasted_together_of_two_encodings_is_refused(tmp_path: Path, other: str) -> None:
    path = tmp_path / "a.csv"
    lines = ["номер;имя".encode(other), "1;Кузнецов".encode(other), "2;Сейтқали Айгүл".encode()]
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(TableRefused) as refused:
        table(path)
    assert refused.value.problem.code == "import-mixed-encodings"
    assert refused.value.problem.values == {"file": "a.csv", "row": 3}


def test_an_enormous_cell_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path / "a.csv", "a;b\n1;" + "x" * 50_000 + "\n")) == "import-cell-too-long"


def test_values_are_read_as_people_write_them() -> None:
    written = ("1 264,70", "1\u00a0264.70", "1,264.70", "1.264,70", "(12,50)", "12,50-", "-5")
    assert [parse_money(text) for text in written] == [126470, 126470, 126470, 126470, -1250, -1250, -500]
    assert parse_money("126470", in_minor=True) == 126470
    for text in ("12O,5", "1,2,3", "", "12,345", "٣", "1e5"):
        with pytest.raises(ValueError, match="not"):
            parse_money(text)
    assert str(parse_decimal("7,6042")) == "7.6042"
    assert {parse_day(text).isoformat() for text in ("05.03.2024", "5/3/24", "2024-03-05", "20240305", "45356")} == {
        "2024-03-05"
    }
    for text in ("31.02.2024", "2024", "вчера"):
        with pytest.raises(ValueError):
            parse_day(text)
    assert {
        str(parse_month(text)) for text in ("квітень 2019", "Апрель 2019", "2019 ж. сәуір", "04.2019", "201904")
    } == {"2019-04"}
    assert [parse_number(text) for text in ("000101", "101.0", "'0101", "32/1")] == ["000101", "101", "0101", "32/1"]
    assert [parse_flag(text) for text in ("T", "да", "Ф", "", "0", "иә")] == [True, True, False, False, False, True]


def test_columns_are_recognised_by_their_names() -> None:
    places = recognise("subscribers", ["О/Р", "ПІБ", "Сальдо на 01.01.2023, грн", "Площа, м2", "№ лічильника"])
    assert places == {"account": 0, "holder": 1, "balance": 2, "area": 3, "meter_number": 4}
    assert recognise("payments", ["Сумма", "Кому", "Дата"], {"account": "Кому"})["account"] == 1
    with pytest.raises(TableRefused) as caught:
        recognise("payments", ["Сумма", "Дата"])
    assert caught.value.problem.code == "import-missing-column"


def test_services_are_recognised_in_free_text() -> None:
    assert service_kinds("вода") == ["water"]
    assert service_kinds("вода и канализация") == ["drainage", "water"]
    assert service_kinds("за послугу Водовідведення без ПДВ") == ["drainage"]
    assert service_kinds("Су бұру") == ["drainage"]
    assert service_kinds("сүт") == []


def test_a_sample_cut_inside_a_letter_is_still_utf8() -> None:
    assert sniff_encoding("қ".encode() * 10 + "қ".encode()[:1]) == "utf-8"


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "«берілген күні (Берілген күні мен уақыты)»"), ("en", "“берілген күні (Day and time of filing)”")],
)
def test_a_missing_column_is_named_in_the_language_of_the_command(language: str, words: str) -> None:
    with pytest.raises(TableRefused) as caught:
        recognise("queue", ["номер", "ИИН ребенка", "ФИО ребенка", "Язык обучения"], file="kezek.csv")
    with using(language):
        assert words in sentence(caught.value.problem)
