"""A person's act from the command line: by one of the duties that the person holds, never by the console's powers."""

from __future__ import annotations

from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.people.models import Account


def acting(username: str, *, verb: str | None = None, path: str | None = None) -> Mandate:
    """The mandate of an account's person. Raises `NotFound` without such an account, `Forbidden` without the duty."""
    found = Account.objects.filter(username__iexact=username, is_active=True).first()
    if found is None or found.person_id is None:
        raise NotFound("Nobody signs in under this name.", field="as", value=username, expected="a user name")
    return mandates.for_person(found.person_id, channel="console", verb=verb, path=path)
