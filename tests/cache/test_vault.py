"""The vault: any slot opens, none is built in, and nothing opens with the wrong secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.cache.vault import PREVIOUS, SLOTS, Hardness, Vault, VaultLocked, derived

CHEAP = Hardness(64, 1, 1)


class Keyring:
    """A keyring that keeps, forgets at once, or answers something else."""

    def __init__(self, behaviour: str = "good") -> None:
        self.kept: dict[str, bytes] = {}
        self.behaviour = behaviour

    def get(self, name: str) -> bytes | None:
        return b"x" * 32 if self.behaviour == "liar" else self.kept.get(name)

    def set(self, name: str, key: bytes) -> bool:
        if self.behaviour == "good":
            self.kept[name] = key
        return self.behaviour != "none"

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


def test_each_slot_opens_by_itself(tmp_path: Path) -> None:
    keyring = Keyring()
    vault, key, code = Vault.create(tmp_path, password="құпия", keyring=keyring, recovery=True, hardness=CHEAP)
    assert vault.kinds == {"password", "keyring", "recovery"}
    again = Vault(tmp_path)
    assert again.unlock(password="құпия") == key
    assert again.unlock(keyring=keyring) == key
    assert again.unlock(recovery=code) == key
    assert again.unlock(recovery=code.lower().replace("-", " ")) == key


def test_a_password_is_the_same_however_its_letters_are_composed(tmp_path: Path) -> None:
    _, key, _ = Vault.create(tmp_path, password="пароль й", hardness=CHEAP)
    assert Vault(tmp_path).unlock(password="пароль й") == key


def test_wrong_secrets_open_nothing_and_say_so(tmp_path: Path) -> None:
    Vault.create(tmp_path, password="right", recovery=True, hardness=CHEAP)
    vault = Vault(tmp_path)
    for secrets in ({"password": "wrong"}, {"recovery": "00000-00000"}, {"password": "wrong", "recovery": "x"}):
        with pytest.raises(VaultLocked) as locked:
            vault.unlock(**secrets)
        assert locked.value.problem.code == "profile-wrong-password"
    with pytest.raises(VaultLocked) as locked:
        vault.unlock(keyring=Keyring())
    assert locked.value.problem.code == "profile-locked"


@pytest.mark.parametrize("behaviour", ["none", "forgets", "liar"])
def test_a_keyring_that_does_not_give_back_makes_no_slot(tmp_path: Path, behaviour: str) -> None:
    keyring = Keyring(behaviour)
    with pytest.raises(VaultLocked) as locked:
        Vault.create(tmp_path, keyring=keyring)
    assert locked.value.problem.code == "keyring-unavailable"
    assert not (tmp_path / SLOTS).exists()
    vault, _key, _ = Vault.create(tmp_path, password="p", keyring=keyring, hardness=CHEAP)
    assert vault.kinds == {"password"}


def test_a_new_password_replaces_the_old_one_and_keeps_the_key(tmp_path: Path) -> None:
    vault, key, _ = Vault.create(tmp_path, password="old", hardness=CHEAP)
    vault.set_password(key, "new", CHEAP)
    assert Vault(tmp_path).unlock(password="new") == key
    with pytest.raises(VaultLocked):
        Vault(tmp_path).unlock(password="old")


def test_the_last_slot_stays(tmp_path: Path) -> None:
    keyring = Keyring()
    vault, key, _ = Vault.create(tmp_path, password="p", keyring=keyring, hardness=CHEAP)
    vault.remove("keyring", keyring)
    assert keyring.kept == {}
    with pytest.raises(ValueError, match="last slot"):
        vault.remove("password")
    assert Vault(tmp_path).unlock(password="p") == key


@pytest.mark.parametrize("damage", [b"", b"{", b"\0" * 400])
def test_a_damaged_slots_file_is_read_from_its_previous_generation(tmp_path: Path, damage: bytes) -> None:
    vault, key, _ = Vault.create(tmp_path, password="p", hardness=CHEAP)
    vault.set_recovery(key)
    assert (tmp_path / PREVIOUS).exists()
    (tmp_path / SLOTS).write_bytes(damage)
    assert Vault(tmp_path).unlock(password="p") == key


def test_the_key_is_in_no_file(tmp_path: Path) -> None:
    _, key, code = Vault.create(tmp_path, password="p", recovery=True, hardness=CHEAP)
    for file in tmp_path.iterdir():
        text = file.read_text()
        assert key.hex() not in text
        assert code not in text


def test_keys_of_files_differ() -> None:
    assert len({derived(b"k" * 32, purpose) for purpose in ("cache", "journal", "identity")}) == 3


def test_slots_ask_for_sixty_four_mebibytes_by_default() -> None:
    assert Hardness() == Hardness(65_536, 3, 4)
