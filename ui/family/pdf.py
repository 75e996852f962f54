"""Papers of an application: the referral and the application itself, made off the GUI thread and shown in a window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from documents.admission_views import DataState
from models.cache.queries.admissions import ApplicationView, Department
from models.contract.admission_records import Referral
from models.domain.admissions.rules import with_temporary
from models.domain.admissions.states import Programme
from translations import _, current, formats
from ui import theme
from ui.context import Context
from ui.family.model import FamilyModel
from ui.kit import PdfView, Ribbon, Text, safe_name


class PaperWindow(QDialog):
    """The very bytes of a paper, with what its reader must know about the data behind it."""

    def __init__(self, context: Context, data: bytes, name: str, note: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(name)
        self.resize(theme.grid(230), theme.grid(210))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.grid(4), theme.grid(3), theme.grid(4), theme.grid(4))
        layout.addWidget(Ribbon(note, "warning"))
        self.view = PdfView(context)
        layout.addWidget(self.view, 1)
        self.view.show_pdf(data, safe_name(name))

    def showEvent(self, event: QShowEvent) -> None:
        """Override: a page has as much room as the window gives it."""
        super().showEvent(event)
        self.view.follow_width()


class PictureWindow(QDialog):
    """A photographed document, as large as the screen allows."""

    def __init__(self, data: bytes, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(name)
        image = QImage.fromData(data)
        layout = QVBoxLayout(self)
        if image.isNull():
            layout.addWidget(Text(_("This picture cannot be shown."), tone="danger", wrap=True))
            return
        label = QLabel()
        label.setAccessibleName(name)
        size = image.size().boundedTo(QSize(theme.grid(230), theme.grid(180)))
        keep = Qt.AspectRatioMode.KeepAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        label.setPixmap(QPixmap.fromImage(image).scaled(size, keep, smooth))
        label.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(label)


def referral(
    home: FamilyModel, view: ApplicationView, department: Department, paper: Referral
) -> tuple[Callable[[], bytes], str]:
    """Return what makes a referral as PDF, and its name."""
    from documents import referral as document
    from documents.admission_views import ReferralView, Where

    now, language = home.server_now(), current()
    offer = home.family.offers[paper.group_id]
    locality = department.localities.get(offer.organisation.locality_id)
    temporary = department.rules(Programme.TEMPORARY, now)
    shown = ReferralView(
        department=department.provider,
        referral=paper,
        application=view.application,
        child=view.child,
        where=Where(offer.organisation, offer.group),
        locality=locality.name if locality is not None else {},
        rules=with_temporary(department.rules(view.case.programme, now), temporary),
        data=data_state(home),
    )
    name = _("Referral {number}").format(number=paper.number)
    return lambda: document.build(replace(shown, data=with_cut(home, shown.data)), language, now), name


def application(home: FamilyModel, view: ApplicationView, department: Department) -> tuple[Callable[[], bytes], str]:
    """Return what makes an application as PDF with its history, and its name."""
    from documents import application_print as document
    from documents.admission_views import ApplicationPrintView, Where

    now, language, one = home.server_now(), current(), view.application
    category = department.categories.get(one.category_id or 0)
    benefit = next((found for found in department.benefits if found.code == one.benefit), None)
    locality = department.localities.get(one.locality_id)
    shown = ApplicationPrintView(
        department=department.provider,
        application=one,
        child=view.child,
        locality=locality.name if locality is not None else {},
        data=data_state(home),
        category=category.name if category is not None else {},
        benefit=benefit.name if benefit is not None else {},
        wanted=home.family.organisations.get(one.organisation_id or 0),
        position=view.position,
        places={key: Where(offer.organisation, offer.group) for key, offer in home.family.offers.items()},
        entries=view.entries,
        referrals=view.referrals,
        placements=view.placements,
        attachments=view.attachments,
        history=view.history,
    )
    name = _("Application {number}").format(number=one.number)
    return lambda: document.build(replace(shown, data=with_cut(home, shown.data)), language, now), name


def queue(home: FamilyModel, department: Department, page: Any, **wanted: Any) -> tuple[Callable[[], bytes], str]:
    """Return what makes a page of the public queue as PDF, and its name; ``wanted`` is whom it was asked for."""
    from documents import queue_print as document
    from documents.admission_views import QueueLine, QueueView

    now, language = home.server_now(), current()
    locality = department.localities.get(wanted.get("locality") or 0)
    shown = QueueView(
        department=department.provider,
        programme=wanted.get("programme", ""),
        at=page.at or now,
        lines=tuple(
            QueueLine(row.position, row.number, row.birth_year, row.category, row.submitted_at, row.languages)
            for row in page.rows
        ),
        total=page.total,
        data=DataState(page.at or now),  # fetched from the department, not read from the copy here
        locality=locality.name if locality is not None else {},
        birth_year=wanted.get("birth_year") or None,
        language=wanted.get("language", ""),
        own=_own(home, page),
    )
    return lambda: document.build(shown, language, now), _("Queue to kindergartens")


def _own(home: FamilyModel, page: Any) -> frozenset[str]:
    """Return the numbers on a page of the queue that are the family's: each shows its end, and when it was filed."""
    mine = [view.application for view in home.family.applications]
    return frozenset(
        row.number
        for row in page.rows
        for one in mine
        if row.number and one.rank_date == row.submitted_at and one.number.endswith(row.number.lstrip("•"))
    )


def note(home: FamilyModel) -> str:
    """Return from when a paper's data are when they may be out of date, "" when they are fresh."""
    status = home.status
    if not home.offline or status is None or status.as_of is None:
        return ""
    moment = formats.moment(status.as_of, home.zone)
    return _("Made without a connection, from the data of {moment}.").format(moment=moment)


def data_state(home: FamilyModel) -> DataState:
    """Return how old the data are from which a paper is made."""
    as_of: Any = getattr(home.status, "as_of", None)
    return DataState(as_of or home.server_now(), offline=home.offline)


def with_cut(home: FamilyModel, data: DataState) -> DataState:
    """Return from which cut of the cache a paper is made; it is read where the paper is made."""
    from models.cache.queries.cut import cut

    found = home.context.store.read(cut)
    return replace(data, as_of=max(data.as_of, found.as_of), sequence=found.sequence, epoch=found.epoch)
