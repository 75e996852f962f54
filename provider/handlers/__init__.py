"""What the provider does for each kind of command: one module a kind."""

from __future__ import annotations

from typing import Final

from models.contract.admission_commands import AttachDocument, EditApplication, FileApplication, TakeStep
from models.contract.commands import (
    RequestDataCorrection,
    ReversePayment,
    SendDocument,
    SetMailing,
    SubmitReading,
    TakePayment,
    UpdateContact,
)
from provider.handlers import (
    attach_document,
    edit_application,
    file_application,
    request_data_correction,
    reverse_payment,
    send_document,
    set_mailing,
    submit_reading,
    take_payment,
    take_step,
    update_contact,
)
from provider.handlers.context import Handler, Together

HANDLERS: Final[dict[str, Handler]] = {
    SubmitReading.KIND: submit_reading.handle,
    SetMailing.KIND: set_mailing.handle,
    RequestDataCorrection.KIND: request_data_correction.handle,
    SendDocument.KIND: send_document.handle,
    UpdateContact.KIND: update_contact.handle,
    TakePayment.KIND: take_payment.handle,
    ReversePayment.KIND: reverse_payment.handle,
    FileApplication.KIND: file_application.handle,
    EditApplication.KIND: edit_application.handle,
    TakeStep.KIND: take_step.handle,
    AttachDocument.KIND: attach_document.handle,
}

TOGETHER: Final[dict[str, Together]] = {
    SubmitReading.KIND: submit_reading.handle_together,
    TakePayment.KIND: take_payment.handle_together,
    RequestDataCorrection.KIND: request_data_correction.handle_together,
}
"""Kinds of which many commands are carried out in a few statements; the results are those of one after the other."""
