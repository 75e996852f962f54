"""Fixtures of every room are plugins, so a test asks for them by name."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

pytest_plugins = ["tests.fixtures.provider", "tests.fixtures.client", "tests.fixtures.window"]
