"""Asking who was answerable: the question, the answer, and the entry that says who asked.

An answer names people and what they did; each reading is journaled on a subject of its own before anything is shown.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import transaction

from wangge.base.clock import to_us
from wangge.base.errors import InvalidInput, NotFound
from wangge.base.geometry import Point
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after, visible_sql
from wangge.kernel.cases.lifecycle import OPEN
from wangge.kernel.cases.loading import SELECT, load, of_row
from wangge.kernel.cases.queries import trace_many
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.state import CaseState
from wangge.kernel.indicators.periods import parse
from wangge.kernel.journal.proofs import prove
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.queries import AreaInfo, Atlas, ancestors
from wangge.kernel.tracing import rules
from wangge.kernel.tracing.shapes import Answer

VERB, SUBJECT = "trace", "tracing"
MOST_CASES = 30
"""So many cases are told; the newest first, those that were late before the others."""
_LEAST = timedelta(microseconds=1)


class Question(NamedTuple):
    """Where, when, what: an area, a stretch of time, the beginning of a class code; or the one case."""

    area: AreaInfo
    start: datetime
    end: datetime
    class_prefix: str = ""
    case: CaseState | None = None


def question(
    *, places: Atlas, by: Mandate, now: datetime, area: str = "", point: Point | None = None, day: str = "",
    class_prefix: str = "", case: str = "",
) -> Question:
    """The question that a door was asked. A case says place and time itself; a point, its deepest area on that day.

    Raises `InvalidInput` for what is no day, `NotFound` for what is no place or case, and `Forbidden` without `trace`.
    """
    if case:
        state = load(case.strip().replace(" ", ""), by)
        by.require(VERB, state.path)
        place = places.by_path.get(state.path) or places.root(state.path)
        ended = state.closed_at or now
        return Question(place, state.reported_at, max(ended, state.reported_at) + _LEAST, case=state)
    found = places.by_code(area) if area else None
    if point is None and found is None:
        raise NotFound("There is no area with this code.", field="area", value=area, expected="the code of an area")
    zone = places.timezone(found.path if found else by.scope_path)
    period = parse(day, zone, field="day")
    if period.kind != "day" or period.start > now:
        raise InvalidInput("Ask for a day that has begun.", field="day", value=day, expected="such as 2026-06-10")
    end = min(period.end, now)
    if point is not None:
        located = places.locate(point, at=max(period.start, end - _LEAST))
        if located.area is None:
            raise NotFound("No area holds this point.", field="lon", value=point.lon, expected="a point on the ground")
        found = located.area
    assert found is not None
    by.require(VERB, found.path)
    by.require("see", found.path)
    return Question(found, period.start, end, class_prefix)


_SQL = f"""
SELECT {SELECT} FROM cases_case c LEFT JOIN cases_class k ON k.id = c.case_class
WHERE c.path >= %s AND c.path < %s AND c.reported_at < %s AND c.merged_into IS NULL
  AND (c.closed_at >= %s OR c.state = ANY(%s) OR (c.state = 'void' AND c.stage_since >= %s))
  AND (%s = '' OR (k.code >= %s AND k.code < %s)) AND {{visible}}
ORDER BY c.stage_due_at < %s DESC NULLS LAST, c.reported_at DESC, c.id LIMIT {MOST_CASES + 1}
"""


def _cases(asked: Question, by: Mandate) -> tuple[list[CaseState], bool]:
    if asked.case is not None:
        return [asked.case], False
    visible, values = visible_sql(by)
    path, prefix = asked.area.path, asked.class_prefix
    given = [path, after(path), asked.end, asked.start, [*OPEN], asked.start, prefix, prefix, after(prefix or "~")]
    with hot_cursor() as cursor:
        rows = cursor.execute(_SQL.format(visible=visible), [*given, *values, asked.end]).fetchall()
    return [of_row(row) for row in rows[:MOST_CASES]], len(rows) > MOST_CASES


def answer(asked: Question, *, by: Mandate, now: datetime) -> Answer:
    """Who answered. The reading is written down first. Three statements, and two for the entry.

    Raises `Forbidden` without the verb `trace` there.
    """
    by.require(VERB, asked.area.path)
    with transaction.atomic():
        states, more = _cases(asked, by)
        traces, held = trace_many(
            states, also=ancestors(asked.area.path), start=asked.start, end=asked.end, now=now
        )
        reading = _record(asked, states, by)
    return Answer(
        reading=reading,
        area=asked.area, start=asked.start, end=asked.end, class_prefix=asked.class_prefix,
        number=asked.case.number if asked.case else "", traces=tuple(traces), more=more,
        late=tuple(one.case.number for one in traces if rules.late_then(one, asked.end)),
        holders=rules.holders(traces, held, asked.area.path, asked.start, asked.end),
        vacant=rules.vacancies(held, asked.area.path, asked.start, asked.end),
    )  # fmt: skip


def _record(asked: Question, states: Sequence[CaseState], by: Mandate) -> UUID:
    reading = new_id()
    data = {
        "path": asked.area.path, "from": to_us(asked.start), "to": to_us(asked.end), "class": asked.class_prefix,
        "cases": [str(state.id) for state in states],
    }  # fmt: skip
    append([Act(reading, SUBJECT, VERB, asked.area.id, data)], by=by)
    return reading


def read_case(state: CaseState, *, level: str, personal: bool, by: Mandate) -> UUID | None:
    """Write down that the trace of a case is read, before it is shown: where its class is not public (`level`), or
    where the reading is `personal`: its words are read, and whoever reported it left a way to be reached. The id of
    the reading, None where nothing had to be written. Two statements. Raises `Forbidden` without `trace` there."""
    by.require(VERB, state.path)
    if level == "public" and not personal:
        return None
    data = {
        "path": state.path, "from": to_us(state.reported_at), "to": to_us(by.recorded_at), "class": "",
        "cases": [str(state.id)], "why": "class" if level != "public" else "contact",
    }  # fmt: skip
    with transaction.atomic():
        reading = new_id()
        append([Act(reading, SUBJECT, VERB, state.area, data)], by=by)
    return reading


_README = """\
report.json  the answer as it was read
*.proof      the entries of each case with their digests and the way to their seals; reading.proof: who asked, and when

Check each file anywhere, without the database:  wangge check-proof FILE
"""


def package(found: Answer, report: object, *, by: Mandate) -> bytes:
    """A zip of the report and the journal proof of each of its cases, and of the reading itself. Codes, ids, times and
    digests; no words. Raises `Forbidden` without the verb `prove` there."""
    by.require("prove", found.area.path)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        archive.writestr("report.json", msgspec.json.format(msgspec.json.encode(report, enc_hook=str), indent=1))
        for one in found.traces:
            archive.writestr(f"{one.case.number}.proof", prove(one.case.id, contents=False))
        archive.writestr("reading.proof", prove(found.reading, contents=False))
    return out.getvalue()
