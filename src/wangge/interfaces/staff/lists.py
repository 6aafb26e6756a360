"""The views above the list: what each post works from, the others, and what was saved; with live counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.base.mandate import Mandate
from wangge.interfaces.web import words
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.duties.catalogue import POSTS

OPEN = tuple(state.value for state in LIVE)
ANY = "any"

WAITS: dict[str, Promise] = {
    "request": gettext_lazy("Requests"),
    "order": gettext_lazy("Supervised"),
    "call": gettext_lazy("Called out"),
    "late": gettext_lazy("Orders and calls late"),
    "meeting": gettext_lazy("Joint meetings"),
    "risen": gettext_lazy("Escalated"),
    "reminded": gettext_lazy("Reminded of"),
    "joined": gettext_lazy("Joined"),
}
"""What cases wait for beside their stage, as views."""


class View(NamedTuple):
    """A view that everybody has: a filter with a name."""

    key: str
    name: Promise
    params: Mapping[str, str]


VIEWS: dict[str, View] = {
    view.key: view
    for view in (
        View("open", gettext_lazy("All open"), {}),
        View("mine", pgettext_lazy("view", "Mine"), {"mine": "1"}),
        *(View(state, words.STATES[state], {"state": state}) for state in OPEN),
        View("soon", gettext_lazy("Due soon"), {"soon": "1"}),
        View("overdue", gettext_lazy("Overdue"), {"overdue": "1"}),
        *(View(key, name, {"waiting": key, "state": ANY}) for key, name in WAITS.items()),
        View("suspended", words.STATES["suspended"], {"state": "suspended", "order": "longest"}),
        View("closed", words.STATES["closed"], {"state": "closed"}),
    )
}
MAKES_A_VIEW = ("state", "overdue", "soon", "mine", "waiting")
"""The parameters that tell one view from another; the others narrow it."""

ROLES: Mapping[str, Sequence[str]] = {
    "command": ("open", "reported", "verifying", "registered", "handled", "soon", "overdue", "order"),
    "inspector": ("open", "handled", "verifying", "soon", "overdue"),
    "team": ("open", "mine", "soon", "overdue", "dispatched", "handling", "reminded"),
    "unit": ("open", "soon", "overdue", "dispatched", "handling", "reminded", "call"),
    "street": ("open", "mine", "soon", "overdue", "handled"),
    "lead": ("open", "overdue", "risen", "order", "suspended", "request", "meeting", "reminded"),
    "system": ("open", "overdue", "closed"),
}
"""What each group of posts works from; the inspector has a list of their own."""


def views_of(by: Mandate) -> Sequence[str]:
    """The keys of the views that the post works from, in their order."""
    post = POSTS.get(by.post or "")
    return ROLES.get(by.post or "") or ROLES[post.group if post else "system"]


def is_current(params: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether the list shows this view, perhaps narrowed further."""
    return all(params.get(name) == wanted.get(name) for name in MAKES_A_VIEW)


def current(params: Mapping[str, str]) -> View | None:
    """The view that the list shows."""
    return next((view for view in VIEWS.values() if is_current(params, view.params)), None)


def made_by(params: Mapping[str, str]) -> dict[str, str]:
    """Only what makes the view."""
    return {name: params[name] for name in (*MAKES_A_VIEW, "show") if name in params}


def to(address: str) -> str:
    """The list with this query."""
    return reverse("staff:queue") + address
