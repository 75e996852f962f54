"""``kabinet-provider due INSTANT TERM``: when a term of working or calendar days ends."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from models.contract.sentences import sentence
from models.domain.problems import Problem
from models.domain.working_days import TermEnd, WorkingCalendar, YearNotLoaded, add_calendar_days, add_working_days
from provider.settings import Settings
from resources.calendars import COUNTRIES, load
from translations import _, command_line, using

_EARLIEST: Final = 1900
_LATEST: Final = 2999
_TERM: Final = re.compile(r"([1-9]\d{0,2})(wd|cd)")


def register(subparsers: Any) -> None:
    """Add the command."""
    due = subparsers.add_parser(
        "due",
        help=_("say when a term ends"),
        description=_(
            "Print the last moment of a term that begins with an event: its day is not counted. Days off are those of "
            "the country's calendar that comes with the program."
        ),
    )
    due.add_argument(
        "instant",
        type=_instant,
        metavar="INSTANT",
        help=_("when the event was, as 2024-09-30T15:37:26; without an offset it is the country's time"),
    )
    due.add_argument("term", type=_term, metavar="TERM", help=_("5wd for working days, 28cd for calendar days"))
    due.add_argument(
        "--mode",
        choices=[end.value for end in TermEnd],
        default=TermEnd.END_OF_DAY.value,
        help=_("whether it ends at the time of the event or with its last day; calendar days always end with the day"),
    )
    due.add_argument("--country", choices=COUNTRIES, default="KZ", help=_("whose calendar"))
    due.add_argument(
        "--no-roll",
        action="store_true",
        help=_("let calendar days end on a day off; otherwise they end on the next working day"),
    )
    due.set_defaults(run=run_due)


def run_due(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the last second of the term in the country's time; 1 with a sentence when a year is not loaded."""
    data = load(arguments.country)
    calendar = WorkingCalendar(data.zone, frozenset(data.days_off), frozenset(data.extra), data.years)
    start = _in_zone(arguments.instant, calendar.zone)
    count, unit = arguments.term
    try:
        if unit == "wd":
            term = add_working_days(start, count, calendar, TermEnd(arguments.mode))
        else:
            term = add_calendar_days(calendar.local_day(start), count, calendar, roll=not arguments.no_roll)
    except YearNotLoaded as missing:
        with using(command_line.language()):
            print(sentence(Problem("calendar-missing", values={"year": missing.year})), file=sys.stderr)
        return 1
    print(term.shown(calendar.zone).isoformat())
    return 0


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        if not _EARLIEST <= instant.year <= _LATEST:  # counting on would leave the years that can be written
            raise ValueError(text)
    except ValueError:
        reason = _("this is no instant: {text}. Write it as 2024-09-30T15:37:26").format(text=text)
        raise argparse.ArgumentTypeError(reason) from None
    return instant


def _term(text: str) -> tuple[int, str]:
    found = _TERM.fullmatch(text.lower())
    if found is None:
        raise argparse.ArgumentTypeError(_("this is no term: {text}. Write 5wd or 28cd").format(text=text))
    return int(found[1]), found[2]


def _in_zone(instant: datetime, zone: ZoneInfo) -> datetime:
    # What the clocks showed twice means the later time, as everywhere in terms.
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=zone, fold=1)
