"""A year's table of figures over some 32,000 cases, beside the bare GROUP BY of the same rows (aim: two seconds)."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from bench.bulk_import import Owner
from bench.stage import Stage

CASES = 32_000
TIMES = 5
YEAR = datetime(2025, 12, 31, 16, tzinfo=UTC)  # New Year 2026 in Shanghai
_BARE = """
SELECT split_part(substr(c.path, length(%(area)s::text) + 1), '/', 1), count(*),
  count(*) FILTER (WHERE c.state = 'closed'), count(*) FILTER (WHERE c.handled_at <= c.due_at)
FROM cases_case c WHERE c.path >= %(area)s AND c.path < %(after_area)s
  AND c.reported_at >= %(start)s AND c.reported_at < %(end)s GROUP BY 1
"""


def lives(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Cases of a year that lived through every stage, most of them in time, on some 500 spots."""
    chance = random.Random(seed)
    spots = [(1_200_000_000 + chance.randrange(400_000), 310_000_000 + chance.randrange(400_000)) for _ in range(500)]
    made = []
    for _ in range(count):
        reported = YEAR + timedelta(minutes=chance.randrange(500_000))
        lon, lat = chance.choice(spots)

        def later(hours: float, since: datetime = reported) -> datetime:
            return since + timedelta(hours=hours * chance.uniform(0.5, 1.5))

        done = chance.random() < 0.97
        made.append({
            "where": f"G{chance.choice((11, 12, 21, 22))}", "state": "closed" if done else "handling",
            "case_class": chance.choice(("E0417", "P0101")), "source": chance.choice(("resident", "patrol", "hotline")),
            "lon_e7": lon + chance.randrange(900), "lat_e7": lat + chance.randrange(900),
            "tier": chance.choice(("grid", "grid", "grid", "community", "subdistrict")), "reported_at": reported,
            "accepted_at": later(0.3), "first_answer_at": later(0.3), "verified_at": later(2),
            "registered_at": reported + timedelta(hours=3), "register_due_at": later(20),
            "dispatched_at": reported + timedelta(hours=3.3), "dispatch_due_at": reported + timedelta(hours=3.5),
            "due_at": reported + timedelta(hours=36), "handled_at": later(24) if done else None,
            "inspected_at": reported + timedelta(hours=40) if done else None,
            "inspect_due_at": reported + timedelta(hours=38) if done else None,
            "closed_at": reported + timedelta(hours=41) if done else None,
            "returns": int(chance.random() < 0.05), "reworks": int(chance.random() < 0.05),
            "satisfaction": chance.choice((None, None, 1, 2, 3)) if done else None,
        })  # fmt: skip
    return made


def run(stage: Stage, count: int = CASES) -> dict[str, float]:
    """Measure each grouping and print it beside the bare statement."""
    from tests.kernel.indicators.making import cases
    from wangge.kernel.cases.access import after
    from wangge.kernel.cases.recording import hot_cursor
    from wangge.kernel.indicators.asking import GROUPINGS, Question
    from wangge.kernel.indicators.periods import parse
    from wangge.kernel.indicators.queries import figures
    from wangge.kernel.indicators.table import INDICATORS

    rows = lives(count)
    for start in range(0, count, 4_000):
        cases(stage.town, rows[start : start + 4_000])
    Owner(stage).sql("VACUUM ANALYZE")
    year, root, leader = parse("2026", "Asia/Shanghai"), stage.town.root, stage.town.by("leader")
    moment = year.end + timedelta(days=40)
    values = {"area": root, "after_area": after(root), "start": year.start, "end": year.end}

    def bare() -> None:
        with hot_cursor() as cursor:
            cursor.execute(_BARE, values, prepare=False).fetchall()

    bare_ms = _timed(bare)
    found: dict[str, float] = {"cases": count, "bare_ms": round(bare_ms, 1)}
    print(f"A year's table of {len(INDICATORS)} indicators over {count:,} cases, median of {TIMES} (aim: 2,000 ms)")
    print(f"  the bare GROUP BY of three counts {bare_ms:8.1f} ms")
    for by in ("area", "class", "source", *(name for name in GROUPINGS if name not in ("area", "class", "source"))):
        question = Question(area_path=root, by=by)
        took = _timed(lambda question=question: figures(question, year, by=leader, now=moment))
        found[f"{by}_ms"] = round(took, 1)
        print(f"  by {by:<30} {took:8.1f} ms   ratio {took / bare_ms:6.1f}")
    print()
    return found


def _timed(act: Any) -> float:
    """The median time of an act in ms, after one that is not counted."""
    times = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return median(times[1:])
