"""What the provider does for each kind of command: one module a kind."""

from __future__ import annotations

from typing import Final

from models.contract.admission_commands import (
    AddChild,
    AttachDocument,
    EditApplication,
    EndEntrusting,
    EntrustChild,
    FileApplication,
    SetChildPhoto,
    TakeStep,
    UpdateProfile,
)
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
    add_child,
    attach_document,
    edit_application,
    end_entrusting,
    entrust_child,
    file_application,
    request_data_correction,
    reverse_payment,
    send_document,
    set_child_photo,
    set_mailing,
    submit_reading,
    take_payment,
    take_step,
    update_contact,
    update_profile,
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
    AddChild.KIND: add_child.handle,
    SetChildPhoto.KIND: set_child_photo.handle,
    EntrustChild.KIND: entrust_child.handle,
    EndEntrusting.KIND: end_entrusting.handle,
    UpdateProfile.KIND: update_profile.handle,
}

TOGETHER: Final[dict[str, Together]] = {
    SubmitReading.KIND: submit_reading.handle_together,
    TakePayment.KIND: take_payment.handle_together,
    RequestDataCorrection.KIND: request_data_correction.handle_together,
}
"""Kinds of which many commands are carried out in a few statements; the results are those of one after the other."""
