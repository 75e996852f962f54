"""Settings of generated cases: no deadline, because the machine that runs the tests may be busy with other things."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("kabinet", deadline=None)
settings.load_profile("kabinet")
