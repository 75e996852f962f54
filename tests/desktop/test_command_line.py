"""The command line does what the screens do, tells trouble in one sentence, and ends with 0, 1 or 2."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import translations
from desktop.__main__ import main
from models.cache.vault import Hardness
from sync.profile import Profile
from tests.sync.wire import Wire
from tests.sync.world import PASSWORD, World


@dataclass
class Answer:
    """How a command ended."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """The JSON document on standard output."""
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command in a data folder of this test, in English, without a keyring."""
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("KABINET_PASSWORD", PASSWORD)
    monkeypatch.setattr("desktop.cabinet.Profile", SmallProfile)
    before = translations.current()

    def command(*arguments: str, password: str | None = None) -> Answer:
        if password is not None:
            monkeypatch.setenv("KABINET_PASSWORD", password)
        try:
            status = main(["--data-dir", str(tmp_path / "data"), *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    yield command
    translations.use(before)


class SmallProfile(Profile):
    """A profile that holds back little of the disk and is cheap to open."""

    @classmethod
    def create(cls, folder: Path, provider_url: str, **options: Any) -> Profile:
        return super().create(folder, provider_url, hardness=Hardness(64, 1, 1), ballast=1 << 20, **options)

    @classmethod
    def open(cls, folder: Path, **options: Any) -> Profile:
        return super().open(folder, ballast=1 << 20, **options)


@pytest.fixture
def signed_in(run: Run, wire: Wire, world: World) -> Run:
    answer = run("sign-in", "--provider", wire.url, "--login", world.resident)
    assert answer.status == 0, answer.err
    return run


def test_signing_in_reads_everything_and_names_the_provider(run: Run, wire: Wire, world: World) -> None:
    answer = run("sign-in", "--provider", wire.url, "--login", world.resident, "--json")
    assert answer.status == 0, answer.err
    assert answer.json()["sync"]["complete"] is True
    assert run("accounts", "--json").json()[0]["number"] == "123456"


def test_a_wrong_password_is_one_sentence_and_leaves_nothing_behind(
    run: Run, wire: Wire, world: World, tmp_path: Path
) -> None:
    answer = run("sign-in", "--provider", wire.url, "--login", world.resident, password="not it, really")
    assert answer.status == 1
    assert answer.out == ""
    assert len(answer.err.strip().splitlines()) == 1
    assert "Traceback" not in answer.err
    assert list((tmp_path / "data" / "profiles").iterdir()) == []


def test_nobody_signed_in_is_told_how_to(run: Run) -> None:
    answer = run("accounts")
    assert answer.status == 1
    assert "sign-in" in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["reading"],
        ["invoice", "1", "--period", "2024-13", "--output", "x.pdf"],
        ["pay", "1", "ten", "--method", "cash"],
    ],
)
def test_wrong_usage_ends_with_2(run: Run, arguments: list[str]) -> None:
    answer = run(*arguments)
    assert answer.status == 2
    assert answer.out == ""
    assert answer.err.startswith("usage: kabinet")


def test_an_account_shows_what_it_owes_with_spaces_in_its_number(signed_in: Run) -> None:
    answer = signed_in("account", "123 456", "--json")
    assert answer.status == 0, answer.err
    assert answer.json()["number"] == "123456"


def test_an_unknown_account_is_told_in_a_sentence(signed_in: Run) -> None:
    answer = signed_in("account", "999999")
    assert (answer.status, answer.out) == (1, "")
    assert "999999" in answer.err


def test_an_invoice_is_a_pdf_and_never_replaces_a_file_unasked(signed_in: Run, tmp_path: Path) -> None:
    target = tmp_path / "invoice.pdf"
    arguments = ["invoice", "123456", "--period", "2024-01", "--output", str(target)]
    answer = signed_in(*arguments)
    assert answer.status == 0, answer.err
    first = target.read_bytes()
    assert first.startswith(b"%PDF")
    refused = signed_in(*arguments)
    assert refused.status == 1
    assert str(target) in refused.err
    assert target.read_bytes() == first
    assert signed_in(*arguments, "--overwrite").status == 0


def test_papers_of_a_fixed_moment_are_the_same_bytes(
    signed_in: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1706745600")
    made = []
    for name in ("a.pdf", "b.pdf"):
        answer = signed_in("breakdown", "123456", "--period", "2024-01", "--output", str(tmp_path / name))
        assert answer.status == 0, answer.err
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_an_act_with_days_in_the_wrong_order_is_refused(signed_in: Run, tmp_path: Path) -> None:
    answer = signed_in(
        "reconciliation", "123456", "--from", "31.01.2024", "--to", "01.01.2024", "--output", str(tmp_path / "a.pdf")
    )
    assert answer.status == 1
    assert not (tmp_path / "a.pdf").exists()


def test_a_file_that_cannot_be_written_is_told(signed_in: Run, tmp_path: Path) -> None:
    answer = signed_in(
        "invoice", "123456", "--period", "2024-01", "--output", str(tmp_path / "no" / "such" / "folder" / "a.pdf")
    )
    assert answer.status == 1
    assert "Traceback" not in answer.err


def test_invoices_of_all_accounts_in_one_file_and_in_a_folder(signed_in: Run, tmp_path: Path) -> None:
    assert signed_in("invoices", "--period", "2024-01", "--output", str(tmp_path / "all.pdf")).status == 0
    assert signed_in("invoices", "--period", "2024-01", "--output", str(tmp_path / "folder")).status == 0
    assert [path.suffix for path in (tmp_path / "folder").iterdir()] == [".pdf"]


def test_a_reading_given_offline_waits_and_is_sent_by_the_next_sync(signed_in: Run, wire: Wire) -> None:
    wire.break_("down")
    answer = signed_in("reading", "123456", _meter(signed_in), "00147,75", "--confirm", "--json")
    assert answer.status == 0, answer.err
    assert answer.json()["state"] == "waiting"
    assert len(signed_in("outbox", "--json").json()) == 1
    wire.heal()
    report = signed_in("sync", "--json")
    assert report.status == 0, report.err
    assert report.json()["pushed"] == 1
    assert signed_in("outbox", "--json").json() == []


@pytest.mark.parametrize("value", ["12a,5", "1234567", "00001,00", "138,755"])
def test_a_bad_reading_is_refused_and_nothing_waits(signed_in: Run, value: str) -> None:
    answer = signed_in("reading", "123456", _meter(signed_in), value)
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.strip()
    assert signed_in("outbox", "--json").json() == []


def test_a_waiting_reading_can_be_withdrawn(signed_in: Run) -> None:
    given = signed_in("reading", "123456", _meter(signed_in), "00147,75", "--confirm", "--offline", "--json").json()
    assert signed_in("withdraw", given["id"]).status == 0
    assert signed_in("outbox", "--json").json() == []
    assert signed_in("withdraw", given["id"]).status == 1


def test_signing_out_with_waiting_work_asks_for_force_and_keeps_the_work(signed_in: Run, wire: Wire) -> None:
    signed_in("reading", "123456", _meter(signed_in), "00147,75", "--confirm", "--offline")
    refused = signed_in("sign-out")
    assert refused.status == 1
    assert signed_in("sign-out", "--force").status == 0
    assert signed_in("accounts").status == 1
    again = signed_in("sign-in", "--provider", wire.url, "--login", "123456", "--json")
    assert again.status == 0, again.err
    assert again.json()["sync"]["pushed"] == 1


def test_the_profile_opens_without_a_line_and_not_with_a_wrong_password(signed_in: Run, wire: Wire) -> None:
    wire.break_("down")
    assert signed_in("account", "123456").status == 0
    answer = signed_in("account", "123456", password="something else")
    assert answer.status == 1
    assert "Traceback" not in answer.err


def test_a_backup_comes_back_and_what_was_there_is_set_aside(signed_in: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar.gz"
    assert signed_in("backup", str(copy)).status == 0
    assert signed_in("backup", str(copy)).status == 1
    restored = signed_in("restore", str(copy), "--json")
    assert restored.status == 0, restored.err
    assert Path(restored.json()["set_aside"]).is_dir()
    assert signed_in("sync").status in (0, 1)  # the provider may ask this copy to sign in again
    assert signed_in("account", "123456").status == 0


def test_a_file_that_is_no_backup_changes_nothing(signed_in: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.tar.gz"
    wrong.write_bytes(os.urandom(200))
    assert signed_in("restore", str(wrong)).status == 1
    assert signed_in("account", "123456").status == 0


@pytest.mark.parametrize("kind", ["outside", "absolute", "link"])
def test_a_backup_that_reaches_outside_its_folder_is_refused(signed_in: Run, tmp_path: Path, kind: str) -> None:
    hostile = tmp_path / "hostile.tar.gz"
    target = tmp_path / "taken"
    entry = tarfile.TarInfo({"outside": "profiles/../../../taken", "absolute": str(target), "link": "profiles"}[kind])
    if kind == "link":
        entry.type, entry.linkname = tarfile.SYMTYPE, str(tmp_path)
    with tarfile.open(hostile, "w:gz") as archive:
        archive.addfile(entry, io.BytesIO())
    assert signed_in("restore", str(hostile)).status == 1
    assert not target.exists()
    assert signed_in("account", "123456").status == 0


def test_check_finds_a_sound_profile_sound(signed_in: Run) -> None:
    answer = signed_in("check", "--json")
    assert answer.status == 0, answer.err
    assert answer.json() == {"ok": True, "findings": []}


def test_the_password_may_come_from_standard_input(
    run: Run, wire: Wire, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KABINET_PASSWORD")
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert run("sign-in", "--provider", wire.url, "--login", world.resident, "--password-stdin").status == 0


def test_help_is_in_the_language_of_the_system(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "uk_UA.UTF-8")
    monkeypatch.setenv("LANG", "uk_UA.UTF-8")
    assert "Передати показання лічильника" in run("--help").out


def _meter(run: Run) -> str:
    return str(run("account", "123456", "--json").json()["meters"][0]["number"])
