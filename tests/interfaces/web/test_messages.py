"""What a page says after an act stands there once, however often its templates ask for it."""

from __future__ import annotations

from django.contrib.messages import get_messages, success
from django.contrib.messages.storage.cookie import CookieStorage
from django.template import engines
from django.test import RequestFactory


def test_messages_are_said_once_a_page() -> None:
    request = RequestFactory().get("/desk/mine")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    success(request, "记下了")
    page = engines["django"].from_string('{% include "web/messages.html" %}-{% include "web/messages.html" %}')
    text = page.render({"messages": get_messages(request)}, request)
    assert text.count("记下了") == 1
    assert text.index("记下了") < text.index("-")
