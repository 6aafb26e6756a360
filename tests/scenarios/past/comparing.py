"""Statements of the engine beside the slow reckoning. The whole history is compared by hand, where it is stored:

`python -m tests.scenarios.past.comparing 320412-NXSH`
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from fractions import Fraction
from typing import Any

from tests.scenarios.past.slowly import ZONE, Told, code_of, lower, rows, told


def same(facts: dict[str, Any], slow: Told) -> None:
    """Assert that a statement of the engine says what the slow reckoning says."""
    assert Fraction(facts["total"]) == slow.total
    assert int(facts["units"]) == slow.units
    assert {code: int(one["units"]) for code, one in facts["by_area"].items()} == {
        code_of(path): units for path, units in slow.by_grid.items()}
    charged: dict[str, int] = defaultdict(int)
    for one in facts["charges"]:
        charged[one["holder"]] += int(one["fen"])
    assert lower(charged) == slow.fen
    assert {(one["area"], one["day"]): int(one["extra"]) for one in facts["daily"]} == slow.days
    assert {one["finding"] for one in facts["findings"] if one["exempt"]} == slow.exempt
    assert {one["area"]: (Fraction(one["points"]), int(one["checks"]), one["score"] or "",
                          int(one["place"]) if one["place"] else None, one["flag"])
            for one in facts["ranking"]} == slow.ranking
    assert int(facts["streak"]) == slow.streak


PERIODS = {"2018Q3": ((2018, 7), (2018, 10)), "2018Q4": ((2018, 10), (2019, 1)), "2019Q1": ((2019, 1), (2019, 4)),
           "2019Q2": ((2019, 4), (2019, 7)), "2018-12": ((2018, 12), (2019, 1)), "2019-02": ((2019, 2), (2019, 3))}


def span(period: str) -> tuple[datetime, datetime]:
    """The first moments of a period and of what follows."""
    (year, month), (next_year, next_month) = PERIODS[period]
    return datetime(year, month, 1, tzinfo=ZONE), datetime(next_year, next_month, 1, tzinfo=ZONE)


def main(root: str) -> None:
    """Compare every quarter that is on record of a root."""
    import json

    from wangge.assessment.models import Revision, Run

    data = rows(root)
    for run in Run.objects.filter(area_path=f"{root}/").exclude(stage="dropped").order_by("period"):
        facts = json.loads(Revision.objects.get(run=run, number=run.revision).facts)
        steed = 0 if run.policy.number == 3 else 1
        same(facts, told(data, *span(run.period), steed=steed))
        print(f"{run.period}: the same; {len(facts['findings'])} findings, {len(facts['charges'])} charges,"
              f" streak {facts['streak']}")


if __name__ == "__main__":
    import os
    import sys

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.settings")
    django.setup()
    main(sys.argv[1])
