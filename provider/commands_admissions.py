"""Commands ``admissions iterate``, ``statistics``, ``refresh`` and ``calendar``: what an officer's script asks for.

Vouchers are never issued here: a round needs two officers, each signed in. ``iterate`` shows what one would give.
"""

from __future__ import annotations

import argparse
import csv
import sys
from typing import Any

from models.contract.admission_commands import PlanIteration
from models.contract.sentences import sentence
from provider.handlers.push import sweep
from provider.services.admissions import calendar_years, estimates, iterations, positions, yearly
from provider.services.admissions.department import department
from provider.services.catalogue import find_provider, load_catalogue
from provider.services.refusals import Refusal
from provider.settings import Settings
from provider.store.database import Database


def register(subparsers: Any) -> None:
    """Add the commands."""
    actions = subparsers.add_parser("admissions", help="the queue of an education department").add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    iterate = actions.add_parser("iterate", help="show as csv whom a round of vouchers would serve; nothing is issued")
    iterate.add_argument("vouchers", type=int, metavar="VOUCHERS")
    iterate.add_argument("--department", required=True, metavar="CODE")
    iterate.add_argument("--programme", default="general", choices=("general", "special"))
    iterate.add_argument("--locality", type=int, default=None, metavar="ID")
    iterate.add_argument("--birth-year", type=int, default=None, metavar="YEAR")
    iterate.add_argument("--language", default="", metavar="LANGUAGE")
    iterate.add_argument("--correction", default="", metavar="CORRECTION")
    iterate.set_defaults(run=run_iterate)
    statistics = actions.add_parser("statistics", help="count the statistics of the queue and estimate places anew")
    statistics.add_argument("--department", required=True, metavar="CODE")
    statistics.set_defaults(run=run_statistics)
    refresh = actions.add_parser(
        "refresh", help="count the numbers of the queue anew, and do the yearly work whose day has come"
    )
    refresh.add_argument("--department", required=True, metavar="CODE")
    refresh.set_defaults(run=run_refresh)
    calendar = actions.add_parser("calendar", help="the years of the working calendar, and those that can be added")
    calendar.add_argument("--department", required=True, metavar="CODE")
    calendar.add_argument(
        "--add",
        type=int,
        metavar="YEAR",
        help="complete a year with the days that come with the program; days that officers entered stay",
    )
    calendar.set_defaults(run=run_calendar)


def run_iterate(given: argparse.Namespace, settings: Settings) -> int:
    """Print the lines of a round that was planned now and is not kept."""
    database = Database.open(settings)
    try:
        tenant = _tenant(database, given.department)
        payload = PlanIteration(
            tenant, given.programme, given.vouchers, given.locality, given.birth_year, given.language, given.correction
        )
        with database.read() as connection:
            made = iterations.plan_round(connection, department(connection, tenant), payload, settings.clock())
    finally:
        database.close()
    table = csv.writer(sys.stdout)
    table.writerow(("position", "application", "category_rank", "rank_date", "skipped"))
    for line in made.lines:
        table.writerow((line.position, line.number, line.category_rank, line.rank_date.isoformat(), line.skipped))
    print(f"vouchers {len(made.winners)}, passed over {len(made.lines) - len(made.winners)}", file=sys.stderr)
    return 0


def run_statistics(given: argparse.Namespace, settings: Settings) -> int:
    """Count statistics and estimates of a department now."""
    database = Database.open(settings)
    try:
        changed = estimates.refresh_statistics(database, _tenant(database, given.department), settings.clock())
    finally:
        database.close()
    print(f"rows changed {changed}")
    return 0


def run_refresh(given: argparse.Namespace, settings: Settings) -> int:
    """Count numbers now, and do the yearly work of every department whose day has come and that has not done it."""
    database = Database.open(settings)
    try:
        tenant = _tenant(database, given.department)
        report = yearly.run_yearly(database, settings.clock())
        changed = positions.refresh_positions(database, tenant, settings.clock())
    finally:
        database.close()
    print(f"numbers {changed}, categories {report.refreshed}, school {report.ended}")
    return 0


def run_calendar(given: argparse.Namespace, settings: Settings) -> int:
    """Complete a year if one is named, then print the years that are complete and those that the program offers."""
    database = Database.open(settings)
    try:
        tenant, now = _tenant(database, given.department), settings.clock()
        with database.read() as connection:
            country = load_catalogue(connection, tenant).provider.country
        if given.add is not None:
            try:
                with database.change() as unit:
                    done = calendar_years.add_kept(unit, tenant, country, given.add, now)
            except Refusal as refusal:
                print(sentence(refusal.problem), file=sys.stderr)
                return 1
            print(f"added {done.year}, days {done.days}")
            print(f"commands carried out {sweep(database, settings.clock)}")
        with database.read() as connection:
            calendar = department(connection, tenant).calendar
    finally:
        database.close()
    today = calendar.local_day(now)
    print("complete", *sorted(calendar.years))
    print("next", calendar_years.next_year(calendar, today))
    print("offered", *calendar_years.offered(calendar, country, today))
    return 0


def _tenant(database: Database, code: str) -> int:
    with database.read() as connection:
        tenant = find_provider(connection, code)
    if tenant is None:
        raise LookupError(f"no education department {code}")
    return tenant
