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
        address = self.typed("address")
        if "://" not in address:
            address = f"https://{address}"
        entrance = self.context.entrance

        def connected(name: str) -> None:
            self.context.settings.set("provider_url", address)
            self.context.go("sign_in", provider=name)

        self.work(lambda: entrance.connect(address), connected)

    @property
    def known(self) -> bool:
        """Whether an address is stored already, so one may go back."""
        return bool(self.context.settings.get("provider_url"))
