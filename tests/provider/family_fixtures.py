"""A department whose parents talk to it over real HTTP, for the files that import these fixtures."""

from __future__ import annotations

import pytest

from provider.settings import Settings
from tests.fixtures.provider import ProviderServer
from tests.provider.family_world import FamilyWorld, Parent, family_settings, make_family_world


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    """Settings with a clock that stands."""
    return family_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> FamilyWorld:
    """The department with its register of persons."""
    return make_family_world(provider_server)


@pytest.fixture
def mother(world: FamilyWorld) -> Parent:
    """A mother who has registered."""
    return world.parent()
