"""The printed protocol of groups formed from wishes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from translations import _, current
from ui.preview.view_model import Paper, safe_name

if TYPE_CHECKING:
    from ui.department.collections.view_model import CollectionsModel


def protocol_paper(model: CollectionsModel) -> Paper | None:
    """Return how the protocol of the result that is read is made; None while there is nothing to make it of."""
    found, collected, department = model.result, model.collected, model.department
    if found is None or collected is None or department is None:
        return None
    now, language, names = model.desk.server_now(), current(), model.names()
    offline, heard = model.desk.offline, getattr(model.desk.status, "as_of", None)

    def build() -> bytes:
        from documents import forming_protocol
        from documents.admission_views import DataState

        as_of: datetime = heard or found.forming.planned_at
        view = forming_protocol.FormingView(
            department.provider,
            collected.collection,
            found.forming,
            found.lines,
            tuple(department.categories.values()),
            names,
            DataState(as_of, offline=offline),
        )
        return forming_protocol.build(view, language, now)

    title = _("Protocol of the forming of groups {number}").format(number=found.forming.number)
    return Paper(build, title, safe_name(title))
