"""Find my account: street, house, flat, surname; then the number, and last month's charges."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout

from models.domain.statements import ServiceBalance
from translations import _, formats
from ui import theme
from ui.context import Context, Made
from ui.find_account.view_model import FindAccount
from ui.kit import (
    Button,
    Card,
    Choice,
    Column,
    DataTable,
    Field,
    Form,
    MoneyLabel,
    Muted,
    PeriodPicker,
    TableModel,
    Text,
    clear_layout,
)
from ui.kit.outside import CardPage, show_trouble
from ui.screen_model import value_of
from ui.selection import named


class FindAccountView(CardPage):
    """The look-up form, and below it what was found."""

    def __init__(self, model: FindAccount) -> None:
        super().__init__(
            _("Find my account"),
            _("The account number is also the login. All of it must be exactly as the provider has it."),
            back=lambda: model.context.go("sign_in"),
            width=170,
        )
        self._model = model
        self.form = Form(columns=3)
        self.provider = Choice()
        self.provider.chosen.connect(model.choose_provider)
        self.form.add("provider", _("Provi&der"), self.provider, span=3)
        self.street = Field(hint=_("Begin to type the street"))
        self._streets = QStringListModel(self)
        completer = QCompleter(self._streets, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(12)
        completer.activated.connect(lambda text: model.edit("street", text))
        self.street.setCompleter(completer)
        self._line("street", _("&Street"), self.street, span=3)
        self._line("house", _("&House"), Field())
        self._line("prefix", _("Building or &letter"), Field(), note=_("If there is one."))
        self._line("flat", _("&Flat"), Field())
        surname = self._line(
            "surname",
            _("S&urname of the owner"),
            Field(),
            note=_("The first letter large, the others small: Ахметова"),
            span=3,
        )
        self.card.add(self.form)
        self.search = Button(_("Fi&nd"), model.find, kind="primary", icon="search")
        self.card.add(self.search)
        surname.returnPressed.connect(model.find)
        self._found = QVBoxLayout()
        self._found.setSpacing(theme.grid(3))
        self.card.add(self._found)
        self._shown: object = None
        self._offered: object = None
        self._known: object = None
        self.picker: PeriodPicker | None = None
        self._again: Button | None = None
        self.start_with(self.street)
        model.changed.connect(self._show)
        self._show()

    def start_here(self) -> None:
        """Put the cursor into the street; while that is closed, onto what can be done instead."""
        if self.street.isEnabled():
            super().start_here()
        elif (instead := self._again or self.back) is not None:
            instead.setFocus()

    def _line(self, key: str, label: str, field: Field, *, note: str = "", span: int = 1) -> Field:
        model = self._model
        self.form.add(key, label, field, note=note, span=span)
        field.setText(model.draft.get(key, ""))
        field.textEdited.connect(lambda text: model.edit(key, text))
        return field

    def _show(self) -> None:
        model = self._model
        if model.providers != self._offered:
            self._offered = model.providers
            names = [(value_of(item, "code"), str(value_of(item, "name"))) for item in model.providers]
            self.provider.offer(names, model.provider_code)
        self.provider.choose(model.provider_code)
        known = (model.streets, model.provider_code)
        if known != self._known:
            self._known = known
            self._streets.setStringList(list(model.streets))
            self.street.setText(model.draft.get("street", ""))
        opened = model.reachable and not self.street.isEnabled()
        for field in self.form.fields.values():
            field.setEnabled(model.reachable)
        if opened and self.isVisible():
            self.start_here()
        self.search.setEnabled(model.reachable and not model.busy)
        self.search.setText(_("Looking…") if model.busy and not model.found else _("Fi&nd"))
        self.banner.clear()
        self._again = None
        if model.offline and not model.providers:
            text = _("The look-up asks the provider, so it needs a connection, and there is none now.")
            self.banner.show_text(text, "warning")
        else:
            show_trouble(model, self.form, self.banner)
        if model.failure is not None and not model.providers:
            self._again = self.banner.offer(_("Try again"), model.fetch)
        if not model.reachable and self.isVisible():
            # Else the focus of a field that closes wanders to whatever comes next, even out of the page.
            self.start_here()
        shape = (model.found, model.answer is not None, model.month, id(model.answer))
        if shape != self._shown:
            self._shown = shape
            self._show_found()
        if self.picker is not None:
            self.save.setEnabled(not model.busy)
            if not model.busy:
                self.picker.show_month(model.month)

    def _show_found(self) -> None:
        model = self._model
        going_through = self.picker is not None and self.picker.isAncestorOf(self.focusWidget() or self)
        self.picker = None
        clear_layout(self._found)
        if not model.found:
            return
        card = Card()
        row = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Muted(_("Account")))
        number = Text(model.found, size=theme.Size.TITLE, bold=True, selectable=True)
        number.setAccessibleName(_("Account {number}").format(number=model.found))
        words.addWidget(number)
        row.addLayout(words, 1)
        self.register = Button(_("&Register with it"), model.register)
        row.addWidget(self.register)
        if model.answer is None:
            self.look_up = Button(_("&Breakdown of last month"), model.look_up, kind="primary")
            row.addWidget(self.look_up)
        card.add(row)
        sums, view = model.sums, model.answer
        if sums is not None:
            last = type(model.month).of(model.context.today).previous()
            picker = PeriodPicker(model.month, last=last, name=_("Month of the breakdown"))
            picker.changed.connect(model.choose_month)
            card.add(picker)
            self.picker = picker
            names = {service.id: named(service.name) for service in view.services}
            columns: list[Column[ServiceBalance]] = [
                Column("service", lambda: _("Service"), lambda row: names.get(row.service_id, ""), stretch=True),
                Column("charged", lambda: _("Charged"), lambda row: _plain(row.charged), figures=True),
                Column("paid", lambda: _("Paid"), lambda row: _plain(row.paid), figures=True),
                Column("closing", lambda: _("Balance at the end"), lambda row: _plain(row.closing), figures=True),
            ]
            table = DataTable(
                TableModel(columns, sums.services), "look_up", label=_("Breakdown of charges"), sortable=False
            )
            table.fit_height()
            card.add(table)
            self.save = Button(_("Sa&ve as PDF"), model.save, icon="download")
            total = QHBoxLayout()
            total.addWidget(self.save)
            total.addStretch(1)
            total.addWidget(Text(_("At the end of the month"), bold=True))
            total.addWidget(MoneyLabel(sums.total.closing, view.provider.currency, balance=True))
            card.add(total)
        self._found.addWidget(card)
        if going_through and self.picker is not None:
            self.picker.setFocus()


def _plain(minor: int) -> str:
    return formats.amount(minor)


def make(context: Context) -> Made:
    """Return the screen."""
    model = FindAccount(context)
    return model, lambda: FindAccountView(model)
