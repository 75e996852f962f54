"""First start: the provider's address."""

from __future__ import annotations

from translations import _
from ui.context import Context, Made
from ui.first_run.view_model import FirstRun
from ui.kit import Button, Field, Form
from ui.kit.outside import CardPage, bind, show_trouble


class FirstRunView(CardPage):
    """One field and one button."""

    def __init__(self, model: FirstRun) -> None:
        super().__init__(
            _("Welcome to your cabinet"),
            _(
                "Bills, readings and payments of your home, also without a connection. "
                "Type the address of your provider to begin: it stands on your bill and on the provider's site."
            ),
            back=(lambda: model.context.go("sign_in")) if model.known else None,
        )
        self._model = model
        self.form = Form()
        self.address = bind(
            self.form, "address", _("&Address of the provider"), Field(hint="cabinet.example.kz"), model
        )
        self.card.add(self.form)
        self.proceed = Button(_("C&ontinue"), model.connect_provider, kind="primary")
        self.card.add(self.proceed)
        self.address.returnPressed.connect(model.connect_provider)
        self.start_with(self.address)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.proceed.setEnabled(not self._model.busy)
        self.proceed.setText(_("Looking for the provider…") if self._model.busy else _("C&ontinue"))
        show_trouble(self._model, self.form, self.banner)


def make(context: Context) -> Made:
    """Return the screen."""
    model = FirstRun(context)
    return model, lambda: FirstRunView(model)
