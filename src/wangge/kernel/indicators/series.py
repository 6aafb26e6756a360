"""The same figures of several periods by one statement, for comparing them and for a line over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from wangge.base.mandate import Mandate
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.periods import Period, beside
from wangge.kernel.indicators.queries import Figures, read_counts, table_sql
from wangge.kernel.indicators.table import Indicator


def back_from(period: Period, steps: int) -> list[Period]:
    """The period and up to `steps` of its kind before it, the oldest first; fewer where the calendar begins."""
    found = [period]
    while len(found) <= steps and (one := beside(found[0], -1)):
        found.insert(0, one)
    return found


def series(
    question: Question, periods: Sequence[Period], *, by: Mandate, now: datetime, indicators: Sequence[Indicator]
) -> list[Figures]:
    """The whole's figures for each period, in their order: what `figures` says of each. One statement, no rows.

    Raises `InvalidInput` and `Forbidden` as `figures` does.
    """
    question = msgspec.structs.replace(question, by="")
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number, period in enumerate(periods):
        sql, given = table_sql(question, period, by=by, now=now, indicators=indicators)
        parts.append(f"(SELECT {number}, x.* FROM ({sql.replace('%(', f'%(p{number}_')}) x)")
        values |= {f"p{number}_{name}": value for name, value in given.items()}
    with hot_cursor() as cursor:
        rows = cursor.execute(" UNION ALL ".join(parts), values, prepare=False).fetchall()
    found = {row[0]: read_counts(indicators, row[3:]) for row in rows}
    return [found[number] for number in range(len(periods))]
