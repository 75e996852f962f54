"""How a command ends when it cannot do what was asked."""

from __future__ import annotations


class Refusal(Exception):
    """One sentence for the person; the command ends with status 1."""
