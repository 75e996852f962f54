"""A copy of the uploaded documents in one tar file, and putting it back.

A document lies under the hash of what was sent, and of a picture only the pixels are kept: so each member carries the
hash of what lies there. The last member says how many came before it, by which a file that was cut off is noticed.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.domain.attachments import MAX_FILE, is_sha256
from provider.store.backup import BackupError

_HASH: Final = "KABINET.sha256"
_END: Final = "END"
_MOST: Final = 4 * MAX_FILE  # bytes; a picture written anew may be larger than what was sent


@dataclass(frozen=True, slots=True)
class Saved:
    """How many documents were copied, and the bytes of the copy."""

    documents: int
    size: int


@dataclass(frozen=True, slots=True)
class Staged:
    """Documents that were read whole and lie ready beside the folder that takes them."""

    folder: Path
    documents: tuple[str, ...]

    def keep(self, target: Path) -> None:
        """Move the documents to their places; one that is there already is replaced by what was verified."""
        for sha256 in self.documents:
            final = target / sha256[:2] / sha256
            final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.folder / sha256).replace(final)


def archive_of(dump: Path) -> Path:
    """Return where the documents lie beside a copy of the database."""
    return dump.with_name(dump.name + ".documents.tar")


def save(folder: Path, target: Path) -> Saved:
    """Write every stored document to ``target``; an older file is replaced only when done.

    To be made after the copy of the database: documents are only added, so all that it names are in it. What is still
    being sent is not copied; its sender sends it again.
    """
    fresh = target.with_name(target.name + ".part")
    count = 0
    with fresh.open("wb") as file:
        fresh.chmod(0o600)
        with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            for path in sorted(folder.glob("??/*")) if folder.is_dir() else ():
                if not is_sha256(path.name):
                    continue
                try:
                    content = path.read_bytes()
                except FileNotFoundError:  # nothing referred to it, and it was forgotten meanwhile
                    continue
                _add(archive, path.name, content)
                count += 1
            _add(archive, _END, str(count).encode())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    return Saved(count, target.stat().st_size)


@contextmanager
def staged(archive: Path, folder: Path) -> Iterator[Staged]:
    """Lend the documents of a copy, each read and found as it was written, in a folder that goes away at the end.

    Raises :class:`BackupError` when anything in the copy is not as it was written; ``folder`` is as it was then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="restore-", dir=folder))
    try:
        try:
            documents = tuple(_read(archive, place))
        except (tarfile.TarError, EOFError, ValueError) as failure:
            raise _broken(archive, str(failure)) from failure
        yield Staged(place, documents)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    member.pax_headers = {_HASH: hashlib.sha256(content).hexdigest()}
    archive.addfile(member, io.BytesIO(content))


def _read(path: Path, place: Path) -> Iterator[str]:
    count = 0
    with tarfile.open(path, mode="r|") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is None or member.size > _MOST:
                raise _broken(path, f"{member.name} is no document")
            content = stream.read()
            if hashlib.sha256(content).hexdigest() != member.pax_headers.get(_HASH):
                raise _broken(path, f"{member.name} is not what was copied")
            if member.name == _END:
                if content != str(count).encode():
                    raise _broken(path, f"it has {count} documents of {content.decode('ascii', 'replace')}")
                return
            if not is_sha256(member.name):
                raise _broken(path, f"{member.name} is no document")
            with (place / member.name).open("wb") as file:
                (place / member.name).chmod(0o600)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            count += 1
            yield member.name
    raise _broken(path, "it was cut off")


def _broken(path: Path, why: str) -> BackupError:
    return BackupError(f"The copy of the documents {path} is damaged: {why}. Nothing was changed.")
