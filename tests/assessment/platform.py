"""An empty platform that is filled and asked by the command line alone, as somebody else would."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

AREAS = [
    ("S", "街道", "subdistrict", None), ("C1", "甲社区", "community", "S"), ("C2", "乙社区", "community", "S"),
    ("C3", "丙社区", "community", "S"), ("G1", "一网格", "grid", "C1"), ("G2", "二网格", "grid", "C1"),
    ("G3", "三网格", "grid", "C2"),
]
CITY = [(1, "G1", "2019-01-10T09:00", "0.50"), (2, "G2", "2019-02-03T09:00", "0.80"),
        (3, "G1", "2019-03-01T10:00", "0.90"), (4, "G3", "2019-03-20T09:00", "0.15")]
FIVE = [("grid_leader", "甲组长", "G1"), ("grid_worker", "甲网格员", "G1"), ("officer", "甲队员", "G1"),
        ("secretary", "甲书记", "C1"), ("leader", "甲领导", "S"), ("contractor", "甲经办", "S")]


def told(command: str, *words: str) -> dict[str, Any]:
    """The facts of a command: the JSON object on its last line."""
    out = StringIO()
    call_command(command, *words, "--json", stdout=out, stderr=StringIO())
    found: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return found


def areas(folder: Path) -> None:
    """`import-areas`: no boundaries are needed."""
    names = ("code", "name", "kind", "parent")
    rows = [dict(zip(names, row, strict=True)) for row in AREAS]
    features = [{"type": "Feature", "geometry": None, "properties": row} for row in rows]
    file = folder / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert told("import_areas", str(file))["created"] == len(AREAS)


def duties(folder: Path, rows: list[tuple[str, ...]]) -> None:
    """`import-duties`: (post, person, area[, from[, to]])."""
    lines = ["post,person,organisation,kind,area_code,valid_from,valid_to"]
    for post, person, area, *times in rows:
        begins, ends = [*times, "2018-01-01", ""][:2] if not times else [*times, ""][:2]
        lines.append(f"{post},{person},,,{area},{begins},{ends}")
    file = folder / "duties.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert told("import_duties", str(file))["rejected"] == 0


def findings(folder: Path, rows: list[tuple[Any, ...]], source: str = "city") -> dict[str, Any]:
    """`import-findings`: (id, area, time, points)."""
    lines = ["id,source,area_code,class_code,occurred_at,discovered_at,points,note"]
    lines += [f"{ref},{source},{area},E0417,{when},{when},{points},路口" for ref, area, when, points in rows]
    file = folder / f"{source}.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return told("import_findings", str(file))


def assess(folder: Path, policy: str, *words: str, period: str = "2019Q1") -> dict[str, Any]:
    """`assess --dry-run --json` with this policy."""
    file = folder / "policy.yaml"
    file.write_text(policy, encoding="utf-8")
    return told("assess", period, "--policy", str(file), "--dry-run", *words)


def owed(facts: dict[str, Any]) -> dict[str, int]:
    """What each person owes, in fen."""
    sums: dict[str, int] = {}
    for one in facts["charges"]:
        sums[one["person"]] = sums.get(one["person"], 0) + int(one["fen"])
    return sums
