"""Typed errors. Each says what was wrong with which value and what would be right.

The doors map them: one problem document (RFC 9457) over HTTP, one line and an exit code at the
command line, one form error on a page. A rule raises the error; no door invents a second wording.
"""

# ruff: noqa: N818 - the names say what is the case (Conflict, NotFound); "Error" would add nothing

from __future__ import annotations

from typing import Any, ClassVar


class WanggeError(Exception):
    """Base of every error that a caller can mend or must be told.

    `detail` is one sentence for people; `field` names the input (dotted path) and `value` what it was
    (shortened); `expected` says what would be right; `extra` travels into the problem document.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "The request cannot be understood"

    def __init__(
        self,
        detail: str,
        *,
        field: str | None = None,
        value: object = None,
        expected: str | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.value = None if value is None else _short(value)
        self.expected = expected
        self.extra = extra or {}


class MalformedInput(WanggeError):
    """The bytes are not what they claim to be (JSON, an image, a date)."""


class InvalidInput(WanggeError):
    """A well-formed value that a rule refuses."""

    status = 422
    code = "invalid-input"
    title = "A value is not acceptable"


class TooLarge(WanggeError):
    status = 413
    code = "too-large"
    title = "The content is too large"


class Unauthenticated(WanggeError):
    status = 401
    code = "unauthenticated"
    title = "Sign in or send a valid token"


class Forbidden(WanggeError):
    """The actor's duties do not allow this act here."""

    status = 403
    code = "forbidden"
    title = "Your duties do not allow this"


class NotFound(WanggeError):
    """There is no such thing, or none that the actor may see."""

    status = 404
    code = "not-found"
    title = "There is no such thing that you may see"


class Conflict(WanggeError):
    """The present state does not allow it; `extra['present']` holds that state where there is one."""

    status = 409
    code = "conflict"
    title = "The state has moved on"


class Moved(Conflict):
    """The version that the caller saw is no longer the present one: a lost race, and nothing else is."""


class KeyReused(WanggeError):
    """An idempotency key came back with another body or another sender."""

    status = 422
    code = "idempotency-key-reused"
    title = "This key belongs to another request"


class TooMany(WanggeError):
    status = 429
    code = "too-many-requests"
    title = "Too many requests"


class Unavailable(WanggeError):
    status = 503
    code = "unavailable"
    title = "The service cannot do this now"


def _short(value: object, limit: int = 80) -> str:
    text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
