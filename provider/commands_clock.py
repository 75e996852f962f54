"""Command ``run-due``: let the clock of admissions go now, for a provider that runs no worker."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from provider.jobs import rounds
from provider.services.admissions import clock, reminders
from provider.settings import Settings
from provider.store.database import Database
from translations import _, command_line, using


def register(subparsers: Any) -> None:
    """Add the command."""
    due = subparsers.add_parser(
        "run-due", help=_("carry out the terms of admissions that have ended, and remind of those that end soon")
    )
    due.add_argument("--limit", type=int, default=None, help=_("carry out at most about so many"))
    due.add_argument("--queue", action="store_true", help=_("also do the nightly and yearly work that is not done yet"))
    due.add_argument(
        "--now", type=datetime.fromisoformat, default=None, help=_("as of this instant, as 2026-09-20T06:00:00+05:00")
    )
    due.set_defaults(run=run)


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Run the clock once and print what it did; 1 when something could not go on."""
    now = given.now or settings.clock()
    if now.tzinfo is None:
        with using(command_line.language()):
            raise ValueError(_("The instant needs an offset, as 2026-09-20T06:00:00+05:00."))
    database = Database.open(settings)
    try:
        report = clock.run_due(database, now, given.limit)
        reminded = reminders.remind(database, now)
        changed = rounds.queue_round(database, now) if given.queue else 0
    finally:
        database.close()
    with using(command_line.language()):
        print(
            _("Steps: {steps}, places given back: {places}, reminders: {reminders}, new numbers: {numbers}.").format(
                steps=report.steps, places=report.vacated, reminders=reminded, numbers=changed
            )
        )
        if report.stuck:
            stuck = ", ".join(map(str, report.stuck))
            print(_("Applications that could not go on: {numbers}.").format(numbers=stuck))
        if report.failed:
            failed = ", ".join(map(str, report.failed))
            print(_("Departments whose clock stopped: {numbers}.").format(numbers=failed))
    return 1 if report.stuck or report.failed else 0
