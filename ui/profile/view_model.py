"""One's own profile: what may be changed here, and what only the register may."""

from __future__ import annotations

from functools import partial
from typing import Any

from models.contract.admission_commands import UpdateProfile
from models.contract.records import Person
from models.domain.problems import Problem
from models.domain.telephones import phone_key
from translations import _
from ui.context import Context
from ui.family.model import OPEN, family_of
from ui.family.papers import PHOTO, Papers
from ui.profile.phone import PhoneChange
from ui.screen_model import ScreenModel


class Profile(ScreenModel):
    """Drafts of the second telephone and the address."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.home = family_of(context)
        self._before: dict[str, str] = {}
        """What a field showed when its writing began."""
        self.photos = Papers(context, self.home)
        self.photos.changed.connect(self.changed)
        self.phone = PhoneChange(context)
        self.phone.changed.connect(self.photos.forgive)
        self.home.changed.connect(self.changed)
        self.home.state_changed.connect(self.changed)

    @property
    def person(self) -> Person | None:
        """The person, None before it has come."""
        return self.home.family.person

    def value(self, key: str) -> str:
        """Return what a field shows: what was typed, else what is on its way, else what is known."""
        return self.draft.get(key, self._shown(key))

    def _shown(self, key: str) -> str:
        sent = [getattr(item.payload, key) for item in self._on_its_way()]
        newest = next((value for value in reversed(sent) if value is not None), None)
        return str(getattr(self.person, key, "") if newest is None else newest)

    def _on_its_way(self) -> list[Any]:
        return [item for item in self.home.waiting if isinstance(item.payload, UpdateProfile) and item.state in OPEN]

    def type(self, key: str, text: str) -> None:
        """Override: remember what was there before."""
        self.photos.forgive()
        self._before.setdefault(key, self._shown(key))
        super().type(key, text)

    @property
    def waiting(self) -> bool:
        """Whether a change is on its way."""
        return bool(self._on_its_way())

    @property
    def refused(self) -> list[Any]:
        """Changes that were not taken; what clashes with another change is decided where everything waits."""
        return [
            item for item in self.home.waiting if isinstance(item.payload, UpdateProfile) and item.state == "refused"
        ]

    def put_away(self, item: Any) -> None:
        """Put a refusal away."""
        client = self.context.client
        self.work(lambda: client.acknowledge(item.command_id), lambda _none: self.home.refresh())

    def save(self) -> None:
        """Send what was changed."""
        person = self.person
        self.photos.forgive()
        if person is None:
            return
        phone, address = self.value("extra_phone").strip(), self.value("address").strip()
        digits = "".join(character for character in phone if character.isdigit())
        if phone and not 10 <= len(digits) <= 12:
            self.refuse([Problem("phone-invalid", "extra_phone")])
            return
        payload = UpdateProfile(
            user_id=person.id,
            extra_phone=None if phone_key(phone) == phone_key(self._shown("extra_phone")) else phone,
            address=None if address == self._shown("address") else address,
        )
        if payload.extra_phone is None and payload.address is None:
            self.refuse([])
            return
        named = [key for key in ("extra_phone", "address") if getattr(payload, key) is not None]
        self._send(payload, {key: self._before[key] for key in named if key in self._before})

    def change_photo(self) -> None:
        """Let a picture be chosen."""
        person = self.person
        if person is None:
            return

        def kept(paper: Any) -> None:
            self._send(UpdateProfile(user_id=person.id, photo=paper.sha256))

        self.photos.choose(PHOTO, kept)

    def _send(self, payload: UpdateProfile, base: dict[str, str] | None = None) -> None:
        client = self.context.client
        submit = client.submit if base is None else partial(client.submit, base=base)

        def done(command_id: str) -> None:
            self.draft.clear()
            self._before.clear()
            self.home.announce(command_id, _("Kept; the department gets it with the next exchange."))
            self.home.refresh()

        self.work(lambda: submit(payload), done)
