"""What the provider does for each kind of command: one module a kind."""

from __future__ import annotations

import importlib.util
from typing import Final

from models.contract.commands import (
    RequestDataCorrection,
    ReversePayment,
    SendDocument,
    SetMailing,
    TakePayment,
    UpdateContact,
)
from provider.handlers import (
    request_data_correction,
    reverse_payment,
    take_payment,
    update_contact,
)
from provider.handlers.context import Handler

HANDLERS: Final[dict[str, Handler]] = {
    RequestDataCorrection.KIND: request_data_correction.handle,
    UpdateContact.KIND: update_contact.handle,
    TakePayment.KIND: take_payment.handle,
    ReversePayment.KIND: reverse_payment.handle,
}

if importlib.util.find_spec("provider.services.accounts") is not None:  # the other half of these is being built
    from provider.handlers import send_document, set_mailing

    HANDLERS[SendDocument.KIND] = send_document.handle
    HANDLERS[SetMailing.KIND] = set_mailing.handle
