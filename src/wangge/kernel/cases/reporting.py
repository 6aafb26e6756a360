"""What a report is, and the rule that makes a case of it (the pure half of intake)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from wangge.base.calendar import WorkingCalendar
from wangge.base.codes import FORMS
from wangge.base.errors import Forbidden, InvalidInput
from wangge.base.geometry import Point
from wangge.base.mandate import Mandate
from wangge.base.masking import MOST_TERMS, bigrams, mask, terms_of
from wangge.base.units import Limit
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.cases.parts.index import Near
from wangge.kernel.cases.rules import SUBJECT, plain, stage_due
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.journal.writing import Act

LIMITS: Mapping[str, int] = {
    "description": 4000,
    "address": 300,
    "contact_name": 60,
    "contact_phone": 40,
    "key": 200,
    "external_id": 100,
    "reason": 1000,
    "note": 4000,
}
"""The most characters that each text may have."""

SOURCES = (
    "resident",
    "grid_worker",
    "hotline",
    "patrol",
    "video",
    "city_inspection",
    "district_inspection",
    "enterprise",
    "sensor",
    "volunteer",
    "leader",
    "media",
    "police",
    "import",
)
"""Where reports come from (domain reference §4.6)."""

_PHONE = re.compile(r"^[0-9+() -]{5,40}$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class NewReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report as a door hands it over. Free text is erasable content; `point` is WGS 84, `crs` what it came in.

    `area_code` names a known place where there is no point. `key` is the sender's idempotency key and
    `digest` the keyed digest of sender and body that goes with it.
    """

    description: str = ""
    address: str = ""
    point: Point | None = None
    crs: str | None = None
    area_code: str | None = None
    case_class: str | None = None
    contact_name: str = ""
    contact_phone: str = ""
    files: tuple[UUID, ...] = ()
    source: str = "resident"
    key: str | None = None
    digest: bytes | None = None
    external_source: str | None = None
    external_id: str | None = None


class Place(msgspec.Struct, frozen=True):
    """Where a report belongs: the deepest area (None outside every boundary) and the path to file it under."""

    area: UUID | None
    path: str
    outside: bool = False


class Identity(msgspec.Struct, frozen=True):
    """Ids and numbers drawn for a new case."""

    case_id: UUID
    number: str
    tracking_code: str | None


def check_text(field: str, value: str) -> str:
    """The text stripped, if it may be kept. Raises `InvalidInput` naming the field."""
    if found := _CONTROL.search(value):
        raise InvalidInput(
            f"“{field}” holds the control character U+{ord(found.group()):04X}.",
            field=field,
            expected="text without control characters",
        )
    stripped = value.strip()
    most = LIMITS[field]
    if len(stripped) > most:
        raise InvalidInput(
            f"“{field}” has {len(stripped)} characters.",
            field=field,
            value=stripped,
            expected=f"at most {most}",
        )
    return stripped


def check_report(report: NewReport) -> dict[str, str]:
    """The texts of a report, checked; empty ones left out. Raises `InvalidInput` for the first fault."""
    texts = {
        name: text
        for name in ("description", "address", "contact_name", "contact_phone")
        if (text := check_text(name, getattr(report, name)))
    }
    if "description" not in texts and not report.files:
        raise InvalidInput("Say what is wrong, in words or by a photo.", field="description", expected="some words")
    if report.point is None and "address" not in texts and report.area_code is None:
        raise InvalidInput(
            "Say where it is, by a point or an address.", field="address", expected="an address or a point"
        )
    if "contact_phone" in texts and not _PHONE.match(texts["contact_phone"]):
        raise InvalidInput("This is not a phone number.", field="contact_phone", expected="digits, spaces, + ( ) -")
    if report.source not in SOURCES:
        raise InvalidInput(
            "This source is not known.",
            field="source",
            value=report.source,
            expected="one of " + ", ".join(SOURCES),
        )
    if report.key is not None and not len(check_text("key", report.key)) >= 1:
        raise InvalidInput("The idempotency key is empty.", field="Idempotency-Key", expected="1 to 200 characters")
    return texts


def decide_report(
    report: NewReport,
    texts: Mapping[str, str],
    *,
    by: Mandate,
    place: Place,
    identity: Identity,
    class_id: UUID | None,
    tier: str,
    near: Near | None = None,
    calendar: WorkingCalendar,
    limits: Mapping[str, Limit],
    files: Mapping[str, list[str]],
) -> Change:
    """The new case and its first entry.

    Who may report may do so everywhere below the root of their ground: a grid worker who sees something across
    the street reports it, and it lands in the grid where it is.
    """
    by.require("report", by.scope_path)
    if not place.path.startswith(root_of(by.scope_path)):
        raise Forbidden(
            f"You report for {root_of(by.scope_path)}, not for {place.path}.",
            field="area_code",
            value=place.path,
            expected="a place of your own subdistrict",
        )
    moment = by.at if by.clock_from_at else by.recorded_at
    fields: dict[str, Any] = {
        "number": identity.number,
        "state": State.REPORTED.value,
        "source": report.source,
        "channel": by.channel,
        "born_path": place.path,
        "path": place.path,
        "tier": tier,
        "reported_at": moment,
        "stage_since": moment,
        "stage_due_at": stage_due(State.REPORTED, calendar, limits, moment),
    }
    if by.clock_from_at:
        fields["origin"] = "simulated" if by.channel == "simulated" else "imported"
    if report.point is not None:
        fields |= {"lon_e7": report.point.lon_e7, "lat_e7": report.point.lat_e7, "crs": report.crs or "wgs84"}
    for name, value in (
        ("case_class", class_id),
        ("part", near.part.id if near else None),
        ("area", place.area),
        ("reporter", by.actor),
        ("external_source", report.external_source),
        ("external_id", report.external_id),
    ):
        if value is not None:
            fields[name] = value
    data: dict[str, Any] = {"set": plain(fields)}
    if place.outside:
        data["outside"] = True
    if near:
        data["part"] = {"code": near.part.code, "metres": round(near.metres)}
    if report.files:
        data["files"] = dict(files)
    act = Act(identity.case_id, SUBJECT, "report", place.area, data, texts)
    return Change(CaseState(id=identity.case_id, version=1, **fields), (act,))


def root_of(path: str) -> str:
    """The path of the root above a path: "a/b/c/" → "a/"; everywhere stays everywhere."""
    return path.split("/", 1)[0] + "/" if path else ""


def search_terms(texts: Mapping[str, str], number: str) -> list[str]:
    """What the search index keeps of a report: the terms of masked words, and the bigrams of the number."""
    words = " ".join((mask(texts.get("description", "")), mask(texts.get("address", ""))))
    return list(dict.fromkeys((*terms_of(words), *bigrams(number))))[:MOST_TERMS]


SERIAL = FORMS["case"].last[0]
"""How many digits the serial of a case number has at least, where no area says otherwise."""


def new_number(region: str, at: datetime, drawn: int, serial: int | None = None) -> str:
    """A case number: 6-digit region, 8-digit local date, a database sequence of at least `serial` digits.

    `at` is aware, in the time zone of the place; the form is that of `base.codes.FORMS`.
    """
    return f"{region}{at.year:04d}{at.month:02d}{at.day:02d}{drawn:0{serial or SERIAL}d}"
