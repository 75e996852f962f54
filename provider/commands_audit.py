"""Commands ``audit verify``, ``head``, ``erase``: whether decisions are as they were written, and what the law takes.

``verify`` prints the head of the chain. Kept elsewhere and given back with ``--head``, it shows what nothing in the
database can: that the whole chain, or its end, was made anew.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from provider.services.admissions.erasure import erase_history
from provider.services.catalogue import find_provider
from provider.settings import Settings
from provider.store import chain
from provider.store.database import Database
from translations import N_, _, command_line, n_, using

TABLES: Final = {
    "history_entry": N_("the history of applications"),
    "audit": N_("the audit table"),
}
BROKEN: Final = {
    "altered": N_("Row {row} of {table} is not as it was written."),
    "missing": N_("Row {row} of {table} was removed."),
    "unchained": N_("Row {row} of {table} was put in past the program."),
    "link": N_("Link {row} of the chain was altered, removed or put elsewhere."),
    "head": N_("The chain does not go through head {row} that was kept: it was made anew or its end was removed."),
}


def register(subparsers: Any) -> None:
    """Add the commands."""
    actions = subparsers.add_parser(
        "audit", help=_("whether the history of decisions is as it was written")
    ).add_subparsers(dest="action", required=True, metavar="ACTION")
    verify = actions.add_parser(
        "verify",
        help=_("look at every entry; say the first that was altered, removed or put in"),
        description=_(
            "Look at every entry of the history of applications and of the audit table. Prints the head of the chain: "
            "keep it elsewhere and give it with --head the next time. Exit status 1 when something is not as it was "
            "written."
        ),
    )
    verify.add_argument(
        "--head",
        action="append",
        default=[],
        type=_head,
        metavar="HEAD",
        help=_("a head that was printed before and kept elsewhere; may be given several times"),
    )
    verify.set_defaults(run=run_verify)
    actions.add_parser("head", help=_("print the head of the chain only")).set_defaults(run=run_head)
    erase = actions.add_parser(
        "erase",
        help=_("empty the history of an application where the law wants it, and record that"),
        description=_(
            "Take names, reasons and details out of the history of an application, here and in every cabinet. That "
            "something happened and when stays, and the audit table says why it was emptied. It cannot be undone."
        ),
    )
    erase.add_argument("application", metavar="NUMBER", help=_("number of the application"))
    erase.add_argument("--department", required=True, metavar="CODE", help=_("code of the education department"))
    erase.add_argument("--because", required=True, metavar="TEXT", help=_("why, without personal data"))
    erase.set_defaults(run=run_erase)


def run_verify(given: argparse.Namespace, settings: Settings) -> int:
    """Print what was looked at and the head; 1 with a sentence when something is broken."""
    database = Database.open(settings)
    try:
        with database.read() as connection:
            found = chain.verify(connection, given.head)
    finally:
        database.close()
    with using(command_line.language()):
        if found.broken is not None:
            print(_broken(found.broken), file=sys.stderr)
            return 1
        count = n_("{count} entry is as it was written.", "{count} entries are as they were written.", found.rows)
        print(count.format(count=found.rows))
        if found.erased:
            print(
                n_(
                    "{count} of them was emptied, which the audit table records.",
                    "{count} of them were emptied, which the audit table records.",
                    found.erased,
                ).format(count=found.erased)
            )
    print(found.head)
    return 0


def run_head(_given: argparse.Namespace, settings: Settings) -> int:
    """Print the head."""
    database = Database.open(settings)
    try:
        with database.read() as connection:
            found = chain.head(connection)
    finally:
        database.close()
    print(found)
    return 0


def run_erase(given: argparse.Namespace, settings: Settings) -> int:
    """Empty the history of an application; print how many entries."""
    database = Database.open(settings)
    try:
        with database.change() as unit:
            tenant = find_provider(unit.connection, given.department)
            if tenant is None:
                raise LookupError(f"no education department {given.department}")
            count = erase_history(unit, tenant, given.application, given.because, settings.clock())
    finally:
        database.close()
    with using(command_line.language()):
        print(n_("{count} entry was emptied.", "{count} entries were emptied.", count).format(count=count))
    return 0


def _broken(broken: chain.Broken) -> str:
    table = _(TABLES[broken.table]) if broken.table else ""
    return _(BROKEN[broken.what]).format(row=broken.row, table=table)


def _head(written: str) -> chain.Head:
    try:
        return chain.parse_head(written)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("this is no head: it looks like 37:9f86d081…, 64 letters and digits")
        ) from None
