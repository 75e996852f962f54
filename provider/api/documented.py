"""OpenAPI descriptions made from the contract's own types, so that what is documented is what is decoded."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from models.contract.messages import Failure

_PLACE: Final = "#/components/schemas/{name}"
_KINDS: Final[set[Any]] = {Failure}
_FAILURE: Final = {
    "description": "What is wrong, as a code; never an echo of the request.",
    "content": {"application/json": {"schema": {"$ref": _PLACE.format(name="Failure")}}},
}


def described(
    takes: Any = None, gives: Any = None, status: int = 200, *, signed_in: bool = True, errors: tuple[int, ...] = ()
) -> dict[str, Any]:
    """Return ``openapi_extra`` of a route that takes and gives these types; ``None`` for no body."""
    extra: dict[str, Any] = {"responses": {}}
    if takes is not None:
        _KINDS.add(takes)
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": _reference(takes)}}}
    if gives is not None:
        _KINDS.add(gives)
        content = {"application/json": {"schema": _reference(gives)}}
        extra["responses"][str(status)] = {"description": "Done.", "content": content}
    else:
        extra["responses"][str(status)] = {"description": "Done."}
    for code in sorted({*errors, *((401,) if signed_in else ()), *((413, 422) if takes is not None else ())}):
        extra["responses"][str(code)] = _FAILURE
    if signed_in:
        extra["security"] = [{"bearer": []}]
    return extra


def _reference(kind: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=_PLACE)
    return schema


def install_openapi(app: FastAPI) -> None:
    """Let ``/openapi.json`` contain the contract's types."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, routes=app.routes)
            _, components = msgspec.json.schema_components(sorted(_KINDS, key=repr), ref_template=_PLACE)
            parts = document.setdefault("components", {})
            parts.setdefault("schemas", {}).update(components)
            parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
