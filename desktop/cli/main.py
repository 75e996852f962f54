"""Runs one command: opens the profile, does the act, and turns every trouble into one sentence and a status."""

from __future__ import annotations

import contextlib
import getpass
import logging
import os
import platform
import shutil
import sys
import tarfile
from argparse import Namespace
from pathlib import Path, PurePosixPath

from desktop.cabinet import Cabinet
from desktop.cli import answers
from desktop.cli.acts import ACTS
from desktop.cli.refusal import Refusal
from desktop.paths import Folders
from desktop.settings import Settings
from models.contract.sentences import sentence
from models.domain.problems import Problem
from translations import _

log = logging.getLogger(__name__)


def run(arguments: Namespace, folders: Folders, settings: Settings) -> int:
    """Do the command and return the exit status."""
    cabinet = Cabinet(folders, settings)
    try:
        return _do(cabinet, arguments, folders, settings)
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    except KeyboardInterrupt:
        complain(_("Stopped. What was recorded before stays recorded."))
        return 1
    except Exception as error:
        problem = getattr(error, "problem", None)
        if isinstance(problem, Problem):
            complain(sentence(problem))
        else:
            log.exception("a command failed")
            complain(_("Something went wrong in this program. Your saved data is safe. The log says more."))
        return 1
    finally:
        cabinet.close()


def complain(text: str) -> None:
    """Say a sentence on standard error."""
    sys.stderr.write(f"{text}\n")


def _do(cabinet: Cabinet, arguments: Namespace, folders: Folders, settings: Settings) -> int:
    if arguments.command == "sign-in":
        return _sign_in(cabinet, arguments)
    if arguments.command == "restore":
        return _restore(arguments, folders)
    _open(cabinet, arguments, settings)
    if arguments.command == "sign-out":
        cabinet.sign_out(force=arguments.force)
        answers.answer({"signed_out": True}, [_("Signed out.")], as_json=arguments.json)
        return 0
    if arguments.command == "backup":
        return _backup(cabinet, arguments, folders)
    return ACTS[arguments.command](cabinet, arguments)


def _open(cabinet: Cabinet, arguments: Namespace, settings: Settings) -> None:
    if not (settings.get("provider_url") and settings.get("login")):
        raise Refusal(_("Nobody is signed in here. Sign in first: kabinet sign-in --provider URL --login LOGIN."))
    given = os.environ.get("KABINET_PASSWORD")
    if given is None and not arguments.password_stdin and cabinet.open_last() is not None:
        return
    if cabinet.open_last(given if given is not None else _password(arguments)) is None:
        raise Refusal(_("Nobody is signed in here. Sign in first: kabinet sign-in --provider URL --login LOGIN."))


def _sign_in(cabinet: Cabinet, arguments: Namespace) -> int:
    name = cabinet.connect(arguments.provider)
    password = os.environ.get("KABINET_PASSWORD")
    cabinet.sign_in(arguments.login, password if password is not None else _password(arguments), platform.node())
    report = cabinet.client.sync()
    value, lines = answers.sync_report(report)
    told = _("Signed in at {provider} as {login}.").format(provider=name, login=arguments.login)
    answers.answer({"login": arguments.login, "provider": name, "sync": value}, [told, *lines], as_json=arguments.json)
    if report.problem is not None:
        raise Refusal(sentence(report.problem))
    return 0


def _password(arguments: Namespace) -> str:
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Refusal(_("The password is needed: give it with --password-stdin or in KABINET_PASSWORD."))
    return getpass.getpass(_("Password: "))


def _backup(cabinet: Cabinet, arguments: Namespace, folders: Folders) -> int:
    """Copy every profile, encrypted as it lies on the disk, with the settings."""
    target: Path = arguments.file
    if target.exists():
        raise Refusal(_("{path} exists already and was left as it is. Choose another name.").format(path=target))
    cabinet.close()
    part = target.with_name(f".{target.name}.part")
    try:
        with tarfile.open(part, "w:gz") as archive:
            archive.add(folders.data / "profiles", "profiles", filter=_worth_keeping)
            if folders.settings.exists():
                archive.add(folders.settings, folders.settings.name)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refusal(
            _("The file {path} could not be written: {reason}. Nothing else changed; choose another place.").format(
                path=target, reason=error.strerror or error
            )
        ) from error
    answers.answer({"file": str(target)}, [_("Saved to {path}.").format(path=target)], as_json=arguments.json)
    return 0


def _worth_keeping(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    name = Path(entry.name)
    return None if name.name == "ballast" or name.suffix == ".lock" else entry


def _restore(arguments: Namespace, folders: Folders) -> int:
    """Put a backup back beside nothing: existing profiles are set aside first, never overwritten."""
    source: Path = arguments.file
    part = folders.data / "restoring"
    try:
        with tarfile.open(source, "r:gz") as archive:
            _unpack(archive, part)
    except (OSError, tarfile.TarError, EOFError) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise Refusal(
            _("{path} could not be read as a backup. Nothing changed on this computer.").format(path=source)
        ) from error
    if not (part / "profiles").is_dir():
        raise Refusal(_("{path} could not be read as a backup. Nothing changed on this computer.").format(path=source))
    kept: Path | None = None
    if (folders.data / "profiles").exists():
        kept = _unused(folders.data / "profiles-before-restore")
        (folders.data / "profiles").replace(kept)
    (part / "profiles").replace(folders.data / "profiles")
    with contextlib.suppress(FileNotFoundError):
        (part / folders.settings.name).replace(folders.settings)
    part.rmdir()
    lines = [_("The profile is back. The provider will notice that it is a copy and give this device a new identity.")]
    if kept is not None:
        lines.append(_("What was here before was set aside as {path}.").format(path=kept))
    answers.answer({"restored": True, "set_aside": str(kept) if kept else None}, lines, as_json=arguments.json)
    return 0


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Unpack plain files and folders below ``folder``; raises ``tarfile.TarError`` for what no backup ever has.

    By hand, because Python 3.11.2, which Debian 12 has, knows no filter for extraction.
    """
    for entry in archive:
        name = PurePosixPath(entry.name)
        if name.is_absolute() or ".." in name.parts or not (entry.isdir() or entry.isreg()):
            raise tarfile.TarError(f"no backup has {entry.name!r}")
        target = folder / name
        if entry.isdir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        content = archive.extractfile(entry)
        if content is None:
            raise tarfile.TarError(f"nothing is in {entry.name!r}")
        with content, target.open("wb") as file:
            shutil.copyfileobj(content, file)
        target.chmod(entry.mode & 0o700)


def _unused(path: Path) -> Path:
    """Return ``path`` with the first number that is not taken."""
    number = 1
    while (numbered := path.with_name(f"{path.name}-{number}")).exists():
        number += 1
    return numbered
