"""The way of an application in steps: what is done, where it stands or was stopped, what comes. R-DOC-9."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from models.domain.admissions.states import Programme, State
from translations import N_

VOUCHER: Final = (
    N_("Queue"),
    N_("Waiting for a voucher"),
    N_("Choice of kindergarten"),
    N_("Funding"),
    N_("Admission"),
)
BULLETIN: Final = (N_("Queue"), N_("Apply to the bulletin"), N_("Get the referral"), N_("Result"))
_AT: Final = {
    State.DRAFT: 0,
    State.DOCS_REVIEW: 0,
    State.QUEUED: 1,
    State.VOUCHER_ISSUED: 1,
    State.VOUCHER_ACTIVE: 2,
    State.VOUCHER_WAITLISTED: 2,
    State.PLACE_OFFERED: 2,
    State.CONTRACT_ORG: 4,
    State.CONTRACT_PARENT: 4,
    State.CONTRACT_ORG_SIGN: 4,
    State.BUL_APPLIED: 2,
    State.REFERRAL_ISSUED: 2,
}
MARKS: Final = {"done": N_("Done"), "current": N_("Now"), "stopped": N_("Stopped"), "ahead": ""}


@dataclass(frozen=True, slots=True)
class Mark:
    """A step: its name as an id of a text, and how it stands: done, current, stopped, ahead."""

    title: str
    mark: str


def marks(programme: str, state: str, before: str) -> list[Mark]:
    """Return the steps of a programme; ``before`` is where a stopped or archived application stood."""
    titles = BULLETIN if programme == Programme.BULLETIN else VOUCHER
    stopped = state in (State.STOP_LIST, State.ARCHIVED)
    if stopped:
        state = before if before in set(State) else State.QUEUED
    at = len(titles) if state == State.ENROLLED else _AT.get(State(state), 0)
    here = "stopped" if stopped else "current"
    return [
        Mark(title, "done" if number < at else here if number == at else "ahead") for number, title in enumerate(titles)
    ]
