"""Refusals that only a door for programs knows; all others are `base.errors`."""

# ruff: noqa: N818 - the names say what is the case, as in base.errors

from __future__ import annotations

from wangge.base.errors import WanggeError


class MethodNotAllowed(WanggeError):
    """The path exists, the method does not."""

    status = 405
    code = "method-not-allowed"
    title = "This path does not take this method"


class UnsupportedType(WanggeError):
    """The body is of a kind that this path does not read."""

    status = 415
    code = "unsupported-type"
    title = "The content type is not supported"
