"""What entries say of a class: a digest of all about it, made by the database for services and `verify` alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.models import CaseClass, ClassSet
from wangge.kernel.journal.services import Act, append

SUBJECT = "class_list"

DIGEST = r"""encode(sha256(convert_to(concat_ws(E'\x1f', k.code, k.name, k.name_en,
  coalesce((SELECT m.code FROM cases_class m WHERE m.id = k.parent_id), ''), k.tier, k.confidentiality, k.retired::text)
  || coalesce((SELECT string_agg(E'\x1e' || concat_ws(E'\x1f', n.number::text, n.text, n.text_en, n.closing,
    n.closing_en, n.limit_amount::text, n.limit_unit), '' ORDER BY n.number)
    FROM cases_class_condition n WHERE n.case_class_id = k.id), ''), 'UTF8')), 'hex')"""
"""The digest of a class `k` with its conditions."""


def digests(area: UUID, scheme: str, codes: Collection[str] | None = None) -> list[list[str]]:
    """[code, digest] of the classes of a set as they stand, by code; of some of them where codes are given."""
    only = None if codes is None else list(codes)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT k.code, {DIGEST} FROM cases_class k WHERE k.area_id = %s AND k.scheme = %s'
            ' AND (%s::text[] IS NULL OR k.code = ANY(%s)) ORDER BY k.code COLLATE "C"',
            [area, scheme, only, only],
        )
        return [list(row) for row in cursor.fetchall()]


def lock_set(area: UUID, scheme: str, by: Mandate) -> ClassSet:
    """The set, locked until the transaction ends. One that has no entries yet is stated as it stands."""
    found = ClassSet.objects.select_for_update(of=("self",)).filter(area_id=area, scheme=scheme).first()
    if found is not None:
        return found
    fresh = ClassSet(id=new_id(), version=1, area_id=area, scheme=scheme)
    there = digests(area, scheme)
    append([Act(fresh.id, SUBJECT, "state", area, {"scheme": scheme, "classes": there})], by=by)
    fresh.save(force_insert=True)
    return fresh


def enter(
    held: ClassSet, verb: str, codes: Collection[str], data: Mapping[str, Any], *, by: Mandate,
    content: Mapping[str, str] | None = None,
) -> None:
    """Write the entry of an act upon a locked set, with the digests of the classes as they now are."""
    told = {**data, "scheme": held.scheme, "classes": digests(held.area_id, held.scheme, codes)}
    append([Act(held.id, SUBJECT, verb, held.area_id, told, dict(content or {}), held.version)], by=by)
    held.version += 1
    held.save(update_fields=["version"])


def move_sets(old: UUID, new: UUID, by: Mandate) -> None:
    """What an ended area worked by goes to its successor, with an entry for each set."""
    sets = ClassSet.objects.select_for_update(of=("self",)).filter(area_id=old)
    schemes = CaseClass.objects.filter(area_id=old).order_by("scheme").values_list("scheme", flat=True).distinct()
    held = {one.scheme: one for one in sets}
    for scheme in schemes:
        one = held.get(scheme) or lock_set(old, scheme, by)
        append([Act(one.id, SUBJECT, "move", old, {"area": str(new)}, {}, one.version)], by=by)
        ClassSet.objects.filter(id=one.id).update(area_id=new, version=one.version + 1)
    CaseClass.objects.filter(area_id=old).update(area_id=new)
