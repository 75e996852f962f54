"""A deed that is on its way or was refused, where one sees what it was about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.contract.sentences import sentence
from translations import _
from ui.family.model import OPEN
from ui.kit import Banner
from ui.waiting.admission_words import admission_title


def deed(item: Any, settle: Callable[[], object], *, name: str = "", refused: str = "") -> Banner:
    """Return what became of a deed, with what can be done: ``settle`` withdraws it, or puts the refusal away.

    ``name`` is what the deed is called, ``refused`` a sentence with ``{child}`` and ``{why}`` for a refusal.
    """
    called = name or admission_title(item.payload)
    if item.state in OPEN:
        banner = Banner(_("{child}: not yet with the department.").format(child=called), "pending")
        if item.state != "sending" and item.stays is None:
            banner.offer(_("Withdraw"), settle)
        return banner
    why = " ".join(sentence(problem) for problem in item.problems)
    banner = Banner((refused or _("{child}: refused. {why}")).format(child=called, why=why), "danger")
    banner.offer(_("Put away"), settle)
    return banner
