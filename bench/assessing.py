"""A quarter of a district assessed and put on record (limit: 10 s, a few dozen statements).

20 subdistricts, 200,000 cases, 20,000 findings, 3,000 people; some findings were cut, so that all is reckoned twice, as
found and as it stands. Beside it stands the bare SQL that groups the same rows: points by grid and day, points by
whoever held a post there, and the reports near each finding.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

from bench import district
from bench.bulk_import import Owner
from bench.cpu import Meter
from bench.stage import Stage
from bench.sweep import counting

CASES, FINDINGS, CUT = 200_000, 20_000, 100
LIMIT_SECONDS = 10
ROUNDS = 3
_BETWEEN = "f.discovered_at >= %(starts)s AND f.discovered_at < %(ends)s AND f.area_path LIKE %(scope)s"
BY_DAY = f"""
SELECT f.area_path, f.source, (f.discovered_at AT TIME ZONE 'Asia/Shanghai')::date, count(*), sum(f.points)
FROM assessment_finding f WHERE {_BETWEEN} GROUP BY 1, 2, 3
"""
BY_HOLDER = f"""
SELECT d.person_id, d.post_id, f.area_path, count(*), sum(f.points) FROM assessment_finding f
CROSS JOIN generate_series(1, 4) depth JOIN duties_assignment d ON upper_inf(d.recorded)
  AND d.area_path = array_to_string((string_to_array(f.area_path, '/'))[1:depth], '/') || '/' COLLATE "C"
  AND d.valid @> f.discovered_at WHERE {_BETWEEN} GROUP BY 1, 2, 3
"""
NEAR = f"""
SELECT f.source, f.ref, count(*) FROM assessment_finding f
JOIN cases_case c ON c.lon_e7 IS NOT NULL AND c.state <> 'void' AND point(c.lon_e7, c.lat_e7) <@ box(
  point(f.lon_e7 - 5296, f.lat_e7 - 4582), point(f.lon_e7 + 5296, f.lat_e7 + 4582))
  AND c.reported_at < f.discovered_at AND c.reported_at >= f.discovered_at - interval '30 days'
WHERE {_BETWEEN} GROUP BY 1, 2
"""


def run(stage: Stage, cases: int = CASES) -> dict[str, Any]:
    """Fill, assess some times (each given up again), and compare; prints wall-clock time, CPU and statements."""
    from wangge.assessment.running.services import assess_period, drop_run
    from wangge.kernel.duties import mandates

    grids = district.build()
    district.cases(stage, min(cases, CASES))
    district.findings(grids, FINDINGS)
    district.contests(CUT)
    district.inspections(grids)
    Owner(stage).sql("VACUUM ANALYZE")
    meter, rows = Meter(server=None, database=stage.database_pid), []
    for _ in range(ROUNDS):
        meter.start()
        own = time.process_time()
        with counting() as count:
            made = assess_period(area=district.CODE, period=district.PERIOD, by=mandates.console())
        own, spent = time.process_time() - own, meter.stop()
        rows.append((own + spent.database, own, spent.database, spent.wall, count[0]))
        drop_run(run=made.run.id, expected_version=made.run.version, by=mandates.console())
    total, own, database, wall, statements = sorted(rows)[ROUNDS // 2]
    bare_cpu, bare_wall = _bare(meter)
    told = made.statement
    exempt = sum(one.exempt for one in told.determinations)
    print(f"A quarter of a district: {min(cases, CASES):,} cases, {FINDINGS:,} findings, {len(told.inputs.duties):,}"
          f" duties, load {os.getloadavg()[0]:.1f}")
    print(f"  found               {len(told.charges):,} charges, {len(told.daily):,} days above the limit,"
          f" {exempt:,} exempt")
    print(f"  seconds             {wall:.1f}   (limit {LIMIT_SECONDS} on idle cores)")
    print(f"  CPU                 {own:.1f} s reckoning, {database:.1f} s in the database")
    print(f"  statements          {statements}")
    print(f"  bare SQL            {bare_wall:.1f} s, {bare_cpu:.1f} s of CPU to group the same rows: ratio "
          f"{total / bare_cpu:.1f}\n")
    return {"seconds": wall, "cpu": total, "reckoning_cpu": own, "database_cpu": database, "statements": statements,
            "bare_seconds": bare_wall, "bare_cpu": bare_cpu, "ratio": total / bare_cpu}


def _bare(meter: Meter) -> tuple[float, float]:
    """CPU in the database and wall-clock time of the three groupings; their median."""
    from wangge.kernel.cases.recording import hot_cursor

    ends = district.STARTS + timedelta(days=district.DAYS)
    values = {"starts": district.STARTS, "ends": ends, "scope": f"{district.CODE}/%"}
    rows = []
    for _ in range(ROUNDS):
        meter.start()
        with hot_cursor() as cursor:
            for sql in (BY_DAY, BY_HOLDER, NEAR):
                cursor.execute(sql, values, prepare=False).fetchall()
        spent = meter.stop()
        rows.append((spent.database, spent.wall))
    return sorted(rows)[ROUNDS // 2]
