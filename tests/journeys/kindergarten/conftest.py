"""The department of a town at a real provider, and the parent's whole program in front of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

import pytest

from provider.settings import Settings as ProviderSettings
from tests.fixtures.provider import ProviderServer
from tests.fixtures.provider import template as plain_template
from tests.journeys.kindergarten.town import MORNING, Town, build
from tests.journeys.program import Program
from tests.journeys.surroundings import Clock

template = plain_template
"""A database without the demonstration."""


@pytest.fixture
def clock() -> Clock:
    """The time on both sides: it goes on from a Monday morning in September 2026."""
    return Clock(MORNING.replace(tzinfo=UTC))


@pytest.fixture
def provider_settings(provider_settings: ProviderSettings, clock: Clock) -> ProviderSettings:
    """Settings of a provider that lives in September 2026."""
    return replace(provider_settings, clock=clock)


@pytest.fixture
def town(provider_server: ProviderServer, clock: Clock) -> Town:
    """The department with its people."""
    return build(provider_server.database, provider_server.settings, clock)


@pytest.fixture
def parent(start: Callable[..., Program], town: Town) -> Program:
    """The program with the mother signed in and everything read."""
    return start().enter("mother")
