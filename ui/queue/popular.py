"""The columns of the kindergartens that many wait for."""

from __future__ import annotations

from translations import _, formats
from ui.family import words
from ui.kit import Column
from ui.queue.view_model import Queue, Wanted


def popular_columns(model: Queue) -> list[Column[Wanted]]:
    """Return name, locality, ownership, how many wait, rating and reviews."""

    def waiting(row: Wanted) -> str:
        if row.waiting is not None:
            return formats.number(row.waiting)
        return _("fewer than {count}").format(count=5) if model.interest is not None else "–"

    def rating(row: Wanted) -> str:
        one = row.organisation
        return formats.plain(f"{one.rating_tenths // 10}.{one.rating_tenths % 10}") if one.reviews else "–"

    return [
        Column("name", lambda: _("Kindergarten"), lambda row: row.organisation.name, stretch=True),
        Column("place", lambda: _("Locality"), lambda row: words.place_name(model.department,
               row.organisation.locality_id), spare=1),
        Column("ownership", lambda: _("Ownership"), lambda row: words.word(words.OWNERSHIP,
               row.organisation.ownership), spare=2),
        Column("waiting", lambda: _("Children waiting"), waiting, figures=True, sort=lambda row: row.waiting or 0),
        Column("rating", lambda: _("Rating"), rating, figures=True, sort=lambda row: row.organisation.rating_tenths),
        Column("reviews", lambda: _("Reviews"), lambda row: formats.number(row.organisation.reviews), figures=True,
               sort=lambda row: row.organisation.reviews),
    ]  # fmt: skip
