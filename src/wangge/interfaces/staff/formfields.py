"""What forms of the desk send, as values. Each refusal names the field."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from wangge.base.errors import InvalidInput
from wangge.base.units import Limit, LimitUnit


def time_of(field: str, text: str) -> datetime:
    """A date and a time; without a zone it is the desk's own."""
    try:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=timezone.get_current_timezone())
    except ValueError as error:
        raise InvalidInput(
            "This is not a time.", field=field, value=text[:40], expected="a date and a time such as 2026-12-01T18:00"
        ) from error


def day_of(field: str, text: str) -> date | None:
    """A day, None where nothing was sent."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidInput("This is not a day.", field=field, value=text[:40], expected="such as 2026-10-10") from error


def id_of(field: str, text: str) -> UUID:
    """An id of the list."""
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput("This is not an id.", field=field, value=text[:40], expected="one of the list") from error


def limit_of(amount: str, unit: str, units: Collection[str]) -> Limit:
    """A length of time: a whole number of one to four digits in one of these units."""
    if not (amount.isascii() and amount.isdigit() and len(amount) <= 4 and int(amount)) or unit not in units:
        raise InvalidInput(
            "This is no limit.", field="limit", value=f"{amount} {unit}"[:40], expected="a whole number and a unit"
        )
    return Limit(int(amount), LimitUnit(unit))
