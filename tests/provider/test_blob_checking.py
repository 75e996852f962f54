"""While a document is looked at nothing takes its place, whatever comes a second time, and the scanner has its say."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from provider.services import blobs
from provider.services.refusals import Refusal
from provider.settings import Settings
from tests.provider.documents_made import jpeg, pdf
from tests.provider.family_fixtures import mother, provider_settings, world
from tests.provider.family_world import FamilyWorld, Parent, digest_of

__all__ = ["mother", "provider_settings", "world"]


def test_the_same_document_sent_twice_at_once_is_one(mother: Parent, world: FamilyWorld) -> None:
    content, token = jpeg(900, 700), mother.token

    def send(_number: int) -> int:
        return mother.put(content, 0, len(content), digest_of(content), token).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(send, range(4))) == {200}
    assert world.scalar("SELECT count(*) FROM blob WHERE complete_at IS NOT NULL") == 1


WAITS = """import pathlib, sys, time
there, go = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
there.touch()
while not go.exists():
    time.sleep(0.01)
"""


class Checked:
    """An upload whose check lasts until the test lets it go on."""

    def __init__(self, world: FamilyWorld, mother: Parent, content: bytes, folder: Path) -> None:
        self.world, self.user, self.content, self.digest = world, mother.user, content, digest_of(content)
        script = folder / "scan.py"
        script.write_text(WAITS, "utf-8")
        self._there, self._go = folder / "there", folder / "go"
        command = f"{sys.executable} {script} {self._there} {self._go}"
        self._slow = replace(world.settings, scan_command=command)
        self._pool = ThreadPoolExecutor(2)
        self.begin().write_bytes(content)
        self._first = self._pool.submit(self._finish, self._slow)
        while not self._there.exists():
            assert not self._first.done(), self._first.result()

    def begin(self) -> Path:
        """Begin a second copy, as a device does that saw no check yet."""
        return blobs.begin(
            self.world.database, self.world.settings, self.user, self.digest, 0, len(self.content), self.world.clock.now
        )

    def both(self) -> list[blobs.Upload]:
        """Finish the copy while the first is looked at; return what both were told."""
        second = self._pool.submit(self._finish, self.world.settings)
        self._go.touch()
        told = [self._first.result(), second.result()]
        self._pool.shutdown()
        return told

    def _finish(self, settings: Settings) -> blobs.Upload:
        return blobs.finish(
            self.world.database, settings, self.user, self.digest, len(self.content), self.world.clock.now
        )


@pytest.mark.parametrize(
    "came",
    [lambda content: b"", lambda content: content, lambda content: b"x" * len(content)],
    ids=["nothing yet", "all", "something else"],
)
def test_a_second_copy_does_not_take_the_place_of_what_is_being_checked(
    world: FamilyWorld, mother: Parent, tmp_path: Path, came: Callable[[bytes], bytes]
) -> None:
    content = pdf()
    checked = Checked(world, mother, content, tmp_path)
    checked.begin().write_bytes(came(content))
    assert checked.both() == [blobs.Upload(len(content), True)] * 2
    kept = world.request("GET", f"/blobs/{checked.digest}", token=mother.token)
    assert kept.content == content


def test_what_is_written_during_the_check_does_not_come_in_under_the_hash(
    world: FamilyWorld, mother: Parent, tmp_path: Path
) -> None:
    content = pdf()
    path = blobs.begin(
        world.database, world.settings, mother.user, digest_of(content), 0, len(content), world.clock.now
    )
    path.write_bytes(content)
    changed = f"{sys.executable} -c \"import sys; open(sys.argv[1], 'r+b').write(b'no')\" {path}.checking"
    settings = replace(world.settings, scan_command=changed)
    blobs.finish(world.database, settings, mother.user, digest_of(content), len(content), world.clock.now)
    assert world.request("GET", f"/blobs/{digest_of(content)}", token=mother.token).content == content


SCANNER = "import sys; sys.exit(1 if b'virus' in open(sys.argv[1], 'rb').read() else 0)"


@pytest.mark.parametrize(
    ("command", "status", "code"),
    [
        (f'{{python}} -c "{SCANNER}" {{file}}', 422, "file-infected"),
        ('{python} -c "import sys; sys.exit(2)" {file}', 503, "scan-unavailable"),
        ("/no/such/scanner {file}", 503, "scan-unavailable"),
    ],
)
def test_a_virus_scanner_has_its_say(world: FamilyWorld, mother: Parent, command: str, status: int, code: str) -> None:
    content = jpeg()[:-2] + b"virus\xff\xd9"
    scanned = replace(world.settings, scan_command=command.replace("{python}", sys.executable))
    digest = digest_of(content)
    path = blobs.begin(world.database, scanned, mother.user, digest, 0, len(content), world.clock.now)
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        blobs.finish(world.database, scanned, mother.user, digest, len(content), world.clock.now)
    assert (refused.value.status, refused.value.problem.code) == (status, code)
