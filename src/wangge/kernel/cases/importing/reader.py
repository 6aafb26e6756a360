"""Reading a row of a table as a history, by the mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.base.errors import InvalidInput
from wangge.base.geometry import Point, parse_point
from wangge.kernel.cases.classes.crosswalk import translate
from wangge.kernel.cases.history import History
from wangge.kernel.cases.importing.mapping import Mapping
from wangge.kernel.cases.importing.times import moments
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.tracking import request_digest
from wangge.kernel.people.models import Organisation
from wangge.kernel.places.queries import atlas

_CODE = re.compile(r"[A-Z][0-9]{2}([0-9]{2})?")


class Row(NamedTuple):
    """A row read: its line, its history, its point, and the name that the source gives its area."""

    line: int
    history: History
    point: Point | None
    area_name: str


class Lookups(NamedTuple):
    """What values of the table refer to: classes and organisations by name or code; `schemes` are the classes by
    scheme and code."""

    classes: MappingType[str, UUID]
    organisations: MappingType[str, UUID]
    schemes: MappingType[tuple[str, str], UUID] = {}


def lookups_at(root_path: str) -> Lookups:
    """Classes of a root and the organisations that are at home below it or nowhere, by name and by code.

    A name that two organisations share names neither.
    """
    classes: dict[str, UUID] = {}
    schemes: dict[tuple[str, str], UUID] = {}
    for info in reference().classes_at(root_path):
        if info.area_path == root_path and info.reportable:
            classes[info.name] = classes[info.code] = schemes[info.scheme, info.code] = info.id
    home = {area.id for area in atlas().below(root_path)}
    codes: dict[str, UUID] = {}
    names: dict[str, list[UUID]] = {}
    for one in Organisation.objects.all():
        if one.area is None or one.area in home:
            codes[one.code] = one.id
            names.setdefault(one.name, []).append(one.id)
    return Lookups(classes, {name: ids[0] for name, ids in names.items() if len(ids) == 1} | codes, schemes)


class Reader:
    """Turns a row of text into a `History`. Raises `InvalidInput` naming the column."""

    def __init__(self, mapping: Mapping, lookups: Lookups) -> None:
        self.mapping = mapping
        self.lookups = lookups
        self._moment = moments(mapping.time_format, ZoneInfo(mapping.timezone))

    def read(self, line: int, row: MappingType[str, str]) -> Row:
        """The history of a row, its point and the name that the source gives its area."""
        columns, mapping = self.mapping.columns, self.mapping
        external_id = row[columns.id].strip()
        if not external_id:
            raise InvalidInput("The row has no id.", field=columns.id, expected="a text that names it for ever")
        created = self._time(row, columns.created)
        if created is None:
            raise InvalidInput("The row has no time of creation.", field=columns.created, expected="a time")
        closed = self._time(row, columns.closed)
        state = self._state(row, closed is not None)
        if state != "open" and closed is None:
            raise InvalidInput("A closed row says when it was closed.", field=columns.closed, expected="a time")
        point = self._point(row)
        history = History(
            external_source=mapping.source,
            external_id=external_id,
            description=" · ".join(text for name in columns.description if (text := row[name].strip())),
            address=self._text(row, columns.address),
            lon_e7=point.lon_e7 if point else None,
            lat_e7=point.lat_e7 if point else None,
            crs=mapping.crs,
            class_id=self._class(row),
            organisation=self._named(row, columns.organisation, self.lookups.organisations),
            source=mapping.sources.get(self._text(row, columns.source), "import"),
            created_at=created,
            due_at=self._time(row, columns.due),
            closed_at=closed if state != "open" else None,
            void=state == "void",
            digest=request_digest(mapping.source, "\x1f".join(row.values()).encode()),
        )
        return Row(line, history, point, self._text(row, columns.area_name))

    def _text(self, row: MappingType[str, str], column: str | None) -> str:
        return row[column].strip() if column else ""

    def _time(self, row: MappingType[str, str], column: str | None) -> datetime | None:
        text = self._text(row, column)
        if not text:
            return None
        try:
            return self._moment(text)
        except ValueError as error:
            raise InvalidInput(
                "This is not a time.", field=column, value=text, expected=f"a time like {self.mapping.time_format}"
            ) from error

    def _state(self, row: MappingType[str, str], closed: bool) -> str:
        if self.mapping.columns.status is None:
            return "closed" if closed else "open"
        status = row[self.mapping.columns.status].strip()
        state = self.mapping.states.get(status)
        if state is None:
            raise InvalidInput(
                "The mapping does not know this status.",
                field=self.mapping.columns.status,
                value=status,
                expected="one of " + ", ".join(self.mapping.states),
            )
        return state

    def _named(self, row: MappingType[str, str], column: str | None, known: MappingType[str, UUID]) -> UUID | None:
        text = self._text(row, column)
        if not text:
            return None
        name = self.mapping.organisations.get(text, text)
        if name not in known:
            raise InvalidInput(
                "This is not known here.", field=column, value=text, expected="a class or organisation by name or code"
            )
        return known[name]

    def _class(self, row: MappingType[str, str]) -> UUID | None:
        """By name or code; where the mapping says in which scheme the codes are, by the crosswalk from there."""
        column, scheme = self.mapping.columns.class_, self.mapping.class_scheme
        text = self._text(row, column)
        if scheme is None or not _CODE.fullmatch(text):
            return self._named(row, column, self.lookups.classes)
        if (scheme, text) in self.lookups.schemes:
            return self.lookups.schemes[scheme, text]
        known = reference().crosswalk.get((scheme, text), frozenset())
        for target in {other for other, _ in known if other in {one for one, _ in self.lookups.schemes}}:
            code = translate(text, scheme, target, field=column or "class")
            if (target, code) in self.lookups.schemes:
                return self.lookups.schemes[target, code]
        raise InvalidInput(
            f"Nothing says which class here “{text}” of {scheme} is.",
            field=column,
            value=text,
            expected="a code that the crosswalk has, or the name of a class",
        )

    def _point(self, row: MappingType[str, str]) -> Point | None:
        columns = self.mapping.columns
        lon, lat = self._text(row, columns.lon), self._text(row, columns.lat)
        if not lon and not lat:
            return None
        return parse_point(lon, lat, self.mapping.crs, field=f"{columns.lon}/{columns.lat}")
