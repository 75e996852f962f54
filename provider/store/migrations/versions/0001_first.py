"""The first tables, as they are written in ``0001_first.sql`` beside this file."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Create the tables and indexes."""
    for statement in _STATEMENTS.read_text("utf-8").split(";\n"):
        if statement.strip():
            op.get_bind().exec_driver_sql(statement.replace("%", "%%"))


def downgrade() -> None:
    """Refuse: there is nothing before the first tables."""
    raise RuntimeError("there is no revision before the first")
