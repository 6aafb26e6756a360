"""The API as one object: django-ninja's routes, our problem documents, schemas from the msgspec structs."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from wangge.base.errors import InvalidInput, Unauthenticated
from wangge.interfaces.api import describing, middleware

_ENCODER = msgspec.json.Encoder()


class Door(NinjaAPI):
    """NinjaAPI whose every refusal is a problem document and whose components are the structs of `schemas`."""

    def on_exception(self, request: HttpRequest, exc: Exception | type[Exception]) -> HttpResponse:
        """One truth with the pages: `web.problems` words it."""
        if isinstance(exc, AuthenticationError):
            exc = Unauthenticated("This needs a bearer token.", field="Authorization", expected="Bearer wg_…")
        elif isinstance(exc, ValidationError):
            first = exc.errors[0]
            field = ".".join(str(step) for step in first["loc"][1:])
            exc = InvalidInput(f"“{field}”: {first['msg']}.", field=field)
        assert isinstance(exc, Exception)
        answer: HttpResponse = middleware.refusal(request, exc)  # type: ignore[assignment]
        return answer

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """The schema with its components; addresses are relative to where it is served."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"].setdefault("schemas", {}).update(describing.components())
        return schema


def json(value: Any, status: int = 200) -> HttpResponse:
    """An answer in JSON."""
    return HttpResponse(_ENCODER.encode(value), content_type="application/json", status=status)
