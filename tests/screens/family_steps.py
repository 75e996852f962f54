"""What somebody does on a screen of a parent before it is drawn: typing, pressing, choosing, being refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from models.contract.admission_commands import EditApplication, TakeStep
from models.contract.conflicts import Clash, Conflict
from models.contract.record import Record
from models.domain.admissions.states import Event
from models.domain.admissions.states import State as Stand
from models.domain.problems import Problem
from sync.status import WaitingItem
from tests.fixtures.ports import Failed
from tests.samples import balabaqsha as sample
from ui.context import Context

Step = Callable[[Any, Context], object]
"""What a person does next, with the screen's model and its context."""


@dataclass(frozen=True)
class Scene:
    """A screen and what is done in it first."""

    screen: str
    steps: tuple[Step, ...] = ()
    first: Stand = Stand.VOUCHER_ISSUED
    arguments: dict[str, Any] = field(default_factory=dict)
    outside: bool = False
    offline: bool = False
    roles: tuple[str, ...] = ("parent",)
    items: tuple[WaitingItem, ...] = ()
    columns: dict[str, Any] = field(default_factory=dict)
    """Columns of the son's application that differ from those of its state."""
    rows: tuple[Record, ...] = ()
    below: int = 0
    """Pixels to scroll down before the picture."""


def typed(**fields: str) -> Step:
    """Type into fields."""

    def step(model: Any, _context: Context) -> None:
        for key, text in fields.items():
            model.type(key, text)
        model.changed.emit()

    return step


def call(name: str, *values: Any, **fields: Any) -> Step:
    """Do what a button does."""
    return lambda model, _context: getattr(model, name)(*values, **fields)


def fails(code: str, at: str = "", **values: Any) -> Step:
    """Let the department answer with a refusal from now on."""

    def step(model: Any, _context: Context) -> None:
        model.context.families.fail = Failed(code, at, **values)

    return step


def refused_file(code: str, **values: Any) -> Step:
    """Let the next document be refused."""

    def step(model: Any, _context: Context) -> None:
        def keep(_path: Path) -> Any:
            raise Failed(code, **values)

        model.context.client.keep_document = keep
        let_choose(model)

    return step


def let_choose(model: Any) -> None:
    """Let a document be chosen without a dialog."""
    object.__setattr__(model.context, "open_dialog", lambda *_texts: Path("ПМПК қорытындысы.pdf"))


def ask(event: Event) -> Step:
    """Open the question of an act."""
    return lambda model, _context: model.ask(event)


def group(group_id: int) -> Step:
    """Open the question about a group."""

    def step(model: Any, _context: Context) -> None:
        row = next(row for row in model.rows if any(one.group.id == group_id for one in row.offers))
        model.open(row)
        model.ask(next(one for one in model.choices() if one.offer.group.id == group_id))

    return step


def temporary(group_id: int) -> Step:
    """Open the question about a temporary place."""

    def step(model: Any, _context: Context) -> None:
        row = next(
            row
            for row in model.rows
            if row.mode.value == "temporary" and any(one.group.id == group_id for one in row.offers)
        )
        model.open(row)
        model.ask(model.choices()[0])

    return step


def opened_item(item_id: int) -> Step:
    """Look at an item of the bulletin."""
    return lambda model, _context: model.open(next(one for one in model.rows if one.item.id == item_id))


def agree(model: Any, _context: Context) -> None:
    model.agree(True)


def filled(programme: str, *, correction: str = "", page: str = "child", consent: bool = False) -> Step:
    def step(model: Any, _context: Context) -> None:
        form = model.form
        form.choose("child", str(sample.NIECE if programme == "general" else sample.SON))
        form.choose("programme", programme)
        if correction:
            form.choose("correction", correction)
            form.choose("organisation", "105")
        if page != "child":
            form.choose("locality", str(sample.CITY))
            form.toggle_language("kk", True)
            form.toggle_language("ru", True)
            if programme == "general":
                form.choose("benefit", "large")
            form.page = page
        form.consent = consent
        form.page_changed.emit()

    return step


def attach_paper(model: Any, _context: Context) -> None:
    let_choose(model)
    model.form.papers.choose("pmpk")


def begin(model: Any, _context: Context) -> None:
    model.show(new=True)


def ahead(model: Any, _context: Context) -> None:
    model.form.next()


def file(model: Any, _context: Context) -> None:
    model.form.file()


def entrust(model: Any, _context: Context) -> None:
    model.begin_entrusting(model.rows[0])


def remove(model: Any, _context: Context) -> None:
    model.home.family = replace(model.home.family, applications=())
    model.ask_removing(model.rows[0])


def leave_list(model: Any, _context: Context) -> None:
    model.ask(model.lines[0])


def conflict(fields: int, stored: Sequence[str] = ()) -> WaitingItem:
    """Return a change of the son's application of which others changed so many fields meanwhile."""
    clashes = [
        Clash("phone", "+7 (701) 333-33-33", "+7 (701) 222-22-22", "+7 (701) 555-01-07", "Алыбай Қуандық", "parent",
              sample.at(9, 14)),
        Clash("languages", ["ru"], ["kk", "ru"], ["kk"], "Бекова Сәуле", "officer", sample.at(9, 15)),
        Clash("benefit", "", "large", ""),
    ][:fields]  # fmt: skip
    values: dict[str, Any] = {clash.field: clash.mine for clash in clashes}
    payload = EditApplication(sample.DEPARTMENT, sample.FIRST, **values)
    code = "changed-in-part" if stored else "changed-meanwhile"
    met = Conflict(clashes, list(stored)).values()
    return WaitingItem("018e-40", payload.KIND, payload, sample.at(9, 13), "conflict", (Problem(code),), result=met)


def entry_of(payload: Any, state: str, *problems: Problem, number: int = 1) -> WaitingItem:
    return WaitingItem(f"018e-{number}", payload.KIND, payload, sample.at(9, 14, 20), state, problems=problems)


def step_item(event: str, state: str, *problems: Problem, number: int = 1) -> WaitingItem:
    """Return a step of the son's application that waits or was refused."""
    return entry_of(TakeStep(sample.DEPARTMENT, sample.FIRST, event, confirmed=True), state, *problems, number=number)


def rank_groups(model: Any, _context: Context) -> None:
    """Rank the groups that suit, the second one best."""
    for offer in list(model.offers)[:3]:
        model.add(offer.group.id)
    model.move(1, -1)
