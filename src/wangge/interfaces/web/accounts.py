"""How accounts come to be: an administrator makes them; nobody signs up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth with its registration closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
