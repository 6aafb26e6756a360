"""Where a page of a list ended, as opaque text."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.base.errors import InvalidInput


def write_cursor(moment: datetime, last: UUID) -> str:
    """Where a page ended, as opaque text."""
    return base64.urlsafe_b64encode(f"{moment.isoformat()}|{last}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> list[Any]:
    """The inverse of `write_cursor`. Raises `InvalidInput`."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        moment, last = text.split("|")
        found = datetime.fromisoformat(moment)
        if found.tzinfo is None:
            raise ValueError("no time zone")
        return [found, UUID(last)]
    except (ValueError, binascii.Error) as error:
        raise InvalidInput(
            "This cursor was not made by a list.",
            field="cursor",
            value=cursor,
            expected="the next_cursor of the page before",
        ) from error
