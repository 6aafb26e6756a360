"""Erasing content: value and salt go, the entry and the digest stay, and the erasure is itself an entry.

How an upper room takes part (all in its `AppConfig.ready()`):

- its state table moves by itself: `erase` finds the row among the `Versioned` tables, locks it, and sets its
  `version` to the new head in the same transaction;
- `on_erase(subject_type, hook)` lets it delete what else holds the text: columns, files, search terms,
  idempotency digests. A hook runs inside the transaction, after the entry; it must be repeatable, and
  what cannot be rolled back (a file) it defers to a job or to the commit. It may return counts by kind;
- `place_of(subject_type, resolver)` tells the path on which the mandate must allow `erase`; without it only a
  mandate for everywhere will do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.journal.appending import Written, append, heads
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.subjects import lock_state, move_state
from wangge.kernel.journal.writing import Act

ERASE = "erase"
_REASON = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class Erasure(NamedTuple):
    """What a hook is told: whose content goes, by which entry, which (seq, field) pairs, why and by whom."""

    subject_id: UUID
    subject_type: str
    entry: Written
    fields: tuple[tuple[int, str], ...]
    reason_code: str
    by: Mandate


class Erased(NamedTuple):
    """What was erased. `entry` is None when there was nothing left; `also` counts what the hooks deleted."""

    subject_id: UUID
    subject_type: str
    entry: Written | None
    fields: tuple[tuple[int, str], ...]
    also: dict[str, int]


Hook = Callable[[Erasure], Mapping[str, int] | None]
_hooks: dict[str, list[Hook]] = defaultdict(list)
_places: dict[str, Callable[[UUID], str]] = {}


def on_erase(subject_type: str, hook: Hook) -> None:
    """Call `hook` whenever content of a subject of this type is erased. Registering twice changes nothing."""
    if hook not in _hooks[subject_type]:
        _hooks[subject_type].append(hook)


def place_of(subject_type: str, resolver: Callable[[UUID], str]) -> None:
    """Tell where subjects of this type lie: `resolver(subject_id)` gives the path of their area."""
    _places[subject_type] = resolver


def erase(
    *, subject_id: UUID, fields: Collection[str] | None = None, reason_code: str, by: Mandate
) -> Erased:
    """Erase the content of a subject, all of it or only the named fields.

    Where none of the named fields holds anything, nothing happens: only who erases all of it lets the hooks go over
    what they may have left. `reason_code` is a code (a–z, 0–9, `.`, `_`, `-`), never a sentence: it stays in the
    journal for ever. Raises `NotFound`, `Forbidden`, `InvalidInput`, and `Conflict` when somebody acts
    on the subject meanwhile.
    """
    if not _REASON.fullmatch(reason_code):
        raise InvalidInput(
            "The reason must be a code, because it is kept for ever.",
            field="reason_code",
            value=reason_code,
            expected="up to 64 of a-z, 0-9, '.', '_', '-'",
        )
    with transaction.atomic():
        last = (
            Entry.objects.filter(subject_id=subject_id)
            .order_by("-seq")
            .values_list("subject_type", "area")
            .first()
        )
        if last is None:
            raise NotFound(
                f"The journal knows no subject {subject_id}.", field="subject_id", value=subject_id
            )
        subject_type, area = last
        by.require(ERASE, _places[subject_type](subject_id) if subject_type in _places else "")
        state = lock_state(subject_id)
        head = heads([subject_id])[subject_id]
        if state and state.version != head.seq:
            raise Conflict(
                f"{subject_type} {subject_id} is at version {state.version}, its journal at {head.seq}."
            )
        pairs = _clear(subject_id, fields)
        if not pairs and (fields is not None or not _hooks[subject_type]):
            return Erased(subject_id, subject_type, None, (), {})
        data = {"reason": reason_code, "erased": [list(pair) for pair in pairs]}
        [written] = append([Act(subject_id, subject_type, ERASE, area, data, version=head.seq)], by=by)
        if state:
            move_state(subject_id, state, written.seq)
        also = _tell(Erasure(subject_id, subject_type, written, pairs, reason_code, by))
    return Erased(subject_id, subject_type, written, pairs, also)


def _clear(subject_id: UUID, fields: Collection[str] | None) -> tuple[tuple[int, str], ...]:
    chosen = ""
    params: list[UUID | list[str]] = [subject_id]
    if fields is not None:
        chosen = " AND field = ANY(%s)"
        params.append(list(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_content SET value = NULL, salt = NULL"
            f" WHERE subject_id = %s AND value IS NOT NULL{chosen} RETURNING seq, field",
            params,
        )
        return tuple(sorted((seq, field) for seq, field in cursor.fetchall()))


def _tell(erasure: Erasure) -> dict[str, int]:
    also: dict[str, int] = {}
    for hook in tuple(_hooks[erasure.subject_type]):
        for kind, count in (hook(erasure) or {}).items():
            also[kind] = also.get(kind, 0) + count
    return also
