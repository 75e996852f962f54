"""Command ``run-due``: let the clock of admissions go now, for a provider that runs no worker."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from provider.jobs import rounds
from provider.services.admissions import clock, reminders
from provider.settings import Settings
from provider.store.database import Database


def register(subparsers: Any) -> None:
    """Add the command."""
    due = subparsers.add_parser("run-due", help="carry out the terms of admissions that have ended, and remind")
    due.add_argument("--limit", type=int, default=None, help="carry out at most about so many")
    due.add_argument("--queue", action="store_true", help="also do the nightly and yearly work that is not done yet")
    due.add_argument("--now", type=datetime.fromisoformat, default=None, help="as of this instant (ISO, with a zone)")
    due.set_defaults(run=run)


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Run the clock once and print what it did."""
    now = given.now or settings.clock()
    if now.tzinfo is None:
        raise ValueError("--now needs a zone, such as 2026-09-20T06:00:00+05:00")
    database = Database.open(settings)
    try:
        report = clock.run_due(database, now, given.limit)
        reminded = reminders.remind(database, now)
        changed = rounds.queue_round(database, now) if given.queue else 0
    finally:
        database.close()
    print(f"steps {report.steps}, places given back {report.vacated}, reminders {reminded}, numbers {changed}")
    if report.stuck:
        print("applications that could not go on:", *report.stuck)
    if report.failed:
        print("departments whose clock stopped:", *report.failed)
    return 1 if report.stuck or report.failed else 0
