"""The printed protocol of a round."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from models.domain.admissions.states import Programme
from translations import _
from ui.preview.view_model import Paper

if TYPE_CHECKING:
    from documents.admission_views import DataState
    from ui.department.rounds.view_model import RoundsModel


def protocol_paper(model: RoundsModel) -> Paper | None:
    """Return how the protocol of the open round is made; None while there is nothing to make it of."""
    found, department = model.round, model.department
    if found is None or department is None:
        return None
    one = found.iteration
    place = department.localities.get(one.locality_id or 0)

    def build(language: str, now: datetime, data: DataState) -> bytes:
        from documents import iteration_protocol
        from documents.admission_views import ProtocolView

        view = ProtocolView(
            department.provider,
            one,
            found.lines,
            tuple(department.categories.values()),
            department.rules(Programme(one.programme), one.planned_at),
            data,
            place.name if place is not None else {},
        )
        return iteration_protocol.build(view, language, now)

    return model.protocol(one, _("Protocol of the round of vouchers {number}").format(number=one.number), build)
