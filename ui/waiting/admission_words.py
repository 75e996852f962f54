"""What commands of admissions are called and about."""

from __future__ import annotations

from typing import Any, Final

from models.contract import admission_commands as commands
from models.contract.admission_words import DOCUMENTS, PROGRAMMES, file_name, word
from models.contract.collection_commands import FileWishes
from models.contract.reasons import said
from translations import N_, _, formats
from ui.waiting.conflict import FIELDS

STEPS: Final = {
    "edit": N_("Change of an application"),
    "confirm-interest": N_("Confirm interest in the voucher"),
    "refuse-voucher": N_("Refuse the voucher"),
    "leave-queue": N_("Leave the queue"),
    "restore": N_("Restore the place in the queue"),
    "choose-place": N_("Choose a kindergarten"),
    "join-waitlist": N_("Join a waiting list"),
    "accept-offer": N_("Accept the offered place"),
    "decline-offer": N_("Decline the offered place"),
    "leave-waitlist": N_("Leave a waiting list"),
    "extend": N_("Prolong the term"),
    "sign-parent": N_("Sign the contract"),
    "change-choice": N_("Choose another kindergarten"),
    "choose-temporary": N_("Take a temporary place"),
    "temporary-leave": N_("Give up the temporary place"),
    "apply-bulletin": N_("Apply to the bulletin"),
    "cancel-bulletin": N_("Take the application to the bulletin back"),
    "extend-referral": N_("Prolong the referral"),
    "decline-referral": N_("Decline the referral"),
    "transfer": N_("Transfer to another kindergarten"),
    "leave": N_("Leave the kindergarten"),
    "doc-confirm": N_("Confirm the documents"),
    "doc-reject": N_("Reject the documents"),
    "activate": N_("Activate an application"),
    "reject": N_("Refuse a child"),
    "send-contract": N_("Send the contract"),
    "sign-org": N_("Sign the contract for the kindergarten"),
    "return-for-fix": N_("Return the contract to be mended"),
    "sign-contract": N_("Conclude the contract"),
    "return-documents": N_("Return documents"),
    "temporary-attend": N_("First day in a temporary place"),
    "temporary-set-until": N_("Move the last day of a temporary place"),
    "sanatorium-leave": N_("Leave for a sanatorium kindergarten"),
    "expel": N_("Expel a child"),
    "group-close": N_("Close a group"),
    "revoke-voucher": N_("Revoke a voucher"),
    "reinstate": N_("Put an application back into the queue"),
    "issue-voucher": N_("Issue a voucher"),
    "archive": N_("Close an application"),
    "withdraw-item": N_("Withdraw free places"),
    "return-from-leave": N_("Return from a sanatorium kindergarten"),
}
KINDS: Final = {
    "add-child": N_("Add a child"),
    "set-child-photo": N_("Photo of a child"),
    "entrust-child": N_("Entrust a child"),
    "end-entrusting": N_("Take back what was entrusted"),
    "remove-child": N_("Remove a child from the cabinet"),
    "update-profile": N_("Change of the profile"),
    "file-application": N_("File an application"),
    "edit-application": N_("Change of an application"),
    "attach-document": N_("Add a document"),
    "check-document": N_("Check of a document"),
    "verify-benefit": N_("Decision about a benefit"),
    "write-review": N_("Review of a kindergarten"),
    "decide-review": N_("Decision about a review"),
    "send-feedback": N_("Letter to the department"),
    "answer-letter": N_("Answer to a letter"),
    "close-letter": N_("Letter closed without an answer"),
    "set-programme": N_("Rules of a queue"),
    "set-calendar-day": N_("Day of the calendar"),
    "complete-calendar-year": N_("Complete a year of the calendar"),
    "set-category": N_("Priority category"),
    "save-organisation": N_("Data of a kindergarten"),
    "save-group": N_("Data of a group"),
    "publish-item": N_("Publish free places"),
    "withdraw-item": N_("Withdraw free places"),
    "plan-iteration": N_("Plan a round of vouchers"),
    "issue-iteration": N_("Issue a round of vouchers"),
    "cancel-iteration": N_("Cancel a round of vouchers"),
    "open-collection": N_("Open a collection of wishes"),
    "cancel-collection": N_("Give up a collection of wishes"),
    "file-wishes": N_("File wishes"),
    "plan-forming": N_("Compute the forming of groups"),
    "issue-forming": N_("Give the places of a forming of groups"),
    "cancel-forming": N_("Throw away a computed forming of groups"),
    "decide-appeal": N_("Decision about a late act"),
    "confirm-change": N_("Confirm a change of rules"),
    "confirm-category": N_("Confirm a change of a category"),
}


def admission_title(payload: Any) -> str:
    """Return what a command of admissions is called, "" for any other."""
    if isinstance(payload, commands.TakeStep):
        return word(STEPS, payload.event)
    return _(KINDS[payload.KIND]) if payload.KIND in KINDS else ""


def admission_detail(payload: Any) -> str:
    """Return what a command of admissions is about, in one line."""
    match payload:
        case commands.AddChild(surname=surname, given_name=given, born=born):
            return f"{surname} {given}, {formats.day(born)}"
        case commands.FileApplication(programme=programme):
            return word(PROGRAMMES, programme)
        case commands.AttachDocument(kind=kind, name=name):
            return f"{word(DOCUMENTS, kind)}: {file_name(name)}"
        case commands.TakeStep(until=until) if until is not None:
            return _("until {day}").format(day=formats.day(until))
        case commands.SendFeedback(subject=subject):
            return subject
        case commands.WriteReview(stars=stars):
            return "★" * stars
        case commands.PublishItem(places=places, free_from=day):
            return _("Places: {count}, from {day}").format(count=formats.number(places), day=formats.day(day))
        case commands.SetCalendarDay(day=day) | commands.SetProgramme(valid_from=day):
            return formats.day(day)
        case commands.CompleteCalendarYear(year=year):
            return str(year)
        case commands.SaveOrganisation(name=name) | commands.SaveGroup(name=name):
            return name
        case commands.PlanIteration(vouchers=count):
            return _("Vouchers: {count}").format(count=formats.number(count))
        case FileWishes(groups=groups):
            return _("Groups: {count}").format(count=formats.number(len(groups)))
        case commands.SetCategory(code=code):
            return code
        case commands.UpdateProfile():
            return ", ".join(_(title) for key, title in FIELDS.items() if getattr(payload, key, None) is not None)
    return said(getattr(payload, "reason_code", ""), str(getattr(payload, "reason", "")))
