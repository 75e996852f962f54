"""What the provider does for each kind of command: one module a kind."""

from __future__ import annotations

from typing import Final

from models.contract.commands import SetMailing
from provider.handlers import set_mailing
from provider.handlers.context import Handler

HANDLERS: Final[dict[str, Handler]] = {
    SetMailing.KIND: set_mailing.handle,
}
