"""The contract on the card of an application: read before it is sent and signed, and bound to what was read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from msgspec import structs

from models.contract.admission_commands import TakeStep
from models.contract.contracts import has_contract
from models.contract.payload import Payload
from models.contract.sentences import sentence
from models.domain.admissions.states import Event
from models.domain.problems import Problem
from ui.context import Context
from ui.department.case_model import CaseScreen
from ui.department.deeds import Deed
from ui.family.contract import Reading, standing_of


class ContractScreen(CaseScreen):
    """A card with the contract of a place as a paper."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._contract = Reading()

    @property
    def has_contract(self) -> bool:
        """Whether there is a contract to be read: it is being signed, or it counts."""
        return self.view is not None and has_contract(self.view.application)

    def read_contract(self) -> None:
        """Make the contract as a paper; ``paper_made`` tells its bytes and name."""
        view, department, shelf = self.view, self.department, self.shelf
        if view is not None and department is not None and shelf is not None:
            self._contract.open(self, cast(Any, shelf), view, department)

    def deeds(self) -> list[Deed]:
        """Override: what is no longer as the parent signed it is not signed but returned."""
        found = super().deeds()
        view, department, shelf = self.view, self.department, self.shelf
        if view is None or department is None or shelf is None or not self.has_contract:
            return found
        changed = standing_of(cast(Any, shelf), view, department).changed
        if not changed:
            return found
        why = sentence(Problem("contract-changed", values={"facts": ", ".join(changed)}))
        return [
            replace(deed, why_not=why, kind="") if deed.event is Event.SIGN_ORG
            else replace(deed, kind="primary") if deed.event is Event.RETURN_FOR_FIX
            else deed
            for deed in found
        ]  # fmt: skip

    def prepared(self, payload: Payload) -> Payload:
        """Override: an act that signs the contract says which one was read."""
        view, department, shelf = self.view, self.department, self.shelf
        if not isinstance(payload, TakeStep) or view is None or department is None or shelf is None:
            return payload
        digest = self._contract.digest(Event(payload.event), cast(Any, shelf), view, department)
        return structs.replace(payload, digest=digest)
