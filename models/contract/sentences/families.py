"""Sentences about a parent's login, codes on the telephone, children in the cabinet, and documents that are sent."""

from __future__ import annotations

from typing import Final

from models.contract.sentences.values import Sentence, Values, counted
from translations import N_, n_


def _code_wait(values: Values) -> str:
    count = counted(values, "seconds", 80)
    return n_(
        "A code is on its way. Another one can be sent in {count} second.",
        "A code is on its way. Another one can be sent in {count} seconds.",
        count,
    ).format(count=count)


def _code_wrong(values: Values) -> str:
    count = counted(values, "left", 1)
    return n_(
        "This is not the code that was sent. {count} try is left; then ask for a new code.",
        "This is not the code that was sent. {count} tries are left; then ask for a new code.",
        count,
    ).format(count=count)


def _file_too_large(values: Values) -> str:
    count = counted(values, "maximum", 10)
    return n_(
        "The file is too large: at most {count} megabyte is taken. Make it smaller and choose it again.",
        "The file is too large: at most {count} megabytes are taken. Make it smaller and choose it again.",
        count,
    ).format(count=count)


def _uploads_full(values: Values) -> str:
    count = counted(values, "maximum", 200)
    return n_(
        "Your documents may take {count} megabyte at the provider, and they do. Ask the support service.",
        "Your documents may take {count} megabytes at the provider, and they do. Ask the support service.",
        count,
    ).format(count=count)


def _too_many_files(values: Values) -> str:
    count = counted(values, "maximum", 20)
    return n_(
        "An application takes at most {count} document. Nothing was added; put several pages into one file.",
        "An application takes at most {count} documents. Nothing was added; put several pages into one file.",
        count,
    ).format(count=count)


SENTENCES: Final[dict[str, Sentence]] = {
    # Codes on the telephone
    "code-wait": _code_wait,
    "code-wrong": _code_wrong,
    "code-digits": N_("The code from the SMS has {digits} digits. Nothing was sent; type all of them."),
    "code-spent": N_(
        "This code works no more: its time is over, it was used, or a wrong one was typed too often. "
        "Ask for a new one; nothing was changed."
    ),
    "phone-missing": N_(
        "No telephone of yours is proved, so no code can be sent. Prove one in the settings; nothing was changed."
    ),
    "phone-needs-code": N_(
        "Codes are sent to your telephone, so a new number is proved with a code first. Change it in your profile; the "
        "old one stays until then."
    ),
    # A parent's login
    "consent-required": N_("Read the user data policy and tick that you accept it; without that no code is sent."),
    "person-not-matched": N_(
        "The register of persons has no such number, or it belongs with another telephone. Check both; if they are "
        "right, ask the service centre for citizens to enter your telephone."
    ),
    "too-young-to-register": N_(
        "This is the number of somebody younger than {years} years, who cannot register. Enter your own, not the "
        "child's; nothing was changed."
    ),
    "already-registered": N_(
        "Somebody with this IIN or document number is registered already. Sign in, or recover the password."
    ),
    "register-unavailable": N_(
        "The register of persons does not answer at this moment. Nothing was changed; try again in a few minutes."
    ),
    # Children
    "child-not-found": N_("The register of persons has nobody with this IIN. Compare it with the birth certificate."),
    "not-a-child": N_("By the register this person is of age. Enter the IIN of the child."),
    "child-known": N_("This child is in your cabinet already; you find it below. Nothing was changed."),
    "child-gone": N_(
        "The child you chose is no longer in your cabinet: whoever entrusted it took it back, or it was removed. "
        "Nothing was filed; what you entered stays. Choose another child, or discard the draft."
    ),
    "child-of-another": N_(
        "By the register you are neither parent nor legal representative of this child, so its data are not shown and "
        "it was not entered. If the register is wrong, ask the service centre for citizens."
    ),
    "child-entered-already": N_(
        "{by} has entered this child already. Nothing was changed; ask them to entrust the child to you."
    ),
    "child-not-checked": N_(
        "The child was not entered, because its IIN was not compared with the register within the last month. Check "
        "the IIN again and save."
    ),
    "person-not-registered": N_(
        "Nobody with this IIN or document number is registered here. Ask the person to register, then entrust the "
        "child to them; nothing was changed."
    ),
    "entrusted-to-self": N_("This is your own IIN. Enter that of the person to whom you entrust the child."),
    "guardian-already": N_("This person has the child in their cabinet as its parent. Nothing was changed."),
    "until-passed": N_("This day is over. Choose a later one, or leave the day empty; nothing was changed."),
    # Documents
    "blob-missing": N_(
        "A document of this has not arrived at the provider yet. It is sent at the next contact, and then this is "
        "carried out; nothing was lost."
    ),
    "blob-hash-wrong": N_("The document arrived damaged, so it is sent once more. Nothing was lost."),
    "blob-offset": N_("A part of the document is missing at the provider, so it is sent from there. Nothing was lost."),
    "uploads-full": _uploads_full,
    "too-many-files": _too_many_files,
    "document-there": N_(
        "This very file is with the application already as a document of this kind. Nothing was sent; choose another."
    ),
    "file-empty": N_("The file is empty. Choose another one."),
    "file-too-large": _file_too_large,
    "file-kind": N_("Only PDF, JPEG and PNG files are taken. Save the document as one of these and choose it again."),
    "photo-kind": N_(
        "Only JPEG and PNG pictures are taken as photos; the photo stays as it was. Choose a picture of one of these "
        "kinds."
    ),
    "photo-damaged": N_(
        "The photo cannot be opened: it is damaged, cut off, or something is hidden in it; the photo stays as it was. "
        "Choose another picture."
    ),
    "file-name-differs": N_(
        "The ending of the file's name says another kind than its content. Give it the right ending, such as .pdf or "
        ".jpg, and choose it again."
    ),
    "file-unreadable": N_("The file cannot be read. See whether it is still there and may be opened; choose it again."),
    "file-damaged": N_(
        "The document cannot be opened: it is damaged, cut off, or something is hidden in it. Scan or save it once "
        "more and add it again."
    ),
    "file-encrypted": N_("The PDF is protected by a password. Save it without protection and add it again."),
    "file-active": N_(
        "The PDF contains programs, attached files or form scripts, which are not taken. Print it into a new PDF and "
        "add that."
    ),
    "file-infected": N_(
        "The virus scanner of the provider found something in the document, so it was thrown away. Look after your "
        "computer, then scan the paper once more."
    ),
    "image-too-large": N_("The picture has more than 40 million pixels. Make it smaller and add it again."),
    "scan-unavailable": N_(
        "The provider cannot check documents at this moment. Yours is kept on this computer and sent again by itself."
    ),
}
