"""Who may decide what on the department's side; the rights themselves are read in ``rights``."""

from __future__ import annotations

from models.domain.admissions.states import Actor
from provider.services.admissions.outside import ActorInfo
from provider.services.admissions.rights import Rights
from provider.services.refusals import refuse


def must_be_officer(own: Rights) -> None:
    """Raise ``Refusal`` ``not-allowed`` (403) for whoever is no officer of the department."""
    if not own.officer:
        raise refuse("not-allowed", status=403)


def must_run(own: Rights, organisation_id: int) -> Actor:
    """Return as what somebody acts for a kindergarten: its own person, or an officer.

    Raises ``Refusal`` ``not-found`` (404) for anybody else: a stranger does not learn what there is.
    """
    if own.officer:
        return Actor.OFFICER
    if organisation_id in own.organisations:
        return Actor.KINDERGARTEN
    raise refuse("not-found", status=404)


def acting(own: Rights, actor: Actor, device_id: int | None = None) -> ActorInfo:
    """Return who takes a step, as history remembers it."""
    return ActorInfo(own.user_id, own.name, actor.value, device_id)
