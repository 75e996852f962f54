"""First start: at which address the provider is."""

from __future__ import annotations

from ui.context import Context
from ui.screen_model import ScreenModel


class FirstRun(ScreenModel):
    """Takes the provider's address and checks it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.draft["address"] = context.settings.get("provider_url")

    def connect_provider(self) -> None:
        """Ask the address who it is; then on to signing in."""
        if self.refuse(self.missing("address")):
            return
        # How a typed address becomes a whole one is known to the entrance, which also keeps it.
        address, entrance = self.typed("address"), self.context.entrance

        def connected(name: str) -> None:
            self.draft["address"] = self.context.settings.get("provider_url")
            self.context.go("sign_in", provider=name)

        self.work(lambda: entrance.connect(address), connected)

    @property
    def known(self) -> bool:
        """Whether an address is stored already, so one may go back."""
        return bool(self.context.settings.get("provider_url"))
