"""What a command answers about the documents that it names."""

from __future__ import annotations

from models.contract.outcomes import Status
from models.domain.problems import Problem
from provider.handlers.context import HandlerContext, Result
from provider.services import blobs
from provider.services.blobs import Stored


def result_of(problem: Problem) -> Result:
    """Return that a command waits for a document that has not come, or is refused because of one that may not."""
    return Result(Status.HELD if problem.code == "blob-missing" else Status.REFUSED, (problem,))


def picture(context: HandlerContext, sha256: str) -> Result | None:
    """Return why a picture cannot be taken yet or at all, ``None`` when it can or there is none."""
    if not sha256:
        return None
    found = blobs.find_picture(context.unit.connection, sha256, context.user)
    return None if isinstance(found, Stored) else result_of(found)
