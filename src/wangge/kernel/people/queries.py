"""Reads of people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from wangge.base.errors import NotFound
from wangge.kernel.people.models import Account, ApiToken, Organisation, Person


def person_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """Names by id; '' for an erased person, absent for an unknown one."""
    return dict(Person.objects.filter(id__in=ids).values_list("id", "name"))


def organisation_names(ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Names of organisations by id: Chinese and English, '' where there is no English one."""
    found = Organisation.objects.filter(id__in=ids).values_list("id", "name", "name_en") if ids else ()
    return {one: (name, name_en) for one, name, name_en in found}


def organisation_by_code(code: str) -> Organisation:
    """The organisation with this code. Raises `NotFound`."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise NotFound("There is no organisation with this code.", field="organisation", value=code,
                       expected="the code of an organisation")
    return found


def organisations_by_code(codes: Iterable[str]) -> dict[str, Organisation]:
    """Organisations by their codes; unknown codes are absent."""
    return {one.code: one for one in Organisation.objects.filter(code__in=list(codes))}


def organisations_by_id(ids: Collection[UUID]) -> list[Organisation]:
    """Organisations with these ids, by their codes."""
    return list(Organisation.objects.filter(id__in=list(ids)).order_by("code"))


def organisations() -> list[Organisation]:
    """Every organisation, by its code."""
    return list(Organisation.objects.order_by("code"))


def account_by_username(username: str) -> Account:
    """The account, whatever the case of its name. Raises `NotFound`."""
    found = Account.objects.filter(username__iexact=username).first()
    if found is None:
        raise NotFound("There is no account with this user name.", field="username", value=username,
                       expected="a user name")
    return found


def tokens_of(account_id: UUID, *, at: datetime) -> list[ApiToken]:
    """The account's tokens that still work at a moment, the newest first."""
    valid = ApiToken.objects.filter(account_id=account_id, revoked_at__isnull=True, expires_at__gt=at)
    return list(valid.order_by("-created_at"))
