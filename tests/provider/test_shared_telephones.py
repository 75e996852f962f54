"""Telephones that a family shares: who proved one is told that somebody has it, and signs in by other means."""

from __future__ import annotations

from tests.provider.family_fixtures import provider_settings, world
from tests.provider.family_world import (
    MOTHER,
    OTHER_PHONE,
    PHONE,
    FamilyWorld,
)

__all__ = ["provider_settings", "world"]


def test_whoever_proves_a_telephone_learns_whether_it_is_somebody_s_and_nothing_more(world: FamilyWorld) -> None:
    def proved(purpose: str, phone: str, code: str = "") -> dict[str, object]:
        world.ask(purpose, phone, code)
        body = {"purpose": purpose, "phone": phone, "one_time": world.code(phone), "code": code}
        answer: dict[str, object] = world.post("/families/codes/verify", body).json()
        return answer

    assert proved("register", OTHER_PHONE)["shared"] is False
    world.register()
    world.clock.move(minutes=2)
    shared = proved("register", PHONE)
    assert shared.keys() == {"ticket", "shared"}
    assert shared["shared"] is True
    world.clock.move(minutes=2)
    assert proved("recover", PHONE, MOTHER)["shared"] is False, "it is their own"
