"""Sentences for what is wrong with an imported file or one of its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from models.contract import sentences as shared
from models.domain.problems import Problem
from provider.imports.admission_sentences import ADMISSION_SENTENCES, COLUMN_NAMES
from translations import N_, _, n_

Values = shared.Values


def sentence(problem: Problem) -> str:
    """Return what ``problem`` means for the clerk who imports, in the language in force."""
    entry = SENTENCES.get(problem.code)
    if entry is None:
        return shared.sentence(problem)
    if callable(entry):
        return entry(problem.values)
    return _(entry).format(**{key: shared.shown(key, problem.values) for key in problem.values})


def _too_many_cells(values: Values) -> str:
    count = int(values.get("columns", 0))
    return n_(
        "The row has more cells than the header, which has {count} column. The row was left out.",
        "The row has more cells than the header, which has {count} columns. The row was left out.",
        count,
    ).format(count=count)


def _row_count(values: Values) -> str:
    held = int(values.get("held", 0))
    return n_(
        "The header of {file} promises {promised} rows, but the file holds {held} row: it is incomplete. "
        "Nothing was imported; ask for the file again.",
        "The header of {file} promises {promised} rows, but the file holds {held} rows: it is incomplete. "
        "Nothing was imported; ask for the file again.",
        held,
    ).format(file=values.get("file", ""), promised=values.get("promised", ""), held=held)


def _missing_column(values: Values) -> str:
    """Say which column is missing: as registries head it, and what is meant by that in the reader's language."""
    column = str(values.get("column", ""))
    meant = COLUMN_NAMES.get((values.get("kind"), values.get("field")))
    if meant is not None and _(meant).casefold() != column.casefold():
        column = f"{column} ({_(meant)})"
    return _(
        "The file {file} has no column for “{column}”. Nothing was imported; name the column in the file or state "
        "which column it is."
    ).format(file=values.get("file", ""), column=column)


SENTENCES: Final[dict[str, str | Callable[[Values], str]]] = {
    **ADMISSION_SENTENCES,
    "import-no-file": N_("There is no file {file}. Nothing was imported; check the name and the folder."),
    "import-empty": N_("The file {file} is empty. Nothing was imported."),
    "import-too-large": N_("The file {file} is too large to import. Nothing was imported; divide it into parts."),
    "import-unpacks-too-large": N_(
        "The file {file} unpacks into far more data than its size allows, so it was not opened. Nothing was imported."
    ),
    "import-damaged": N_(
        "The file {file} is damaged or takes too long to read. Nothing more was imported; ask for the file again."
    ),
    "import-not-a-table": N_("The file {file} is not a table of rows and columns. Nothing was imported."),
    "import-no-header": N_("The first row of {file} does not name the columns. Nothing was imported."),
    "import-no-sheet": N_("The file {file} has no sheet {sheet}. Nothing was imported; choose another sheet."),
    "import-encoding": N_(
        "The file {file} cannot be read in the encoding {encoding}. Nothing more was imported; choose another encoding."
    ),
    "import-mixed-encodings": N_(
        "Row {row} of {file} is written in another encoding than the rest, so names would come out as wrong letters. "
        "Nothing was imported; save the whole file in UTF-8, or ask for it again."
    ),
    "import-row-count": _row_count,
    "import-too-many-rows": N_("The file {file} has more than {limit} rows. Divide it into parts."),
    "import-cell-too-long": N_(
        "A cell near row {row} of {file} is too long for a table. Rows before it were imported; correct the file."
    ),
    "import-missing-column": _missing_column,
    "import-too-many-cells": _too_many_cells,
    "import-account-missing": N_("The row has no account number, so it was left out."),
    "import-account-invalid": N_("This is not an account or meter number. The row was left out."),
    "import-file-account-unknown": N_(
        "The file is about account {account}, which the provider does not have. Nothing was imported."
    ),
    "import-account-unknown": N_("The provider has no account with this number. The row was left out."),
    "import-value-missing": N_("This cell must not be empty. The row was left out."),
    "import-duplicate-row": N_("The same was already stated in row {first} of this file. This row was left out."),
    "import-not-a-number": N_("This is not a number that can stand here. The row was left out."),
    "import-not-money": N_("This is not an amount of money. The row was left out."),
    "import-not-a-date": N_("There is no such date. The row was left out."),
    "import-not-a-month": N_("This is not a month. The row was left out."),
    "import-not-a-flag": N_("This is neither yes nor no. The row was left out."),
    "import-date-in-future": N_("This date is in the future. The row was left out."),
    "import-not-a-reading": N_("This is not a reading of a meter. The row was left out."),
    "import-reading-too-long": N_("The meter shows at most {digits} whole digits. The row was left out."),
    "import-reading-went-down": N_(
        "The reading is lower than the one before, {previous} of {day}. The row was left out; check it or "
        "register a new meter."
    ),
    "import-reading-rolled-over": N_(
        "The reading is lower than the one before, {previous} of {day}: taken as the meter passing zero. "
        "The row was imported; check it."
    ),
    "import-reading-unusual": N_("The consumption of {volume} is unusually high. The row was imported; check it."),
    "import-reading-older": N_("There is already a later reading of this meter, of {day}. The row was left out."),
    "import-meter-unknown": N_("The account has no meter with this number. The row was left out."),
    "import-meter-which": N_("The account has several meters, and the row does not say which one. It was left out."),
    "import-service-unknown": N_("The provider has no such service. The row was left out."),
    "import-group-unknown": N_("This group of consumers is unknown. The row was left out."),
    "import-tariff-overlaps": N_(
        "Another price of this service is valid at the same time, from {day}. The row was left out."
    ),
    "import-dates-reversed": N_("The last day is before the first one. The row was left out."),
    "import-amount-not-positive": N_("A payment must be above zero. The row was left out."),
    "import-operation-repeated": N_(
        "A payment with this operation number was already posted: account {account}, {amount_minor}, {day}. "
        "This row was not posted; ask the bank which one is right."
    ),
    "import-operation-repeated-same": N_(
        "The same payment stands in row {first} of this file, so it was posted only once."
    ),
    "import-payment-suspense": N_(
        "No open account has this number. The money was posted to unidentified payments; assign it to an account."
    ),
    "import-sum-differs": N_(
        "The sum below the table is {stated_minor}, but the rows add up to {found_minor}. Check the file."
    ),
    "import-balance-differs": N_(
        "By the ledger the balance is {expected_minor}; the file differs by {difference_minor}. "
        "The ledger was left as it is; check the file."
    ),
    "import-assertion-differs": N_(
        "The closing balance does not follow from the figures: {expected_minor} was expected, the difference is "
        "{difference_minor}. It was kept as the source states it, and marked."
    ),
}
