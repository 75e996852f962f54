"""The reason that a command of the office gives: a code of the list that belongs to it, own words, or both."""

from __future__ import annotations

from collections.abc import Collection

from models.contract.reasons import Reasoned
from models.domain.admissions.reasons import LONGEST, Reason
from provider.services.logins import clean
from provider.services.refusals import refuse


def given(command: Reasoned, listed: Collection[str], *, needed: bool = True) -> Reason:
    """Return the reason of a command.

    Raises ``Refusal``: ``reason-missing`` when none is given and one is ``needed``, ``reason-does-not-fit`` for a code
    that is not ``listed``. Source: R-ADM-33.
    """
    words = clean(command.reason, "reason", LONGEST, lines=True, required=False)
    if command.reason_code and command.reason_code not in listed:
        raise refuse("reason-does-not-fit", "reason")
    found = Reason(command.reason_code, words)
    if needed and not found:
        raise refuse("reason-missing", "reason")
    return found


def plain(reason: Reason) -> dict[str, str | int]:
    """Return a reason as the values of a notice."""
    values = {"reason": reason.words, "reason_code": reason.code}
    return {name: value for name, value in values.items() if value}
