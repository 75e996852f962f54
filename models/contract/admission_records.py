"""All rows of the change feed about kindergartens and admissions, from where they are imported.

What everybody of a department sees is in ``department_records``, what belongs to families in ``application_records``.
"""

from __future__ import annotations

from models.contract.application_records import (
    Appeal,
    Application,
    Attachment,
    Child,
    Guardian,
    HistoryEntry,
    Iteration,
    IterationLine,
    Placement,
    QueuePosition,
    Referral,
    WaitingEntry,
)
from models.contract.department_records import (
    Benefit,
    BulletinItem,
    CalendarDay,
    CalendarYear,
    Category,
    Group,
    Locality,
    Organisation,
    Place,
    ProgrammeRules,
    QueueStatistic,
    Review,
)
from models.contract.record import Record

__all__ = [
    "ADMISSION_RECORDS",
    "Appeal",
    "Application",
    "Attachment",
    "Benefit",
    "BulletinItem",
    "CalendarDay",
    "CalendarYear",
    "Category",
    "Child",
    "Group",
    "Guardian",
    "HistoryEntry",
    "Iteration",
    "IterationLine",
    "Locality",
    "Organisation",
    "Place",
    "Placement",
    "ProgrammeRules",
    "QueuePosition",
    "QueueStatistic",
    "Referral",
    "Review",
    "WaitingEntry",
]

ADMISSION_RECORDS: tuple[type[Record], ...] = (
    Locality,
    Organisation,
    Group,
    Place,
    ProgrammeRules,
    Category,
    Benefit,
    CalendarYear,
    CalendarDay,
    BulletinItem,
    QueueStatistic,
    Review,
    Child,
    Guardian,
    Application,
    QueuePosition,
    WaitingEntry,
    Referral,
    Placement,
    Attachment,
    Appeal,
    Iteration,
    IterationLine,
    HistoryEntry,
)
