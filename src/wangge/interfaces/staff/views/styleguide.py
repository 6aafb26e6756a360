"""The living page of the visual language: every component in every state, in the reader's language and theme."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wangge.base.clock import now
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.web import words

INKS = (
    ("accent", gettext_lazy("what can be pressed, or is picked")),
    ("late", gettext_lazy("late")),
    ("soon", gettext_lazy("soon due")),
    ("done", gettext_lazy("done, in time")),
    ("move", gettext_lazy("moving")),
    ("hold", gettext_lazy("clock stopped")),
    ("press", gettext_lazy("supervised from above")),
)
"""Colours with a meaning: each as text, as ground and solid."""
GROUNDS = ("paper", "surface", "sunken", "hover", "picked", "line", "line-2", "edge", "ink", "ink-2", "ink-3")
HEAT = ("heat-0", "heat-1", "heat-2", "heat-3", "heat-4")
SIZES = ("12", "13", "14", "16", "18", "20", "24", "32", "44")
SPACES = ("1", "2", "3", "4", "5", "6", "8", "10", "12", "16")
ICONS = (
    "alert", "back", "brand", "cam", "case", "chart", "check", "clip", "clock", "cols", "down", "filter", "grid",
    "half", "help", "image", "key", "lang", "link", "list", "locate", "loop", "map", "minus", "more", "msg", "next",
    "out", "people", "phone", "pin", "plus", "print", "score", "search", "send", "share", "shield", "split", "sun",
    "task", "user", "x",
)  # fmt: skip


@require_safe
@standing.at_desk
def styleguide(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page. It asks the database for nothing of its own."""
    moment = now()
    context = {
        "room": "styleguide",
        "inks": INKS,
        "grounds": GROUNDS,
        "heat": HEAT,
        "sizes": SIZES,
        "spaces": SPACES,
        "icons": ICONS,
        "states": list(words.STATES),
        "dues": [
            words.due(moment - timedelta(hours=26), now=moment),
            words.due(moment + timedelta(minutes=12), now=moment),
            words.due(moment + timedelta(days=2), now=moment),
            words.due(moment, now=moment, ended=moment - timedelta(hours=1)),
            words.due(moment - timedelta(hours=3), now=moment, ended=moment),
            words.due(None, now=moment),
            words.Due("hold", _("clock stopped for {span}").format(span=words.span(timedelta(days=3)))),
            words.Due("press", _("supervised, answer today")),
        ],
        "moment": moment,
    }
    return standing.page(request, "staff/styleguide.html", context, by=by)
