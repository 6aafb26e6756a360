"""From checked postings to rows: any number of them, each with its journal entry, in a handful of statements."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from django.db import IntegrityError, connection

from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, insert, ordinals
from wangge.kernel.journal.writing import ContentRow, EntryRow, write
from wangge.kernel.ledger.projecting import POSTING
from wangge.kernel.ledger.rules import Kind, Line, NewPosting


class AccountInfo(NamedTuple):
    """What a posting needs to know of an account."""

    unit: str
    area: UUID
    path: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A posting with its lines, its future id and its times, which do not precede those of what it refers to."""

    id: UUID
    row: NewPosting
    lines: tuple[Line, ...]
    at: datetime
    recorded_at: datetime

    @property
    def resolves(self) -> UUID | None:
        """The hold that it ends."""
        return None if self.row.kind is Kind.REVERSE else self.row.target

    @property
    def reverses(self) -> UUID | None:
        """The posting that it undoes."""
        return self.row.target if self.row.kind is Kind.REVERSE else None


_POSTINGS = (
    "INSERT INTO ledger_posting (id, version, kind, key, policy, resolves_id, reverses_id, at, recorded_at, first_line)"
    " SELECT id, 1, kind, key, policy, resolves, reverses, at, recorded_at, 1 FROM json_to_recordset(%s::json)"
    " AS x(id uuid, kind text, key text, policy text, resolves uuid, reverses uuid, at timestamptz,"
    " recorded_at timestamptz) ORDER BY key ON CONFLICT (key) DO NOTHING RETURNING id"
)
_LEGS = (
    "INSERT INTO ledger_leg (posting_id, line, account_id, amount)"
    " SELECT * FROM json_to_recordset(%s::json) AS x(posting uuid, line int, account uuid, amount bigint)"
)
_encode = msgspec.json.Encoder().encode


def insert_postings(drafts: Sequence[Draft]) -> set[UUID]:
    """Insert those whose key is new, in the order of their keys; returns their ids. The others stand already."""
    rows = [
        {
            "id": one.id, "kind": one.row.kind, "key": one.row.key, "policy": one.row.policy, "resolves": one.resolves,
            "reverses": one.reverses, "at": one.at, "recorded_at": one.recorded_at,
        }
        for one in drafts
    ]
    with connection.cursor() as cursor:
        cursor.execute(_POSTINGS, [_encode(rows).decode()])
        return {row[0] for row in cursor.fetchall()}


def insert_legs(drafts: Sequence[Draft]) -> None:
    """The legs of these postings, by one statement; its trigger holds the sums, the targets and the floors."""
    rows = [
        {"posting": one.id, "line": number, "account": line.account, "amount": line.amount}
        for one in drafts for number, line in enumerate(one.lines, start=1)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_LEGS, [_encode(rows).decode()])


def insert_entries(drafts: Sequence[Draft], known: Mapping[UUID, AccountInfo], *, by: Mandate) -> None:
    """One entry for each posting: the first of a subject of its own, on the deepest ground that it touches."""
    entries: list[EntryRow] = []
    contents: list[ContentRow] = []
    for one, ordinal in zip(drafts, ordinals(len(drafts)), strict=True):
        ground = max((known[line.account] for line in one.lines), key=lambda found: found.path.count("/"))
        content = {"reason": one.row.reason} if one.row.reason else {}
        act = Act(one.id, POSTING, one.row.kind.value, ground.area, _data(one), content)
        entry, _ = write(act, by=by, ordinal=ordinal, head=None, contents=contents, at=one.at,
                         not_before=one.recorded_at)
        entries.append(entry)
    insert(entries, contents)


def _data(one: Draft) -> dict[str, Any]:
    return {
        "key": one.row.key, "policy": one.row.policy, "at": to_us(one.at),
        "resolves": str(one.resolves) if one.resolves else None,
        "reverses": str(one.reverses) if one.reverses else None,
        "lines": [[str(line.account), line.amount] for line in one.lines],
    }


class Stored(NamedTuple):
    """A posting as it stands."""

    id: UUID
    key: str
    kind: Kind
    policy: str
    target: UUID | None
    at: datetime
    recorded_at: datetime
    lines: tuple[Line, ...]
    ended_by: str | None


_STORED = (
    "SELECT p.id, p.key, p.kind, p.policy, coalesce(p.resolves_id, p.reverses_id), p.at, p.recorded_at,"
    " (SELECT json_agg(json_build_array(l.account_id, l.amount) ORDER BY l.line)::text FROM ledger_leg l"
    "  WHERE l.posting_id = p.id),"
    " (SELECT min(q.kind) FROM ledger_posting q WHERE q.resolves_id = p.id OR q.reverses_id = p.id)"
    " FROM ledger_posting p WHERE "
)


def stored(*, ids: Sequence[UUID] = (), keys: Sequence[str] = ()) -> list[Stored]:
    """Postings by their ids or their keys, with their lines and what ended or undid them."""
    column, chosen, kind = ("p.key", list(keys), "text") if keys else ("p.id", list(ids), "uuid")
    with connection.cursor() as cursor:
        cursor.execute(f"{_STORED}{column} = ANY(%s::{kind}[])", [chosen])
        return [
            Stored(one, key, Kind(kind), policy, target, at, recorded_at, _lines(lines), ended)
            for one, key, kind, policy, target, at, recorded_at, lines, ended in cursor.fetchall()
        ]


def accounts(ids: Sequence[UUID]) -> dict[UUID, AccountInfo]:
    """What is needed of these accounts; unknown ones are absent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, unit, area_id, area_path FROM ledger_account WHERE id = ANY(%s::uuid[])",
                       [list(ids)])
        return {row[0]: AccountInfo(*row[1:]) for row in cursor.fetchall()}


def explained(error: IntegrityError) -> WanggeError | IntegrityError:
    """The refusal of the database in words; the error itself where it is none that a caller can mend."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return error
    name, detail = cause.diag.constraint_name or "", cause.diag.message_detail or ""
    if name == "ledger_level_floor":
        account = detail.partition("(")[2].partition(",")[0]
        return Conflict("The account has not so much available.", field="account", value=account or None,
                        expected="an amount that leaves its floor", extra={"account": account})
    if name == "ledger_posting_resolved_once":
        return Conflict("This hold was settled or released already.", field="target")
    if name == "ledger_posting_reversed_once":
        return Conflict("This posting was reversed already.", field="target")
    if name == "ledger_posting_target":
        return InvalidInput("A posting cannot refer to one of another kind or of a later time.", field="target")
    return error


def _lines(text: str) -> tuple[Line, ...]:
    return tuple(Line(UUID(account), amount) for account, amount in json.loads(text))
