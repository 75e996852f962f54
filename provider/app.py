"""The provider's ASGI application, put together from its rooms."""

from __future__ import annotations

from fastapi import FastAPI

from provider.settings import Settings
from provider.store.database import Database


def create_app(database: Database, settings: Settings) -> FastAPI:
    """Return the application over an opened database."""
    app = FastAPI(title="Kabinet provider")
    app.state.database = database
    app.state.settings = settings
    return app
