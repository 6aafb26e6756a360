"""Who may look at a file: who sees its case and reads its words; before that its sender; who holds a tracking code."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from wangge.base.errors import NotFound, Unavailable
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import readable_sql, visible_sql
from wangge.kernel.cases.files import vault
from wangge.kernel.cases.files.storing import sender_of
from wangge.kernel.cases.recording import hot_cursor

_SHOWN_TO_RESIDENTS = ["report", "handle", "dispose"]
"""A tracking code shows the photos of the report, of the finished work, and those added by it; not of checks."""

_PUBLIC = """
SELECT f.digest_kept, f.media_type FROM cases_report r JOIN cases_case c ON c.id = r.case_id
JOIN cases_case k ON k.id = c.id OR k.id = c.merged_into OR k.parent = coalesce(c.merged_into, c.id)
LEFT JOIN cases_class own ON own.id = c.case_class LEFT JOIN cases_class other ON other.id = k.case_class
JOIN cases_file f ON f.case_id = k.id JOIN journal_entry e ON e.subject_id = f.case_id AND e.seq = f.seq
WHERE f.id = %s AND f.erased_at IS NULL AND r.tracking_code = %s
  AND coalesce(own.confidentiality, 'public') = 'public' AND coalesce(other.confidentiality, 'public') = 'public'
  AND (f.role = 'after' OR (k.id = c.id AND (e.verb = ANY(%s) OR e.channel = 'public'))) LIMIT 1
"""
"""Of the case that the report joined, and of parts, only the finished work: what others reported is theirs. Nothing of
a class that is not public."""


class FileBytes(NamedTuple):
    """A file to send: where its bytes lie, what they are, and an entity tag (the digest of what was kept)."""

    path: Path
    media_type: str
    tag: str


def read_file(file_id: UUID, *, thumb: bool = False, by: Mandate) -> FileBytes:
    """The file or its thumbnail. Raises `NotFound` where there is none that this mandate may see."""
    visible, values = visible_sql(by)
    readable, read = readable_sql(by)
    return read_kept(
        "SELECT f.digest_kept, f.media_type FROM cases_file f LEFT JOIN cases_case c ON c.id = f.case_id"
        " LEFT JOIN cases_class k ON k.id = c.case_class WHERE f.id = %s AND f.erased_at IS NULL"
        f" AND ((f.case_id IS NULL AND f.sender = %s) OR (c.id IS NOT NULL AND {visible} AND {readable}))",
        [file_id, sender_of(by), *values, *read],
        file_id,
        thumb=thumb,
    )


def read_public(file_id: UUID, tracking_code: str, *, thumb: bool = False) -> FileBytes:
    """The file, for who holds the tracking code of its case, if it belongs to what a resident is shown."""
    return read_kept(_PUBLIC, [file_id, tracking_code, _SHOWN_TO_RESIDENTS], file_id, thumb=thumb)


def read_kept(sql: str, values: list[object], file_id: UUID, *, thumb: bool) -> FileBytes:
    """The file whose digest and media type a statement gives; for rooms that decide by it who may look."""
    with hot_cursor() as cursor:
        row = cursor.execute(sql, values).fetchone()
    if row is None:
        raise NotFound("There is no such file, or none that you may see.", field="file_id", value=file_id)
    digest, media_type = row
    path = vault.path_of(digest, media_type, thumb=thumb)
    if not path.is_file():
        raise Unavailable("The file is missing on this disk; the backup has it.", field="file_id", value=file_id)
    return FileBytes(path, "image/jpeg" if thumb else media_type, f"{digest}{'-480' if thumb else ''}")
