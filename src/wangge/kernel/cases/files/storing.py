"""Taking files in, tying them to cases, and letting them go.

Invariants: bytes are on disk before the row that names them is committed; a row of a case stays with that
case; bytes are deleted only when no live row names them, under a lock on their digest that storing takes too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction

from wangge.base.errors import Forbidden, InvalidInput, KeyReused, TooLarge
from wangge.base.mandate import Mandate
from wangge.kernel.cases.files import vault
from wangge.kernel.cases.files.images import Kept, redraw
from wangge.kernel.cases.models import StoredFile

MOST_BYTES = 15 * 1024 * 1024
MOST_FILES = 20
"""The most files of one act."""
ROLES = ("near", "far", "reference", "before", "after", "other")
_SENDING = frozenset({"report", "attach", "handle", "inspect", "comment"})
_STEP = 64 * 1024


def sender_of(by: Mandate) -> str:
    """Who a file belongs to until a case has it: the person, else the kind of mandate (`public`, `job`)."""
    return f"person:{by.actor}" if by.actor else by.post


def store_file(
    *,
    file_id: UUID,
    content: bytes | BinaryIO,
    declared_type: str | None = None,
    sender: str | None = None,
    by: Mandate,
) -> StoredFile:
    """Keep a photo under the sender's own id. Sending it twice is storing it once.

    `declared_type` is not believed: the content says what it is. The mandate must allow an act that takes
    files. Raises `TooLarge` (beyond 15 MB, as soon as that is seen), `MalformedInput`, `InvalidInput`,
    `KeyReused` where the id belongs to other bytes or another sender, `Unavailable` on a full disk.
    """
    if not by.may & _SENDING:
        raise Forbidden(
            f"The post “{by.post}” sends no files.", field="file", expected="a post that reports or handles"
        )
    data = _read(content)
    received = hashlib.sha256(data).hexdigest()
    sender = sender or sender_of(by)
    known = StoredFile.objects.filter(id=file_id).first()
    if known is None:
        kept = redraw(data)
        row = StoredFile(
            id=file_id,
            digest_received=received,
            digest_kept=hashlib.sha256(kept.data).hexdigest(),
            media_type=kept.media_type,
            bytes=len(kept.data),
            width=kept.width,
            height=kept.height,
            sender=sender,
            stored_at=by.at if by.clock_from_at else by.recorded_at,
        )
        known = _keep(row, kept)
    if known.erased_at is not None or known.sender != sender or known.digest_received != received:
        raise KeyReused(
            "This id belongs to another file.",
            field="file_id",
            value=file_id,
            expected="a new id for a new file",
        )
    return known


def digests_of(file_ids: Sequence[UUID]) -> dict[str, list[str]]:
    """For the journal: by the id of each file the digests of its bytes as received and as kept."""
    if not file_ids:
        return {}
    found = StoredFile.objects.filter(id__in=file_ids, digest_kept__isnull=False)
    return {str(one.id): [one.digest_received, str(one.digest_kept)] for one in found.order_by("id")}


def attach_files(
    file_ids: Sequence[UUID],
    *,
    case_id: UUID,
    seq: int,
    roles: Mapping[UUID, str] | None = None,
    sender: str | None = None,
    by: Mandate,
) -> None:
    """Tie files to the entry `(case_id, seq)`, all or none, by one statement in the caller's transaction.

    Raises `InvalidInput` naming `files` for one that is unknown, erased, attached or another's.
    """
    wanted = list(dict.fromkeys(file_ids))
    if len(wanted) > MOST_FILES:
        raise InvalidInput(
            f"These are {len(wanted)} files.",
            field="files",
            value=len(wanted),
            expected=f"at most {MOST_FILES}",
        )
    given = [(roles or {}).get(file_id, "other") for file_id in wanted]
    if unknown := set(given) - set(ROLES):
        raise InvalidInput(
            "There is no such role of a file.",
            field="files",
            value=min(unknown),
            expected="one of " + ", ".join(ROLES),
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_file f SET case_id = %s, seq = %s, role = x.role"
            " FROM unnest(%s::uuid[], %s::text[]) AS x(id, role)"
            " WHERE f.id = x.id AND f.case_id IS NULL AND f.erased_at IS NULL AND f.sender = %s"
            " RETURNING f.id",
            [case_id, seq, wanted, given, sender or sender_of(by)],
        )
        tied = {row[0] for row in cursor.fetchall()}
    for file_id in wanted:
        if file_id not in tied:
            raise _unusable(file_id, case_id)


def erase_files(case_id: UUID, *, at: datetime) -> int:
    """Erase every file of the case; how many. Rows stay and say so, without a digest of what was kept.

    Bytes go after the commit, unless another live row names them; `sweep` catches what a crash leaves.
    """
    live = StoredFile.objects.select_for_update().filter(case_id=case_id, erased_at__isnull=True)
    digests = [row.digest_kept for row in live if row.digest_kept]
    count = live.update(erased_at=at, digest_kept=None, width=None, height=None, bytes=0)
    transaction.on_commit(partial(_forget, digests))
    return count


def purge_loose(older_than: timedelta, *, now: datetime) -> int:
    """Delete files that no case took within `older_than`, rows and bytes, and sweep; how many rows."""
    with transaction.atomic():
        loose = StoredFile.objects.filter(case__isnull=True, stored_at__lt=now - older_than)
        digests = [digest for digest in loose.select_for_update().values_list("digest_kept", flat=True) if digest]
        count, _ = loose.delete()
        transaction.on_commit(partial(_forget, digests))
    vault.remove_parts(older_than=24 * 3600)
    return count


def sweep() -> int:
    """Delete bytes that no live row names, such as a crash after a commit leaves; how many digests."""
    return _forget(list(vault.digests()))


def _read(content: bytes | BinaryIO) -> bytes:
    """All of it, refused as soon as it is seen to be too much."""
    if isinstance(content, bytes):
        pieces, size = [content], len(content)
    else:
        pieces, size = [], 0
        while size <= MOST_BYTES and (piece := content.read(_STEP)):
            pieces.append(piece)
            size += len(piece)
    if size > MOST_BYTES:
        raise TooLarge("The file is too large.", field="file", expected=f"at most {MOST_BYTES // 1024 // 1024} MB")
    return b"".join(pieces)


def _keep(row: StoredFile, kept: Kept) -> StoredFile:
    """Bytes to disk, then the row; where another request with this id came first, its row."""
    digest = str(row.digest_kept)
    with transaction.atomic():
        _lock([digest])
        vault.put(
            [
                (vault.path_of(digest, kept.media_type), kept.data),
                (vault.path_of(digest, kept.media_type, thumb=True), kept.thumb),
            ]
        )
        StoredFile.objects.bulk_create([row], ignore_conflicts=True)
        return StoredFile.objects.get(id=row.id)


def _forget(digests: Sequence[str]) -> int:
    """Delete the bytes of those digests that no live row names."""
    gone = 0
    for digest in sorted(set(digests)):
        with transaction.atomic():
            _lock([digest])
            if not StoredFile.objects.filter(digest_kept=digest, erased_at__isnull=True).exists():
                gone += bool(vault.forget(digest))
    return gone


def _lock(digests: Sequence[str]) -> None:
    """Held until the transaction ends: storing and deleting the same bytes exclude each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('cases_file:' || d, 0)) FROM unnest(%s::text[]) d",
            [list(digests)],
        )


def _unusable(file_id: UUID, case_id: UUID) -> InvalidInput:
    row = StoredFile.objects.filter(id=file_id).values("case_id", "erased_at").first()
    if row is not None and row["case_id"] == case_id:
        why = "is attached already"
    elif row is not None and row["erased_at"] is not None:
        why = "has been erased"
    else:
        why = "is not one that you sent and have not used"  # whose it is concerns nobody else
    return InvalidInput(
        f"The file {file_id} {why}.",
        field="files",
        value=file_id,
        expected="the id of a file that you sent before",
    )
