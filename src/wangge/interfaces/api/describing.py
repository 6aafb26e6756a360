"""What OpenAPI says of an operation, generated from the structs that decode and encode it: one truth."""

from __future__ import annotations

from typing import Any

import msgspec

from wangge.interfaces.api import schemas

_REF = "#/components/schemas/{name}"
_PROBLEM = "application/problem+json"
_WORDS = {
    400: "The bytes cannot be understood",
    401: "No valid token",
    403: "Your duties do not allow this",
    404: "There is no such thing that you may see",
    409: "It has moved on; `present` says where to",
    413: "Too large",
    415: "Another content type",
    422: "A value is not acceptable; `field` names it",
    429: "Too many requests of this token",
    503: "Not now; `Retry-After` says when",
}
_GOOD = {200: "Done", 201: "Made"}


def components() -> dict[str, Any]:
    """Every struct of `schemas` as a JSON schema."""
    _, found = msgspec.json.schema_components(schemas.EVERY, ref_template=_REF)
    return dict(found)


def operation(
    *,
    takes: Any = None,
    query: type | None = None,
    gives: dict[int, Any] | None = None,
    refuses: tuple[int, ...] = (),
    headers: tuple[dict[str, Any], ...] = (),
    body: dict[str, Any] | None = None,
    media: dict[str, Any] | None = None,
    links: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The `openapi_extra` of an operation. `takes` and `gives` are structs; `body` and `media` describe what is
    no JSON: content type → schema; `links` are operations upon the case whose id is answered."""
    extra: dict[str, Any] = {"responses": {}}
    parameters = [*headers, *(_parameters(query) if query else ())]
    if parameters:
        extra["parameters"] = parameters
    if takes is not None:
        body = {"application/json": _schema(takes)}
    if body:
        extra["requestBody"] = {
            "required": True,
            "content": {kind: {"schema": schema} for kind, schema in body.items()},
        }
    for status, kind in (gives or {}).items():
        content = media or {"application/json": _schema(kind)}
        extra["responses"][status] = {
            "description": _GOOD[status],
            "content": {kind: {"schema": schema} for kind, schema in content.items()},
        }
        if links:
            extra["responses"][status]["links"] = {
                name: {"operationId": name, "parameters": {"case": "$response.body#/id"}} for name in links
            }
    for status in sorted({401, 429, *refuses}):
        extra["responses"][status] = _refusal(_WORDS[status])
    extra["responses"]["default"] = _refusal("Any other refusal")
    return extra


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {_PROBLEM: {"schema": {"$ref": _REF.format(name="Problem")}}}}


def _schema(kind: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=_REF)
    return dict(schema)


def _parameters(kind: type) -> list[dict[str, Any]]:
    described = msgspec.json.schema_components([kind], ref_template=_REF)[1][kind.__name__]
    required = described.get("required", ())
    found = []
    for name, schema in described["properties"].items():
        schema = {key: value for key, value in schema.items() if key != "default" or value is not None}
        if "anyOf" in schema:  # “or null” is said by leaving the parameter out
            schema |= next(one for one in schema.pop("anyOf") if one != {"type": "null"})
        parameter: dict[str, Any] = {"in": "query", "name": name, "required": name in required, "schema": schema}
        if "description" in schema:
            parameter["description"] = schema.pop("description")
        if schema.get("type") == "array":
            parameter |= {"style": "form", "explode": False}
        found.append(parameter)
    return found
