"""What one officer has planned and another issues: a round of vouchers, a result of wishes. Its state and acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from models.contract.admission_commands import CancelIteration, IssueIteration
from models.contract.admission_records import Iteration
from models.contract.collection_commands import CancelForming, IssueForming
from models.contract.collection_records import Forming
from models.contract.payload import Payload
from translations import current
from ui.context import Context
from ui.department.desk import DeskScreen
from ui.preview.view_model import DocumentModel, Paper, safe_name
from ui.selection import cabinet_of

if TYPE_CHECKING:
    from documents.admission_views import DataState

Plan = Iteration | Forming


class PlanScreen(DeskScreen):
    """State of a screen that opens a plan. A subclass says which, and with which commands it is issued and dropped."""

    COMMANDS: tuple[type[Payload], ...] = ()
    """What is done on the screen."""
    ISSUE: ClassVar[type[IssueIteration | IssueForming]]
    DROP: ClassVar[type[CancelIteration | CancelForming]]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.issuing = False
        """Whether it is asked once more before the plan is issued."""
        self.document = DocumentModel(context, cabinet_of(context))
        self.document.changed.connect(self.data_changed)

    @property
    def open_plan(self) -> Plan | None:
        """The plan that is open."""
        return None

    @property
    def mine(self) -> bool:
        """Whether the open plan was made by whoever looks at it."""
        plan, person = self.open_plan, self.desk.desk.person
        return plan is not None and person is not None and plan.planner_id == person.id

    @property
    def may_issue(self) -> bool:
        """Whether the open plan can be issued by whoever looks at it."""
        return self.open_plan is not None and self.open_plan.state == "planned" and not self.mine

    @property
    def under_way(self) -> bool:
        """Whether something that was done with the open plan is on its way."""
        return bool(self.on_its_way())

    def begin_issue(self) -> None:
        """Ask once more before the plan is issued."""
        self.issuing = True
        self.data_changed.emit()

    def stop_issue(self) -> None:
        """Leave the plan as it is."""
        self.issuing = False
        self.data_changed.emit()

    def issue(self) -> None:
        """Issue the open plan, if whoever looks at it may."""
        if self.open_plan is not None and self.may_issue:
            self.issuing = False
            self.send(self.ISSUE(self.department_id, self.open_plan.id))

    def throw_away(self) -> None:
        """Throw the open plan away."""
        if self.open_plan is not None:
            self.send(self.DROP(self.department_id, self.open_plan.id))

    def set(self, key: str, value: str) -> None:
        """Narrow for whom something new is meant; what follows from it is shown anew."""
        self.type(key, value)
        self.data_changed.emit()

    def on_its_way(self) -> list[Any]:
        """Return what was done here and is on its way."""
        return self.desk.pending(*self.COMMANDS)

    def refusals(self) -> list[Any]:
        """Return what was done here and refused."""
        return self.desk.refused(*self.COMMANDS)

    def protocol(self, plan: Plan, title: str, build: Callable[[str, datetime, DataState], bytes]) -> Paper:
        """Return the protocol of a plan; ``build`` makes it of language, instant and state of the data."""
        now, language = self.desk.server_now(), current()
        offline, heard = self.desk.offline, getattr(self.desk.status, "as_of", None)

        def made() -> bytes:
            from documents.admission_views import DataState

            return build(language, now, DataState(heard or plan.planned_at, offline=offline))

        return Paper(made, title, safe_name(title))
