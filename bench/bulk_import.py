"""Bulk import of plain reports against psql's \\copy of the very same rows, in one run (limit: 40 %)."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

from bench.stage import Stage
from wangge.runtime.binaries import tool

COUNT = 20_000
BATCH = 2_500


def reports(stage: Stage, count: int) -> list[Any]:
    """Plain reports, spread over the town."""
    from wangge.base.geometry import Point, e7
    from wangge.kernel.cases.reporting import NewReport

    return [
        NewReport(
            description=f"第{number}号：菜场东门又摆烧烤，油烟大，六楼不敢开窗",
            address=f"青禾路{number % 900}号",
            point=Point(*(e7(part) for part in stage.points[number % len(stage.points)])),
            key=f"{time.time_ns()}-{number}",
            digest=b"d" * 32,
        )
        for number in range(count)
    ]


def ours(stage: Stage, rows: list[Any]) -> float:
    """Decide and record all of them; seconds."""
    from wangge.kernel.cases.many import report_many
    from wangge.kernel.duties import mandates

    began = time.perf_counter()
    made = sum(1 for _ in report_many(rows, by=mandates.public(stage.town.root), batch=BATCH))
    assert made == len(rows)
    return time.perf_counter() - began


def copied(stage: Stage, folder: Path, count: int) -> float:
    """Take the newest `count` cases out, delete them, and put the same rows back by \\copy; seconds of the last."""
    tables = {
        "journal_entry": "subject_id",
        "journal_content": "subject_id",
        "cases_case": "id",
        "cases_report": "case_id",
        "cases_search": "case_id",
    }
    picked = f"(SELECT id FROM cases_case ORDER BY number DESC LIMIT {count})"
    owner = Owner(stage)
    owner.sql(f"CREATE TABLE bench_picked AS SELECT id FROM cases_case WHERE id IN {picked}")
    for table, column in tables.items():
        owner.sql(f"\\copy (SELECT t.* FROM {table} t JOIN bench_picked b ON t.{column} = b.id) TO '{folder / table}'")
    owner.sql(
        "SET session_replication_role = replica;"
        + "".join(
            f"DELETE FROM {table} t USING bench_picked b WHERE t.{column} = b.id;" for table, column in tables.items()
        )
        + "DROP TABLE bench_picked;"
    )
    owner.sql("VACUUM " + ", ".join(tables))
    script = "BEGIN;\n" + "".join(f"\\copy {table} FROM '{folder / table}'\n" for table in tables) + "COMMIT;\n"
    began = time.perf_counter()
    owner.sql(script)
    return time.perf_counter() - began


class Owner:
    """psql as the superuser of the stage's cluster."""

    def __init__(self, stage: Stage) -> None:
        from wangge.runtime.postgres import Cluster

        found = Cluster(stage.home, True).settings("superuser")
        name = stage.psql_arguments[-1]
        self.command = [
            str(tool("psql")),
            "-qX",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(found["HOST"]),
            "-U",
            str(found["USER"]),
            "-d",
            name,
        ]
        self.environment = stage.psql_environment | {"PGPASSWORD": str(found["PASSWORD"])}

    def sql(self, text: str) -> None:
        """Run statements; an error ends the bench."""
        done = subprocess.run(
            self.command, input=text, text=True, env=self.environment, capture_output=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"psql: {done.stderr}")


def run(stage: Stage, rounds: int = 3) -> dict[str, float]:
    """Medians of alternating rounds."""
    ours(stage, reports(stage, BATCH))
    mine, theirs = [], []
    for number in range(rounds):
        mine.append(ours(stage, reports(stage, COUNT)))
        folder = stage.home / f"copy{number}"
        folder.mkdir()
        theirs.append(copied(stage, folder, COUNT))
    seconds, bare = sorted(mine)[rounds // 2], sorted(theirs)[rounds // 2]
    share = bare / seconds
    print(f"Bulk import of {COUNT:,} plain reports")
    print(f"  decided and recorded   {COUNT / seconds:,.0f} reports/s")
    print(f"  psql \\copy             {COUNT / bare:,.0f} reports/s")
    print(f"  share                  {share:.0%}   (limit 40 %)\n")
    return {"share": share, "per_second": COUNT / seconds, "copy_per_second": COUNT / bare}
