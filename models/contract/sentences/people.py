"""Sentences about signing in, a person's own details, access, and the codes of people and firms."""

from __future__ import annotations

from typing import Final

from models.contract.sentences.values import Sentence, Values, counted
from translations import N_, _, n_

_WRONG_PASSWORD: Final = {
    "iin": N_("The IIN or the password is wrong. Check both and try again."),
    "document": N_("The document number or the password is wrong. Check both and try again."),
    "phone": N_(
        "The telephone or the password is wrong. Check both and try again. If somebody else uses this telephone too, "
        "sign in with your IIN."
    ),
    "email": N_("The e-mail address or the password is wrong. Check both and try again."),
}


def _wrong_password(values: Values) -> str:
    """Return one sentence for whatever was wrong, with the name of what was typed; it never tells who exists."""
    plain = N_("The login or the password is wrong. Check both and try again.")
    return _(_WRONG_PASSWORD.get(str(values.get("way")), plain))


def _too_many_attempts(values: Values) -> str:
    minutes = max(1, -(-counted(values, "retry_after", 60) // 60))
    return n_(
        "Too many attempts. Wait {count} minute and try again; nothing is locked.",
        "Too many attempts. Wait {count} minutes and try again; nothing is locked.",
        minutes,
    ).format(count=minutes)


def _password_too_short(values: Values) -> str:
    count = counted(values, "minimum", 8)
    return n_(
        "The new password is too short: it needs at least {count} character.",
        "The new password is too short: it needs at least {count} characters.",
        count,
    ).format(count=count)


def _password_too_long(values: Values) -> str:
    count = counted(values, "maximum", 64)
    return n_(
        "The new password is too long: at most {count} character is allowed.",
        "The new password is too long: at most {count} characters are allowed.",
        count,
    ).format(count=count)


def _text_too_long(values: Values) -> str:
    count = counted(values, "maximum", 2000)
    return n_(
        "The text is too long: at most {count} character fits. Shorten it and try again.",
        "The text is too long: at most {count} characters fit. Shorten it and try again.",
        count,
    ).format(count=count)


SENTENCES: Final[dict[str, Sentence]] = {
    # Signing in, registering, recovering
    "wrong-password": _wrong_password,
    "not-confirmed": N_(
        "This registration is not confirmed yet. Open the first link of the letter that we sent to your e-mail "
        "address, then sign in."
    ),
    "signed-out": N_(
        "You are signed out. Sign in again; what you entered is kept on this computer and will be sent then."
    ),
    "lease-expired": N_(
        "This computer has not been in touch with the provider for too long, so the data are locked. Connect and sign "
        "in to open them; nothing was lost."
    ),
    "too-many-attempts": _too_many_attempts,
    "too-busy": N_("Too many people are signing in at this moment. Wait a little and try again; nothing is locked."),
    "unknown-account": N_(
        "There is no account with these details, or they do not match the provider's records. Check every field and "
        "try again."
    ),
    "device-of-another": N_(
        "This cabinet was made on this computer for another person. Open your own cabinet, or make a new one, and "
        "sign in there; nothing was changed."
    ),
    "device-revoked": N_(
        "Access from this device was withdrawn. Sign in again to enrol it; what you entered is kept on this computer."
    ),
    "step-up-required": N_("For this the provider wants your password once more. Sign in again and repeat it."),
    "link-spent": N_(
        "This link or code was already used, or its time is over. If you used it a moment ago and no answer came, it "
        "may have worked: try to sign in. Otherwise ask for a new letter."
    ),
    "details-differ": N_(
        "The details do not match the provider's records. Nothing was changed; check them and try again."
    ),
    "current-password-wrong": N_("The current password is wrong, so the password was not changed. Type it again."),
    "password-too-short": _password_too_short,
    "password-too-long": _password_too_long,
    "password-common": N_("This password is too easy to guess. Choose another one, for instance several words."),
    "password-is-login": N_(
        "The password must not be your login, IIN, telephone or e-mail address. Choose another one."
    ),
    "passwords-differ": N_("The two passwords differ. Type the same one twice."),
    "password-same": N_("The new password is the same as the current one. Choose another one."),
    "email-invalid": N_("This is not an e-mail address. Check it; it looks like name@example.org."),
    "email-same": N_("This is already your e-mail address. Nothing was changed."),
    "phone-invalid": N_("This is not a telephone number. Write it with the country code, such as +7 701 234 56 78."),
    "language-unknown": N_(
        "The provider does not write in this language. Choose one of the list; nothing was changed."
    ),
    "field-required": N_("This field must be filled in."),
    "field-invalid": N_("This value does not fit the field. Check it and try again; nothing was changed."),
    "date-not-readable": N_("This is not a date. Write day, month and year, such as 05.03.2026."),
    "text-too-long": _text_too_long,
    "text-not-allowed": N_("The text contains characters that cannot be kept. Type it again without them."),
    # Access
    "no-access": N_(
        "You have no access to this account any more, so the provider did not accept it. What you entered is kept "
        "under “Needs your attention”; ask the provider."
    ),
    "no-access-at-all": N_("No account is connected with your login yet. Ask the provider to connect it."),
    "not-allowed": N_("Your role does not allow this. Nothing was changed; ask the person who manages access."),
    # Codes of people and firms
    "document-number-short": N_(
        "The number of a document has at least five characters, an IIN has 12 digits. Type it whole; nothing was sent."
    ),
    "iin-invalid": N_("This is not an IIN: it has 12 digits, and the last one follows from the others. Check it."),
    "bin-invalid": N_("This is not a BIN: it has 12 digits, and the last one follows from the others. Check it."),
    "edrpou-invalid": N_(
        "This is not an EDRPOU code: it has 8 digits, and the last one follows from the others. Check it."
    ),
    "rnokpp-invalid": N_(
        "This is not a RNOKPP tax number: it has 10 digits, and the last one follows from the others. Check it."
    ),
    "iban-invalid": N_("This is not an IBAN: a letter or a digit is wrong or missing. Check it against the contract."),
}
