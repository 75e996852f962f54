"""Applications: the list, a new one, the archive."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.cache.queries.admissions import ApplicationView
from translations import _
from ui import theme
from ui.applications.form import FormView
from ui.applications.table_model import table
from ui.applications.view_model import Applications
from ui.context import Context, Made
from ui.family.model import OPEN
from ui.family.parts import Tabs, show_why_empty
from ui.keyboard import place_kept, start_in
from ui.kit import Banner, Button, DataTable, Muted, Page, State, clear_layout


class ApplicationsView(Page):
    """Three parts over one model."""

    def __init__(self, model: Applications) -> None:
        super().__init__(_("Applications"))
        self._model = model
        self.add_button = self.primary(_("Add an application"), lambda: model.show(new=True), "plus")
        self.tabs = Tabs(
            [("list", _("Applications")), ("new", _("New application")), ("archive", _("Archive"))],
            model.part,
            _("Parts of the applications"),
        )
        self.tabs.chosen.connect(model.choose)
        self.add(self.tabs)
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(3))
        self.add(self._holder)
        self.table: DataTable | None = None
        self.form: FormView | None = None
        self._part = model.part
        model.changed.connect(self._show)
        model.part_changed.connect(self._turn)
        model.form.page_changed.connect(self.go_up)  # another page of the form begins at its beginning
        self._show()

    def _turn(self) -> None:
        """Show another part; whoever came by a button that is gone now goes on in it, who chose a tab stays there."""
        chosen = any(tab.hasFocus() for tab in self.tabs.findChildren(QWidget))
        self._show()
        if self._part != self._model.part:
            self._part = self._model.part
            if not chosen:
                fields = self.form.form.fields.values() if self.form is not None else ()
                start_in(self, *fields, lambda: self.table)

    def _show(self) -> None:
        model = self._model
        self.tabs.choose(model.part)
        if not model.home.ready or model.home.department is None:
            show_why_empty(self, model.home)
            return
        self.offer_acts(True)
        self.add_button.setVisible(model.part != "new")
        if model.part == "new":
            if self.form is None:
                clear_layout(self._holder)
                self.table, self.form = None, FormView(model.form)
                self._holder.addWidget(self.form)
            self.show_state(State.CONTENT)
            return
        # News must not move the cursor of somebody who goes through the list: it stays with its application.
        before = self.table.current_row if self.table is not None else None
        with place_kept(self):
            clear_layout(self._holder)
            self.form = self.table = None
            self._list()
        self._go_on(before)

    def _go_on(self, before: ApplicationView | None) -> None:
        """Put the cursor on the row where it was before the list was drawn anew."""
        if self.table is None:
            return
        at = next((n for n, row in enumerate(self._model.rows) if before is not None and row.id == before.id), None)
        if at is not None:
            self.table.choose(at)

    def _list(self) -> None:
        model = self._model
        rows = model.rows
        unfiled = model.unfiled if model.part == "list" else []
        for item in unfiled:
            text, tone = model.filing_words(item)
            banner = Banner(text, tone)
            if item.state not in OPEN:
                banner.offer(_("Put away"), partial(model.settle, item))
            elif item.state != "sending" and item.stays is None:
                banner.offer(_("Withdraw"), partial(model.settle, item))
            self._holder.addWidget(banner)
        if not rows and not unfiled:
            self._nothing()
            return
        if rows:
            self.table = DataTable(
                table(model.home, rows, archive=model.part == "archive"),
                f"applications-{model.part}",
                label=_("Applications"),
                settings=model.context.settings,
            )
            self.table.setProperty("keeps", "list")
            self.table.activated_row.connect(model.open)
            self.table.fit_height()
            self._holder.addWidget(self.table)
            self._holder.addWidget(Muted(_("Enter or a double click opens an application.")))
        self.show_state(State.CONTENT)

    def _nothing(self) -> None:
        model = self._model
        if model.part == "archive":
            # The tabs are part of the content: without them there would be no way back.
            self._holder.addWidget(Muted(_("The archive is empty.")))
            self._holder.addWidget(Muted(_("Ended applications stand here, with the reason.")))
            self.show_state(State.CONTENT)
        elif model.home.family.applications:
            self._holder.addWidget(Muted(_("No live application.")))
            archive = Button(_("Open the archive"), partial(model.choose, "archive"), kind="link")
            self._holder.addWidget(archive, 0, Qt.AlignmentFlag.AlignLeading)
            self.show_state(State.CONTENT)
        else:
            self.show_state(
                State.EMPTY,
                _("There is no application yet."),
                detail=_("File one for a child; it is kept on this computer until it is sent."),
                verb=_("Add an application"),
                act=lambda: model.show(new=True),
                icon="file-text",
            )

    def start_here(self) -> None:
        """Put the cursor where work begins."""
        if self.table is not None:
            self.table.setFocus()
        else:
            self.setFocus()


def make(context: Context) -> Made:
    """Return the screen."""
    model = Applications(context)
    return model, lambda: ApplicationsView(model)
