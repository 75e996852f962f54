"""Sentences about admissions: terms, steps, places, the queue, and what an application lacks."""

from __future__ import annotations

from typing import Final

from models.contract.sentences.values import Sentence, Values
from translations import N_, _

DOCUMENTS: Final[dict[str, str]] = {
    "pmpk": N_("the conclusion of the PMPK"),
    "027": N_("the certificate 027/u"),
    "birth-certificate": N_("the birth certificate"),
    "parent-id": N_("the parent's identity card"),
    "052-2": N_("the health passport 052-2/u"),
    "065": N_("the vaccination card 065/u"),
    "benefit": N_("the proof of the benefit"),
    "extension": N_("the reason for the prolongation"),
    "referral": N_("the printed referral"),
    "contract": N_("the contract"),
}
"""Kinds of documents as they stand inside a sentence."""


def _documents_missing(values: Values) -> str:
    """Return which documents are missing, by name; a kind without a name stays as it is."""
    kinds = [kind for kind in str(values.get("kinds", "")).split(", ") if kind]
    if not kinds:
        return _("This needs a document that proves it. Nothing was changed; add the document, then try again.")
    named = ", ".join(_(DOCUMENTS[kind]) if kind in DOCUMENTS else kind for kind in kinds)
    return _("Documents are missing: {kinds}. Nothing was changed; add them, then try again.").format(kinds=named)


CONTRACT: Final[dict[str, str]] = {
    "form": N_("the wording of the contract"),
    "basis": N_("the ground of the place"),
    "basis_number": N_("the number of the voucher or referral"),
    "mode": N_("whether the place is a temporary one"),
    "until": N_("the last day"),
    "child": N_("the child's name"),
    "child_iin": N_("the child's IIN"),
    "child_born": N_("the child's date of birth"),
    "parent": N_("the parent's name"),
    "organisation": N_("the name of the kindergarten"),
    "organisation_bin": N_("the BIN of the kindergarten"),
    "locality": N_("the address of the kindergarten"),
    "address": N_("the address of the kindergarten"),
    "director": N_("who represents the kindergarten"),
    "group": N_("the name of the group"),
    "language": N_("the language of education"),
    "stay": N_("the length of the day"),
    "correction": N_("the kind of correction"),
    "age_from": N_("the ages of the group"),
    "age_to": N_("the ages of the group"),
}
"""Facts of a contract (models.contract.contracts) as they stand inside a sentence."""


def _contract_changed(values: Values) -> str:
    """Return which facts of a contract changed since the parent signed it, by name, each once."""
    names = [name for name in str(values.get("facts", "")).split(", ") if name]
    named = dict.fromkeys(_(CONTRACT[name]) if name in CONTRACT else name for name in names)
    return _(
        "The contract is no longer as the parent signed it. Changed since then: {facts}. The kindergarten cannot sign "
        "it so: it has to be returned to be mended, then the parent reads the new one and signs again."
    ).format(facts=", ".join(named))


SENTENCES: Final[dict[str, Sentence]] = {
    # Terms
    "late": N_(
        "The term ended at {due}, so this does not count any more. Nothing else was changed; see in the application"
        " what you can do now."
    ),
    "late-offline": N_(
        "You did this in time, but it reached the provider after the term had ended at {due}, because there was no "
        "connection. It does not count by itself; an officer of the department looks at it and may put the "
        "application back into the queue with its old date."
    ),
    "too-early": N_("The term has not ended yet, so nothing was done. It ends by itself."),
    "nothing-to-extend": N_("There is no term that could be prolonged. Nothing was changed."),
    "already-extended": N_(
        "The term was prolonged once already, and that is possible only once. Use the time that is left."
    ),
    "extend-on-last-day": N_(
        "The term can be prolonged only on its last day, {day}. Come back on that day; nothing was changed."
    ),
    "extension-days": N_("Name a number of days from 1 to {high}."),
    "year-not-loaded": N_(
        "The working days of {year} are not entered yet, so the term that this begins cannot be computed. What you did "
        "is kept and waits, nothing is lost: it is carried out by itself once an officer of the education department "
        "has completed the calendar of {year}. You need not do it again."
    ),
    "calendar-missing": N_(
        "The working days of {year} are not entered yet, so a term that runs into {year} cannot be computed. Nothing "
        "was changed; it becomes possible once an officer of the education department has completed the calendar of "
        "that year."
    ),
    "rules-not-readable": N_(
        "This version of the program cannot read the rules of the queue that are in force, so it cannot say what may "
        "be done. Nothing was changed and nothing is lost. Update the program; if that does not help, tell who runs "
        "the provider's server."
    ),
    # Steps of an application
    "step-not-possible": N_(
        "This cannot be done with the application as it stands now; it may have changed meanwhile. Nothing was "
        "changed; look at its present state."
    ),
    "done-already": N_(
        "This was done already: {name}, {at}. It counts once, so nothing was changed now; you need do nothing more."
    ),
    "review-over": N_(
        "The documents of application {number} are no longer reviewed: somebody else decided about them first, or the "
        "family left the queue. Your decision was not carried out; there is nothing more to do."
    ),
    "papers-came": N_(
        "Another document has come meanwhile, and nobody has looked at it. Nothing was changed; look at it and decide "
        "again."
    ),
    "moved-meanwhile": N_(
        "Since you chose this, something else has happened with the application, perhaps from another computer of "
        "yours. This cannot be undone, so nothing was changed: look how the application stands now, and choose again."
    ),
    "consequence-not-confirmed": N_(
        "This cannot be undone, so it needs your answer to the question about its consequence. Nothing was changed;"
        " try again and answer it."
    ),
    "reason-missing": N_("Give a reason: the parent will read it. Nothing was changed."),
    "reason-does-not-fit": N_(
        "The chosen reason does not belong to this decision. Nothing was changed; choose a reason that fits, or write "
        "it in your own words."
    ),
    "documents-missing": _documents_missing,
    "signature-click": N_("This needs your confirmation. Nothing was changed; press the button of confirmation."),
    "signature-code": N_(
        "This must be signed with a one-time code from a text message, or with an electronic signature. Nothing was"
        " changed; ask for a code and enter it."
    ),
    "contract-changed": _contract_changed,
    "contract-not-as-read": N_(
        "The contract says something else than you read: it has changed meanwhile. Nothing was signed; read the "
        "contract again, then sign."
    ),
    "signature-eds": N_(
        "This must be signed with an electronic signature. Nothing was changed; sign it with your key."
    ),
    "kindergarten-has-time": N_(
        "The kindergarten's own term to act has not ended yet; an officer may act for it only afterwards. Nothing "
        "was changed."
    ),
    # The queue and vouchers
    "already-queued": N_(
        "The child already has an application in this queue, and it can have only one. Nothing was filed; if "
        "another parent filed it, ask them to entrust the child to you."
    ),
    "another-application": N_(
        "The child has another application in this queue, and there can be only one. Nothing was changed; this one can "
        "return once the other has ended."
    ),
    "child-has-application": N_(
        "The child stays in your cabinet while application {number} waits for a place or has one. Nothing was changed; "
        "close the application first."
    ),
    "not-first-in-line": N_(
        "Somebody stands before this application. Nothing was given; go by the order of the queue."
    ),
    "child-too-young": N_(
        "The child is younger than the age of admission ({months} months). It keeps its place in the queue and gets"
        " a voucher later."
    ),
    "voucher-already": N_(
        "The child already has a voucher, and it can have only one. Nothing was changed; use that voucher or refuse it."
    ),
    "twins-need-more": N_(
        "Twins get vouchers together, and fewer are left in this round than they need. They keep their place and "
        "are first in the next round."
    ),
    "graduated": N_(
        "The child went to school, so the application cannot be put back into the queue. Nothing was changed."
    ),
    # Places
    "no-free-place": N_(
        "The last place was taken by somebody else a moment ago. You lost nothing: your queue, voucher and term are"
        " as before. Choose another group, or with a voucher join the waiting list of this one."
    ),
    "place-is-free": N_("This group has a free place, so nobody waits for it. Choose it right away."),
    "already-listed": N_("The application already waits for this group. Nothing was changed."),
    "too-many-lists": N_(
        "An application can stand in no more waiting lists than this: {limit}. Leave one of them first."
    ),
    "not-listed": N_("The application does not stand in the waiting list of this group. Nothing was changed."),
    "same-group": N_("The child is in this group already. Choose another one."),
    "not-enrolled": N_(
        "The child has no permanent place in a kindergarten, so this is not possible. Nothing was changed."
    ),
    "already-enrolled": N_(
        "The child already has a permanent place through another application. Nothing was changed; to change the "
        "kindergarten, begin a transfer there."
    ),
    "group-missing": N_("Choose a group."),
    "group-closed": N_("This group takes no children now. Choose another one."),
    "age-does-not-fit": N_(
        "This group is for children from {age_from} to {age_to} years. Choose one for the age of your child."
    ),
    "language-does-not-fit": N_(
        "The language of this place is not among those in your application. Choose another place, or add the "
        "language to the application while it is in the queue."
    ),
    "correction-does-not-fit": N_(
        "This group does not offer the correction that your child needs. Choose a group with it."
    ),
    "group-is-special": N_(
        "This group is for children of the special queue. Choose an ordinary one, or apply to the special queue."
    ),
    "already-on-leave": N_("The child is noted as away already. Note its return first."),
    "not-on-leave": N_("The child is not noted as away. Nothing was changed."),
    # The temporary place
    "no-temporary-place": N_("The child has no temporary place now. Nothing was changed."),
    "temporary-already": N_("The child has a temporary place already, and it can have only one. Leave it first."),
    "first-day-noted": N_(
        "The first day in the temporary place is noted already, perhaps by a colleague. Nothing was changed."
    ),
    "temporary-over": N_("The last day of the temporary place is over. Nothing was changed."),
    "until-too-early": N_("The last day must lie ahead, tomorrow at the earliest. Choose a later day."),
    "leave-too-long": N_("A leave lasts a year at the most, and nothing was noted. Check the year of the last day."),
    "until-too-late": N_(
        "Whose place this is returns on {day}, so the temporary place cannot last longer. Choose an earlier day."
    ),
    "notice-too-short": N_(
        "The parent must know earlier: there must be at least {days} working days before the new last day. Choose a"
        " later day."
    ),
    # The bulletin
    "item-withdrawn": N_(
        "These places are not offered any more. Your place in the queue is as before; look at the other places of "
        "the bulletin."
    ),
    "item-not-open": N_(
        "Applications for these places are taken from {at} on, by the time of the provider. Come back then; nothing"
        " was sent."
    ),
    "item-in-priority": N_(
        "Until {at} these places are for the first {number} of the queue. Afterwards they are for everybody; come "
        "back then."
    ),
    "birth-year-does-not-fit": N_(
        "These places are for children born in: {years}. Look for places for the birth year of your child."
    ),
    "locality-does-not-fit": N_(
        "These places are in another locality than your application. Choose places of your own locality, or change "
        "it in the application."
    ),
    # Filing an application
    "not-your-child": N_(
        "You may see this child, but not act for it. Nothing was filed; ask the parent who entered the child."
    ),
    "consent-missing": N_(
        "Read the terms and confirm your consent to the use of the data; without it the application cannot be "
        "filed. What you entered is kept."
    ),
    "applicant-incomplete": N_(
        "Your own data are not complete. Fill in your profile, then file the application; what you entered is kept."
    ),
    "child-incomplete": N_(
        "The data of the child are not complete. Check the child by its IIN again, then file the application; what "
        "you entered is kept."
    ),
    "language-missing": N_("Choose at least one language of education."),
    "languages-missing": N_("Choose at least one language of education."),
    "locality-missing": N_("Choose the locality in which you look for a place."),
    "child-too-old": N_(
        "The queue is for children who are younger than {years} years on 1 September. The child is too old for it; "
        "ask the department about preparation for school."
    ),
    "correction-missing": N_("Choose the type of correction that the commission named."),
    "organisation-missing": N_("Choose the kindergarten for the special queue."),
    "correction-not-offered": N_(
        "This kindergarten does not offer the correction that you chose. Choose another kindergarten from the list."
    ),
    "pmpk-missing": N_(
        "Add the conclusion of the psychological, medical and pedagogical commission (PMPK); the special queue "
        "needs it."
    ),
    # Numbers of people and organisations
    "iin-check-digit": N_(
        "The last digit of this IIN does not follow from the others, so one of the digits is wrong. Compare it with"
        " the document."
    ),
    "iin-century": N_(
        "The seventh digit of an IIN is from 1 to 6 and names the century and the sex; here it is {digit}. Compare "
        "it with the document."
    ),
    "iin-date": N_(
        "The first six digits of an IIN are the day of birth, and there is no such day. Compare it with the document."
    ),
    "iin-future": N_("By this IIN the person would be born on {day}, which lies ahead. Compare it with the document."),
    "born-not-as-in-iin": N_("The day of birth is another one than the IIN says. Compare both with the document."),
    "bin-check-digit": N_(
        "The last digit of this BIN does not follow from the others, so one of the digits is wrong. Compare it with"
        " the document."
    ),
    "bin-date": N_(
        "The first four digits of a BIN are the year and month of registration, and there is no such month. Compare"
        " it with the document."
    ),
    "bin-kind": N_(
        "The fifth digit of a BIN is 4, 5 or 6 and the sixth from 0 to 3; this number has others. Compare it with "
        "the document."
    ),
    # Rules of a programme
    "rule-unknown": N_(
        "This version of the program knows no rule “{name}”. Nothing was saved; remove it or update the program."
    ),
    "rule-not-a-number": N_("This rule is a whole number. Enter digits only."),
    "rule-out-of-range": N_("This number must be from {low} to {high}."),
    "rule-not-offered": N_("This value is not among the possible ones. Choose one from the list."),
    "rule-not-a-time": N_("This is not a time of day. Enter hours and minutes, for example 18:00."),
}
