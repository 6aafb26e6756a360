"""From an act to the rows that the journal keeps: the pure half of writing.

`Act` says what was done to one subject; `write` seals a list of acts into entry and content rows, given
the head of each subject's chain and a free ordinal for each. Nothing here touches the database, so one
report, a sweep and an import of a million rows take the same step.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.clock import to_us
from wangge.base.digests import FORMS, salted
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.journal.digesting import entry_digest_of

CURRENT_FORM = 1
"""The form that new entries take. Older forms stay valid: each entry names its own."""

_NOTHING: Mapping[str, Any] = {}
assert CURRENT_FORM in FORMS


class Act(NamedTuple):
    """One act upon one subject. `version` is the head `seq` before it, 0 for a new subject.

    `data` holds codes, ids, integers; `content` the erasable text by field name. `area` is the id of the
    place that the act concerns.
    """

    subject_id: UUID
    subject_type: str
    verb: str
    area: UUID | None = None
    data: Mapping[str, Any] = _NOTHING
    content: Mapping[str, str] = _NOTHING
    version: int = 0


class Head(NamedTuple):
    """The newest entry of a subject: what the next one chains to."""

    seq: int
    digest: bytes
    recorded_at: datetime


class EntryRow(msgspec.Struct, array_like=False, gc=False):
    """A row of `journal_entry`, in the column names of the table; bytes stand as PostgreSQL hex."""

    subject_id: UUID
    seq: int
    subject_type: str
    verb: str
    actor: UUID | None
    duty: UUID | None
    area: UUID | None
    channel: str
    at: datetime
    recorded_at: datetime
    form: int
    data: dict[str, Any]
    previous_digest: str | None
    digest: str
    ordinal: int


class ContentRow(msgspec.Struct, gc=False):
    """A row of `journal_content`."""

    subject_id: UUID
    seq: int
    field: str
    value: str
    salt: str


def entry_digest(row: EntryRow) -> bytes:
    """Digest over the canonical form of every field but the digest itself."""
    return entry_digest_of(
        row.form, row.ordinal, row.subject_id, row.seq, row.subject_type, row.verb, row.actor, row.duty,
        row.area, row.channel, to_us(row.at), to_us(row.recorded_at), row.data, row.previous_digest,
    )


def write(
    act: Act,
    *,
    by: Mandate,
    ordinal: int,
    head: Head | None,
    contents: list[ContentRow],
    form: int = CURRENT_FORM,
    at: datetime | None = None,
    not_before: datetime | None = None,
) -> tuple[EntryRow, Head]:
    """The entry row of one act and the new head; its content rows are added to `contents`.

    `at` says when it happened where that is not the mandate's own time. `recorded_at` never decreases along a
    chain: a clock that went back is held at the last entry's time; `not_before` holds it at the time of an entry of
    another subject to which this act refers.
    Raises `InvalidInput` for what no digest may cover: floats, bytes and times in `data`, NUL characters.
    """
    seq = act.version + 1
    recorded_at = by.recorded_at if not_before is None else max(by.recorded_at, not_before)
    if head is not None and head.recorded_at > recorded_at:
        recorded_at = head.recorded_at
    data = dict(act.data)
    _refuse_bytes(data.values())
    if act.content:
        digests: dict[str, str] = {}
        for field, value in act.content.items():
            if "\0" in value:
                raise InvalidInput("A text holds a NUL character.", field=field, expected="text without U+0000")
            salt = os.urandom(16)
            try:
                digests[field] = salted(form, salt, value).hex()
            except UnicodeEncodeError:
                raise InvalidInput("A text holds half a character.", field=field, expected="valid Unicode") from None
            contents.append(ContentRow(act.subject_id, seq, field, value, "\\x" + salt.hex()))
        data["content"] = digests
    row = EntryRow(
        act.subject_id, seq, act.subject_type, act.verb, by.actor, by.duty, act.area, by.channel, at or by.at,
        recorded_at, form, data, None if head is None else "\\x" + head.digest.hex(), "", ordinal,
    )
    sealed = entry_digest(row)
    row.digest = "\\x" + sealed.hex()
    return row, Head(seq, sealed, recorded_at)


def _refuse_bytes(values: Iterable[Any]) -> None:
    """JSON would store them in another form than the digest covers."""
    for value in values:
        if type(value) in _SIMPLE:
            continue
        if isinstance(value, dict):
            _refuse_bytes(value.values())
        elif isinstance(value, list | tuple):
            _refuse_bytes(value)
        elif isinstance(value, bytes | bytearray | memoryview):
            raise InvalidInput("Bytes cannot be journalled.", field="data", expected="text, for example hex")


_SIMPLE = frozenset({str, int, bool, type(None), UUID})
"""What most values are, told at one glance."""


def encode(rows: Iterable[msgspec.Struct]) -> str:
    """Rows as one JSON parameter, for `json_populate_recordset`."""
    return _ENCODER.encode(list(rows)).decode()


_ENCODER = msgspec.json.Encoder()

INSERT_ENTRIES = "INSERT INTO journal_entry SELECT * FROM json_populate_recordset(NULL::journal_entry, %s::json)"
INSERT_CONTENTS = (
    "INSERT INTO journal_content SELECT * FROM json_populate_recordset(NULL::journal_content, %s::json)"
)
