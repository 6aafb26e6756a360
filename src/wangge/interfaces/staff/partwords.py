"""Public parts in words: lines of the register, the page of one, and what its form sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.geometry import Point, parse_point
from wangge.interfaces.staff import rows, standing
from wangge.interfaces.staff.formfields import day_of, id_of
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import refusals, words
from wangge.kernel.cases.parts.queries import PartView, Unit
from wangge.kernel.cases.parts.rules import NewPart
from wangge.kernel.cases.queries.timeline import Moment
from wangge.kernel.cases.reference import Reference
from wangge.kernel.cases.state import CaseState
from wangge.kernel.places.queries import Atlas

STATES: dict[str, Promise] = {
    "intact": gettext_lazy("intact"),
    "damaged": gettext_lazy("damaged"),
    "lost": gettext_lazy("lost"),
    "removed": gettext_lazy("taken away"),
}
KINDS = {"intact": "", "damaged": "soon", "lost": "late", "removed": "hold"}
"""How pressing a state looks."""
CRS: dict[str, Promise] = {
    "wgs84": gettext_lazy("GPS (WGS 84)"),
    "cgcs2000": gettext_lazy("CGCS2000, Tianditu"),
    "gcj02": gettext_lazy("Amap, Tencent, WeChat (GCJ-02)"),
    "bd09": gettext_lazy("Baidu (BD-09)"),
}
DONE: dict[str, Promise] = {
    "create": gettext_lazy("Entered"),
    "change": gettext_lazy("Changed"),
    "move": gettext_lazy("Given to another area"),
    "erase": gettext_lazy("Words erased"),
}
COLUMNS: dict[str, Promise] = {
    "code": gettext_lazy("code"),
    "name": gettext_lazy("name"),
    "lon_e7": gettext_lazy("position"),
    "lat_e7": gettext_lazy("position"),
    "area": gettext_lazy("area"),
    "path": gettext_lazy("area"),
    "owner": gettext_lazy("owner"),
    "supervisor": gettext_lazy("supervisor"),
    "keeper": gettext_lazy("keeper"),
    "state": gettext_lazy("state"),
    "initial_on": gettext_lazy("first date"),
    "changed_on": gettext_lazy("date of change"),
    "note": gettext_lazy("note"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A part in the list."""

    code: str
    name: str
    class_name: str
    place: str
    keeper: str
    state: words.Due


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case about a part."""

    number: str
    class_name: str
    reported_at: datetime
    state: str
    due: words.Due


@dataclass(frozen=True, slots=True)
class Item:
    """What became of a part, by whom, and which columns changed."""

    at: datetime
    what: str
    who: str
    columns: str


FIELDS: dict[str, Promise] = {
    "code": gettext_lazy("No part here has such a code: 16 digits, of this region and of a class that there is."),
    "location": gettext_lazy("This position lies outside every area. Is the right system chosen?"),
    "lon": gettext_lazy("This is no longitude in degrees."),
    "lat": gettext_lazy("This is no latitude in degrees."),
    "name": gettext_lazy("The name has at most 100 characters on one line."),
    "note": gettext_lazy("The note has at most 500 characters on one line."),
    "initial_on": gettext_lazy("This is not a day."),
    "changed_on": gettext_lazy("This is not a day."),
    "changed_date": gettext_lazy("It cannot have changed before it was there."),
    "table": gettext_lazy("This is no table in UTF-8 with the columns code, lon and lat."),
    "file": gettext_lazy("This is no table in UTF-8 with the columns code, lon and lat."),
}
"""What the form says of a field; other refusals have words of their own."""


def said(error: WanggeError) -> str:
    """A refusal of the register in words."""
    own = FIELDS.get((error.field or "").rpartition(".")[2])
    return str(own) if own and error.detail not in refusals.OWN else refusals.said(error)


def lines(parts: Sequence[PartView], known: Reference, places: Atlas) -> list[Line]:
    """These parts as lines."""
    return [line(part, known, places) for part in parts]


def line(part: PartView, known: Reference, places: Atlas) -> Line:
    """A part as a line."""
    info = next(iter(known.by_code.get(part.class_code, ())), None)
    name = ((info.name_en if english() else info.name) or info.name) if info else part.class_code
    return Line(
        code=part.code,
        name=name if english() and info and part.name == info.name else part.name,
        class_name=name,
        place=standing.ground_name(places, part.path),
        keeper=called(part.keeper),
        state=words.Due(KINDS[part.state], str(STATES[part.state])),
    )


def called(unit: Unit | None) -> str:
    """An organisation in the page's language, '' for none."""
    return ((unit.name_en if english() else unit.name) or unit.name) if unit else ""


def cases(found: Sequence[CaseState], known: Reference, now: datetime) -> list[CaseLine]:
    """Cases about a part as lines."""
    names = {one.id: (one.name_en if english() else one.name) or one.name for one in known.classes.values()}
    return [
        CaseLine(
            one.number, names.get(one.case_class, "") if one.case_class else "", one.reported_at, one.state,
            rows.deadline(one, now),
        )
        for one in found
    ]  # fmt: skip


def story(moments: Sequence[Moment]) -> list[Item]:
    """The entries of a part, the newest first."""
    return [
        Item(
            at=one.recorded_at,
            what=str(DONE.get(one.verb, one.verb)),
            who=" ".join(filter(None, (standing.post_name(one.post or ""), one.actor_name))) or _("the system"),
            columns=_columns(one) if one.verb != "create" else "",
        )
        for one in reversed(moments)
    ]


def _columns(one: Moment) -> str:
    names = [*one.data.get("set", {}), *one.data.get("content", {})]
    return _(", ").join(dict.fromkeys(str(COLUMNS[name]) for name in names if name in COLUMNS))


def note_of(moments: Sequence[Moment]) -> str:
    """The present note, '' where there is none or it was erased."""
    return next((one.content["note"] or "" for one in reversed(moments) if "note" in one.content), "")


def degrees(part: PartView) -> tuple[str, str]:
    """Longitude and latitude as text, exact to 1e-7 degree."""
    return f"{part.lon_e7 / 1e7:.7f}", f"{part.lat_e7 / 1e7:.7f}"


def form_of(part: PartView, note: str) -> dict[str, Any]:
    """What the form of a part shows."""
    lon, lat = degrees(part)
    return {
        "name": part.name, "lon": lon, "lat": lat, "crs": "wgs84", "state": part.state, "note": note,
        "owner": _id(part.owner), "supervisor": _id(part.supervisor), "keeper": _id(part.keeper),
        "initial_on": part.initial_on.isoformat() if part.initial_on else "",
        "changed_on": part.changed_on.isoformat() if part.changed_on else "",
    }  # fmt: skip


def _id(unit: Unit | None) -> str:
    return str(unit.id) if unit else ""


def sent(given: Mapping[str, Any], code: str, before: PartView | None) -> NewPart:
    """The part that a form describes. A position that stands as it was keeps the system that it came in."""
    lon, lat, crs = (str(given.get(name, "")).strip() for name in ("lon", "lat", "crs"))
    if before is not None and crs == "wgs84" and (lon, lat) == degrees(before):
        point, crs = Point(before.lon_e7, before.lat_e7), before.crs
    elif crs not in CRS:
        raise InvalidInput("This coordinate system is not known.", field="crs", value=crs[:40],
                           expected="one of " + ", ".join(CRS))  # fmt: skip
    else:
        point = parse_point(lon, lat, crs)
    units = {
        field: id_of(field, text) if (text := str(given.get(field, ""))) else None
        for field in ("owner", "supervisor", "keeper")
    }
    return NewPart(
        code=code,
        point=point,
        name=str(given.get("name", "")).strip(),
        crs=crs,
        state=str(given.get("state", "")),
        initial_on=day_of("initial_on", str(given.get("initial_on", ""))),
        changed_on=day_of("changed_on", str(given.get("changed_on", ""))),
        note=str(given.get("note", "")).strip(),
        **units,
    )
