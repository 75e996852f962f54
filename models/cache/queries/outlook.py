"""What is expected of an office's places, from the rows that it holds: an estimate (R-ADM-20).

The provider publishes the same by locality, birth year and language; a group of several birth years counts in each, so
those rows cannot be summed. Here every group stands for itself, and any sum is of whole groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.cache.driver import Connection
from models.domain.admissions import forecast
from models.domain.admissions.forecast import Stay

_STAYS = (
    "SELECT p.group_id, c.born, p.ends_on FROM placement AS p JOIN child AS c ON c.id = p.child_id"
    " WHERE p.mode = 'permanent' AND (p.ends_on IS NULL OR p.ends_on >= ?)"
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many leave each group by each of the days, by group."""

    days: tuple[date, ...] = ()
    leaving: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def left(self, group_id: int, day: date) -> int:
        """Return how many will have left a group by one of the days."""
        found = self.leaving.get(group_id)
        return found[self.days.index(day)] if found is not None else 0


def outlook(connection: Connection, today: date, days: Sequence[date], max_age_years: int) -> Outlook:
    """Return what is expected by ``days``: announced leavings, and who goes to school with 1 September."""
    if not days:
        return Outlook()
    stays = [
        Stay(group, date.fromisoformat(born), date.fromisoformat(ends) if ends else None)
        for group, born, ends in connection.execute(_STAYS, (today.isoformat(),))
    ]
    leaving: dict[int, list[int]] = {}
    for change in forecast.changes(stays, today, max(days), max_age_years):
        counts = leaving.setdefault(change.group_id, [0] * len(days))
        for at, day in enumerate(days):
            counts[at] += change.count if change.on <= day else 0
    return Outlook(tuple(days), {group: tuple(counts) for group, counts in leaving.items()})
