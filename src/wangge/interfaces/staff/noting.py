"""What an entry says beyond its act, for the timeline: a rating, an end, a due time, a meeting that was called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from wangge.base.clock import from_us
from wangge.interfaces.web import words
from wangge.kernel.cases.queries import Moment

RATINGS: dict[int, Promise] = {
    3: pgettext_lazy("rating", "Very content"),
    2: pgettext_lazy("rating", "Content"),
    1: pgettext_lazy("rating", "Not content"),
}


def noted(moment: Moment, now: datetime) -> list[str]:
    """The notes of one entry."""
    found = []
    for column, value in moment.data.get("set", {}).items():
        say = _SAID.get((moment.verb, column)) or _SAID.get(("", column))
        if say and value is not None and (said := say(value, now)):
            found.append(said)
    return found


def _time(text: Callable[[], str]) -> Callable[[Any, datetime], str]:
    return lambda value, now: text().format(moment=words.moment(from_us(value), now=now))


_SAID: Mapping[tuple[str, str], Callable[[Any, datetime], str]] = {
    ("rate", "satisfaction"): lambda value, now: str(RATINGS.get(value, "")),
    ("ask_suspension", "request_until"): _time(lambda: _("until {moment}")),
    ("suspend", "suspended_until"): _time(lambda: _("until {moment}")),
    ("extend", "due_at"): _time(lambda: _("due {moment} now")),
    ("supervise", "supervision_due_at"): _time(lambda: _("answer by {moment}")),
    ("whistle", "call_due_at"): _time(lambda: _("on the spot by {moment}")),
    ("", "meeting"): lambda value, now: _("A joint meeting was called") if value == "called" else "",
}
