"""Sentences about the way to the provider, this computer's own storage, and entries on their way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from models.contract.sentences.values import Sentence
from translations import N_

SENTENCES: Final[dict[str, Sentence]] = {
    # The way to the provider
    "offline": N_(
        "There is no connection to the provider. What you entered is kept on this computer and will be sent by itself "
        "when the connection is back."
    ),
    "provider-slow": N_(
        "The provider takes too long to answer. What you entered is kept on this computer and will be sent again by "
        "itself."
    ),
    "provider-unavailable": N_(
        "The provider's server cannot answer now. What you entered is kept on this computer; try again later."
    ),
    "not-a-provider": N_(
        "A web page answered instead of the provider: this network may ask you to sign in first. Open a browser, sign "
        "in to the network and try again; what you entered is kept on this computer."
    ),
    "wrong-address": N_(
        "There is no provider at this address. Check the address of the provider and try again; nothing was sent."
    ),
    "certificate-refused": N_(
        "The provider could not prove who it is, so nothing was sent. Check the date of this computer and the network, "
        "then try again."
    ),
    "truncated-answer": N_(
        "The provider's answer broke off half-way. Nothing from it was kept, and the program will ask again by itself."
    ),
    "damaged-answer": N_(
        "The provider's answer arrived damaged. Nothing from it was kept, and the program will ask again by itself."
    ),
    "unexpected-answer": N_(
        "The provider answered something that this program does not understand. What you entered is kept on this "
        "computer; try again later or update the program."
    ),
    "server-error": N_("Something failed at the provider. What you entered is kept on this computer; try again later."),
    "too-large": N_("This is too large to send at once. Send it in smaller parts; nothing was lost."),
    "bad-request": N_(
        "The provider did not accept the form of these data. Nothing was changed; check the input and try again."
    ),
    "not-found": N_("There is no such record, or you have no access to it. Nothing was changed."),
    # This computer
    "disk-full": N_(
        "There is no free space on this disk, so the entry was not recorded. Free some space and enter it again; what "
        "was recorded before is safe."
    ),
    "disk-failed": N_(
        "The disk could not keep the entry, so it was not recorded. Check the disk and enter it again; what was "
        "recorded before is safe."
    ),
    "folder-not-writable": N_(
        "This folder cannot be written to, so nothing was saved. Choose another folder and try again."
    ),
    "cache-damaged": N_(
        "The local copy of the data was damaged and was set aside. The program fetches it from the provider again; "
        "what you entered and had not sent is kept."
    ),
    "journal-damaged": N_(
        "A part of the record of your entries cannot be read. Everything readable was kept and will be sent; compare "
        "the list of waiting entries with your notes."
    ),
    "profile-in-use": N_(
        "This cabinet is already open in another window or by another program. Use that one, or close it and try again."
    ),
    "profile-newer": N_(
        "This cabinet was written by a newer version of the program. Update the program; nothing was changed."
    ),
    "profile-locked": N_("This cabinet is locked. Enter the password to open it; nothing was lost."),
    "profile-wrong-password": N_("The password does not open this cabinet. Try again; nothing was changed."),
    "keyring-unavailable": N_(
        "The password store of this computer does not answer. Open the cabinet with your password; nothing was lost."
    ),
    "cache-not-readable": N_(
        "The data on this computer could not be read. Nothing was lost; try again, and if it repeats, restart the "
        "program."
    ),
    # Sync
    "server-restored": N_(
        "The provider was restored from a backup. The program fetches everything again and re-sends what the provider "
        "lacks; you need not do anything."
    ),
    "device-forked": N_(
        "This cabinet was copied or restored from a backup, so the provider no longer accepts it as this device. Sign "
        "in again to enrol it anew; what you entered is kept and will be sent then."
    ),
    "client-too-old": N_(
        "This version of the program is too old for the provider. Update the program; what you entered is kept on this "
        "computer and will be sent then."
    ),
    "provider-too-old": N_(
        "The provider's server is older than this program and does not understand it yet. What you entered is kept on "
        "this computer; try again later."
    ),
    "cursor-too-old": N_(
        "This computer was away for so long that the program fetches all data again. What you entered is kept."
    ),
    "id-reused": N_(
        "The provider already has another entry under the same number, so this one was not accepted. It is kept under "
        "“Needs your attention”; enter it once more."
    ),
    "bad-signature": N_(
        "The provider could not verify that this entry comes from this device, so it was not accepted. It is kept "
        "under “Needs your attention”; enter it once more."
    ),
    "order-broken": N_(
        "Entries of this device are missing at the provider, so this one has to wait. The program sends the missing "
        "ones by itself."
    ),
    "unknown-kind": N_(
        "The provider does not know this kind of entry, so it was not accepted. It is kept under “Needs your "
        "attention”; ask the provider."
    ),
    "waits-for-another": N_("This entry waits for another one that it depends on. Nothing needs to be done."),
    "depends-on-refused": N_(
        "The entry that this one depends on was not accepted, so this one was not either. Correct the first one, then "
        "enter this one again."
    ),
    "changed-meanwhile": N_(
        "Somebody changed the same data meanwhile, so yours were not stored. Look at both versions and decide again."
    ),
    "already-sent": N_(
        "This entry has already been sent, so it cannot be withdrawn. The provider's answer is on its way."
    ),
    "not-waiting": N_("This entry is no longer waiting, so there is nothing to withdraw."),
    # Entries that wait
    "others-depend": N_("Other entries wait for this one, so it stays. Withdraw those first; nothing was changed."),
    "money-stays": N_("Money that was taken is not withdrawn. Reverse the payment instead; nothing was changed."),
    "work-waits": N_(
        "Some entries have not been sent yet. Connect and send them first, or sign out all the same: they stay on this "
        "computer and are sent after the next sign-in."
    ),
    "another-person": N_(
        "This cabinet still holds unsent entries of another person. Let that person sign in and send them, or use a "
        "cabinet of your own; nothing was changed."
    ),
}


DIRECT: Final[Mapping[str, str]] = {
    "offline": N_(
        "There is no connection to the provider. Check the network and try again; what you typed is still here."
    ),
    "provider-slow": N_("The provider takes too long to answer. Try again in a moment; what you typed is still here."),
    "provider-unavailable": N_(
        "The provider's server cannot answer now. Try again later; what you typed is still here."
    ),
    "not-a-provider": N_(
        "A web page answered instead of the provider: this network may ask you to sign in first. Open a browser, sign "
        "in to the network and try again; what you typed is still here."
    ),
    "truncated-answer": N_("The provider's answer did not arrive whole. Try again; what you typed is still here."),
    "damaged-answer": N_("The provider's answer did not arrive whole. Try again; what you typed is still here."),
    "unexpected-answer": N_(
        "The provider answered something that this program does not understand. Try again later or update the program."
    ),
    "server-error": N_("Something failed at the provider. Try again later; what you typed is still here."),
}
"""What is said instead to a person who waits for the answer: signing in, registering, looking up. Nothing is queued."""
