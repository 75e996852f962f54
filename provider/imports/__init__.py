"""Files that utilities, banks and departments hand over: read in a limited process, applied and reported row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provider.imports.assertions import import_assertions
    from provider.imports.groups import import_groups
    from provider.imports.kindergartens import import_kindergartens, import_workbook
    from provider.imports.payments import import_payments
    from provider.imports.queue import import_queue
    from provider.imports.readings import import_readings
    from provider.imports.recipients import import_recipients
    from provider.imports.report import ImportReport, RowProblem
    from provider.imports.runs import ImportOptions
    from provider.imports.subscribers import import_subscribers
    from provider.imports.tables import Table, TableOptions, TableRefused, read_table
    from provider.imports.tariffs import import_tariffs

_HOMES = {
    "import_assertions": "assertions",
    "import_groups": "groups",
    "import_kindergartens": "kindergartens",
    "import_payments": "payments",
    "import_queue": "queue",
    "import_readings": "readings",
    "import_recipients": "recipients",
    "import_subscribers": "subscribers",
    "import_tariffs": "tariffs",
    "import_workbook": "kindergartens",
    "ImportReport": "report",
    "RowProblem": "report",
    "ImportOptions": "runs",
    "Table": "tables",
    "TableOptions": "tables",
    "TableRefused": "tables",
    "read_table": "tables",
}

__all__ = [
    "ImportOptions",
    "ImportReport",
    "RowProblem",
    "Table",
    "TableOptions",
    "TableRefused",
    "import_assertions",
    "import_groups",
    "import_kindergartens",
    "import_payments",
    "import_queue",
    "import_readings",
    "import_recipients",
    "import_subscribers",
    "import_tariffs",
    "import_workbook",
    "read_table",
]


def __getattr__(name: str) -> Any:
    """Import on demand: the limited child process of this package must not load the database's modules."""
    import importlib

    if name in _HOMES:
        return getattr(importlib.import_module(f"provider.imports.{_HOMES[name]}"), name)
    raise AttributeError(name)
