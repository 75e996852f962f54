"""The same act for several children at once: what asks for nothing else, and only where each of them may have it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.cache.queries.admissions import ApplicationView, Department
from models.cache.queries.department import Line
from models.contract.sentences import sentence
from models.domain.admissions.states import Actor
from translations import _, n_
from ui import theme
from ui.department.deeds import AGAINST, Deed, deeds, unreadable
from ui.department.to_act.view_model import ToActModel
from ui.kit import Banner, Button, Card, Muted, Text, button_row, clear_layout


def common(lines: Sequence[Line], department: Department, actor: Actor, now: datetime) -> list[Deed]:
    """Return the acts that every one of the lines may have now, that ask for nothing and are not against a child."""
    found: list[Deed] | None = None
    for line in lines:
        view = ApplicationView(line.application, line.child, line.position)
        if unreadable(view, department, now) is not None:
            return []
        own = {one.event: one for one in deeds(view, department, actor, now) if one.possible and _asks_nothing(one)}
        found = list(own.values()) if found is None else [one for one in found if one.event in own]
    return found or []


def _asks_nothing(deed: Deed) -> bool:
    asks = deed.reasons or deed.document or deed.until or deed.papers or deed.fault or deed.signature != "click"
    return not asks and deed.event not in AGAINST


def brings(lines: Sequence[Line], deed: Deed, department: Department, actor: Actor, now: datetime) -> list[str]:
    """Return what an act brings for each of the lines: their terms may differ."""
    found = []
    for line in lines:
        view = ApplicationView(line.application, line.child, line.position)
        own = () if unreadable(view, department, now) is not None else deeds(view, department, actor, now)
        found.append(next((one.consequence for one in own if one.event is deed.event), deed.consequence))
    return found


class SeveralBar(QWidget):
    """What may be done with the rows that are chosen in one of the tables; it follows the choice by itself."""

    def __init__(self, model: ToActModel) -> None:
        super().__init__()
        self._model = model
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.grid(2))
        self.show_chosen()

    def show_chosen(self) -> None:
        """Draw the acts of the rows that are chosen now."""
        clear_layout(self._row)
        model = self._model
        count = len(model.several)
        if count < 2:
            self._row.addWidget(
                Muted(_("Choose several rows of a table (Shift with an arrow, or Ctrl with a click) to act for all.")),
                1,
            )
            return
        chosen = n_("{count} child is chosen.", "{count} children are chosen.", count).format(count=count)
        self._row.addWidget(Text(chosen, bold=True))
        offered = model.offered_for_several()
        if not offered:
            self._row.addWidget(Muted(_("There is no act that all of them may have now.")))
        for deed in offered:
            text = _("{act} for all…").format(act=deed.verb)
            self._row.addWidget(Button(text, partial(model.ask_for_several, deed.event)))
        self._row.addStretch(1)


class SeveralQuestion(Card):
    """The question with the names of all for whom an act would be done."""

    def __init__(self, model: ToActModel, deed: Deed) -> None:
        super().__init__(deed.verb)
        lines, known = model.asked_lines, model.department
        each = (
            brings(lines, deed, known, model.actor, model.now) if known is not None else [deed.consequence] * len(lines)
        )
        alike = len(set(each)) == 1
        if alike:
            self.add(Text(each[0], wrap=True))
        for line, brought in zip(lines, each, strict=True):
            self.add(Text(f"{line.child.name} · {line.application.number}"))
            if not alike:
                self.add(Muted(brought))
        self.add(Muted(_("Each is sent by itself and has an answer of its own.")))
        if model.failure is not None:
            self.add(Banner(model.failure_text, "danger"))
        count = len(model.asked_lines)
        yes = Button(
            n_("Do it for {count} child", "Do it for {count} children", count).format(count=count),
            model.confirm_for_several,
            kind="primary",
        )
        yes.setEnabled(not model.busy)
        self.no = Button(_("Leave everything as it is"), model.leave_several)
        self.add(button_row(yes, self.no))


def answers(model: ToActModel) -> list[Banner]:
    """Return what became of steps taken here: how many are on their way, and each that was refused, by name."""
    found = []
    count = len(model.steps_on_their_way)
    if count:
        text = n_(
            "{count} step is not with the department yet.", "{count} steps are not with the department yet.", count
        )
        found.append(Banner(text.format(count=count), "pending"))
    for item, name in model.steps_refused:
        if any(problem.code == "not-found" for problem in item.problems):
            why = _("It is not with you any more: the family or the department changed that. Nothing was changed.")
        else:
            why = " ".join(sentence(problem) for problem in item.problems)
        child = name or _("An application that you no longer see")
        banner = Banner(_("{child}: refused. {why}").format(child=child, why=why), "danger")
        banner.offer(_("Put away"), partial(model.put_away, item))
        found.append(banner)
    return found
