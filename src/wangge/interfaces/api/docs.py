"""The reference page: rendered on the server from the schema, so it needs no script and no other host."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja.openapi.docs import DocsBase

_METHODS = ("get", "post", "put", "delete", "patch")


class Reference(DocsBase):
    """Every operation with its parameters, body and answers, and every schema."""

    def render_page(self, request: HttpRequest, api: Any, **kwargs: Any) -> HttpResponse:
        """The page."""
        schema = api.get_openapi_schema(path_params=kwargs)
        found = [
            {"method": method.upper(), "path": path, **operation}
            for path, methods in schema["paths"].items()
            for method, operation in methods.items()
            if method in _METHODS
        ]
        context = {
            "info": schema["info"],
            "operations": [_readable(one) for one in found],
            "schemas": [_schema(name, one) for name, one in sorted(schema["components"]["schemas"].items())],
        }
        return render(request, "api/docs.html", context)


def _readable(operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    return {
        "method": operation["method"],
        "path": operation["path"],
        "name": operation["operationId"],
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "parameters": [
            {
                "name": one["name"],
                "where": one["in"],
                "required": one["required"],
                "kind": kind_of(one["schema"]),
                "description": one.get("description", ""),
            }
            for one in operation.get("parameters", ())
        ],
        "bodies": [(media, kind_of(one["schema"])) for media, one in body.items()],
        "answers": [
            (status, one["description"], [kind_of(two["schema"]) for two in one.get("content", {}).values()])
            for status, one in sorted(operation["responses"].items(), key=lambda pair: str(pair[0]))
        ],
    }


def _schema(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = schema.get("required", ())
    return {
        "name": name,
        "description": schema.get("description", ""),
        "fields": [
            {
                "name": field,
                "required": field in required,
                "kind": kind_of(one),
                "description": one.get("description", ""),
            }
            for field, one in schema.get("properties", {}).items()
        ],
    }


def kind_of(schema: dict[str, Any]) -> str:
    """A schema in a few words: `string ≤ 300`, `list of uuid`, `NewCase`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(kind_of(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    words = [str(schema.get("format") or schema.get("type", "anything"))]
    for key, sign in (("maxLength", "≤"), ("minimum", "≥"), ("maximum", "≤")):
        if key in schema:
            words.append(f"{sign} {schema[key]}")
    return " ".join(words)
