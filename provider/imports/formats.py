"""The four file formats, each turned into a header and rows of text; runs inside the limited child process."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from provider.imports.encodings import line_in_utf8, sniff_encoding

MAX_ROWS: Final = 2_000_000
MAX_COLUMNS: Final = 256
MAX_CELL: Final = 10_000
MAX_ZIP_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 128 * 1024 * 1024
MAX_RATIO: Final = 100
_DELIMITERS: Final = ";\t|,"
_DBF_CODECS: Final = {0x26: "cp866", 0x65: "cp866", 0xC9: "cp1251", 0x57: "cp1251", 0xC8: "cp1250", 0x03: "cp1252"}
_DBF_VERSIONS: Final = {0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8E, 0xCB, 0xF5, 0xFB}
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Refusal(Exception):
    """The file cannot be read; ``code`` and ``values`` become a Problem on the other side."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(slots=True)
class RawTable:
    """A header and numbered rows of text."""

    header: list[str]
    format: str
    encoding: str
    delimiter: str
    rows: Iterator[tuple[int, list[str]]]


def open_table(path: Path, *, encoding: str, delimiter: str, sheet: str, country: str) -> RawTable:
    """Return the table in ``path``; the format is told by content, not by the name. Raises Refusal."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_ZIP):
        check_zip(path)
        return open_workbook(path, "xlsx", sheet)
    if head.startswith(_OLE):
        return open_workbook(path, "xls", sheet)
    if looks_like_dbf(head, path):
        return open_dbf(path, encoding, country)
    return open_text(path, encoding, delimiter, country)


def limited(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield rows that are not blank, refusing more than ``MAX_ROWS`` of them."""
    count = 0
    for number, cells in rows:
        if not any(cells):
            continue
        count += 1
        if count > MAX_ROWS:
            raise Refusal("import-too-many-rows", limit=MAX_ROWS)
        yield number, cells


def check_header(header: list[str]) -> list[str]:
    """Return the header with trailing empty cells cut; raises Refusal when it cannot be one."""
    while header and not header[-1]:
        header = header[:-1]
    if not header or len(header) > MAX_COLUMNS:
        raise Refusal("import-no-header")
    return header


# --- spreadsheets -------------------------------------------------------------------------------------------------


def check_zip(path: Path) -> None:
    """Refuse a workbook that would unpack into too much, from its directory alone."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refusal("import-damaged") from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > MAX_ZIP_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * packed + 1_000_000:
        raise Refusal("import-unpacks-too-large")


def cell_text(value: Any) -> str:
    """Return a workbook cell as text: 101.0 becomes 101, a date ISO text, nothing an empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.split())[:MAX_CELL]
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        # repr gives the shortest text of the stored number, which is what the person typed
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def open_workbook(path: Path, format_name: str, sheet: str) -> RawTable:
    """Return a sheet of an Excel file by name or number, the first by default. Raises Refusal."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        names = workbook.sheet_names
        if sheet and sheet not in names:
            if not sheet.isdecimal() or not 1 <= int(sheet) <= len(names):
                raise Refusal("import-no-sheet", sheet=sheet)
            sheet = names[int(sheet) - 1]
        rows = workbook.get_sheet_by_name(sheet or names[0]).iter_rows()
        first = [cell_text(value) for value in next(iter(rows), [])]
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise Refusal("import-damaged") from error
    header = check_header(first)
    width = len(header)

    def cells() -> Iterator[tuple[int, list[str]]]:
        for number, row in enumerate(rows, start=2):
            yield number, [cell_text(value) for value in row[:width]]

    return RawTable(header, format_name, "", "", limited(cells()))


# --- dBase --------------------------------------------------------------------------------------------------------


def looks_like_dbf(head: bytes, path: Path) -> bool:
    """Return whether the file begins as a dBase table does; its name decides only for damaged ones."""
    if len(head) < 33 or head[0] not in _DBF_VERSIONS:
        return path.suffix.casefold() == ".dbf"
    header_length = int.from_bytes(head[8:10], "little")
    plausible = header_length >= 33 and (header_length - 33) % 32 in (0, 1, 8) and 1 <= head[2] <= 12
    return plausible or path.suffix.casefold() == ".dbf"


def open_dbf(path: Path, encoding: str, country: str) -> RawTable:
    """Return a dBase table. Raises Refusal, also when the header promises other rows than the file holds."""
    from dbfread import DBF, FieldParser

    class TextParser(FieldParser):  # type: ignore[misc]  # dbfread has no types
        """Give every field as text, so that no balance passes through a float."""

        def parse(self, field: Any, data: bytes) -> str:
            if field.type in "CVM":
                return " ".join(data.rstrip(b"\0 ").decode(self.encoding).split())
            text = data.replace(b"\0", b" ").strip().decode("ascii", "replace")
            if field.type == "D" and len(text) == 8 and text.isdigit():
                return f"{text[:4]}-{text[4:6]}-{text[6:]}"
            return "" if set(text) <= set("*?") else text

    with path.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            raise Refusal("import-damaged")
        promised = int.from_bytes(head[4:8], "little")
        header_length = int.from_bytes(head[8:10], "little")
        record_length = int.from_bytes(head[10:12], "little")
        file.seek(header_length)
        sample = file.read(200_000)
    size = path.stat().st_size
    if record_length < 2 or header_length < 33:
        raise Refusal("import-damaged")
    held = (size - header_length) // record_length
    if held != promised:
        raise Refusal("import-row-count", promised=promised, held=max(0, held))
    if not encoding:
        encoding = _DBF_CODECS.get(head[29]) or sniff_encoding(sample, country)
    if encoding == "cp866" and country == "UA":
        encoding = "cp1125"  # equal on Russian letters, and has the Ukrainian ones
    try:
        table = DBF(str(path), encoding=encoding, parserclass=TextParser, ignore_missing_memofile=True)
        header = check_header([field.name for field in table.fields])
    except (ValueError, OSError, LookupError, struct.error) as error:
        raise Refusal("import-damaged") from error

    def cells() -> Iterator[tuple[int, list[str]]]:
        try:
            for number, record in enumerate(table, start=1):
                yield number, list(record.values())
        except (ValueError, struct.error) as error:
            raise Refusal("import-damaged") from error

    return RawTable(header, "dbf", encoding, "", limited(cells()))


# --- text ---------------------------------------------------------------------------------------------------------


def sniff_delimiter(lines: list[str]) -> str:
    """Return the delimiter that splits the lines into the same number of columns most often."""
    best, best_score = ";", 0.0
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        if not widths:
            continue
        common = max(set(widths), key=widths.count)
        if common < 2:
            continue
        score = widths.count(common) / len(widths) + (1 if widths[0] == common else 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def open_text(path: Path, encoding: str, delimiter: str, country: str) -> RawTable:
    """Return a delimited text file. Raises Refusal."""
    with path.open("rb") as binary:
        sample = binary.read(400_000)
    if not encoding:
        encoding = sniff_encoding(sample, country)
        mixed = line_in_utf8(sample) if not encoding.startswith("utf") else 0
        if mixed:
            raise Refusal("import-mixed-encodings", row=mixed)
    if not encoding.startswith("utf-16") and b"\0" in sample:
        raise Refusal("import-not-a-table")
    csv.field_size_limit(MAX_CELL)
    try:
        start = sample.decode(encoding, "ignore").lstrip("\ufeff").splitlines()[:60]
        start = [line[:2_000] for line in start]
        skip = 0
        if start and start[0].casefold().startswith("sep="):
            delimiter, skip = start[0][4:5] or delimiter, 1
        file = io.open(path, encoding=encoding, newline="")  # noqa: SIM115, UP020  # lives as long as the rows
        reader = csv.reader(file, delimiter=delimiter or sniff_delimiter(start[skip:]))
        for _ in range(skip):
            next(reader)
        first = next((row for row in reader if any(cell.strip() for cell in row)), [])
    except (UnicodeDecodeError, LookupError) as error:
        raise Refusal("import-encoding", encoding=encoding) from error
    except csv.Error as error:
        raise Refusal("import-not-a-table") from error
    header = check_header([cell.strip().lstrip("\ufeff") for cell in first])
    if len(header) == 1 and not delimiter:
        raise Refusal("import-not-a-table")

    def cells() -> Iterator[tuple[int, list[str]]]:
        try:
            while True:
                try:
                    row = next(reader)
                except StopIteration:
                    return
                yield reader.line_num, [cell.strip() for cell in row]
        except UnicodeDecodeError as error:
            raise Refusal("import-encoding", encoding=encoding) from error
        except csv.Error as error:
            raise Refusal("import-cell-too-long", row=reader.line_num) from error

    return RawTable(header, "csv", encoding, reader.dialect.delimiter, limited(cells()))
