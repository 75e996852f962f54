"""Whether a refused entry may pass if the same is sent again, or can only be refused again."""

from __future__ import annotations

from typing import Any, Final

from models.contract.admission_commands import ADMISSION_KINDS, TakeStep
from models.contract.collection_commands import FileWishes

_PASSING: Final = frozenset(
    {
        "blob-missing",
        "item-not-open",
        "person-not-registered",
        "register-unavailable",
        "scan-unavailable",
        "server-error",
        "server-restored",
        "too-busy",
        "too-early",
        "too-many-attempts",
        "uploads-full",
        "year-not-loaded",
    }
)
"""What time, or somebody else, takes out of the way of the very same entry."""


def may_pass(item: Any) -> bool:
    """Return whether sending a refused entry again as it is can bring another answer.

    What a department has decided about a child or an application stays decided: what may be done now is offered where
    the application is. A one-time code works once.
    """
    payload = item.payload
    if type(payload) not in (*ADMISSION_KINDS, FileWishes):
        return True
    if isinstance(payload, TakeStep) and payload.code:
        return False
    return bool(item.problems) and all(problem.code in _PASSING for problem in item.problems)
