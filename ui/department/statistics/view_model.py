"""Figures of a department as tables, and their export."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.cache.queries.admissions import Offer
from models.cache.queries.figures import Demand, Figures
from models.cache.queries.outlook import Outlook
from models.domain.admissions.states import Mode, Programme, State
from translations import _, formats
from ui.context import Context
from ui.department.desk import DeskScreen
from ui.department.statistics import tables
from ui.department.statistics.tables import PARTS, Table
from ui.kit.saving import unsaved
from ui.preview.view_model import free_path, safe_name, write

_DEMANDING = ("queue", "popular")
"""Parts that look at every application in a queue."""


class StatisticsModel(DeskScreen):
    """``part`` is the table shown, ``by`` how the queue is divided."""

    TOPICS = frozenset({"application", "place", "placement", "waiting_entry"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.figures = Figures()
        self.demand = Demand()
        self.outlook = Outlook()
        self.counted = ""
        """The part whose figures are here; others wait for theirs."""
        self.part = "states"
        self.by = "locality"
        self.start()

    def question(self) -> Callable[[Any], Any] | None:
        """Override."""
        known, part, today = self.department, self.part, self.desk.today
        if known is None:
            return None
        days = tables.days_ahead(today) if part == "queue" else []
        oldest = known.rules(Programme.GENERAL, self.desk.server_now()).max_age_years

        def ask(connection: Any) -> Any:
            from models.cache.queries import figures
            from models.cache.queries.outlook import outlook

            demand = figures.demand(connection, today) if part in _DEMANDING else Demand()
            return part, figures.figures(connection), demand, outlook(connection, today, days, oldest)

        return ask

    def keep(self, answer: Any) -> None:
        """Override."""
        self.counted, self.figures, self.demand, self.outlook = answer

    def choose(self, part: str) -> None:
        """Show another table."""
        self.part = part
        self.data_changed.emit()
        self.refresh()

    def divide(self, by: str) -> None:
        """Divide the queue otherwise."""
        self.by = by
        self.data_changed.emit()

    @property
    def offers(self) -> list[Offer]:
        """The groups that take children."""
        today = self.desk.today
        return [
            offer
            for offer in self.desk.desk.offers.values()
            if offer.organisation.opened and (offer.group.valid_to is None or offer.group.valid_to >= today)
        ]

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

    @property
    def places(self) -> tuple[int, int, int, int]:
        """Permanent places: all, taken, held, free."""
        found = [place for offer in self.offers if (place := offer.place(Mode.PERMANENT)) is not None]
        return (
            sum(place.capacity for place in found),
            sum(place.occupied for place in found),
            sum(place.held for place in found),
            sum(max(0, place.free) for place in found),
        )

    def table(self) -> Table:
        """Return the table shown; one without rows while its figures are being counted."""
        if self.part in _DEMANDING and self.counted != self.part:
            return Table((), ())
        match self.part:
            case "queue":
                return tables.queue(self.department, self.offers, self.demand, self.outlook, self.by, self.desk.today)
            case "places":
                return tables.places(self.offers)
            case "popular":
                return tables.popular(self.department, self.offers, self.demand)
            case "vouchers":
                return tables.vouchers(self.figures)
            case "archive":
                return tables.archive(self.figures)
        return tables.states(self.figures)

    @property
    def counting(self) -> bool:
        """Whether the figures of the part shown are still being counted."""
        return self.part in _DEMANDING and self.counted != self.part

    @property
    def as_of(self) -> str:
        """Until when the figures know what happened: when the provider was last heard of."""
        moment = getattr(self.desk.status, "as_of", None)
        return formats.moment(moment, self.desk.zone) if moment is not None else ""

    def export(self) -> None:
        """Write the table shown as CSV: semicolons and a mark of UTF-8, as spreadsheets of these countries want it."""
        table = self.table()
        if not table.rows:
            self.context.toast(_("There are no figures yet."))
            return
        name = safe_name(_(PARTS[self.part]), formats.day(self.desk.today)).removesuffix(".pdf") + ".csv"
        path = self.context.save_dialog(_("Save the table"), name, _("Tables (*.csv)"))
        if path is None:
            return
        target = path if path.suffix.lower() == ".csv" else free_path(path.with_name(path.name + ".csv"))
        dated = _("Data as of {moment}").format(moment=self.as_of) if self.as_of else ""
        data = as_csv(table, dated)

        def saved(where: Path) -> None:
            self.context.toast(_("Saved to {path}.").format(path=where))

        self.context.tasks.ask(self, lambda: write(target, data), saved, unsaved(self.context), certain=True)


def as_csv(table: Table, dated: str = "") -> bytes:
    """Return a table as CSV; below it stands of when it is and what has to be known of it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.head)
    writer.writerows([[_safe(cell) for cell in row] for row in table.rows])
    notes = [note for note in (dated, table.note) if note]
    if notes:
        writer.writerow([])
        writer.writerows([[_safe(note)] for note in notes])
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" else cell
