"""Publishing a period: its figures are written down once, with a journal entry, and read from then on.

What is learned later changes the figures of later periods, never these. A ratio's cases may move on; the figures that
were published stay beside what the cases say now.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.indicators.asking import GROUPINGS, Question, check_grouping
from wangge.kernel.indicators.models import SUBJECT, FrozenRow, Publication
from wangge.kernel.indicators.periods import Period
from wangge.kernel.indicators.queries import Figure, Figures, Table, figures
from wangge.kernel.indicators.table import INDICATORS, Indicator
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.queries import AreaInfo, Atlas, ancestors

VERB = "publish"
DIGEST = (
    "encode(sha256(convert_to(coalesce(string_agg(f.grouping || chr(31) || f.key || chr(31) || f.figures::text,"
    " chr(30) ORDER BY f.grouping COLLATE \"C\", f.key), ''), 'UTF8')), 'hex')"
)
"""SHA-256 over the rows `indicators_frozen f` of a publication, in the order of grouping and key."""
HERE = "."
"""The last part of the key of what lies on an area itself and in none of those below."""
FROZEN = tuple(name for name in GROUPINGS if name not in ("area", "person"))


class Published(NamedTuple):
    """A publication that answers a question, with the table as published."""

    id: UUID
    area_path: str
    published_at: datetime
    table: Table


class Reading(NamedTuple):
    """A table, and the publication of its period where there is one; `frozen` says which of both the table is."""

    table: Table
    frozen: bool
    published: Published | None


def publish(*, area: AreaInfo, period: Period, places: Atlas, by: Mandate, now: datetime) -> Publication:
    """Write down the figures of a period that has ended, for the area and every area below it.

    Raises `Forbidden` without the verb, `InvalidInput` for a period that has not ended or another time zone's, and
    `Conflict` for one that is published.
    """
    by.require(VERB, area.path)
    by.require("see", area.path)
    if period.timezone != places.timezone(area.path):
        raise InvalidInput("The period is one of another time zone.", field="period", value=period.timezone,
                           expected=places.timezone(area.path))  # fmt: skip
    if period.end > now:
        raise InvalidInput("This period has not ended.", field="period", value=period.text,
                           expected=f"a period that ended before {now.isoformat()}")  # fmt: skip
    if Publication.objects.filter(area_id=area.id, period=period.text).exists():
        raise _published(period)
    rows = _rows(area, period, places, by, now)
    made = Publication(
        id=new_id(), version=1, area_id=area.id, path=area.path, period=period.text, timezone=period.timezone,
        starts_at=period.start, ends_at=period.end, published_at=now, rows=len(rows), digest="",
    )  # fmt: skip
    made.digest = _digest(rows)
    data = {name: getattr(made, name) for name in ("path", "period", "timezone", "rows", "digest")}
    try:
        with transaction.atomic():
            append([Act(made.id, SUBJECT, VERB, area.id, {**data, "published_at": to_us(now)})], by=by)
            made.save(force_insert=True)
            FrozenRow.objects.bulk_create(
                [FrozenRow(publication=made, grouping=grouping, key=key, figures=row) for grouping, key, row in rows]
            )
    except IntegrityError as error:
        if "indicators_publication_once" in str(error):
            raise _published(period) from error
        raise
    return made


def _published(period: Period) -> Conflict:
    return Conflict("This period is published already; published figures stay.", field="period", value=period.text,
                    expected="a period that is not published")  # fmt: skip


_STORED = msgspec.json.Decoder(dict[str, tuple[int, int | None, int | None]])
Row = tuple[str, str, dict[str, list[int | None]]]


def _rows(area: AreaInfo, period: Period, places: Atlas, by: Mandate, now: datetime) -> list[Row]:
    """Every row that is kept: the whole, each grouping, and every area below."""
    rows: list[Row] = []

    def add(grouping: str, path: str) -> Table:
        found = figures(Question(area_path=path, by=grouping), period, by=by, now=now)
        for key, row in found.rows.items():
            rows.append((grouping, f"{path}{key or HERE}/" if grouping == "area" else key, kept(row)))
        return found

    rows.append(("total", "", kept(add("area", area.path).total)))
    lower = [one.path for one in places.below(area.path) if one.path != area.path and one.layer == area.layer]
    for path in sorted({path[: path[:-1].rindex("/") + 1] for path in lower} - {area.path}):
        add("area", path)
    for grouping in FROZEN:
        add(grouping, area.path)
    return rows


def kept(row: Figures) -> dict[str, list[int | None]]:
    """Figures as they are stored."""
    return {code: [one.denominator, one.numerator, one.seconds] for code, one in row.items()}


def _digest(rows: list[Row]) -> str:
    """The digest that the stored rows will have, by the database's own form of JSON."""
    sql = (
        f"SELECT {DIGEST} FROM json_to_recordset(%s::json) AS f(grouping text, key text COLLATE \"C\", figures jsonb)"
    )
    told = msgspec.json.encode([dict(zip(("grouping", "key", "figures"), row, strict=True)) for row in rows]).decode()
    with hot_cursor() as cursor:
        found = cursor.execute(sql, [told]).fetchone()
    assert found is not None
    return str(found[0])


_SQL = """
SELECT p.id, p.path, p.published_at, f.grouping, f.key, f.figures::text FROM (
  SELECT * FROM indicators_publication WHERE period = %(period)s AND timezone = %(timezone)s AND path = ANY(%(paths)s)
  ORDER BY length(path) DESC LIMIT 1
) p LEFT JOIN indicators_frozen f ON f.publication_id = p.id AND (
  (f.grouping = 'total' AND p.path = %(path)s) OR (f.grouping = 'area' AND f.key = %(path)s)
  OR (f.grouping = %(by)s AND CASE WHEN f.grouping = 'area' THEN f.key > %(path)s AND f.key < %(after)s
      ELSE p.path = %(path)s END))
"""


def published(question: Question, period: Period) -> Published | None:
    """The published table that answers a question, by one statement; None where there is none.

    A publication holds all areas below its own; what is grouped otherwise, or narrowed, only where it was made.
    """
    if question.filtered or question.personal:
        return None
    path = question.area_path
    values = {
        "period": period.text, "timezone": period.timezone, "paths": ancestors(path), "path": path,
        "by": question.by, "after": after(path),
    }  # fmt: skip
    with hot_cursor() as cursor:
        rows = cursor.execute(_SQL, values).fetchall()
    if not rows or (question.by not in ("", "area") and rows[0][1] != path):
        return None
    total = _read("{}")
    found: dict[str, Figures] = {}
    for _, _, _, grouping, key, stored in rows:
        if grouping == "total" or (grouping == "area" and key == path):
            total = _read(stored)
        elif grouping is not None and grouping != "area":
            found[key] = _read(stored)
        elif grouping is not None and "/" not in (child := key[len(path) : -1]):
            found["" if child == HERE else child] = _read(stored)
    return Published(rows[0][0], rows[0][1], rows[0][2], Table(total, found))


def _read(text: str) -> Figures:
    """Stored figures; an indicator that was not known then counts nothing."""
    stored = _STORED.decode(text)
    return {
        one.code: Figure(*stored[one.code]) if one.code in stored else Figure(0, None if one.numerator is None else 0)
        for one in INDICATORS.values()
    }


def read(
    question: Question, period: Period, *, by: Mandate, now: datetime, live: bool = False,
    indicators: tuple[Indicator, ...] = (),
) -> Reading:
    """The figures of a period: the published ones where there are such, unless `live` asks how the cases stand now."""
    check_grouping(question)
    found = published(question, period) if by.allows("see", question.area_path) else None
    if found is not None and not live:
        return Reading(found.table, True, found)
    return Reading(figures(question, period, by=by, now=now, indicators=indicators), False, found)
