"""Days that people type, as moments of the place: a beginning is its midnight, today is now, a last day is included."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.base.clock import now
from wangge.base.errors import InvalidInput


def day_of(text: str, field: str) -> date:
    """The day. Raises `InvalidInput`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput("This is not a day.", field=field, value=text, expected="such as 2026-10-10") from error


def midnight(day: date) -> datetime:
    """When the day begins at the place. Raises `InvalidInput` for a day that no calendar has."""
    try:
        return datetime.combine(day, time(), timezone.get_current_timezone())
    except OverflowError as error:
        raise InvalidInput("This day cannot be reckoned with.", field="day", value=day) from error


def begins(text: str, field: str, moment: datetime, *, past: bool = False) -> datetime:
    """From this day on: today means from `moment` (now) on; an earlier day is refused unless `past`."""
    day, today = day_of(text, field), timezone.localdate()
    if day == today:
        return moment
    if day < today and not past:
        raise InvalidInput("This day has passed.", field=field, value=text, expected="today or later")
    return midnight(day)


def ends(text: str, field: str) -> datetime | None:
    """The first moment after this last day; None where nothing was typed."""
    if not text.strip():
        return None
    day = day_of(text, field)
    if day >= date(9998, 12, 31):
        raise InvalidInput("This day cannot be reckoned with.", field=field, value=text, expected="a nearer day")
    return midnight(day + timedelta(days=1))


def shown(text: str | None) -> tuple[date, datetime]:
    """The day that a page is to show and the moment that stands for it: now for today, else its noon."""
    today = timezone.localdate()
    day = day_of(text, "day") if text else today
    if not date(1970, 1, 2) <= day < date(9998, 12, 31):
        raise InvalidInput(_("This day cannot be reckoned with."), field="day", value=text, expected="a nearer day")
    return day, now() if day == today else midnight(day) + timedelta(hours=12)
