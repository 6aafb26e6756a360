"""What the page of insight is asked for: a week, month or quarter, a place, a class, a unit; what it is compared to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.base.errors import InvalidInput
from wangge.interfaces.staff import figuring
from wangge.interfaces.staff.rows import english
from wangge.kernel.cases.reference import ClassInfo, reference
from wangge.kernel.cases.units import units_at
from wangge.kernel.indicators import quiet
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.periods import Period, around, beside, containing, parse
from wangge.kernel.indicators.table import SETS
from wangge.kernel.places.queries import AreaInfo, Atlas

STEPS = {"week": 12, "month": 12, "quarter": 8}
"""Grain → how many periods of it the line shows before the present one."""
LINES: Mapping[str, Promise] = {
    "week": gettext_lazy("{one}, week by week"),
    "month": gettext_lazy("{one}, month by month"),
    "quarter": gettext_lazy("{one}, quarter by quarter"),
}
YOUNG = timedelta(days=7)
"""A month that has just begun says nothing: in its first week the month before is shown."""
DAYS = (3, 7, 14, 30)
USUAL = str(quiet.USUAL_DAYS)


class Asked(NamedTuple):
    """The question, its period, the parameters with what was left open, and the units to choose from."""

    question: Question
    period: Period
    params: dict[str, str]
    units: list[tuple[str, str]]


def asked(params: Mapping[str, str], area: AreaInfo, places: Atlas, moment: datetime) -> Asked:
    """What the parameters say: this month (`YOUNG`), deadlines, a line, a week of silence where they say nothing.

    Raises `InvalidInput` for what means nothing.
    """
    zone = places.timezone(area.path)
    period = parse(params["period"], zone) if "period" in params else containing("month", moment - YOUNG, zone)
    if period.kind not in STEPS:
        raise InvalidInput(
            _("Weeks, months and quarters are compared here."), field="period", value=period.text,
            expected="a week (2026-W24), month (2026-06) or quarter (2026-Q2)",
        )  # fmt: skip
    name = params.get("set", "deadlines")
    if name not in SETS:
        raise InvalidInput("There is no such set.", field="set", value=name, expected=", ".join(SETS))
    codes = [one.code for one in figuring.in_set(name)]
    code = params.get("line", "closing_on_time" if "closing_on_time" in codes else codes[0])
    if code not in codes:
        raise InvalidInput(
            "There is no such indicator.", field="line", value=code, expected="one of " + ", ".join(codes)
        )
    days = params.get("days", USUAL)
    if days not in map(str, DAYS):
        raise InvalidInput(
            _("Silence is looked at by these days."), field="days", value=days, expected=", ".join(map(str, DAYS))
        )
    units = [(str(one.id), (one.name_en if english() else one.name) or one.name) for one in units_at(area.path)]
    unit, klass = params.get("unit", ""), params.get("class", "")
    if unit and unit not in dict(units):
        raise InvalidInput(_("There is no such unit here."), field="unit", value=unit, expected="a unit of the list")
    if klass and klass not in {info.code for info in _classes(area.path)}:
        raise InvalidInput(_("There is no such class here."), field="class", value=klass, expected="a class's code")
    question = Question(area_path=area.path, class_prefix=klass, organisation=UUID(unit) if unit else None)
    full = {"period": period.text, "area": area.code, "set": name, "line": code, "days": days, "class": klass,
            "unit": unit}
    return Asked(question, period, full, units)


def grains(period: Period, params: figuring.Params, moment: datetime) -> list[dict[str, object]]:
    """The grains as tabs: each leads to the period that holds the last day shown that has begun."""
    last = min(period.until - timedelta(days=1), containing("day", moment, period.timezone).first)
    return [
        {"name": figuring.PERIODS[kind], "current": kind == period.kind,
         "address": figuring.address(params, "staff:insight", period=around(kind, last, period.timezone).text)}
        for kind in STEPS
    ]  # fmt: skip


def year_before(period: Period) -> Period | None:
    """The same week, month or quarter of the year before; its last week where that year has one fewer."""
    try:
        if period.kind != "week":
            return around(period.kind, period.first.replace(year=period.first.year - 1), period.timezone)
        year, week, _day = period.first.isocalendar()
        last = date(year - 1, 12, 28).isocalendar().week
        return around("week", date.fromisocalendar(year - 1, min(week, last), 1), period.timezone)
    except ValueError:
        return None


def compared_to(period: Period) -> list[Period]:
    """The period before, and the same one of the year before."""
    return [one for one in (beside(period, -1), year_before(period)) if one is not None]


def classes_offered(area: AreaInfo, chosen: str) -> list[tuple[str, str]]:
    """The majors that hold at the place; below the one that was chosen, or whose part was, its sub-classes."""
    known = {info.code: info for info in _classes(area.path) if not info.retired or info.code == chosen}
    one = known.get(chosen)
    major = (one.parent or one.id) if one else None
    return [
        (info.code, ("\u2003" if info.parent else "") + ((info.name_en if english() else info.name) or info.name))
        for info in sorted(known.values(), key=lambda info: info.code) if info.parent in (None, major)
    ]  # fmt: skip


def _classes(path: str) -> list[ClassInfo]:
    every = reference().classes.values()
    return [info for info in every if path.startswith(info.area_path) or info.area_path.startswith(path)]
