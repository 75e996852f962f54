"""The readings screen: a block a meter, the window, one button, and all readings so far."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.contract.records import AccountView
from models.contract.sentences import sentence
from models.domain.problems import Problem
from models.domain.statements import consumption_rows
from translations import _, n_
from ui import icons, theme
from ui.accounts.view_model import ConsumptionLine
from ui.cabinet_page import CabinetPage
from ui.context import Context, Made
from ui.drafts import Drafts
from ui.kit.buttons import Button
from ui.kit.labels import Muted, Text
from ui.kit.page import State
from ui.kit.surfaces import Banner, Card, clear_layout
from ui.kit.table import DataTable
from ui.readings.block import MeterBlock
from ui.readings.table_model import history_model
from ui.readings.view_model import ReadingsModel
from ui.selection import cabinet_of, is_offline


class ReadingsPage(CabinetPage):
    """Giving readings."""

    def __init__(self, context: Context, model: ReadingsModel, parent: QWidget | None = None) -> None:
        super().__init__(context, model.cabinet, _("Readings"), parent=parent)
        self.view_model = model
        window = QHBoxLayout()
        window.setSpacing(theme.grid(2))
        self._glyph = icons.Glyph("calendar-days", "accent", 4.5)
        self.window_text = Text("", bold=True, wrap=True)
        window.addWidget(self._glyph)
        window.addWidget(self.window_text, 1)
        self.add(window)
        self.offline = Banner("", "pending")
        self.offline.hide()
        self.add(self.offline)
        self._blocks = QVBoxLayout()
        self._blocks.setSpacing(theme.grid(3))
        self.blocks: dict[int, MeterBlock] = {}
        self._shown: tuple[object, ...] = ()
        self.add(self._blocks)
        self.sample = Muted("")
        self.add(self.sample)
        self.confirmation = Banner("", "warning")
        self.only_these = self.confirmation.offer(_("Give only these"), self._submit)
        self.cancel = self.confirmation.offer(_("Cancel"), self._cancel)
        self.confirmation.hide()
        self.result = Banner("", "positive")
        self.result.hide()
        self.add(self.confirmation)
        self.add(self.result)
        acts = QHBoxLayout()
        acts.setSpacing(theme.grid(3))
        self.submit = Button(_("&Give readings"), self._ask, kind="primary", icon="send")
        self.obstacle = Text("", tone="danger", wrap=True)
        acts.addWidget(self.submit)
        acts.addWidget(self.obstacle, 1)
        self.add(acts)
        card = Card(_("Readings so far"), icon="history")
        self.history_model = history_model(self)
        self.history = DataTable(self.history_model, "readings", label=_("Readings so far"), settings=context.settings)
        self.history.horizontalHeader().setResizeContentsPrecision(24)
        card.add(self.history)
        self.add(card)
        model.changed.connect(self.refresh)
        model.row_changed.connect(self._row_changed)
        model.recorded.connect(self._recorded)
        model.failed.connect(self._failed)
        self.refresh()

    def show_data(self, view: AccountView) -> None:
        """Override."""
        model = self.view_model
        rows = model.rows()
        text, is_open = model.window()
        self.window_text.setText(
            text if is_open else _("{window}. A reading given now counts for the next month.").format(window=text)
        )
        self.window_text.tone("accent" if is_open else "warning")
        self.offline.show_text(
            _("There is no connection now. Readings are kept on this computer and sent by themselves later.")
            if is_offline(self.cabinet.status)
            else "",
            "pending",
        )
        shown = (view.account.id, view.provider.currency, *(row.meter for row in rows))
        if shown != self._shown:
            self._shown = shown
            clear_layout(self._blocks)
            self.blocks = {}
            for row in rows:
                block = MeterBlock(model, row, view.provider.currency)
                block.entered.connect(self._entered)
                self.blocks[row.meter.id] = block
                self._blocks.addWidget(block)
            if self.blocks:
                self.setFocusProxy(next(iter(self.blocks.values())).field)
            self._cancel()
            self.result.show_text("")
        else:
            for row in rows:
                self.blocks[row.meter.id].show_row(row)
        self.sample.setText(
            _("Write as on the meter, for example {sample}; missing digits are filled with zeros.").format(
                sample=", ".join(model.mask())
            )
        )
        self.submit.setEnabled(not model.busy)
        services = {service.id: service for service in view.services}
        lines = [
            ConsumptionLine(row, services.get(row.service_id)) for row in consumption_rows(view.meters, view.readings)
        ]
        if list(self.history_model.rows) != lines:
            self.history_model.show_rows(lines)
            self.history.fit_height(14)

    def show_content_state(self, view: AccountView) -> None:
        """Override: an account without meters has nothing to type."""
        if self.view_model.rows():
            self.show_state(State.CONTENT)
        else:
            self.show_state(
                State.EMPTY,
                _("No meter is installed on this account."),
                detail=_("Charges are made by the norm. If you have a meter, ask the provider to register it."),
                icon="gauge",
            )

    def _row_changed(self, meter_id: int) -> None:
        row = self.view_model.row(meter_id)
        if row is not None and meter_id in self.blocks:
            self.blocks[meter_id].show_row(row)
        self._cancel()
        self.obstacle.setText("")
        self.result.show_text("")

    def _entered(self, meter_id: int) -> None:
        order = list(self.blocks)
        at = order.index(meter_id)
        if at + 1 < len(order):
            self.blocks[order[at + 1]].field.setFocus()
        else:
            self.submit.setFocus()

    def _ask(self) -> None:
        for block in self.blocks.values():
            block.judge()
        obstacle = self.view_model.obstacle()
        self.obstacle.setText(obstacle)
        self.submit.setAccessibleDescription(obstacle)
        if obstacle:
            self._focus_obstacle()
            return
        missing = self.view_model.missing()
        if not missing:
            self._submit()
            return
        names = "; ".join(row.name for row in missing)
        self.confirmation.show_text(
            _("No reading is typed for: {meters}. Give only the others?").format(meters=names), "warning"
        )
        self.only_these.setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        self._cancel()
        self.view_model.submit()

    def _cancel(self) -> None:
        self.confirmation.show_text("", "warning")

    def _focus_obstacle(self) -> None:
        for row in self.view_model.rows():
            if row.problems or row.questions or not row.typed.text.strip():
                self.blocks[row.meter.id].field.setFocus()
                if row.problems or row.questions:
                    return

    def _recorded(self, count: int) -> None:
        self.result.show_text(
            n_(
                "{count} reading is recorded on this computer and is sent by itself. Its state stands beside its "
                "meter.",
                "{count} readings are recorded on this computer and are sent by themselves. The state of each stands "
                "beside its meter.",
                count,
            ).format(count=count),
            "positive",
        )

    def _failed(self, problem: Problem) -> None:
        self.result.show_text(sentence(problem), "danger")


def make(context: Context) -> Made:
    """Return the screen."""
    model = ReadingsModel(cabinet_of(context), context.tasks, context.client, context.clock)
    Drafts(context, "readings", lambda: model.drafts, model.restore, (model.row_changed, model.recorded), model)
    return model, lambda: ReadingsPage(context, model)
