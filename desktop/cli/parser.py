"""What may be typed."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from models.domain.period import Month
from translations import LANGUAGES, _, command_line, formats


def a_month(text: str) -> Month:
    """Return the month that was typed."""
    try:
        return Month.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("{text} is not a month. Write it as 2024-01.").format(text=repr(text))
        ) from None


def a_day(text: str) -> date:
    """Return the day that was typed, as 2024-01-31 or 31.01.2024."""
    try:
        if "." in text:
            day, month, year = text.split(".")
            return date(int(year), int(month), int(day))
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("{text} is not a date. Write it as 2024-01-31.").format(text=repr(text))
        ) from None


def an_amount(text: str) -> int:
    """Return the amount that was typed, in minor units."""
    try:
        return formats.parse_amount(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("{text} is not an amount. Write it as 1264,70.").format(text=repr(text))
        ) from None


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    command_line.translate_usage()
    top = argparse.ArgumentParser(
        prog="kabinet", description=_("The cabinet of your utility, also without a connection.")
    )
    top.add_argument("--data-dir", metavar="DIR", help=_("folder of the profile (also KABINET_DATA_DIR)"))
    top.add_argument("--verbose", action="store_true", help=_("write more into the log"))
    top.add_argument("--self-test", action="store_true", help=_("try the window, a paper, the cache; then end"))
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.add_argument("--json", action="store_true", help=_("answer as one JSON document"))
        one.add_argument("--data-dir", metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        one.add_argument("--password-stdin", action="store_true", help=_("read the password from standard input"))
        return one

    one = add("sign-in", _("Sign in at a provider on this computer."))
    one.add_argument("--provider", metavar="URL", required=True)
    one.add_argument("--login", required=True)
    one = add("sign-out", _("Sign out and remove the data from this computer."))
    one.add_argument("--force", action="store_true", help=_("also when commands still wait to be sent"))
    add("sync", _("Send what waits, then read what is new."))
    one = add("accounts", _("List the accounts."))
    one.add_argument("--search", metavar="TEXT")
    one = add("account", _("Show what an account owes and its last movements."))
    one.add_argument("number", metavar="NUMBER")
    one = add("reading", _("Give a meter reading."))
    one.add_argument("number", metavar="ACCOUNT")
    one.add_argument("meter", metavar="METER")
    one.add_argument("value", metavar="VALUE")
    one.add_argument(
        "--confirm", action="store_true", help=_("the questions about this value are answered: it is right")
    )
    one.add_argument("--offline", action="store_true", help=_("only record; send later"))
    add("outbox", _("List what waits to be sent or needs attention."))
    one = add("withdraw", _("Take back something that has not been sent."))
    one.add_argument("id", metavar="ID")
    for name, text in (
        ("invoice", _("Make an invoice.")),
        ("breakdown", _("Make the breakdown of a month's charges.")),
    ):
        one = add(name, text)
        one.add_argument("number", metavar="ACCOUNT")
        one.add_argument("--period", type=a_month, required=True, metavar="YYYY-MM")
        paper(one)
    one = add("reconciliation", _("Make a reconciliation act."))
    one.add_argument("number", metavar="ACCOUNT")
    one.add_argument("--from", dest="date_from", type=a_day, required=True, metavar="DAY")
    one.add_argument("--to", dest="date_to", type=a_day, required=True, metavar="DAY")
    one.add_argument("--form", type=int, choices=(1, 2), default=2, help=_("1 two-sided, 2 for residents"))
    paper(one)
    one = add("invoices", _("Make the invoices of many accounts: a folder of files, or one file."))
    one.add_argument("--period", type=a_month, required=True, metavar="YYYY-MM")
    one.add_argument("--street", metavar="STREET")
    paper(one)
    one = add("pay", _("Record money that was taken at the desk."))
    one.add_argument("number", metavar="ACCOUNT")
    one.add_argument("amount", type=an_amount, metavar="AMOUNT")
    one.add_argument("--method", choices=("cash", "card"), required=True)
    one.add_argument("--desk", default="K01")
    one.add_argument("--offline", action="store_true", help=_("only record; send later"))
    add("check", _("Check the files of the profile."))
    one = add("backup", _("Copy the profile, encrypted as it is, into one file."))
    one.add_argument("file", type=Path, metavar="FILE")
    one = add("restore", _("Put a copied profile back; an existing one is set aside."))
    one.add_argument("file", type=Path, metavar="FILE")
    return top


def paper(one: argparse.ArgumentParser) -> None:
    """Add the arguments of a command that makes a paper."""
    one.add_argument("--output", type=Path, required=True, metavar="FILE")
    one.add_argument("--language", choices=LANGUAGES)
    one.add_argument("--overwrite", action="store_true", help=_("replace the file if it exists"))
