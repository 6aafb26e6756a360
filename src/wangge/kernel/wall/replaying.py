"""A past day as the wall would have shown it, in frames of a quarter of an hour, folded from the journal.

The states of a case are those that its entries gave it. What a case is (class, source, whether it joined another) is
taken as it stands today; where it lies, as it lay then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from wangge.base.clock import to_us
from wangge.kernel.cases.access import after
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.indicators.periods import Period
from wangge.kernel.places.queries import AreaInfo, Atlas
from wangge.kernel.wall.counted import CLASSES, SHOWN, STATES
from wangge.kernel.wall.density import densities, mean_density
from wangge.kernel.wall.ground import Ground, ground_of, name_of, summed
from wangge.kernel.wall.shapes import Counted, Frame, Replay
from wangge.kernel.wall.snapshot import OTHERS, foremost, hours_of

STEP = timedelta(minutes=15)
LONGEST = timedelta(days=400)
"""Cases that were open for longer than this are not in a replay: a suspension lasts a year at most."""

_SQL = f"""
SELECT c.id, coalesce(m.code, ''), coalesce(m.name, ''), coalesce(m.name_en, ''), c.source, c.reported_at, c.born_path,
  CASE WHEN c.origin = 'live' THEN e.recorded_at ELSE e.at END, e.data->'set'->>'state', e.data->'set' ? 'stage_due_at',
  (e.data->'set'->>'stage_due_at')::bigint, e.data->'set'->>'path'
FROM cases_case c {CLASSES} JOIN journal_entry e ON e.subject_id = c.id
WHERE c.reported_at >= %(since)s AND c.reported_at < %(end)s AND {SHOWN}
  AND (c.state = ANY(%(states)s) OR c.closed_at >= %(start)s OR (c.state = 'void' AND c.stage_since >= %(start)s))
  AND e.data->'set' ?| array['state', 'stage_due_at', 'path']
ORDER BY c.id, e.seq
"""


class Stay(NamedTuple):
    """How a case stood from a moment on (microseconds), until the next of its stays."""

    at: int
    state: str
    due: int | None
    path: str


class Life(NamedTuple):
    """A case: its major class with names, its source, when it was reported, its stays in order and when they began."""

    major: tuple[str, str, str]
    source: str
    reported_at: int
    stays: Sequence[Stay]
    times: Sequence[int]

    def at(self, moment: int) -> Stay | None:
        """How it stood then; None before its first entry."""
        place = bisect_right(self.times, moment)
        return self.stays[place - 1] if place else None

    def closed_since(self, moment: int) -> int | None:
        """When it was closed, if it was so at this moment; what happened to a closed case does not count."""
        place = bisect_right(self.times, moment)
        if not place or self.stays[place - 1].state != "closed":
            return None
        while place > 1 and self.stays[place - 2].state == "closed":
            place -= 1
        return self.stays[place - 1].at


def replay(area: AreaInfo, day: Period, *, places: Atlas, now: datetime) -> Replay:
    """The day in frames, up to now where it has not ended. One statement."""
    values = {
        "area": area.path, "beyond": after(area.path), "start": day.start, "end": min(day.end, now),
        "since": day.start - LONGEST, "states": list(STATES),
    }  # fmt: skip
    with hot_cursor() as cursor:
        lives = list(_lives(cursor.execute(_SQL, values).fetchall()))
    until = min(day.end, now)
    ground = ground_of(area, places, max(day.start, until - STEP))
    return Replay(
        area=name_of(area), timezone=day.timezone, day=day.text, **_folded(lives, day, until, ground)
    )


def _lives(rows: Iterable[tuple[Any, ...]]) -> Iterator[Life]:
    """The rows of a case are neighbours."""
    last: Any = None
    stays: list[Stay] = []
    head: tuple[Any, ...] = ()
    for row in rows:
        if row[0] != last:
            if stays:
                yield _life(head, stays)
            last, head, stays = row[0], row, []
        before = stays[-1] if stays else Stay(0, "reported", None, row[6])
        state, changes_due, due, path = row[8:]
        stays.append(
            Stay(to_us(row[7]), state or before.state, due if changes_due else before.due, path or before.path)
        )
    if stays:
        yield _life(head, stays)


def _life(head: tuple[Any, ...], stays: Sequence[Stay]) -> Life:
    return Life((head[1], head[2], head[3]), head[4], to_us(head[5]), stays, [stay.at for stay in stays])


def _folded(lives: Sequence[Life], day: Period, until: datetime, ground: Ground) -> dict[str, Any]:
    """Lists and frames. Pure."""
    start, end = to_us(day.start), to_us(until)
    arrived = [life for life in lives if start <= life.reported_at < end]
    classes = foremost(Counter((life.major[0], life.major[1], life.major[2] or life.major[1]) for life in arrived))
    sources = [source for source, _ in Counter(life.source for life in arrived).most_common()]
    step = int(STEP.total_seconds()) * 1_000_000
    moments = [_standing(lives, moment) for moment in (*range(start, end, step), end)]
    mean = mean_density(max(len(found.paths) for found in moments), ground.extents)
    hours = hours_of(day)
    paths = sorted(ground.extents)
    return {
        "paths": paths,
        "communities": [name_of(one) for one in ground.communities],
        "bounds": densities({}, ground.extents, mean).bounds,
        "classes": classes,
        "sources": sources,
        "came": _hourly((life.reported_at for life in arrived), start, hours),
        "went": _hourly((at for life in lives if (at := _closed(life, start, end)) is not None), start, hours),
        "frames": [
            _frame(lives, start, found, ground, mean, [code for code, *_ in classes], sources) for found in moments
        ],
    }


class Standing(NamedTuple):
    """What is open at a moment: by stage, and the path of each case with whether it is late."""

    moment: int
    stages: dict[str, Counted]
    paths: list[tuple[str, bool]]


def _standing(lives: Sequence[Life], moment: int) -> Standing:
    stages: dict[str, Counted] = dict.fromkeys(STATES, (0, 0))
    paths = []
    for life in lives:
        stay = life.at(moment)
        if stay is None or stay.state not in stages:
            continue
        late = stay.due is not None and stay.due < moment
        number, overdue = stages[stay.state]
        stages[stay.state] = (number + 1, overdue + late)
        paths.append((stay.path, late))
    return Standing(moment, stages, paths)


def _frame(
    lives: Sequence[Life], start: int, found: Standing, ground: Ground, mean: float, classes: Sequence[str],
    sources: Sequence[str],
) -> Frame:
    by_class, by_source = Counter[str](), Counter[str]()
    went = 0
    for life in lives:
        if start <= life.reported_at <= found.moment:
            by_class[life.major[0] if life.major[0] in classes else OTHERS] += 1
            by_source[life.source] += 1
        went += _closed(life, start, found.moment) is not None
    counts: dict[str, Counted] = {}
    for path, late in found.paths:
        number, overdue = counts.get(path, (0, 0))
        counts[path] = (number + 1, overdue + late)
    grids = summed(counts, ground.extents)
    levels = densities({path: number for path, (number, _) in grids.items()}, ground.extents, mean).levels
    communities = summed(counts, {one.path: one for one in ground.communities})
    return Frame(
        seconds=(found.moment - start) // 1_000_000, came=by_source.total(), went=went,
        classes=[by_class[code] for code in classes], sources=[by_source[source] for source in sources],
        stages=found.stages,
        grids=[(n, *grids[path], levels[path]) for n, path in enumerate(sorted(ground.extents)) if path in grids],
        communities=[
            (n, *communities[one.path]) for n, one in enumerate(ground.communities) if one.path in communities
        ],
    )  # fmt: skip


def _closed(life: Life, start: int, moment: int) -> int | None:
    """When it was closed, if that was on this day and it is so at the moment."""
    since = life.closed_since(moment)
    return since if since is not None and since >= start else None


def _hourly(moments: Iterable[int], start: int, hours: int) -> list[int]:
    found = [0] * hours
    for moment in moments:
        if 0 <= (hour := (moment - start) // 3_600_000_000) < hours:
            found[hour] += 1
    return found
