"""What the search over everything finds: screens, accounts, children, acts, languages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from translations import _
from ui.actions import ACTS
from ui.context import Context
from ui.kit import LANGUAGE_NAMES
from ui.shell.header import account_line
from ui.shell.palette import Found
from ui.shell.screens import ScreenSpec, have_accounts
from ui.shell.session import Session

if TYPE_CHECKING:
    from ui.department.shell import Office

Go = Callable[[str, dict[str, Any]], object]


def screens(specs: Sequence[ScreenSpec], go: Go) -> list[Found]:
    """Return screens."""
    return [Found(spec.title(), _("Screen"), spec.icon, partial(go, spec.key, {}), spec.words) for spec in specs]


def accounts(context: Context, specs: Sequence[ScreenSpec], go: Go) -> list[Found]:
    """Return the accounts that are known without asking, for a role that looks at accounts."""
    known = context.selection.accounts if have_accounts(specs) else ()
    return [account(context, specs, go, one) for one in known]


def account(context: Context, specs: Sequence[ScreenSpec], go: Go, summary: Any) -> Found:
    """Return an account: opening it shows its overview."""

    def open_account() -> None:
        context.selection.choose(summary.account.id)
        rail = [spec.key for spec in specs if spec.place == "rail"]
        go("overview" if "overview" in rail else rail[0], {})

    return Found(account_line(summary), summary.account.holder, "house", open_account, summary.account.contract)


def acts(known: Collection[str], act: Callable[[str], object]) -> list[Found]:
    """Return acts of the window, those that it has."""
    return [
        Found(one.title, _("Action"), one.icon, partial(act, one.key), shortcut=one.shortcut)
        for one in ACTS
        if one.key != "find" and one.key in known
    ]


def languages(switch: Callable[[str], object]) -> list[Found]:
    """Return languages, each under its own name."""
    return [
        Found(name, _("Language"), "languages", partial(switch, code), f"{code} language тіл")
        for code, name in LANGUAGE_NAMES.items()
    ]


def more(
    session: Session,
    context: Context,
    specs: Sequence[ScreenSpec],
    go: Go,
    text: str,
    take: Callable[[Sequence[Found]], object],
) -> None:
    """Give ``take`` what the data answer to a text: children of a department, else accounts."""
    office = session.office
    if office is not None and office.screen in {spec.key for spec in specs}:
        office.search(text, lambda lines: take([_child(office, line) for line in lines]))
    elif have_accounts(specs):
        session.search_accounts(text, lambda hits: take([account(context, specs, go, hit) for hit in hits]))
    else:
        take([])


def _child(office: Office, line: Any) -> Found:
    return Found(line.child.name, line.application.number, "user", partial(office.open, line), line.child.iin)
