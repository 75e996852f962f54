"""The frame of a resident's screen: which account it is about, and what it shows while there are no data."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QScrollArea, QSizePolicy, QWidget

from models.contract.records import AccountView
from models.contract.sentences import sentence
from translations import _
from ui import icons
from ui.context import Context
from ui.flow import Flow
from ui.kit.buttons import Button
from ui.kit.page import Page, State
from ui.kit.surfaces import clear_layout
from ui.selection import Cabinet, address_of, is_offline, named, provider_words, services_of


def account_words(view: AccountView) -> str:
    """Return an account in a line: number, provider and street."""
    return _("{number} · {provider}").format(number=view.account.number, provider=provider_words(view.provider))


def focusable(widget: QWidget) -> list[QWidget]:
    """Return what takes the keyboard inside ``widget``, in the order of its layouts: the order of reading."""
    found: list[QWidget] = []
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        found.append(widget)
    inner = widget.widget() if isinstance(widget, QScrollArea) else None
    layout = widget.layout()
    if inner is not None:
        found += focusable(inner)
    elif layout is not None:
        found += _focusable_in(layout)
    return found


def _focusable_in(layout: QLayout) -> list[QWidget]:
    found: list[QWidget] = []
    for index in range(layout.count()):
        item = layout.itemAt(index)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            found += focusable(widget)
        elif inner is not None:
            found += _focusable_in(inner)
    return found


def tab_as_read(widget: QWidget) -> None:
    """Let Tab go through ``widget`` in the order of reading, whatever was made first."""
    chain = focusable(widget)
    for one, other in pairwise(chain):
        QWidget.setTabOrder(one, other)


def show_why_empty(page: Page, cabinet: Cabinet) -> None:
    """Show on a page about an account why there is none."""
    if not cabinet.ready or cabinet.loading:
        page.show_state(State.LOADING)
    elif is_offline(cabinet.status):
        page.show_state(
            State.OFFLINE, _("There are no data on this computer yet, and there is no connection to fetch them.")
        )
    else:
        page.show_state(
            State.EMPTY,
            _("No account is connected with your login yet."),
            detail=_("Ask the provider to connect your account; it appears here by itself."),
        )


class ServiceSwitch(QWidget):
    """A button a service with its icon, one of them pressed. Left and Right go along them."""

    chosen = Signal(int)

    def __init__(self, cabinet: Cabinet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cabinet = cabinet
        self._buttons: dict[int, Button] = {}
        self._row = Flow(1, self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._shown: tuple[tuple[int, str], ...] = ()
        self.setAccessibleName(_("Service"))
        cabinet.changed.connect(self.refresh)
        self.refresh()

    @property
    def buttons(self) -> dict[int, Button]:
        """The buttons by service id."""
        return self._buttons

    def refresh(self) -> None:
        """Show the services of the chosen account."""
        view = self._cabinet.view
        services = services_of(view) if view else []
        shown = tuple((service.id, named(service.name)) for service in services)
        if shown != self._shown:
            self._shown = shown
            clear_layout(self._row)
            self._buttons = {}
            for service in services:
                button = Button(
                    named(service.name), kind="quiet", icon=icons.SERVICES.get(service.kind, "receipt-text")
                )
                button.setCheckable(True)
                button.setAutoExclusive(True)
                button.clicked.connect(self._clicked)
                self._buttons[service.id] = button
                self._row.addWidget(button)
        chosen = self._cabinet.service_id
        for service_id, button in self._buttons.items():
            button.setChecked(service_id == chosen)

    def _clicked(self) -> None:
        sender = self.sender()
        for service_id, button in self._buttons.items():
            if button is sender:
                self._cabinet.choose_service(service_id)
                self.chosen.emit(service_id)


class CabinetPage(Page):
    """A page about the chosen account. A subclass fills :meth:`show_data` and connects its view-model to ``refresh``.

    View-models tell when the cabinet changes, after they have drawn their own conclusions from it.
    """

    def __init__(
        self,
        context: Context,
        cabinet: Cabinet,
        title: str,
        *,
        scroll: bool = True,
        width: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, scroll=scroll, width=width, parent=parent)
        self.context_ports = context
        self.cabinet = cabinet
        cabinet.state_changed.connect(self.refresh_state)

    def show_data(self, view: AccountView) -> None:
        """Show the chosen account; overridden by each screen."""

    def refresh(self) -> None:
        """Show what there is now."""
        view = self.cabinet.view
        if view is not None:
            self.show_context(self.context_line(view))
            self.show_data(view)
        self.refresh_state()
        tab_as_read(self)

    def context_line(self, view: AccountView) -> str:
        """Return the line below the title: account, provider and address."""
        return _("Account {number} · {provider} · {address}").format(
            number=view.account.number, provider=provider_words(view.provider), address=address_of(view)
        )

    def refresh_state(self) -> None:
        """Show content, or why there is none and what to do."""
        cabinet = self.cabinet
        self.offer_acts(cabinet.view is not None)
        if cabinet.problem is not None:
            text = sentence(cabinet.problem)
            if cabinet.view is None:
                self.show_state(State.ERROR, text, verb=_("Try again"), act=cabinet.refresh)
            else:
                self.banner.clear()
                self.banner.show_text(text, "danger")
                self.banner.offer(_("Try again"), cabinet.refresh)
                self.show_state(State.CONTENT)
            return
        self.banner.clear()
        if cabinet.view is not None:
            self.show_content_state(cabinet.view)
        else:
            show_why_empty(self, cabinet)

    def show_content_state(self, view: AccountView) -> None:
        """Show the content of a loaded account; a screen that may have none overrides this."""
        self.show_state(State.CONTENT)
