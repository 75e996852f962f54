"""A card a department: which is shown, its address, its support service."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from models.contract.records import Provider
from translations import _
from ui import theme
from ui.cabinet_page import tab_as_read
from ui.context import Context, Made
from ui.family import words
from ui.family.parts import Facts
from ui.keyboard import place_kept
from ui.kit import Banner, Button, Card, Chip, Heading, Muted, Page, State, clear_layout
from ui.region.view_model import Region


class RegionView(Page):
    """Departments here, then the others."""

    def __init__(self, model: Region) -> None:
        super().__init__(_("Region and support"), width=200)
        self._model = model
        self._holder = QVBoxLayout()
        self._holder.setSpacing(theme.grid(4))
        self.add(self._holder)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        model = self._model
        if not model.home.ready and model.home.problem is None:
            self.show_state(State.LOADING)
            return
        with place_kept(self):
            self._draw()
        self.show_state(State.CONTENT)

    def _draw(self) -> None:
        model = self._model
        clear_layout(self._holder)
        for provider in model.here:
            self._holder.addWidget(self._here(provider))
        if model.others:
            self._holder.addWidget(Heading(_("Other regions")))
        for one in model.others:
            card = Card()
            row = QHBoxLayout()
            row.addWidget(Heading(one.name), 1)
            add = Button(_("Add"), partial(model.add, one.id), icon="plus")
            add.setAccessibleName(_("Add {name}").format(name=one.name))
            row.addWidget(add)
            card.add(row)
            place = getattr(one, "settlement", "")
            if place:
                card.add(Muted(place))
            self._holder.addWidget(card)
        if model.failure is not None:
            wanted = model.wanted
            text = (
                _("The region was not added; what you have stays as it is. {why}")
                if wanted
                else _("The list of other regions could not be fetched. {why}")
            )
            banner = Banner(text.format(why=model.failure_text), "warning" if model.offline else "danger")
            banner.offer(_("Try again"), partial(model.add, wanted) if wanted else model.fetch)
            self._holder.addWidget(banner)
        tab_as_read(self)

    def _here(self, provider: Provider) -> Card:
        model = self._model
        card = Card()
        row = QHBoxLayout()
        row.addWidget(Heading(provider.name), 1)
        if provider.id == model.chosen:
            row.addWidget(Chip(_("Shown now"), "positive"))
        else:
            show = Button(_("Show"), partial(model.choose, provider.id))
            show.setAccessibleName(_("Show {name}").format(name=provider.name))
            row.addWidget(show)
        card.add(row)
        town = provider.settlement if provider.settlement not in provider.address else ""
        address = ", ".join(part for part in (town, provider.address) if part)
        card.add(
            Facts(
                [
                    (_("Support service"), words.unbroken(provider.support_phone)),
                    (_("Telephone"), words.unbroken(provider.phone)),
                    (_("E-mail"), provider.email),
                    (_("Address"), address),
                    (_("Working hours"), provider.hours),
                ]
            )
        )
        if provider.support_chat:
            chat = Button(_("Write to the support service"), partial(model.call, provider.support_chat), kind="link")
            line = QHBoxLayout()
            line.addWidget(chat)
            line.addStretch(1)
            card.add(line)
        return card


def make(context: Context) -> Made:
    """Return the screen."""
    model = Region(context)
    return model, lambda: RegionView(model)
