"""Columns of the list of applications."""

from __future__ import annotations

from datetime import UTC, datetime

from models.cache.queries.admissions import ApplicationView
from models.domain.admissions.states import State
from translations import _, formats
from ui.family import words
from ui.family.acts import deadline_words
from ui.family.advice import term_of
from ui.family.model import FamilyModel
from ui.kit import Column, TableModel


def table(home: FamilyModel, rows: list[ApplicationView], *, archive: bool) -> TableModel[ApplicationView]:
    """Return the table of applications: number, filed, child, locality, kindergarten, state, term."""

    def zone(view: ApplicationView) -> str:
        department = home.department_of(view)
        return department.provider.zone if department is not None else home.zone

    def filed(view: ApplicationView) -> str:
        at = view.application.submitted_at
        return formats.moment(at, zone(view)) if at is not None else "–"

    def kindergarten(view: ApplicationView) -> str:
        one = view.application
        offer = home.family.offers.get(one.group_id or one.temp_group_id or 0)
        wanted = home.family.organisations.get(one.organisation_id or 0)
        return offer.organisation.name if offer is not None else wanted.name if wanted is not None else "–"

    def term(view: ApplicationView) -> str:
        if archive:
            return words.word(words.ARCHIVE, view.application.archive)
        if view.position is not None and view.case.state is State.QUEUED:
            return _("Number {number}").format(number=view.position.number)
        found = term_of(view)
        return deadline_words(found.deadline, zone(view)) if found is not None else "–"

    def tone(view: ApplicationView) -> str:
        found = term_of(view)
        return found.tone(home.server_now()) if found is not None and not archive else ""

    far = datetime(9999, 1, 1, tzinfo=UTC)

    def by_term(view: ApplicationView) -> datetime:
        found = term_of(view)
        return found.deadline.at if found is not None else far

    return TableModel(
        [
            Column("child", lambda: _("Child"), lambda view: words.short_name(view.child), stretch=True, least=30),
            Column(
                "state",
                lambda: _("State of the application"),
                words.state_words,
                tone=lambda view: words.state_tone(view.application.state),
                bold=lambda _view: True,
                stretch=True,
                least=92,
            ),
            Column(
                "term",
                lambda: _("Reason") if archive else _("Until, or number in the queue"),
                term,
                tone=tone,
                sort=by_term,
            ),
            Column("kindergarten", lambda: _("Kindergarten"), kindergarten, stretch=True, least=52),
            Column(
                "queue",
                lambda: _("Kind of queue"),
                lambda view: words.word(words.QUEUES, view.application.programme),
                spare=1,
            ),
            Column(
                "place",
                lambda: _("Locality"),
                lambda view: words.place_name(home.department_of(view), view.application.locality_id),
                spare=4,
            ),
            Column("filed", lambda: _("Filed"), filed, sort=lambda view: str(view.application.submitted_at), spare=3),
            Column("number", lambda: _("Number"), lambda view: view.application.number, spare=2),
        ],
        rows,
    )
