"""What the commands of the ledger share: moments, and whose accounts are meant."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wangge.base.errors import InvalidInput, NotFound
from wangge.kernel.people.models import Account as Login
from wangge.kernel.people.queries import organisations_by_code
from wangge.kernel.places.queries import atlas


def instant(text: str | None, field: str) -> datetime | None:
    """An ISO 8601 time with its zone; None where none is given. Raises `InvalidInput`."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise InvalidInput("This is no moment.", field=field, value=text, expected="such as 2026-04-01T00:00+08:00")
    return found


def owner(text: str) -> UUID:
    """The owner of accounts: an id as it is, a user name's person, the code of an organisation or of an area."""
    try:
        return UUID(text)
    except ValueError:
        pass
    login = Login.objects.filter(username__iexact=text, person__isnull=False).first()
    if login is not None and login.person_id is not None:
        return login.person_id
    if found := organisations_by_code([text]):
        return found[text].id
    area = atlas().by_code(text)
    if area is None:
        raise NotFound("Nobody is called so.", field="owner", value=text,
                       expected="an id, a user name, or the code of an organisation or an area")
    return area.id
