"""The queue's filter in the address: read, said in chips, and taken apart again.

Parameters: state (repeatable; `any` for all, none for all that are open), class, area, source, tier,
overdue (1), reported_after and reported_before (dates), q, order (due or newest), cursor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.base.codes import FORMS
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff.rows import english
from wangge.interfaces.staff.standing import area_name as area_name_of
from wangge.interfaces.web import words
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.cases.queries import Filters
from wangge.kernel.cases.reference import Reference
from wangge.kernel.places.queries import Atlas

PLAIN = ("class", "area", "source", "tier", "overdue", "reported_after", "reported_before", "q", "order", "waiting")
OPEN = tuple(state.value for state in LIVE)
ANY = "any"
NUMBER_DIGITS = sum(digits for _name, digits in FORMS["case"].segments)
"""A full case number has so many digits or more."""

LABELS: dict[str, Promise] = {
    "class": gettext_lazy("Class"),
    "area": gettext_lazy("Place"),
    "source": gettext_lazy("Source"),
    "tier": gettext_lazy("Tier"),
    "overdue": gettext_lazy("Deadline"),
    "reported_after": gettext_lazy("Reported from"),
    "reported_before": gettext_lazy("Reported until"),
    "q": gettext_lazy("Words"),
}


WAITS: dict[str, Promise] = {
    "request": gettext_lazy("Requests"),
    "order": gettext_lazy("Supervised"),
    "call": gettext_lazy("Called out"),
    "late": gettext_lazy("Orders and calls late"),
    "meeting": gettext_lazy("Joint meetings"),
    "joined": gettext_lazy("Joined"),
}
"""What cases wait for beside their stage, as views; kept while they have any."""


class View(NamedTuple):
    """A view that everybody has: a filter with a name."""

    key: str
    name: Promise
    params: Mapping[str, str]


VIEWS: tuple[View, ...] = (
    View("open", gettext_lazy("All open"), {}),
    *(View(state, words.STATES[state], {"state": state}) for state in OPEN),
    View("overdue", gettext_lazy("Overdue"), {"overdue": "1"}),
    *(View(key, name, {"waiting": key, "state": ANY}) for key, name in WAITS.items()),
    View("suspended", words.STATES["suspended"], {"state": "suspended"}),
    View("closed", words.STATES["closed"], {"state": "closed"}),
)


class Chip(NamedTuple):
    """One condition in words, and the address without it."""

    words: str
    without: str
    name: str


class Names(NamedTuple):
    """How codes are said in chips, and where an area's code leads."""

    area_path: Callable[[str], str]
    area_name: Callable[[str], str]
    class_name: Callable[[str], str]


def names_of(places: Atlas, known: Reference, by: Mandate) -> Names:
    """How this ground's codes are said. Its `area_path` raises `InvalidInput` for a place elsewhere."""

    def area_path(code: str) -> str:
        area = places.by_code(code)
        if area is None or not area.path.startswith(by.scope_path):
            raise InvalidInput(
                _("There is no such place on your ground."), field="area", value=code, expected="the code of an area"
            )
        return area.path

    def area_name(code: str) -> str:
        area = places.by_code(code)
        return area_name_of(places, area.path) if area else code

    def class_name(code: str) -> str:
        info = next(iter(known.by_code.get(code, ())), None)
        return ((info.name_en if english() else info.name) or info.name) if info else code

    return Names(area_path, area_name, class_name)


def params_of(query: QueryDict) -> dict[str, str]:
    """The known parameters that say something, as plain text. `state` is joined by commas.

    The full number of a case stands alone: it finds that case, in whatever state, joined to another or not.
    """
    if whole_number(words := query.get("q", "")):
        return {"state": ANY, "q": words.replace(" ", "").strip()}
    found = {name: text for name in PLAIN if (text := query.get(name, "").strip())}
    states = [state for state in query.getlist("state") if state]
    if states:
        found["state"] = ",".join(states)
    return found


def whole_number(text: str) -> bool:
    """Whether this is the full number of a case, spaces allowed."""
    digits = text.replace(" ", "").strip()
    return digits.isascii() and digits.isdigit() and len(digits) >= NUMBER_DIGITS


def filters_of(params: Mapping[str, str], names: Names) -> Filters:
    """The filter that the parameters mean. Raises `InvalidInput` naming the parameter."""
    for name, text in params.items():
        if "\0" in text:  # no text of the database may hold it
            raise InvalidInput("This holds the character NUL.", field=name, expected="text without NUL")
    states: tuple[str, ...] = tuple(params["state"].split(",")) if "state" in params else OPEN
    if params.get("state") == ANY:
        states = ()
    return Filters(
        states=states,
        class_prefix=params.get("class", ""),
        area_path=names.area_path(params["area"]) if "area" in params else "",
        tier=params.get("tier", ""),
        source=params.get("source", ""),
        overdue=True if params.get("overdue") == "1" else None,
        reported_after=_day(params, "reported_after"),
        reported_before=_day(params, "reported_before", end=True),
        q=params.get("q", ""),
        order=order_of(params),
        waiting=params.get("waiting", ""),
        joined=params.get("waiting") == "joined" or whole_number(params.get("q", "")),
    )


def order_of(params: Mapping[str, str]) -> str:
    """By deadline where there are only open cases, else the newest first, unless the address says."""
    if params.get("order") in ("due", "newest"):
        return params["order"]
    return "newest" if "state" in params and not set(params["state"].split(",")) <= set(OPEN) else "due"


def address(params: Mapping[str, str], **changes: str | None) -> str:
    """The query of these parameters with some changed; None takes one out."""
    merged = {**params, **changes}
    pairs = [
        (name, part)
        for name, value in merged.items()
        if value
        for part in (value.split(",") if name == "state" else [value])
    ]
    return "?" + urlencode(pairs) if pairs else "?"


def chips_of(params: Mapping[str, str], names: Names) -> list[Chip]:
    """What the list is narrowed by, beyond the view's own state."""
    said: dict[str, Callable[[str], str]] = {
        "class": names.class_name,
        "area": names.area_name,
        "source": lambda code: str(words.SOURCES.get(code, code)),
        "tier": lambda code: str(words.TIERS.get(code, code)),
        "overdue": lambda code: _("overdue"),
        "q": lambda text: f"“{text}”",
    }
    return [
        Chip(
            _("{name}: {value}").format(name=label, value=said.get(name, str)(params[name])),
            address(params, **{name: None}),
            str(label),
        )
        for name, label in LABELS.items()
        if name in params
    ]


def is_current(view: View, params: Mapping[str, str]) -> bool:
    """Whether the list shows this view, perhaps narrowed further."""
    return all(params.get(name) == view.params.get(name) for name in ("state", "overdue", "waiting"))


def _day(params: Mapping[str, str], name: str, *, end: bool = False) -> datetime | None:
    if name not in params:
        return None
    try:
        day = date.fromisoformat(params[name]) + timedelta(days=int(end))
        return timezone.make_aware(datetime.combine(day, time())).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("This is not a date.", field=name, value=params[name], expected="year-month-day") from error
