"""What commands about money and people begin with: a month that was typed, the database in the operator's language."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from models.domain.period import Month
from provider.settings import Settings
from provider.store.database import Database
from translations import command_line, using


def month(text: str) -> Month:
    """Return a month written as 2024-01; raises ``ArgumentTypeError`` for anything else."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a month: {text} (write 2024-01)") from error


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Give the database, closed in the end; what is said meanwhile is in the operator's language."""
    database = Database.open(settings)
    try:
        with using(command_line.language()):
            yield database
    finally:
        database.close()
