"""Writes of people. Names, contacts and user names are erasable content; entries hold ids and codes only.

Persons lie where their duties lie: whoever manages accounts does so for people below the own scope (`access`).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, Erased, append, erase
from wangge.kernel.people.access import require_over
from wangge.kernel.people.models import ORGANISATION_KINDS, Account, ApiToken, Organisation, Person

VERB = "manage_accounts"
MAX_TOKEN_DAYS = 730
_CODE = re.compile(r"[A-Za-z0-9-]{1,32}")


class NewPerson(NamedTuple):
    """A person to be created: a name, and how colleagues reach them."""

    name: str
    contact: str = ""


def create_person(*, name: str, by: Mandate, contact: str = "") -> Person:
    """One new person. Raises `InvalidInput`, `Forbidden`."""
    return create_people([NewPerson(name, contact)], by=by)[0]


def create_people(rows: Sequence[NewPerson], *, by: Mandate) -> list[Person]:
    """Many new persons, set-wise. Whoever fills posts may put a newcomer on record; accounts stay with `VERB`."""
    if "hand_over" not in by.may:
        by.require(VERB, by.scope_path)
    made = [
        Person(id=new_id(), version=1, name=_text(row.name, "name", 100),
               contact=_text(row.contact, "contact", 200, empty=True))
        for row in rows
    ]
    with transaction.atomic():
        append([Act(one.id, "person", "create", content=_content(name=one.name, contact=one.contact)) for one in made],
               by=by)
        return Person.objects.bulk_create(made, batch_size=2000)


def correct_person(*, person_id: UUID, by: Mandate, name: str | None = None, contact: str | None = None) -> Person:
    """Set right a name or a contact. What stood before is erased from the journal's content too."""
    require_over(by, VERB, person_id)
    with transaction.atomic():
        person = _person(person_id)
        fields = {}
        if name is not None:
            fields["name"] = person.name = _text(name, "name", 100)
        if contact is not None:
            fields["contact"] = person.contact = _text(contact, "contact", 200, empty=True)
        emptied = sorted(field for field, value in fields.items() if not value)
        act = Act(person.id, "person", "correct", None, {"emptied": emptied}, _content(**fields), person.version)
        [written] = append([act], by=by)
        person.version = written.seq
        person.save(force_update=True)
    return person


def erase_person(person_id: UUID, by: Mandate, *, reason_code: str = "request") -> Erased:
    """Name and contact are gone for ever, their accounts closed; the id stays, and every act under it.

    Raises `NotFound`, `Forbidden` without the verb `erase`. What others keep goes by `PersonErased`.
    """
    if not Person.objects.filter(id=person_id).exists():
        raise NotFound("There is no such person.", field="person", value=person_id)
    return erase(subject_id=person_id, reason_code=reason_code, by=by)


def create_organisation(
    *, code: str, name: str, kind: str, by: Mandate, name_en: str = "", area: UUID | None = None
) -> Organisation:
    """One new organisation. Raises `InvalidInput`, `Forbidden`, `Conflict` for a code in use."""
    return _organisations([(code, name, kind, name_en, area)], by=by)[0]


def create_organisations(rows: Sequence[tuple[str, str, str]], *, by: Mandate) -> list[Organisation]:
    """Many new organisations, set-wise: (code, name, kind)."""
    return _organisations([(*row, "", None) for row in rows], by=by)


def _organisations(
    rows: Sequence[tuple[str, str, str, str, UUID | None]], *, by: Mandate
) -> list[Organisation]:
    by.require(VERB, by.scope_path)
    made = []
    for code, name, kind, name_en, area in rows:
        if not _CODE.fullmatch(code):
            raise InvalidInput("This is no code of an organisation.", field="code", value=code,
                               expected="1 to 32 of A-Z, a-z, 0-9 and -")
        if kind not in ORGANISATION_KINDS:
            raise InvalidInput("There is no such kind of organisation.", field="kind", value=kind,
                               expected="one of " + ", ".join(ORGANISATION_KINDS))
        made.append(Organisation(
            id=new_id(), version=1, code=code, name=_text(name, "name", 200), kind=kind, area=area,
            name_en=_text(name_en, "name_en", 200, empty=True),
        ))
    with transaction.atomic():
        append([
            Act(one.id, "organisation", "create", one.area,
                {"code": one.code, "kind": one.kind, "area": str(one.area) if one.area else None},
                _content(name=one.name, name_en=one.name_en))
            for one in made
        ], by=by)
        _insert(made, "code", ", ".join(one.code for one in made[:5]))
    return made


def create_account(
    *, username: str, password: str | None, by: Mandate, person: UUID | Person | None = None,
    language: str = "", email: str = "", check_strength: bool = True,
) -> Account:
    """Who may sign in, as which person. Without a password the account can only use tokens or another provider.

    `check_strength=False` is for the demo's printed password. Raises `InvalidInput`, `Forbidden`, `Conflict`.
    """
    person_id = person.id if isinstance(person, Person) else person
    require_over(by, VERB, person_id)
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise InvalidInput("This is no user name.", field="username", value=username,
                           expected="letters, digits and @ . + - _") from error
    if len(username) > 150:
        raise InvalidInput("This user name is too long.", field="username", expected="at most 150 characters")
    account = Account(id=new_id(), version=1, username=username, email=email, person_id=person_id, language=language)
    _set_password(account, password, check_strength)
    data = {"person": str(person_id) if person_id else None, "language": language}
    with transaction.atomic():
        append([Act(account.id, "account", "create", None, data, _content(username=username, email=email))], by=by)
        _insert([account], "username", username)
    return account


def change_password(*, account: Account, password: str, by: Mandate) -> Account:
    """A new password, set by an administrator. All tokens of the account are revoked."""
    with transaction.atomic():
        known = _account(account.id, by=by)
        _set_password(known, password, check_strength=True)
        ApiToken.objects.filter(account=known, revoked_at__isnull=True).update(revoked_at=by.recorded_at)
        _advance(known, "change_password", {}, by=by)
    return known


def close_account(*, account: Account, by: Mandate) -> Account:
    """Nobody signs in with it any more; its tokens are revoked."""
    with transaction.atomic():
        known = _account(account.id, by=by)
        known.is_active = False
        ApiToken.objects.filter(account=known, revoked_at__isnull=True).update(revoked_at=by.recorded_at)
        _advance(known, "close", {}, by=by)
    return known


def issue_token(*, account: Account, label: str, days: int, by: Mandate) -> tuple[ApiToken, str]:
    """A bearer token that expires after `days`; its text is returned once and kept nowhere."""
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise InvalidInput("A token always expires.", field="days", value=days, expected=f"1 to {MAX_TOKEN_DAYS}")
    plain = "wg_" + secrets.token_urlsafe(32)
    with transaction.atomic():
        known = _account(account.id, by=by)
        if not known.is_active:
            raise InvalidInput("This account is closed.", field="account", value=known.username)
        token = ApiToken(
            id=new_id(), account=known, digest=hashlib.sha256(plain.encode()).digest(),
            label=_text(label, "label", 100, empty=True), created_at=by.recorded_at,
            expires_at=by.recorded_at + timedelta(days=days),
        )
        token.save(force_insert=True)
        data = {"token": str(token.id), "expires_at": to_us(token.expires_at), "digest": token.digest.hex()}
        _advance(known, "issue_token", data, by=by)
    return token, plain


def revoke_token(*, token: ApiToken, by: Mandate) -> ApiToken:
    """The token is refused from now on. Revoking twice changes nothing."""
    with transaction.atomic():
        account = _account(token.account_id, by=by)
        known = ApiToken.objects.get(id=token.id)
        if known.revoked_at is None:
            known.revoked_at = by.recorded_at
            known.save(update_fields=["revoked_at"])
            _advance(account, "revoke_token", {"token": str(token.id)}, by=by)
    return known


def _set_password(account: Account, password: str | None, check_strength: bool) -> None:
    if password is not None and check_strength:
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise InvalidInput("This password is too weak: " + " ".join(error.messages), field="password",
                               expected="at least 10 characters that are not common") from error
    account.set_password(password)


def _person(person_id: UUID) -> Person:
    person = Person.objects.select_for_update().filter(id=person_id).first()
    if person is None:
        raise NotFound("There is no such person.", field="person", value=person_id)
    return person


def _account(account_id: UUID, *, by: Mandate) -> Account:
    account = Account.objects.select_for_update(of=("self",)).filter(id=account_id).first()
    if account is None:
        raise NotFound("There is no such account.", field="account", value=account_id)
    require_over(by, VERB, account.person_id)
    return account


def _advance(account: Account, verb: str, data: dict[str, object], *, by: Mandate) -> None:
    [written] = append([Act(account.id, "account", verb, None, data, version=account.version)], by=by)
    account.version = written.seq
    account.save(force_update=True)


def _insert(rows: Sequence[Organisation] | Sequence[Account], field: str, value: str) -> None:
    try:
        with transaction.atomic():
            for row in rows:
                row.save(force_insert=True)
    except IntegrityError as error:
        if f"_{field}_once" in str(error):
            raise Conflict(f"This {field} is taken.", field=field, value=value, expected="another one") from error
        raise


def _content(**fields: str) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _text(value: str, field: str, limit: int, *, empty: bool = False) -> str:
    text = value.strip()
    if len(text) > limit or "\0" in text or not (text or empty):
        raise InvalidInput(f"This is no {field.replace('_', ' ')}.", field=field, value=text,
                           expected=f"{0 if empty else 1} to {limit} characters")
    return text
