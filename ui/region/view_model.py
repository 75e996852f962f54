"""The education departments: which one the public screens show, and adding one from the provider's list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.contract.records import Provider
from translations import _
from ui.context import Context
from ui.family.model import family_of
from ui.screen_model import ScreenModel


class Region(ScreenModel):
    """Departments that are on this computer, and those that the provider has beside."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self.offered: tuple[Any, ...] = ()
        self.wanted = 0
        """The department that was to be added, 0 when the list of them was asked for."""
        self.home.changed.connect(self.changed)
        self.home.state_changed.connect(self.changed)

    @property
    def here(self) -> list[Provider]:
        """Departments whose data are on this computer."""
        return [one.provider for one in self.home.family.departments]

    @property
    def others(self) -> list[Any]:
        """Departments of the provider that are not here yet."""
        known = {provider.id for provider in self.here}
        return [one for one in self.offered if one.id not in known]

    @property
    def chosen(self) -> int:
        """The department shown."""
        department = self.home.department
        return department.id if department is not None else 0

    def visited(self) -> None:
        """Ask for the list of departments the first time."""
        if not self.offered:
            self.fetch()

    def fetch(self) -> None:
        """Ask the provider for its departments."""
        families = self.context.families
        self.wanted = 0

        def take(found: Sequence[Any]) -> None:
            self.offered = tuple(found)

        self.work(families.departments, take)

    def choose(self, department_id: int) -> None:
        """Show a department."""
        self.home.choose_department(department_id)
        self.changed.emit()

    def add(self, department_id: int) -> None:
        """Have a department's public data come to this computer."""
        families, client = self.context.families, self.context.client
        if not self.busy:
            self.wanted = department_id

        def opened() -> None:
            families.open_department(department_id)
            client.sync()

        def done(_none: None) -> None:
            self.home.refresh()
            self.home.choose_department(department_id)
            self.context.toast(_("The region is added; its kindergartens come with the exchange of data."))

        self.work(opened, done)

    def call(self, address: str) -> None:
        """Open the chat of a support service."""
        self.context.open_link(address)
