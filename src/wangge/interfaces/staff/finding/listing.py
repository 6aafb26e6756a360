"""The list of findings: what it is narrowed to, its lines, and what it says where there is none."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.assessment.core.clauses import SOURCES
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.inspections import queries
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff import ruleswords, standing
from wangge.interfaces.staff.assessing.words import SOURCES as SOURCE_NAMES
from wangge.interfaces.staff.finding import words
from wangge.interfaces.staff.formfields import day_of
from wangge.kernel.cases.reference import Reference, reference
from wangge.kernel.places.queries import Atlas, atlas

PARAMS = ("box", "source", "area", "from", "to")
PAGE = 50


def build(by: Mandate, now: datetime, params: dict[str, str], cursor: str | None) -> dict[str, Any]:
    """One page of the list. Raises `InvalidInput` naming the condition that cannot be used."""
    places, known = atlas(), reference()
    for name, text in params.items():
        if "\0" in text:
            raise InvalidInput("This holds the character NUL.", field=name, expected="text without NUL")
    box, source = params.get("box", "all"), params.get("source", "")
    if source and source not in SOURCES:
        raise InvalidInput("This source is not known.", field="source", value=source[:40], expected="one of the list")
    page = queries.listing(by, queries.Filters(
        box=box, source=source, area_path=_area(params, places, known, by),
        begins=_midnight("from", params), ends=_midnight("to", params, days=1),
    ), now=now, cursor=cursor, limit=PAGE)
    waiting = queries.waiting(by, now)
    labels = {"all": _("All"), "mine": _("For me to put right"), "open": _("Being put right"),
              "overdue": _("Overdue"), "contested": _("Contested")}
    return {
        "room": "findings",
        "params": params,
        "boxes": [
            {"name": labels[key], "address": "?" + urlencode({**params, "box": key}), "current": key == box,
             "n": waiting.get(key, 0)}
            for key in queries.BOXES if key != "mine" or "rectify" in by.may
        ],
        "sources": list(SOURCE_NAMES.items()),
        "areas": ruleswords.area_choices(by, now),
        "rows": [_row(one, places, known, now) for one in page.rows],
        "may_record": "record_finding" in by.may,
        "narrowed": box != "all" or len(params) > ("box" in params),
        "next": "?" + urlencode({**params, "cursor": page.next_cursor}) if page.next_cursor else "",
    }


def _area(params: dict[str, str], places: Atlas, known: Reference, by: Mandate) -> str:
    return bar.names_of(places, known, by).area_path(params["area"]) if "area" in params else ""


def _midnight(name: str, params: dict[str, str], *, days: int = 0) -> datetime | None:
    day = day_of(name, params.get(name, ""))
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time())) if day else None
    except (OverflowError, ValueError) as error:
        raise InvalidInput("This is not a day.", field=name, value=params[name][:40], expected="a day") from error


def _row(one: queries.Listed, places: Atlas, known: Reference, now: datetime) -> dict[str, Any]:
    it = one.it
    return {
        "it": it, "title": words.title(it, known), "number": words.number(it),
        "place": standing.ground_name(places, it.area_path), "points": words.points(it),
        "standing": words.standing(it, exempt=one.exempt is not None), "contested": one.contested,
        "put": words.rectification(it, one.state, one.due_at, now), "nth": words.nth(one.round),
    }
