"""One's own profile: what may be changed here, and what only the register may."""

from __future__ import annotations

from typing import Any

from models.contract.admission_commands import UpdateProfile
from models.contract.records import Person
from models.domain.problems import Problem
from translations import _
from ui.context import Context
from ui.family.model import OPEN, family_of
from ui.family.papers import Papers
from ui.profile.phone import PhoneChange
from ui.screen_model import ScreenModel


class Profile(ScreenModel):
    """Drafts of the second telephone and the address."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self.photos = Papers(context, self.home)
        self.photos.changed.connect(self.changed)
        self.phone = PhoneChange(context)
        self.home.changed.connect(self.changed)
        self.home.state_changed.connect(self.changed)

    @property
    def person(self) -> Person | None:
        """The person, None before it has come."""
        return self.home.family.person

    def value(self, key: str) -> str:
        """Return what a field shows: what was typed, else what is known."""
        person = self.person
        known = {"extra_phone": person.extra_phone, "address": person.address} if person is not None else {}
        return self.draft.get(key, known.get(key, ""))

    @property
    def waiting(self) -> bool:
        """Whether a change is on its way."""
        return any(isinstance(item.payload, UpdateProfile) and item.state in OPEN for item in self.home.waiting)

    def save(self) -> None:
        """Send what was changed."""
        person = self.person
        if person is None:
            return
        phone, address = self.value("extra_phone").strip(), self.value("address").strip()
        digits = "".join(character for character in phone if character.isdigit())
        if phone and not 10 <= len(digits) <= 12:
            self.refuse([Problem("phone-invalid", "extra_phone")])
            return
        payload = UpdateProfile(
            user_id=person.id,
            extra_phone=None if phone == person.extra_phone else phone,
            address=None if address == person.address else address,
        )
        if payload.extra_phone is None and payload.address is None:
            self.refuse([])
            return
        self._send(payload)

    def change_photo(self) -> None:
        """Let a picture be chosen."""
        person = self.person
        if person is None:
            return

        def kept(paper: Any) -> None:
            self._send(UpdateProfile(user_id=person.id, photo=paper.sha256))

        self.photos.choose("photo", kept)

    def _send(self, payload: UpdateProfile) -> None:
        client = self.context.client

        def done(_id: str) -> None:
            self.draft.clear()
            self.home.refresh()
            self.context.toast(_("Kept; the department gets it with the next exchange."), "pending")

        self.work(lambda: client.submit(payload), done)
