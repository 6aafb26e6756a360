"""Recurring spots as figures: open files, the share of remedies that held. For indicators; who may ask is theirs."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from wangge.kernel.cases.access import after
from wangge.kernel.cases.recording import hot_cursor


class Figures(NamedTuple):
    """`opened` in the period, `open` at its end; of the remedies finished in it, how many `held` and `rebounded`.

    The share that held is `held` over `judged`. A remedy that is still being watched is in neither.
    """

    opened: int = 0
    open: int = 0
    held: int = 0
    rebounded: int = 0

    @property
    def judged(self) -> int:
        """The denominator: finished remedies of which the cases have told whether they held."""
        return self.held + self.rebounded

    def plus(self, other: Figures) -> Figures:
        """Both together."""
        return Figures(*(one + two for one, two in zip(self, other, strict=True)))


class Line(NamedTuple):
    """The figures of one class on one area (the path that the files lie at)."""

    path: str
    class_code: str
    figures: Figures


class Recurrence(NamedTuple):
    """All of it, and by area and class."""

    total: Figures
    lines: list[Line]


_SQL = """
SELECT s.path, k.code, count(*) FILTER (WHERE s.opened_at >= %(start)s),
  count(*) FILTER (WHERE z.state <> 'resolved'), sum(r.held)::int, sum(r.rebounded)::int
FROM spots_spot s JOIN cases_class k ON k.id = s.case_class
CROSS JOIN LATERAL (
  SELECT e.data -> 'set' ->> 'state' AS state FROM journal_entry e
  WHERE e.subject_id = s.id AND e.at < %(end)s AND e.data -> 'set' ? 'state' ORDER BY e.seq DESC LIMIT 1
) z
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE x.outcome = 'held') AS held,
    count(*) FILTER (WHERE x.outcome = 'rebounded') AS rebounded
  FROM spots_remedy x WHERE x.spot_id = s.id AND x.finished_at >= %(start)s AND x.finished_at < %(end)s
) r
WHERE s.path >= %(low)s AND s.path < %(high)s AND s.opened_at < %(end)s
GROUP BY s.path, k.code ORDER BY s.path, k.code
"""


def recurrence(area_path: str, period: tuple[datetime, datetime]) -> Recurrence:
    """The figures of the files at and below a path for a half-open period, by one statement.

    Whether a file was open at the period's end is read from its journal, so that a past period keeps its figure.
    """
    start, end = period
    values = {"low": area_path, "high": after(area_path) if area_path else "\U0010ffff", "start": start, "end": end}
    with hot_cursor() as cursor:
        rows = cursor.execute(_SQL, values).fetchall()
    lines = [Line(row[0], row[1], Figures(*row[2:])) for row in rows]
    total = Figures()
    for line in lines:
        total = total.plus(line.figures)
    return Recurrence(total, lines)
