"""The decisive screen: steps on top, what to do now with its deadline, then information, history and documents."""

from __future__ import annotations

from contextlib import nullcontext

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout
from shiboken6 import isValid

from models.domain.admissions.states import Event
from translations import _
from ui import theme
from ui.application.decision import Decision
from ui.application.tabs import CHANGE, PARTS
from ui.application.view_model import ApplicationModel
from ui.cabinet_page import tab_as_read
from ui.context import Context, Made
from ui.family import words
from ui.family.parts import Tabs, show_why_empty
from ui.family.pdf import PaperWindow, PictureWindow, note
from ui.family.tracker import Tracker, stages
from ui.keyboard import place_kept, start_in
from ui.kit import Button, Card, Check, Form, Page, State, clear_layout


class ApplicationPage(Page):
    """Built over :class:`ApplicationModel`."""

    def __init__(self, model: ApplicationModel) -> None:
        super().__init__(_("Child's application"), width=250)
        self._model = model
        self.secondary(_("All applications"), lambda: model.context.go("applications"), "arrow-left")
        self.print_button = self.secondary(_("&Print"), model.print, "printer")
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(4))
        self.add(self._holder)
        self.decision: Decision | None = None
        self.paper: PaperWindow | None = None
        self.tabs: Tabs | None = None
        self._asked: Event | None = None
        self._editing = False
        self._offline = False
        self._drawn: object = None
        """The application and how it stands: what became of it, or another one, is read from the top."""
        self._complaints = model.complaints
        self.on_escape(self._left)
        model.paper_made.connect(self._show_paper)
        model.picture_read.connect(self._show_picture)
        model.data_changed.connect(self._show)
        model.changed.connect(self._show)
        self._show()

    def _writing(self) -> bool:
        """Whether somebody types an answer that news must not take away: then the page is drawn anew afterwards."""
        model = self._model
        asked = model.question is not None or model.editing
        troubled = model.problems or model.failure or model.signing.failure or model.busy
        return bool(asked and not troubled and any(field.hasFocus() for field in self.findChildren(QLineEdit)))

    def _left(self) -> bool:
        """Leave the open question or the form."""
        model = self._model
        if model.asking is None and not model.editing and not model.unbundling:
            return False
        model.cancel()
        return True

    def _show(self) -> None:
        # A line that came or went changes what can be signed, so it is shown even to somebody who writes.
        offline = self._model.home.offline
        if self._writing() and offline == self._offline:
            return
        self._offline = offline
        view = self._model.view
        stands = (view.id, view.case.state, self._model.intention is None) if view is not None else None
        drawn, self._drawn = self._drawn, stands
        with place_kept(self), self.line_kept() if drawn == self._drawn else nullcontext():
            self._draw()
        model, decision = self._model, self.decision
        asked = model.asking if model.question is not None else None
        if decision is not None and asked is not self._asked:
            before, self._asked = self._asked, asked
            if asked is not None:
                start_in(self, *decision.answers)
                self.reveal(decision.no)
            elif before is not None:
                start_in(self, decision.buttons.get(before))
        if model.complaints != self._complaints:
            self._complaints = model.complaints
            if decision is not None and asked is not None:
                start_in(self, decision.form.wrong() or decision.signing.form.wrong())
        if model.editing is not self._editing:
            self._editing = model.editing
            form = next((one for one in self.findChildren(Form) if "phone" in one.fields), None)
            if model.editing and form is not None:
                start_in(self, form.findChild(Check) or form.fields["phone"])
                self.reveal(form)
            elif not model.editing:
                start_in(self, lambda: self.findChild(Button, CHANGE))

    def _draw(self) -> None:
        model = self._model
        view, department = model.view, model.department
        self.offer_acts(True)
        self.print_button.setVisible(view is not None)
        if view is None or department is None:
            self.show_context("")
            if not model.home.ready or model.home.department is None:
                show_why_empty(self, model.home)
            else:
                self.show_state(
                    State.EMPTY,
                    _("There is no application yet."),
                    detail=_("File one for a child; it is kept on this computer until it is sent."),
                    verb=_("Add an application"),
                    act=lambda: model.context.go("applications", new=True),
                    icon="file-text",
                )
            return
        one = view.application
        filed = words.exact(one.submitted_at, department.provider.zone) if one.submitted_at else ""
        filed = filed.replace(" ", "\u00a0")  # day and hour stay on one line
        self.title.setText(words.short_name(view.child))
        self.show_context(
            " · ".join(part for part in (words.word(words.PROGRAMMES, one.programme), one.number, filed) if part)
        )
        clear_layout(self._holder)
        steps = Card()
        steps.add(Tracker(stages(view, model.home.family)))
        self._holder.addWidget(steps)
        self.decision = Decision(model)
        self._holder.addWidget(self.decision)
        self.tabs = Tabs(
            [("information", _("Information")), ("history", _("History")), ("documents", _("Documents"))],
            model.tab,
            _("Parts of the application"),
        )
        self.tabs.chosen.connect(self._choose)
        self._holder.addWidget(self.tabs)
        self._part = QVBoxLayout()
        self._part.addWidget(PARTS[model.tab](model))
        self._holder.addLayout(self._part)
        tab_as_read(self)
        self.show_state(State.CONTENT)

    def _show_paper(self, data: bytes, name: str) -> None:
        if self.paper is not None and isValid(self.paper):
            self.paper.close()  # made from older data
        self.paper = PaperWindow(self._model.context, bytes(data), name, note(self._model.home), self)
        self.paper.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.paper.show()

    def _show_picture(self, data: bytes, name: str) -> None:
        window = PictureWindow(bytes(data), name, self)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.show()

    def _choose(self, key: str) -> None:
        model = self._model
        model.tab = key
        clear_layout(self._part)
        self._part.addWidget(PARTS[key](model))
        tab_as_read(self)


def make(context: Context) -> Made:
    """Return the screen."""
    model = ApplicationModel(context)
    return model, lambda: ApplicationPage(model)
