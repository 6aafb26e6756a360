"""Appending acts, set-wise, in the caller's transaction. Use it through `services`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from wangge.base.errors import Moved
from wangge.base.mandate import Mandate
from wangge.kernel.journal.writing import (
    INSERT_CONTENTS,
    INSERT_ENTRIES,
    Act,
    ContentRow,
    EntryRow,
    Head,
    encode,
    write,
)


class Written(NamedTuple):
    """What became of an act: the subject, its new version, the digest and ordinal of the entry."""

    subject_id: UUID
    seq: int
    digest: bytes
    ordinal: int


def ordinals(count: int) -> list[int]:
    """`count` fresh ordinals, increasing; taken before the insert: an entry's digest covers its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('journal_entry_ordinal') FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


def heads(subjects: Sequence[UUID]) -> dict[UUID, Head]:
    """The newest entry of each of these subjects; a subject without entries is absent."""
    if not subjects:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, e.seq, e.digest, e.recorded_at FROM unnest(%s::uuid[]) s(id), LATERAL ("
            " SELECT seq, digest, recorded_at FROM journal_entry WHERE subject_id = s.id"
            " ORDER BY seq DESC LIMIT 1) e",
            [list(subjects)],
        )
        return {row[0]: Head(row[1], bytes(row[2]), row[3]) for row in cursor.fetchall()}


def append(acts: Sequence[Act], *, by: Mandate) -> list[Written]:
    """Write one entry for each act, set-wise, in the caller's transaction.

    Several acts upon one subject follow one another in the order given. Raises `Moved` when a subject's
    head is not at the act's `version`: somebody else acted first.
    """
    if not acts:
        return []
    with transaction.atomic():
        known = heads(list({act.subject_id for act in acts if act.version}))
        contents: list[ContentRow] = []
        rows: list[EntryRow] = []
        written: list[Written] = []
        for act, ordinal in zip(acts, ordinals(len(acts)), strict=True):
            head = known.get(act.subject_id)
            if (head.seq if head else 0) != act.version:
                raise _moved(act, head)
            row, known[act.subject_id] = write(act, by=by, ordinal=ordinal, head=head, contents=contents)
            rows.append(row)
            written.append(Written(act.subject_id, row.seq, known[act.subject_id].digest, ordinal))
        insert(rows, contents)
    return written


_NEXT = """
SELECT nextval('journal_entry_ordinal'), e.seq, e.digest, e.recorded_at{more} FROM (SELECT %s::uuid AS id) s
LEFT JOIN LATERAL (SELECT seq, digest, recorded_at FROM journal_entry WHERE subject_id = s.id
  ORDER BY seq DESC LIMIT 1) e ON TRUE
"""
_TRIES = 3


def note(act: Act, *, by: Mandate, beside: tuple[str, Sequence[Any]] = ("", ())) -> tuple[Written, Any]:
    """Write one entry behind whatever stands last on its subject, by two statements: for looks, which change nothing
    that anybody could have seen otherwise. The act's `version` is not asked. `beside` is an SQL expression over the
    subject's id `s.id` and its values, read along before the entry is written.

    Raises `Moved` where others were faster three times over.
    """
    sql, values = beside
    for attempt in range(_TRIES):
        with connection.cursor() as cursor:
            cursor.execute(_NEXT.format(more=f", {sql}" if sql else ""), [*values, act.subject_id])
            ordinal, seq, digest, recorded_at, *more = cursor.fetchone()
        head = None if seq is None else Head(seq, bytes(digest), recorded_at)
        contents: list[ContentRow] = []
        row, after = write(act._replace(version=seq or 0), by=by, ordinal=ordinal, head=head, contents=contents)
        try:
            with transaction.atomic():
                insert([row], contents)
        except Moved:
            if attempt == _TRIES - 1:
                raise
            continue
        return Written(act.subject_id, row.seq, after.digest, ordinal), more[0] if more else None
    raise AssertionError("unreachable")


def insert(rows: Sequence[EntryRow], contents: Sequence[ContentRow]) -> None:
    """Insert prepared rows. A second entry for the same version raises `Moved`."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(INSERT_ENTRIES, [encode(rows)])
        except IntegrityError as error:
            if "journal_entry_pkey" in str(error):
                raise Moved("Somebody else acted on this first; look again and repeat.") from error
            raise
        if contents:
            cursor.execute(INSERT_CONTENTS, [encode(contents)])


def _moved(act: Act, head: Head | None) -> Moved:
    present: dict[str, Any] = {"version": head.seq if head else 0}
    return Moved(
        f"{act.subject_type} {act.subject_id} is at version {present['version']}, not {act.version}.",
        field="expected_version",
        value=act.version,
        expected=str(present["version"]),
        extra={"present": present},
    )
