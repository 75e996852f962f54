"""The contract of a place: made as a paper for both of its sides, and bound to what its signer read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from models.cache.queries.admissions import ApplicationView, Department
from models.contract.contracts import SIGNING, Standing, facts_of, group_of, standing
from models.domain.admissions.states import Event, State
from translations import _, current
from ui.family.model import FamilyModel
from ui.family.pdf import data_state, with_cut


class Reading:
    """Which contracts were read at this window: what is signed afterwards is what was read."""

    def __init__(self) -> None:
        self._read: dict[int, str] = {}

    def open(self, model: Any, home: FamilyModel, view: ApplicationView, department: Department) -> None:
        """Make the contract off the GUI thread; ``paper_made`` of the screen's model tells its bytes and name."""
        build, name = paper(home, view, department)
        digest = standing_of(home, view, department).digest

        def made(data: bytes) -> None:
            self._read[view.id] = digest
            model.paper_made.emit(data, name)

        model.work(build, made)

    def digest(self, event: Event, home: FamilyModel, view: ApplicationView, department: Department) -> str:
        """Return the digest of the contract that an act signs: as it was read, else as it stands here; "" of others."""
        if event not in SIGNING:
            return ""
        return self._read.get(view.id) or standing_of(home, view, department).digest


def standing_of(home: FamilyModel, view: ApplicationView, department: Department) -> Standing:
    """Return how the contract of an application stands by the data on this computer."""
    offer = home.family.offers.get(group_of(view.application) or 0)
    locality = department.localities.get(offer.organisation.locality_id) if offer is not None else None
    return standing(
        view.application,
        facts_of(
            view.application,
            view.child,
            offer.organisation if offer is not None else None,
            offer.group if offer is not None else None,
            locality.name if locality is not None else {},
            view.referrals,
        ),
    )


def paper(home: FamilyModel, view: ApplicationView, department: Department) -> tuple[Callable[[], bytes], str]:
    """Return what makes the contract of an application as PDF, and its name."""
    from documents import contract as document
    from documents.admission_views import ContractView

    now, language, one = home.server_now(), current(), view.application
    known, person = standing_of(home, view, department), home.family.person
    own = person if person is not None and person.id == one.applicant_id else None
    group_id = group_of(one)
    offer = home.family.offers.get(group_id or 0)
    begun = [placement.begins_on for placement in view.placements if placement.group_id == group_id]
    shown = ContractView(
        department=department.provider,
        facts=known.facts,
        data=data_state(home),
        digest=known.digest,
        parent=known.parent,
        organisation=known.organisation,
        changed=known.changed,
        draft=one.state == State.CONTRACT_ORG,
        phone=offer.organisation.phone if offer is not None else "",
        parent_phone=one.phone,
        parent_code=own.code if own is not None else "",
        parent_address=own.address if own is not None else "",
        starts=max(begun, default=None),
    )
    name = _("Contract {number}").format(number=one.number)
    return lambda: document.build(replace(shown, data=with_cut(home, shown.data)), language, now), name
