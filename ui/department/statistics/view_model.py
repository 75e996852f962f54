"""Figures of a department as tables, and their export."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from models.cache.queries.department import Figures
from models.domain.admissions.states import State
from translations import N_, _, formats
from ui.context import Context
from ui.department import words
from ui.department.desk import DeskScreen
from ui.family import words as family
from ui.preview.view_model import free_path, safe_name, write

PARTS = {
    "states": N_("Applications by state"),
    "queue": N_("Queue and expected places"),
    "vouchers": N_("Vouchers by state"),
    "archive": N_("Why applications ended"),
}
BY = {"locality": N_("By locality"), "year": N_("By birth year"), "language": N_("By language")}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures: its columns and rows as they are shown and exported. ``figures`` are columns of numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class StatisticsModel(DeskScreen):
    """``part`` is the table shown, ``by`` how the queue is divided."""

    TOPICS = frozenset({"application", "queue_statistic", "place"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.figures = Figures()
        self.part = "states"
        self.by = "locality"
        self.start()

    def question(self) -> Callable[[Any], Any]:
        """Override."""
        department_id = self.department_id

        def ask(connection: Any) -> Any:
            from models.cache.queries import department

            return department.figures(connection, department_id)

        return ask

    def keep(self, answer: Any) -> None:
        """Override."""
        self.figures = answer

    def choose(self, part: str) -> None:
        """Show another table."""
        self.part = part
        self.data_changed.emit()

    def divide(self, by: str) -> None:
        """Divide the queue otherwise."""
        self.by = by
        self.data_changed.emit()

    @property
    def total(self) -> int:
        """How many wait in queues."""
        return sum(count for (_programme, state), count in self.figures.states.items() if state == State.QUEUED)

    @property
    def live(self) -> int:
        """How many applications go on."""
        return sum(
            count for (_programme, state), count in self.figures.states.items() if state not in ("archived", "draft")
        )

    def table(self) -> Table:
        """Return the table shown."""
        return {
            "states": self._states,
            "queue": self._queue,
            "vouchers": self._vouchers,
            "archive": self._archive,
        }[self.part]()

    def _states(self) -> Table:
        found = self.figures.states
        programmes = [key for key in family.PROGRAMMES if any(programme == key for programme, _state in found)]
        rows = []
        for state in words.STATES:
            counts = [found.get((programme, state), 0) for programme in programmes]
            if any(counts):
                rows.append((family.word(words.STATES, state), *counts, sum(counts)))
        head = (_("State"), *(family.word(family.PROGRAMMES, one) for one in programmes), _("Together"))
        return Table(head, tuple(rows))

    def _vouchers(self) -> Table:
        found = self.figures.vouchers
        rows = [(_(text), found[key]) for key, text in words.VOUCHERS.items() if key in found]
        return Table((_("Voucher"), _("Applications")), tuple(rows))

    def _archive(self) -> Table:
        rows = [
            (family.word(words.ARCHIVE, key) if key else _("Another reason"), count)
            for key, count in sorted(self.figures.archive.items(), key=lambda pair: -pair[1])
        ]
        return Table((_("Reason"), _("Applications")), tuple(rows))

    def _queue(self) -> Table:
        days = sorted({day for row in self.figures.queue for day in row.forecast})[:4]
        sums: dict[Any, list[int]] = {}
        for row in self.figures.queue:
            key = {"locality": row.locality_id, "year": row.birth_year, "language": row.language}[self.by]
            counts = sums.setdefault(key, [0, 0, 0, *(0 for _day in days)])
            expected = (row.forecast.get(day, 0) for day in days)
            for at, value in enumerate((row.queued, row.admitted_year, row.free_now, *expected)):
                counts[at] += value
        first = {"locality": _("Locality"), "year": _("Birth year"), "language": _("Language of education")}[self.by]
        ahead = (_("Expected by {day}").format(day=formats.day(date.fromisoformat(day))) for day in days)
        head = (first, _("In the queue"), _("Admitted in a year"), _("Free now"), *ahead)
        rows = sorted(((self._named(key), *counts) for key, counts in sums.items()), key=lambda line: str(line[0]))
        return Table(head, tuple(rows))

    def _named(self, key: Any) -> str:
        if self.by == "locality":
            return family.place_name(self.department, key)
        return str(key) if self.by == "year" else family.word(family.LANGUAGES, key)

    def export(self) -> None:
        """Write the table shown as CSV: semicolons and a mark of UTF-8, as spreadsheets of these countries want it."""
        table = self.table()
        name = safe_name(_(PARTS[self.part]), formats.day(self.desk.today)).removesuffix(".pdf") + ".csv"
        path = self.context.save_dialog(_("Save the table"), name, _("Tables (*.csv)"))
        if path is None:
            return
        target = path if path.suffix.lower() == ".csv" else free_path(path.with_name(path.name + ".csv"))
        data = as_csv(table)

        def saved(where: Path) -> None:
            self.context.toast(_("Saved to {path}.").format(path=where))

        self.work(lambda: write(target, data), saved)


def as_csv(table: Table) -> bytes:
    """Return a table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.head)
    writer.writerows([[_safe(cell) for cell in row] for row in table.rows])
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" else cell
