"""The queue's filter in the address: read, said in chips, and taken apart again.

Parameters: state (repeatable; `any` for all, none for all that are open), class, area, source, tier, overdue (1), soon
(1: due within `SOON_HOURS`), mine (1: sent to one's own post or unit), waiting (a kind), reported_after
and reported_before (dates), q, order (due, newest or longest), show (list or split), cursor.
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

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import lists
from wangge.interfaces.staff.lists import ANY as ANY
from wangge.interfaces.staff.lists import OPEN as OPEN
from wangge.interfaces.staff.rows import english
from wangge.interfaces.staff.standing import area_name as area_name_of
from wangge.interfaces.web import words
from wangge.kernel.cases.queries import Filters
from wangge.kernel.cases.queries.words import NUMBER_DIGITS
from wangge.kernel.cases.reference import Reference
from wangge.kernel.places.queries import Atlas

PLAIN = (
    "class", "area", "source", "tier", "overdue", "soon", "mine", "waiting", "reported_after", "reported_before", "q",
    "order", "show",
)  # fmt: skip
SHOWS = ("split", "list")
ORDERS = ("due", "newest", "longest")
SOON_HOURS = 4

LABELS: dict[str, Promise] = {
    "class": gettext_lazy("Class"),
    "area": gettext_lazy("Place"),
    "source": gettext_lazy("Source"),
    "tier": gettext_lazy("Tier"),
    "overdue": gettext_lazy("Deadline"),
    "soon": gettext_lazy("Deadline"),
    "mine": gettext_lazy("With whom"),
    "waiting": gettext_lazy("Waits for"),
    "reported_after": gettext_lazy("Reported from"),
    "reported_before": gettext_lazy("Reported until"),
    "q": gettext_lazy("Words"),
}


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
    if len(states) > 1:
        states = [state for state in states if state != ANY]
    if states:
        found["state"] = ",".join(states)
    return found


def query(address: str) -> dict[str, str]:
    """The parameters of an address' query, with or without its question mark."""
    return params_of(QueryDict(address.lstrip("?")))


def whole_number(text: str) -> bool:
    """Whether this is the full number of a case, spaces allowed."""
    digits = text.replace(" ", "").strip()
    return digits.isascii() and digits.isdigit() and len(digits) >= NUMBER_DIGITS


def filters_of(params: Mapping[str, str], names: Names, now: datetime) -> Filters:
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
        due_before=now + timedelta(hours=SOON_HOURS) if params.get("soon") == "1" else None,
        mine=params.get("mine") == "1",
        reported_after=_day(params, "reported_after"),
        reported_before=_day(params, "reported_before", end=True),
        q=params.get("q", ""),
        order=order_of(params),
        waiting=params.get("waiting", ""),
        joined=params.get("waiting") == "joined" or whole_number(params.get("q", "")),
    )


def order_of(params: Mapping[str, str]) -> str:
    """By deadline where there are only open cases, else the newest first, unless the address says."""
    live = "state" not in params or set(params["state"].split(",")) <= {*OPEN, "suspended"}
    if params.get("order") in ORDERS and (live or params["order"] != "longest"):
        return params["order"]
    running = "state" not in params or set(params["state"].split(",")) <= set(OPEN)
    return "due" if running else "newest"


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
        "soon": lambda code: _("within {n} hours").format(n=SOON_HOURS),
        "mine": lambda code: _("mine"),
        "waiting": lambda code: str(lists.WAITS.get(code, code)),
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


def _day(params: Mapping[str, str], name: str, *, end: bool = False) -> datetime | None:
    if name not in params:
        return None
    try:
        day = date.fromisoformat(params[name]) + timedelta(days=int(end))
        return timezone.make_aware(datetime.combine(day, time())).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("This is not a date.", field=name, value=params[name], expected="year-month-day") from error
