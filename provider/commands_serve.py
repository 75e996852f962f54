"""Commands that keep a provider running: ``serve``, ``worker``, ``release-held``, ``new-epoch``."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NoReturn

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from provider.app import PREFIX, create_app
from provider.handlers.push import sweep
from provider.jobs.queue import run_worker
from provider.services import blobs
from provider.settings import Settings, from_environment
from provider.store import documents_copy
from provider.store.backup import BackupError, backup, restore
from provider.store.database import Database
from provider.store.epoch import renew_epoch
from provider.store.migrate import upgrade

_KEEP_ALIVE: Final = 75  # seconds; above the longest wait of a long poll
_BACKLOG: Final = 512
_GRACE: Final = 3  # seconds


def register(subparsers: Any) -> None:
    """Add the commands."""
    serve = subparsers.add_parser("serve", help="migrate the database, start the server, print its address when ready")
    serve.add_argument("--host", help="address to listen on")
    serve.add_argument("--port", type=int, help="port to listen on; 0 takes a free one")
    serve.add_argument("--processes", type=int, default=1, help="number of serving processes")
    serve.set_defaults(run=run_serve)
    worker = subparsers.add_parser("worker", help="run mailings, letters, charging and imports until ended")
    worker.add_argument("--once", action="store_true", help="do what is due and end")
    worker.set_defaults(run=run_work)
    held = subparsers.add_parser("release-held", help="carry out commands that waited and need wait no longer")
    held.set_defaults(run=run_release)
    fresh = subparsers.add_parser(
        "new-epoch", help="after putting back a backup: let every client notice and send what is missing"
    )
    fresh.set_defaults(run=run_new_epoch)
    copy = subparsers.add_parser(
        "backup", help="copy the database to a file, and the documents beside it, while in use"
    )
    copy.add_argument("file", type=Path)
    copy.set_defaults(run=run_backup)
    back = subparsers.add_parser("restore", help="put a copy back; end the serving processes first")
    back.add_argument("file", type=Path)
    back.set_defaults(run=run_restore)


def run_serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until a signal ends the process."""
    if arguments.processes < 1:
        print("--processes must be at least 1.", file=sys.stderr)
        return 2
    settings = replace(
        settings,
        host=arguments.host or settings.host,
        port=settings.port if arguments.port is None else arguments.port,
    )
    listener = _listen(settings.host, settings.port)
    settings = replace(settings, port=listener.getsockname()[1])
    database = Database.open(settings)  # this process holds the cluster for as long as any of its children serves
    signal.signal(signal.SIGTERM, _end)  # the server passes its signals on here when it has finished
    signal.signal(signal.SIGINT, _end)
    threading.Thread(target=_announce, args=(settings,), daemon=True).start()
    try:
        if arguments.processes == 1:
            config = uvicorn.Config(create_app(database, settings, inline_jobs=True), **_options(settings))
            uvicorn.Server(config).run([listener])
        else:
            os.environ["KABINET_DATA_DIR"] = str(settings.data_dir)
            os.environ["KABINET_HOST"], os.environ["KABINET_PORT"] = settings.host, str(settings.port)
            config = uvicorn.Config(
                "provider.commands_serve:child", factory=True, workers=arguments.processes, **_options(settings)
            )
            Multiprocess(config, sockets=[listener]).run()
    finally:
        database.close()
        listener.close()
    return 0


def _end(_number: int, _frame: object) -> NoReturn:
    """End the process in order, so that the database is released."""
    raise SystemExit(0)


def child() -> FastAPI:
    """Return the application of one of several serving processes."""
    settings = from_environment()
    return create_app(Database.open(settings), settings, inline_jobs=True)


def run_work(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run jobs."""
    database = Database.open(settings)
    try:
        sweep(database, settings.clock)
        run_worker(database, settings, wait=not arguments.once)
    finally:
        database.close()
    return 0


def run_release(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Carry out held commands whose turn has come."""
    database = Database.open(settings)
    try:
        print(f"Commands carried out: {sweep(database, settings.clock)}.")
    finally:
        database.close()
    return 0


def run_new_epoch(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Take a new epoch."""
    database = Database.open(settings)
    try:
        print(f"The new epoch is {renew_epoch(database, settings.data_dir)}.")
    finally:
        database.close()
    return 0


def run_backup(arguments: argparse.Namespace, settings: Settings) -> int:
    """Copy the database into a file, then the documents that it names."""
    database = Database.open(settings)
    beside = documents_copy.archive_of(arguments.file)
    try:
        size = backup(database, arguments.file)
        saved = documents_copy.save(settings.documents, beside)
    except BackupError as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        database.close()
    print(f"Saved {size} bytes to {arguments.file}.")
    print(f"Saved uploaded documents: {saved.documents}, {saved.size} bytes, to {beside}. Keep both files together.")
    return 0


def run_restore(arguments: argparse.Namespace, settings: Settings) -> int:
    """Put a copy back with its documents, migrate it and take a new epoch; say which documents are missing."""
    database = Database.open(settings)
    beside = documents_copy.archive_of(arguments.file)
    try:
        with documents_copy.staged(beside, settings.documents) if beside.exists() else nullcontext() as found:
            restore(database, arguments.file, settings.data_dir)
            if found is not None:
                found.keep(settings.documents)
        upgrade(database, settings.data_dir)
        missing = blobs.missing(database, settings)
    except BackupError as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        database.close()
    print(f"{arguments.file} is back. Clients notice by themselves and send what is missing.")
    if found is None:
        print(f"There is no file {beside}: the uploaded documents were left as they are.")
    else:
        print(f"Uploaded documents put back: {len(found.documents)}.")
    if missing:
        print(f"Documents that the database names and nobody has: {missing}. Clients send again those that they keep.")
    return 0


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "log_level": "warning",
        "access_log": False,  # a path may hold the secret of a letter's link
        "timeout_keep_alive": _KEEP_ALIVE,
        "timeout_graceful_shutdown": _GRACE,  # an open long poll must not hold up a restart
        "proxy_headers": True,
        "forwarded_allow_ips": settings.trusted_proxies,
        "server_header": False,
        "date_header": False,
    }


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(_BACKLOG)
    listener.set_inheritable(True)
    return listener


def _announce(settings: Settings) -> None:
    """Print the address once the server answers on it."""
    address = f"http://{settings.host}:{settings.port}"
    while True:
        try:
            with urllib.request.urlopen(f"{address}{PREFIX}/health", timeout=5):  # noqa: S310 our own address
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    print(f"The provider answers at {address}", flush=True)
