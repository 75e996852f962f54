"""The provider's ASGI application, put together from its rooms."""

from __future__ import annotations

import importlib.metadata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from provider.api import admissions, blobs, families, lookup, pages, people, sessions, sync
from provider.api.documented import install_openapi
from provider.api.http import Edge, install_errors
from provider.api.positions import Positions
from provider.api.watch import Watcher, ending_with_signals
from provider.jobs.inline import InlineJobs
from provider.settings import Settings
from provider.store.database import Database

PREFIX: Final = "/api/v1"


def create_app(database: Database, settings: Settings, *, inline_jobs: bool = False) -> FastAPI:
    """Return the application over an opened database; with ``inline_jobs`` it also sends letters while it serves."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        jobs = InlineJobs(database, settings) if inline_jobs else None
        if jobs is not None:
            jobs.start()
        try:
            with ending_with_signals(app.state.watcher):
                yield
            await app.state.positions.write()
        finally:
            if jobs is not None:
                jobs.stop()

    app = FastAPI(
        title="Kabinet provider",
        version=importlib.metadata.version("kabinet") if _installed() else "0",
        docs_url=None,
        lifespan=lifespan,
        redoc_url=None,
    )
    app.state.database = database
    app.state.settings = settings
    app.state.watcher = Watcher(database)
    app.state.positions = Positions(database)
    for module in (sync, sessions, people, lookup, families, blobs, admissions):
        app.include_router(module.router, prefix=PREFIX)
    app.include_router(pages.router)
    install_errors(app)
    install_openapi(app)
    app.add_middleware(Edge, database=database, clock=settings.clock)
    return app


def _installed() -> bool:
    try:
        importlib.metadata.version("kabinet")
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
