"""My data for charging: what the provider has, how each service is charged, requests to correct it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout

from models.contract.sentences import sentence
from translations import _, formats
from ui import icons, theme
from ui.cabinet_page import show_why_empty
from ui.context import Context, Made
from ui.kit import Button, Card, Chip, Choice, Field, Form, Muted, Page, State, Text, button_row, clear_layout
from ui.my_data.view_model import MyData
from ui.selection import address_of
from ui.waiting.words import ITEMS


class MyDataView(Page):
    """Facts with a way to ask about each, services, the form when it is open, requests."""

    def __init__(self, model: MyData) -> None:
        super().__init__(_("My data for charging"), width=220)
        self._model = model
        self.ask = self.primary(_("Ask for a &correction"), lambda: model.ask(model.item), "pencil")
        self._asking = QVBoxLayout()
        self._facts = QVBoxLayout()
        self._services = QVBoxLayout()
        self._requests = QVBoxLayout()
        for part in (self._asking, self._facts, self._services, self._requests):
            self.add(part)
        self.form: Form | None = None
        self._form_of: tuple[str, bool, str] | None = None
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        model = self._model
        view = model.view
        self.ask.setEnabled(view is not None and not model.open)
        if view is None:
            if model.cabinet.problem is not None:
                self.show_state(
                    State.ERROR, sentence(model.cabinet.problem), verb=_("Try again"), act=model.cabinet.refresh
                )
            else:
                show_why_empty(self, model.cabinet)
            return
        self.show_context(f"{view.account.number} · {view.provider.name} · {address_of(view)}")
        self.banner.show_text(model.failure_text, "danger")
        self._show_form()
        self._show_facts()
        self._show_services()
        self._show_requests()
        self.show_state(State.CONTENT)

    def _show_facts(self) -> None:
        clear_layout(self._facts)
        card = Card(_("What the provider charges by"), icon="users")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.grid(5))
        grid.setVerticalSpacing(theme.grid(1))
        grid.setColumnStretch(1, 1)
        for row, (item, name, value) in enumerate(self._model.facts()):
            grid.setRowMinimumHeight(row, theme.grid(7))
            grid.addWidget(Text(name, tone="muted"), row, 0)
            grid.addWidget(Text(value, bold=True, wrap=True, selectable=True), row, 1)
            if item:
                button = Button(_("Not right?"), partial(self._model.ask, item), kind="link")
                button.setAccessibleName(f"{_('Not right?')} {name}: {value}")
                grid.addWidget(button, row, 2)
        card.add(grid)
        self._facts.addWidget(card)

    def _show_services(self) -> None:
        clear_layout(self._services)
        card = Card(_("Services"), icon="droplets")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.grid(3))
        grid.setVerticalSpacing(theme.grid(2))
        grid.setColumnStretch(2, 1)
        for row, (kind, name, basis) in enumerate(self._model.services()):
            grid.addWidget(icons.Glyph(icons.SERVICES.get(kind, "receipt-text"), "accent"), row, 0)
            grid.addWidget(Text(name, bold=True), row, 1)
            grid.addWidget(Text(_("charged {basis}").format(basis=basis), tone="muted", wrap=True), row, 2)
        card.add(grid)
        self._services.addWidget(card)

    def _show_form(self) -> None:
        model = self._model
        shape = ("form" if model.open else "", model.busy, f"{model.view.account.id if model.view else 0}")
        if shape != self._form_of:
            opened = model.open and (self._form_of is None or self._form_of[0] != "form")
            self._form_of = shape
            clear_layout(self._asking)
            self.form = None
            if model.open:
                self._build_form(opened)
        if self.form is not None:
            rest = self.form.show_problems(model.problems)
            if rest:
                self.banner.show_text(rest, "danger")
            choice = self.form.fields["item"]
            assert isinstance(choice, Choice)
            choice.choose(model.item)
            self._now.setText(_("Now: {value}").format(value=model.current(model.item)))
            self._now.setVisible(bool(model.current(model.item)))

    def _build_form(self, focus: bool) -> None:
        model = self._model
        card = Card(_("Ask for a correction"), icon="pencil")
        form = Form(columns=2)
        item = Choice([(key, _(text)) for key, text in ITEMS.items()], model.item)
        item.chosen.connect(model.choose)
        form.add("item", _("&What is wrong"), item)
        proposed = Field(model.draft.get("proposed", ""))
        proposed.textEdited.connect(lambda text: model.type("proposed", text))
        form.add("proposed", _("What it &should be"), proposed)
        self._now = Muted("")
        form.add_widget(self._now)
        why = QPlainTextEdit(model.draft.get("explanation", ""))
        why.setTabChangesFocus(True)
        why.setFixedHeight(theme.grid(20))
        why.textChanged.connect(lambda: model.type("explanation", why.toPlainText()))
        note = _("For instance: a child was born on 3 May; the certificate is at hand.")
        form.add("explanation", _("&Explanation"), why, note=note, span=2)
        card.add(form)
        self.submit = Button(_("Send the re&quest"), model.submit, kind="primary", icon="send")
        self.submit.setEnabled(not model.busy)
        card.add(button_row(self.submit, Button(_("Cancel"), model.close)))
        self.form = form
        self._asking.addWidget(card)
        if focus:
            proposed.setFocus()

    def _show_requests(self) -> None:
        clear_layout(self._requests)
        requests = self._model.requests()
        if not requests:
            return
        card = Card(_("Requests"), icon="inbox")
        for asked in requests:
            row = QHBoxLayout()
            row.setSpacing(theme.grid(3))
            when = formats.moment(asked.at, self._model.context.zone)[:10]
            row.addWidget(Text(when, tone="muted"), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(theme.grid(0.5))
            words.addWidget(Text(asked.text, wrap=True, selectable=True))
            if asked.answer:
                words.addWidget(Muted(_("Answer: {text}").format(text=asked.answer)))
            row.addLayout(words, 1)
            if asked.number:
                row.addWidget(Text(asked.number, tone="muted"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Chip(asked.status, asked.tone), 0, Qt.AlignmentFlag.AlignTop)
            card.add(row)
        self._requests.addWidget(card)


def make(context: Context) -> Made:
    """Return the screen."""
    model = MyData(context)
    return model, lambda: MyDataView(model)
