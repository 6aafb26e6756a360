"""The present of an area by four statements. What is open is few and today is short, however many cases there were."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from wangge.base.clock import to_us
from wangge.kernel.cases.access import after
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.indicators.periods import Period, containing
from wangge.kernel.places.queries import AreaInfo, Atlas
from wangge.kernel.wall.clearing import SHOWN_FOR
from wangge.kernel.wall.counted import CLASSES, SHOWN, STATES
from wangge.kernel.wall.density import densities
from wangge.kernel.wall.ground import Ground, ground_of, name_of, summed
from wangge.kernel.wall.shapes import Came, Counted, Ended, Named, Slow, Snapshot, Went

WEEK = timedelta(days=7)
MOST_CLASSES = 5
MOST_PHOTOS, MOST_ENDED = 9, 6
OTHERS = ""
"""The code under which the classes beyond the first are summed."""

_OPEN = f"""
SELECT c.path, c.state, count(*), count(*) FILTER (WHERE c.stage_due_at < %(now)s)
FROM cases_case c LEFT JOIN cases_class k ON k.id = c.case_class
WHERE c.state = ANY(%(states)s) AND {SHOWN} GROUP BY c.path, c.state
"""
_HOUR = "floor(extract(epoch FROM {0} - %(start)s) / 3600)::int"
_CAME = f"""
SELECT {_HOUR.format("c.reported_at")}, c.source, coalesce(m.code, ''), coalesce(m.name, ''), coalesce(m.name_en, ''),
  count(*)
FROM cases_case c {CLASSES}
WHERE c.reported_at >= %(start)s AND c.reported_at < %(end)s AND {SHOWN} GROUP BY 1, 2, 3, 4, 5
"""
_WENT = f"""
SELECT 'went', {_HOUR.format("c.closed_at")}, count(*), 0
FROM cases_case c LEFT JOIN cases_class k ON k.id = c.case_class
WHERE c.closed_at >= %(start)s AND c.closed_at < %(end)s AND c.state = 'closed' AND {SHOWN} GROUP BY 2
UNION ALL
SELECT 'week', {_HOUR.format("c.reported_at + %(week)s")}, count(*),
  count(*) FILTER (WHERE c.reported_at <= %(now)s - %(week)s)
FROM cases_case c LEFT JOIN cases_class k ON k.id = c.case_class
WHERE c.reported_at >= %(start)s - %(week)s AND c.reported_at < %(end)s - %(week)s AND {SHOWN} GROUP BY 2
"""
_ROW = "k.name, k.name_en, c.path, c.closed_at, c.reported_at"
_PUBLIC = "c.state = 'closed' AND k.confidentiality = 'public'"
_KEPT = (
    "EXISTS (SELECT 1 FROM cases_file f WHERE f.id = w.{0}_id AND f.erased_at IS NULL AND f.digest_kept IS NOT NULL)"
)
_ENDED = f"""
(SELECT w.id, {_ROW}
FROM wall_clearance w JOIN cases_case c ON c.id = w.case_id JOIN cases_class k ON k.id = c.case_class
WHERE w.retracted_at IS NULL AND c.closed_at >= %(lately)s AND {_PUBLIC} AND {SHOWN}
  AND {_KEPT.format("before")} AND {_KEPT.format("after")}
ORDER BY c.closed_at DESC LIMIT {MOST_PHOTOS})
UNION ALL
(SELECT NULL, {_ROW} FROM cases_case c JOIN cases_class k ON k.id = c.case_class
WHERE c.closed_at >= %(lately)s AND {_PUBLIC} AND {SHOWN}
  AND NOT EXISTS (SELECT 1 FROM wall_clearance w WHERE w.case_id = c.id AND w.retracted_at IS NULL)
ORDER BY c.closed_at DESC LIMIT {MOST_ENDED})
"""


def snapshot(area: AreaInfo, *, places: Atlas, slow: Slow, now: datetime) -> Snapshot:
    """All that the screen of an area shows now. Who may look is the caller's question (`watching`)."""
    day = containing("day", now, places.timezone(area.path))
    values = {
        "area": area.path, "beyond": after(area.path), "now": now, "states": list(STATES), "start": day.start,
        "end": day.end, "week": WEEK, "lately": now - SHOWN_FOR,
    }  # fmt: skip
    with hot_cursor() as cursor:
        standing = cursor.execute(_OPEN, values).fetchall()
        arrived = cursor.execute(_CAME, values).fetchall()
        hourly = cursor.execute(_WENT, values).fetchall()
        ended = cursor.execute(_ENDED, values).fetchall()
    stages, by_path = _standing(standing)
    ground = ground_of(area, places, now)
    grids, bounds = coloured(ground, by_path)
    hours = hours_of(day)
    went = _hourly(((row[1], row[2]) for row in hourly if row[0] == "went"), hours)
    return Snapshot(
        area=name_of(area), timezone=day.timezone, day=day.text, places=places.version,
        came=_came(arrived, [row for row in hourly if row[0] == "week"], hours),
        went=Went(sum(went), went), stages=stages, grids=grids, bounds=bounds,
        communities=_communities(ground, by_path), slow=slow, ended=[_ended(row, places) for row in ended],
    )  # fmt: skip


def hours_of(day: Period) -> int:
    """How many hours the day has: 24, and one more or less where the clock is set."""
    return round((day.end - day.start) / timedelta(hours=1))


def coloured(
    ground: Ground, by_path: dict[str, Counted]
) -> tuple[dict[str, tuple[int, int, int]], tuple[float, float, float]]:
    """Open, late and the level of colour of each grid, and the bounds of the levels."""
    counts = summed(by_path, ground.extents)
    found = densities({path: number for path, (number, _) in counts.items()}, ground.extents)
    return {path: (*counts.get(path, (0, 0)), level) for path, level in found.levels.items()}, found.bounds


def _standing(rows: list[tuple[Any, ...]]) -> tuple[dict[str, Counted], dict[str, Counted]]:
    """The open cases by stage, in the order of the funnel, and by path."""
    stages: dict[str, Counted] = dict.fromkeys(STATES, (0, 0))
    by_path: dict[str, Counted] = {}
    for path, state, number, late in rows:
        for table, key in ((stages, state), (by_path, path)):
            before = table.get(key, (0, 0))
            table[key] = (before[0] + number, before[1] + late)
    return stages, by_path


def _came(rows: list[tuple[Any, ...]], week: list[tuple[Any, ...]], hours: int) -> Came:
    classes: Counter[tuple[str, str, str]] = Counter()
    sources: Counter[str] = Counter()
    for _, source, code, name, name_en, number in rows:
        classes[(code, name, name_en or name)] += number
        sources[source] += number
    by_hour = _hourly(((row[0], row[5]) for row in rows), hours)
    return Came(
        n=sum(by_hour), hours=by_hour, week=_hourly(((row[1], row[2]) for row in week), hours),
        week_until_now=sum(row[3] for row in week), classes=foremost(classes),
        sources=sorted(sources.items(), key=lambda one: (-one[1], one[0])),
    )  # fmt: skip


def foremost(classes: Counter[tuple[str, str, str]]) -> list[Named]:
    """The commonest major classes, the rest (and what has no class yet) summed at the end."""
    ranked = sorted(((*key, n) for key, n in classes.items() if key[0]), key=lambda one: (-one[3], one[0]))
    rest = sum(one[3] for one in ranked[MOST_CLASSES:]) + sum(n for key, n in classes.items() if not key[0])
    return [*ranked[:MOST_CLASSES], *([(OTHERS, "", "", rest)] if rest else [])]


def _hourly(pairs: Any, hours: int) -> list[int]:
    found = [0] * hours
    for hour, number in pairs:
        if 0 <= hour < hours:
            found[hour] += number
    return found


def _communities(ground: Ground, by_path: dict[str, Counted]) -> list[tuple[str, str, str, int, int]]:
    """Path, names, open, late; who has most late first."""
    counts = summed(by_path, {one.path: one for one in ground.communities})
    rows = [
        (one.path, one.name, one.name_en or one.name, *counts.get(one.path, (0, 0))) for one in ground.communities
    ]
    return sorted(rows, key=lambda row: (-row[4], -row[3], row[0]))


def _ended(row: tuple[Any, ...], places: Atlas) -> Ended:
    clearance, name, name_en, path, closed_at, reported_at = row
    near = places.nearest(path, "community") or places.nearest(path, "village") or places.root(path)
    return Ended(
        name=name, name_en=name_en or name, place=near.name, place_en=near.name_en or near.name,
        closed_at=to_us(closed_at), seconds=max(0, int((closed_at - reported_at).total_seconds())),
        photos=str(clearance) if clearance else None,
    )  # fmt: skip
