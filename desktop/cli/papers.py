"""Commands that make papers: the same bytes as on the screens, written to a file that is never replaced by surprise."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from desktop.cli.refusal import Refusal
from documents import breakdown, invoice, reconciliation
from documents.whole_file import write_whole
from models.contract.records import AccountView
from models.domain.period import Month
from translations import _, current


def write(data: bytes, path: Path, *, overwrite: bool) -> None:
    """Write a whole file or none; refuses an existing one unless ``overwrite``, and says what a full disk means."""
    refuse_existing(path, overwrite=overwrite)
    try:
        write_whole(path, data)
    except OSError as error:
        raise unwritable(path, error) from error


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise Refusal when the file exists and may not be replaced."""
    if path.exists() and not overwrite:
        raise Refusal(
            _("{path} exists already and was left as it is. Choose another name, or add --overwrite.").format(path=path)
        )


def unwritable(path: Path, error: OSError) -> Refusal:
    """Return the refusal for a file that could not be written."""
    return Refusal(
        _("The file {path} could not be written: {reason}. Nothing else changed; choose another place.").format(
            path=path, reason=error.strerror or error
        )
    )


def language(arguments: Namespace) -> str:
    """Return the language of the paper: the chosen one, or that of the program."""
    return str(arguments.language or current())


def make_invoice(views: list[AccountView], arguments: Namespace) -> bytes:
    """Return the invoice of the accounts."""
    month: Month = arguments.period
    return invoice.build(views, month, language(arguments), made_at(), f"{views[0].account.number}-{month}")


def make_breakdown(view: AccountView, arguments: Namespace) -> bytes:
    """Return the breakdown of charges."""
    return breakdown.build(view, arguments.period, language(arguments), made_at())


def make_reconciliation(view: AccountView, arguments: Namespace) -> bytes:
    """Return the reconciliation act."""
    if arguments.date_from > arguments.date_to:
        raise Refusal(_("The first day is after the last. Swap them, then try again."))
    return reconciliation.build(
        view, arguments.date_from, arguments.date_to, arguments.form, language(arguments), made_at()
    )


def made_at() -> datetime:
    """Return the instant that papers carry as their making; SOURCE_DATE_EPOCH fixes it for reproducible files."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed.isdigit() else datetime.now(UTC)


MAKERS: dict[str, Callable[[AccountView, Namespace], bytes]] = {
    "invoice": lambda view, arguments: make_invoice([view], arguments),
    "breakdown": make_breakdown,
    "reconciliation": make_reconciliation,
}
