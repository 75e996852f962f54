"""The printed protocol of groups formed from wishes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from translations import _
from ui.preview.view_model import Paper

if TYPE_CHECKING:
    from documents.admission_views import DataState
    from ui.department.collections.view_model import CollectionsModel


def protocol_paper(model: CollectionsModel) -> Paper | None:
    """Return how the protocol of the result that is read is made; None while there is nothing to make it of."""
    found, collected, department = model.result, model.collected, model.department
    if found is None or collected is None or department is None:
        return None
    names = model.names()

    def build(language: str, now: datetime, data: DataState) -> bytes:
        from documents import forming_protocol

        view = forming_protocol.FormingView(
            department.provider,
            collected.collection,
            found.forming,
            found.lines,
            tuple(department.categories.values()),
            names,
            data,
        )
        return forming_protocol.build(view, language, now)

    title = _("Protocol of the forming of groups {number}").format(number=found.forming.number)
    return model.protocol(found.forming, title, build)
