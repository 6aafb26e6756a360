"""The worklists of a period: all signals of a place by four statements, without what was settled on this evidence.

Who checks reads them: `see_signals`. A row names a place, a post or a unit, and its evidence; never who reports.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.duties.queries import duties_below
from wangge.kernel.indicators import quiet
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.periods import Period
from wangge.kernel.places.queries import Atlas
from wangge.kernel.signals.asking import STATEMENTS, ground, values_of
from wangge.kernel.signals.kinds import KINDS, Thresholds
from wangge.kernel.signals.rules import check_period, month_ends
from wangge.kernel.signals.tuning import thresholds

VERB = "see_signals"
MOST = 100


class Settlement(NamedTuple):
    """What was made of a signal on this evidence: by the holder of which post, when, with which words (None: none, or
    erased); its row's id and version."""

    id: UUID
    version: int
    outcome: str
    post: str
    at: datetime
    task: str | None
    note: str | None


class Signal(NamedTuple):
    """A row of a worklist. `version` is that of what was settled before, 0 where nothing was; `settled` holds only
    where no later evidence came. `data` has the figures of the kind."""

    kind: str
    key: str
    path: str
    latest: datetime
    organisation: UUID | None
    organisation_name: str | None
    organisation_name_en: str | None
    post: str | None
    data: dict[str, Any]
    version: int
    settled: Settlement | None


class Worklist(NamedTuple):
    """One signal's list: how many are open and how many settled, and the first hundred of each, the newest first."""

    kind: str
    open: int
    settled: int
    rows: list[Signal]
    done: list[Signal]

    @property
    def more(self) -> bool:
        """Whether there are open ones beside those that are listed."""
        return self.open > len(self.rows)


class Found(NamedTuple):
    """The worklists of a place and period by signal, and the thresholds by which they were made."""

    thresholds: Thresholds
    lists: dict[str, Worklist]


_SETTLED = (
    "z.id, z.version, z.outcome, z.post, z.at, (SELECT t.number FROM tasks_task t WHERE t.id = z.task),"
    " (SELECT w.value FROM journal_content w WHERE w.subject_id = z.id AND w.seq = z.version AND w.field = 'note')"
)
_WRAP = f"""
SELECT * FROM (
  SELECT '{{kind}}' AS kind, r.key, r.path, r.latest, r.organisation, o.name, nullif(o.name_en, ''), r.post, r.data,
    coalesce(z.version, 0), z.latest >= r.latest AS done, {_SETTLED},
    count(*) FILTER (WHERE z.latest >= r.latest) OVER () AS settled, count(*) OVER () AS total,
    row_number() OVER (PARTITION BY coalesce(z.latest >= r.latest, false) ORDER BY r.latest DESC, r.key) AS place
  FROM ({{statement}}) r LEFT JOIN signals_settled z ON z.kind = '{{kind}}' AND z.key = r.key
  LEFT JOIN people_organisation o ON o.id = r.organisation{{only}}
) {{kind}} WHERE place <= {MOST}"""


def worklists(
    area_path: str, period: Period, *, places: Atlas, by: Mandate, now: datetime, kinds: Collection[str] = (),
    key: str = "",
) -> Found:
    """The worklists of these signals (all, if none is named), with `key` only the one row that has it.

    Needs `see_signals`. Raises `Forbidden`, `InvalidInput` for an unknown signal or a period beyond a quarter.
    """
    by.require(VERB, area_path)
    check_period(period)
    for code in kinds:
        if code not in KINDS:
            raise InvalidInput("There is no such signal.", field="signal", value=code,
                               expected="one of " + ", ".join(KINDS))
    wanted = [code for code in KINDS if not kinds or code in kinds]
    held = thresholds(area_path)
    values = values_of(period, now, area_path, held, month_ends(period, held.values["month_end.days"], now))
    on = ground(by, values)
    only = ""
    if key:
        only, values["key"] = " WHERE r.key = %(key)s", key
    in_sql = [code for code in wanted if code in STATEMENTS]
    asked = [_WRAP.format(kind=code, statement=STATEMENTS[code](on), only=only) for code in in_sql]
    rows: list[tuple[Any, ...]] = []
    if asked:
        with hot_cursor() as cursor:
            rows = cursor.execute(" UNION ALL ".join(asked), values, prepare=False).fetchall()
    lists = {code: _list(code, (row for row in rows if row[0] == code)) for code in in_sql}
    if "silent" in wanted:
        lists["silent"] = _silent(area_path, period, held, places, by, now, key)
    return Found(held, {code: lists[code] for code in wanted})


def _list(kind: str, rows: Iterable[tuple[Any, ...]]) -> Worklist:
    waiting: list[Signal] = []
    done: list[Signal] = []
    settled = total = 0
    for row in rows:
        settled, total = row[18], row[19]
        one = Signal._make(
            (*row[:8], json.loads(row[8]), row[9], Settlement._make(row[11:18]) if row[10] else None)
        )
        (done if one.settled else waiting).append(one)
    order = lambda one: (one.latest, one.key)  # noqa: E731
    waiting.sort(key=order, reverse=True)
    done.sort(key=order, reverse=True)
    return Worklist(kind, total - settled, settled, waiting, done)


def _silent(
    path: str, period: Period, held: Thresholds, places: Atlas, by: Mandate, now: datetime, key: str
) -> Worklist:
    """Silent grids at the end of the period, or now within it, by the rule of `indicators.quiet`; three statements."""
    moment = min(now, period.end)
    grids = [one for one in places.below(path, at=moment) if one.kind == "grid"]
    known = quiet.reports(
        Question(area_path=path), period, cells={one.path for one in grids}, by=by, now=moment
    )
    found = quiet.silent(grids, known, duties_below(path, moment), now=moment, days=held.values["silent.days"])
    with hot_cursor() as cursor:
        rows = cursor.execute(
            f"SELECT z.key, z.latest, {_SETTLED} FROM signals_settled z WHERE z.kind = 'silent' AND z.key = ANY(%s)",
            [[one.grid.path for one in found]], prepare=False,
        ).fetchall()
    before = {row[0]: (row[1], Settlement._make(row[2:])) for row in rows}
    waiting: list[Signal] = []
    done: list[Signal] = []
    for one in found:
        if key and one.grid.path != key:
            continue
        until, settlement = before.get(one.grid.path, (None, None))
        stays = until is not None and until >= one.since
        data = {"days": (moment - one.since).days, "people": one.people, "ever": one.last is not None}
        signal = Signal("silent", one.grid.path, one.grid.path, one.since, None, None, None, None, data,
                        settlement.version if settlement else 0, settlement if stays else None)
        (done if stays else waiting).append(signal)
    return Worklist("silent", len(waiting), len(done), waiting[:MOST], done[:MOST])
