"""The printed protocol of a round."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from models.domain.admissions.states import Programme
from translations import _, current
from ui.preview.view_model import Paper, safe_name

if TYPE_CHECKING:
    from ui.department.rounds.view_model import RoundsModel


def protocol_paper(model: RoundsModel) -> Paper | None:
    """Return how the protocol of the open round is made; None while there is nothing to make it of."""
    found, department = model.round, model.department
    if found is None or department is None:
        return None
    one, now, language = found.iteration, model.desk.server_now(), current()
    place = department.localities.get(one.locality_id or 0)
    offline, heard = model.desk.offline, getattr(model.desk.status, "as_of", None)

    def build() -> bytes:
        from documents import iteration_protocol
        from documents.admission_views import DataState, ProtocolView

        as_of: datetime = heard or one.planned_at
        view = ProtocolView(
            department.provider,
            one,
            found.lines,
            tuple(department.categories.values()),
            department.rules(Programme(one.programme), one.planned_at),
            DataState(as_of, offline=offline),
            place.name if place is not None else {},
        )
        return iteration_protocol.build(view, language, now)

    title = _("Protocol of the round of vouchers {number}").format(number=one.number)
    return Paper(build, title, safe_name(title))
