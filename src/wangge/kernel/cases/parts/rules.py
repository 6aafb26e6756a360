"""What a part may be (pure)."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from wangge.base.codes import part_class, read
from wangge.base.errors import InvalidInput
from wangge.base.geometry import Point
from wangge.kernel.cases.models.parts import STATES, Part

LONGEST_NAME = 100
LONGEST_NOTE = 500


class NewPart(NamedTuple):
    """A part as it is handed in. `point` is WGS 84, `crs` what it came in; an empty name is that of its class."""

    code: str
    point: Point
    name: str = ""
    crs: str = "wgs84"
    owner: UUID | None = None
    supervisor: UUID | None = None
    keeper: UUID | None = None
    state: str = "intact"
    initial_on: date | None = None
    changed_on: date | None = None
    note: str = ""


COLUMNS = (
    "code", "class_code", "area", "path", "lon_e7", "lat_e7", "crs", "owner", "supervisor", "keeper", "state",
    "initial_on", "changed_on",
)  # fmt: skip
"""What entries say of a part, beside its name (a content)."""


def check_part(part: NewPart) -> NewPart:
    """The part as given, or `InvalidInput` naming the field."""
    read("part", part.code)
    if part.state not in STATES:
        raise InvalidInput(
            "A part has no such state.", field="state", value=part.state, expected="one of " + ", ".join(STATES)
        )
    for field, most in (("name", LONGEST_NAME), ("note", LONGEST_NOTE)):
        text = getattr(part, field)
        if len(text) > most or any(ord(letter) < 32 for letter in text):
            raise InvalidInput(
                f"The {field} of part {part.code} cannot be kept.",
                field=field,
                value=text[:60],
                expected=f"at most {most} characters on one line",
            )
    if part.initial_on and part.changed_on and part.changed_on < part.initial_on:
        raise InvalidInput(
            f"Part {part.code} was changed before it was there.",
            field="changed_date",
            value=part.changed_on.isoformat(),
            expected=f"{part.initial_on.isoformat()} or later",
        )
    return part


def check_region(code: str, region: str | None) -> None:
    """A part belongs to the region that its code names. Raises `InvalidInput`."""
    if region is not None and code[:6] != region:
        raise InvalidInput(
            f"Part {code} lies in {region}, but its code says {code[:6]}.",
            field="code",
            value=code,
            expected=f"{region} and 10 more digits",
        )


def values_of(part: NewPart, area: UUID | None, path: str) -> dict[str, Any]:
    """The columns that entries tell, as plain values: ids and dates as text."""
    values: dict[str, Any] = {
        "code": part.code,
        "class_code": part_class(part.code),
        "area": area,
        "path": path,
        "lon_e7": part.point.lon_e7,
        "lat_e7": part.point.lat_e7,
        "crs": part.crs,
        "owner": part.owner,
        "supervisor": part.supervisor,
        "keeper": part.keeper,
        "state": part.state,
        "initial_on": part.initial_on,
        "changed_on": part.changed_on,
    }
    return {name: plain(value) for name, value in values.items()}


def stored_values(part: Part) -> dict[str, Any]:
    """The same of a part that is there."""
    ids = {"area": part.area_id, "owner": part.owner_id, "supervisor": part.supervisor_id, "keeper": part.keeper_id}
    return {name: plain(ids[name] if name in ids else getattr(part, name)) for name in COLUMNS}


def plain(value: Any) -> Any:
    """As an entry holds it."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
