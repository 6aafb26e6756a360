"""Figures of a period by one statement, and the cases behind each figure.

The list and the count use the same conditions, so that a list is as long as its figure says. Counts are exact; ratios
are decimals of four places, None where there is nothing to divide by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import readable_sql
from wangge.kernel.cases.loading import SELECT, of_row
from wangge.kernel.cases.queries.cursors import read_cursor, write_cursor
from wangge.kernel.cases.queries.queue import CLASS, EXTRA, MOST, Page, QueueRow
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.state import COLUMNS
from wangge.kernel.indicators import bases as b
from wangge.kernel.indicators.asking import Question, asked, named, recurring
from wangge.kernel.indicators.periods import Period
from wangge.kernel.indicators.table import INDICATORS, Indicator

PARTS = ("denominator", "numerator")
PLACES = Decimal("0.0001")


class Figure(NamedTuple):
    """One figure. A median has `seconds` and no numerator."""

    denominator: int
    numerator: int | None
    seconds: int | None = None

    @property
    def value(self) -> Decimal | None:
        """The ratio as a share of 1, None where nothing was counted: that is neither all nor nothing."""
        if self.numerator is None or not self.denominator:
            return None
        return (Decimal(self.numerator) / Decimal(self.denominator)).quantize(PLACES, ROUND_HALF_UP)


Figures = Mapping[str, Figure]
"""Figures by the code of the indicator."""


class Table(NamedTuple):
    """The figures of a period: the whole and, by key, its rows."""

    total: Figures
    rows: Mapping[str, Figures]


_USED = (
    "id", "origin", "source", "state", "tier", "case_class", "lon_e7", "parent", "self_disposed", "forced",
    "timeout_exempt", "satisfaction", "returns", "reworks", "extensions", "due_at", "stage_due_at", "reported_at",
    "registered_at", "register_due_at", "dispatched_at", "dispatch_due_at", "handled_at", "verified_at", "inspected_at",
    "inspect_due_at", "closed_at", "first_answer_at",
)  # fmt: skip
"""The columns that the conditions of the table read."""


def chosen(codes: Iterable[str] = ()) -> tuple[Indicator, ...]:
    """The indicators with these codes, all where none is named. Raises `InvalidInput`."""
    return tuple(indicator(code, field="indicator") for code in codes) or tuple(INDICATORS.values())


def indicator(code: str, *, field: str = "indicator") -> Indicator:
    """The indicator with this code. Raises `InvalidInput`."""
    if code not in INDICATORS:
        raise InvalidInput(
            "There is no such indicator.", field=field, value=code, expected="one of " + ", ".join(INDICATORS)
        )
    return INDICATORS[code]


def figures(
    question: Question, period: Period, *, by: Mandate, now: datetime, indicators: Sequence[Indicator] = ()
) -> Table:
    """The figures of a period over the cases that the mandate sees, by one statement.

    Raises `InvalidInput` for an unknown grouping and `Forbidden` for ground that the mandate does not see.
    """
    wanted = tuple(indicators) or tuple(INDICATORS.values())
    sql, values = table_sql(question, period, by=by, now=now, indicators=wanted)
    with hot_cursor() as cursor:
        rows = cursor.execute(sql, values, prepare=False).fetchall()
    total: Figures = {one.code: Figure(0, None if one.numerator is None else 0) for one in wanted}
    found: dict[str, Figures] = {}
    for key, whole, *counts in rows:
        read = read_counts(wanted, counts)
        if whole:
            total = read
        else:
            found[key] = read
    return Table(total, found if question.by else {})


def read_counts(indicators: Sequence[Indicator], counts: Sequence[int | None]) -> Figures:
    """A row of `table_sql` behind its key as figures: two numbers an indicator."""
    pairs = zip(counts[::2], counts[1::2], strict=True)
    return {one.code: _figure(one, over or 0, counted) for one, (over, counted) in zip(indicators, pairs, strict=True)}


def _figure(one: Indicator, over: int, counted: int | None) -> Figure:
    return Figure(over, None, counted) if one.numerator is None else Figure(over, counted)


def table_sql(
    question: Question, period: Period, *, by: Mandate, now: datetime, indicators: Sequence[Indicator]
) -> tuple[str, dict[str, Any]]:
    """The statement of a table: for each key, and for the whole, two numbers an indicator."""
    found = asked(question, period, by=by, now=now)
    bases = list(dict.fromkeys(one.base for one in indicators))
    places = ", ".join(f"({b.BASES[base].sql}) AS in_{base}" for base in bases)
    any_of = " OR ".join(f"({b.BASES[base].sql})" for base in bases)
    counts = ",\n".join(_counts(one) for one in indicators)
    back = [one for one in indicators if one.numerator == b.CAME_BACK]
    before = f"WITH {b.came_back()}" if back else ""
    columns = ", ".join(f"c.{name}" for name in _USED)
    sets = "GROUPING SETS ((c.key), ())" if question.by else "GROUPING SETS (())"
    key, whole = ("c.key", "grouping(c.key)") if question.by else ("''", "1")
    sql = (
        f"{before} SELECT {key}, {whole},\n{counts}\nFROM (SELECT {columns}, {found.key} AS key, {places}"
        f" FROM cases_case c {found.joins} WHERE {' AND '.join(found.conditions)}"
        f" AND c.reported_at < %(end)s AND ({any_of})) c GROUP BY {sets}"
    )
    return sql, found.values | (recurring(question) if back else {})


def _counts(one: Indicator) -> str:
    over = f"c.in_{one.base} AND {one.denominator}"
    if one.numerator is None:
        median = f"percentile_disc(0.5) WITHIN GROUP (ORDER BY {b.ANSWER_SECONDS})"
        return f"count(*) FILTER (WHERE {over}), {median} FILTER (WHERE {over})"
    return f"count(*) FILTER (WHERE {over}), count(*) FILTER (WHERE {over} AND {one.numerator})"


class Behind(NamedTuple):
    """The cases behind a figure: how many there are, and a page of them, the newest first."""

    cases: int
    page: Page


def cases_behind(
    code: str, part: str, question: Question, period: Period, *, key: str | None = None, by: Mandate, now: datetime,
    cursor: str | None = None, limit: int = 50,
) -> Behind:
    """The cases that a figure counts, by two statements. `key` is that of the row, None the whole.

    Raises `NotFound` for an indicator that is none, `InvalidInput` for a part that it has not.
    """
    if code not in INDICATORS:
        raise NotFound("There is no such indicator.", field="indicator", value=code)
    one = INDICATORS[code]
    if part not in PARTS or (part == "numerator" and one.numerator is None):
        expected = "denominator" if one.numerator is None else " or ".join(PARTS)
        raise InvalidInput("The indicator has no such part.", field="part", value=part, expected=expected)
    limit = max(1, min(limit, MOST))
    before, found, values = _behind(one, part, question, period, key=key, by=by, now=now)
    start = f"WITH {before + ', ' if before else ''}"
    paged = ""
    if cursor:
        moment, last = read_cursor(cursor)
        paged = " AND (c.reported_at, c.id) < (%(moment)s, %(last)s)"
        values |= {"moment": moment, "last": last}
    order = "ORDER BY {0}.reported_at DESC, {0}.id DESC"
    readable = named(*readable_sql(by), "read", values)
    names = f"k.code, k.name AS class_name, k.name_en, {readable} AS readable"
    page = f"page AS (SELECT {SELECT}, {names} {found}{paged}"
    sql = f"{start}{page} {order.format('c')} LIMIT {limit + 1}) {EXTRA} {order.format('page')}"
    with hot_cursor() as cursor_:
        rows = cursor_.execute(sql, values, prepare=False).fetchall()
        head = f"WITH {before} " if before else ""
        count = cursor_.execute(f"{head}SELECT count(*) {found}", values, prepare=False).fetchone()
    assert count is not None
    width = len(COLUMNS)
    shown = [QueueRow(of_row(row), *row[width : width + 3], *row[width + 4 :]) for row in rows[:limit]]
    more = write_cursor(shown[-1].case.reported_at, shown[-1].case.id) if len(rows) > limit else None
    return Behind(count[0], Page(shown, more))


def _behind(
    one: Indicator, part: str, question: Question, period: Period, *, key: str | None, by: Mandate, now: datetime
) -> tuple[str, str, dict[str, Any]]:
    """The CTEs before, FROM with its conditions, and the values."""
    found = asked(question, period, by=by, now=now)
    conditions = [*found.conditions, "c.reported_at < %(end)s", f"({b.BASES[one.base].sql})", f"({one.denominator})"]
    before = ""
    if part == "numerator" and one.numerator is not None:
        conditions.append(f"({one.numerator})")
        if one.numerator == b.CAME_BACK:
            before = b.came_back().strip()
            found.values.update(recurring(question))
    if key is not None:
        conditions.append(f"{found.key} = %(key)s")
        found.values["key"] = key
    joins = found.joins or CLASS
    return before, f"FROM cases_case c {joins} WHERE {' AND '.join(conditions)}", found.values
