"""The wizard: one step a card, the steps named above."""

from __future__ import annotations

from translations import _
from ui.context import Context, Made
from ui.family.telephone import REGISTER
from ui.family_entry.steps import Steps
from ui.family_entry.view_model import FamilyEntry
from ui.kit.outside import CardPage, show_trouble


class FamilyEntryView(CardPage):
    """Built anew for each step."""

    def __init__(self, model: FamilyEntry) -> None:
        super().__init__("", back=lambda: model.context.go("sign_in"), width=130)
        self._model = model
        self.steps = Steps(model)
        self.card.add(self.steps)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        title = _("Registration of a parent") if self._model.purpose == REGISTER else _("Password recovery")
        self.title.setText(title)
        self.setAccessibleName(title)
        news = self.steps.show_step()
        if self.steps.first is not None:
            self.start_with(self.steps.first)
        if news and self.isVisible():
            self.start_here()
        show_trouble(self._model, self.steps.form, self.banner)


def make(context: Context) -> Made:
    """Return the screen."""
    model = FamilyEntry(context)
    return model, lambda: FamilyEntryView(model)
