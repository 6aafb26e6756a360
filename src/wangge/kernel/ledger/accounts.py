"""Opening accounts and moving them to other ground. Use it through `services`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, append
from wangge.kernel.ledger.models import Account
from wangge.kernel.ledger.projecting import ACCOUNT
from wangge.kernel.ledger.rules import LARGEST, OWNER_KINDS, PURPOSE_FORM, UNITS
from wangge.kernel.people.models import Organisation, Person
from wangge.kernel.places.models import Area

VERB = "open_account"
_OWNERS: dict[str, Any] = {"person": Person, "organisation": Organisation, "area": Area}


class NewAccount(NamedTuple):
    """An account to be opened; `area` is the code of the place where it is kept. One owner has one account for each
    purpose and unit; `floor` is in smallest units, 0 or below."""

    owner_kind: str
    owner: UUID
    purpose: str
    unit: str
    area: str
    floor: int | None = None


def open_account(
    *, owner_kind: str, owner: UUID, purpose: str, unit: str, area: str, by: Mandate, floor: int | None = None
) -> Account:
    """One account. Opening it again changes nothing. Raises `InvalidInput`, `NotFound`, `Forbidden`, and `Conflict`
    where it stands already with another floor or elsewhere."""
    return open_accounts([NewAccount(owner_kind, owner, purpose, unit, area, floor)], by=by)[0]


def open_accounts(rows: Sequence[NewAccount], *, by: Mandate) -> list[Account]:
    """Many accounts, set-wise, in the order given; those that stand already as asked are given back."""
    if not rows:
        return []
    _check(rows)
    areas = {area.code: area for area in Area.objects.filter(code__in={row.area for row in rows})}
    for code in sorted({row.area for row in rows}):
        if code not in areas:
            raise NotFound("There is no area with this code.", field="area", value=code)
        by.require(VERB, areas[code].path)
    drafts = [
        Account(id=new_id(), version=1, owner_kind=row.owner_kind, owner=row.owner, purpose=row.purpose, unit=row.unit,
                area=areas[row.area], area_path=areas[row.area].path, floor=row.floor)
        for row in rows
    ]
    with transaction.atomic():
        fresh = _insert(drafts)
        append([_opening(one) for one in drafts if one.id in fresh], by=by)
        if len(fresh) == len(drafts):
            return drafts
        standing = {
            (one.owner, one.purpose, one.unit): one
            for one in Account.objects.filter(owner__in={row.owner for row in rows}).select_related("area")
        }
    return [one if one.id in fresh else _standing(one, standing) for one in drafts]


def move_account(*, account: UUID, area: str, by: Mandate) -> Account:
    """Keep the account elsewhere, for instance where its owner serves now; who sees it follows. Needs the verb
    `open_account` on both grounds."""
    with transaction.atomic():
        found = Account.objects.select_for_update(of=("self",)).filter(id=account).first()
        target = Area.objects.filter(code=area).first()
        if found is None or target is None:
            raise NotFound("There is no such account or area.", field="account" if found is None else "area",
                           value=account if found is None else area)
        by.require(VERB, found.area_path)
        by.require(VERB, target.path)
        if found.area_id != target.id:
            move([found], {found.id: target}, by=by)
    return found


def move(found: Sequence[Account], to: dict[UUID, Area], *, by: Mandate) -> None:
    """Move locked accounts, each by an entry of its own."""
    acts = [
        Act(one.id, ACCOUNT, "move", to[one.id].id, {"area": str(to[one.id].id), "path": to[one.id].path},
            version=one.version)
        for one in found
    ]
    for one, written in zip(found, append(acts, by=by), strict=True):
        one.version, one.area, one.area_path = written.seq, to[one.id], to[one.id].path
    Account.objects.bulk_update(found, ["version", "area", "area_path"], batch_size=1000)


def _check(rows: Sequence[NewAccount]) -> None:
    owners: defaultdict[str, set[UUID]] = defaultdict(set)
    seen: set[tuple[UUID, str, str]] = set()
    for row in rows:
        _one_of("owner_kind", row.owner_kind, OWNER_KINDS)
        _one_of("unit", row.unit, UNITS)
        if not re.fullmatch(PURPOSE_FORM, row.purpose) or row.purpose.endswith("\n"):
            raise InvalidInput("This is no purpose.", field="purpose", value=row.purpose,
                               expected="a code of a-z, 0-9, _ and -, such as deposit")
        if row.floor is not None and not -LARGEST <= row.floor <= 0:
            raise InvalidInput("A new account is empty, so its floor is at most 0.", field="floor", value=row.floor,
                               expected="0, or how far it may go below")
        if (row.owner, row.purpose, row.unit) in seen:
            raise InvalidInput("This account stands twice.", field="owner", value=row.owner, expected="each once")
        seen.add((row.owner, row.purpose, row.unit))
        owners[row.owner_kind].add(row.owner)
    for kind, wanted in owners.items():
        missing = wanted - set(_OWNERS[kind].objects.filter(id__in=wanted).values_list("id", flat=True))
        if missing:
            raise NotFound(f"There is no such {kind}.", field="owner", value=min(missing))


def _one_of(field: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        raise InvalidInput(f"There is no such {field.replace('_', ' ')}.", field=field, value=value,
                           expected="one of " + ", ".join(known))


def _insert(drafts: Sequence[Account]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_account (id, version, owner_kind, owner, purpose, unit, area_id, area_path, floor)"
            " SELECT id, 1, owner_kind, owner, purpose, unit, area, path, floor FROM unnest(%s::uuid[], %s::text[],"
            " %s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::bigint[])"
            " AS x(id, owner_kind, owner, purpose, unit, area, path, floor) ORDER BY owner, purpose, unit"
            " ON CONFLICT (owner, purpose, unit) DO NOTHING RETURNING id",
            [[getattr(one, name) for one in drafts]
             for name in ("id", "owner_kind", "owner", "purpose", "unit", "area_id", "area_path", "floor")],
        )
        return {row[0] for row in cursor.fetchall()}


def _opening(one: Account) -> Act:
    return Act(one.id, ACCOUNT, VERB, one.area_id, {
        "owner_kind": one.owner_kind, "owner": str(one.owner), "purpose": one.purpose, "unit": one.unit,
        "path": one.area_path, "floor": one.floor,
    })


def _standing(asked: Account, standing: dict[tuple[UUID, str, str], Account]) -> Account:
    found = standing.get((asked.owner, asked.purpose, asked.unit))
    if found is None:
        raise Conflict("Somebody else is opening this account; repeat.", field="owner", value=asked.owner)
    if (found.owner_kind, found.area_id, found.floor) != (asked.owner_kind, asked.area_id, asked.floor):
        raise Conflict(
            "This account stands already, with another floor or on other ground.", field="owner", value=asked.owner,
            expected=f"floor {found.floor} on {found.area.code}", extra={"account": str(found.id)},
        )
    return found
