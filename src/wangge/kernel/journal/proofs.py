"""Proofs: a file that shows, without the database, what was done to one subject and when.

It holds all entries of the subject with their data and text, the Merkle path of each to its seal, and the
chain of seals from the earliest needed to the newest. `check` reads it anywhere (see `checking`).
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import msgspec
import psycopg

from wangge.base import clock
from wangge.base.digests import digest, merkle_paths
from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.journal import digesting
from wangge.kernel.journal.checking import (
    KIND,
    VERSION,
    Body,
    Content,
    Entry,
    ProofReport,
    SealBody,
    check,
    encode,
)
from wangge.kernel.journal.models import Seal
from wangge.kernel.journal.reading import ENTRY_COLUMNS, LEAVES, SEAL_COLUMNS, fetch, snapshot, stream
from wangge.kernel.journal.sealing import seal
from wangge.kernel.journal.verifying.seals import SealRow, covered_ranges
from wangge.kernel.journal.writing import CURRENT_FORM

__all__ = ["ProofReport", "check", "prove"]

Path = list[tuple[Literal["left", "right"], str]]


def prove(subject_id: UUID, *, by: Mandate | None = None, contents: bool = True) -> bytes:
    """The proof file of a subject. Seals first if `by` may seal, so that no entry is left without a seal.

    Without `contents` the file shows codes, ids and times only; digests of the text still stand in the data.
    Raises `NotFound` for an unknown subject and `Conflict` if the journal does not verify.
    """
    if by is not None and by.allows("seal", ""):
        seal(by=by)
    with snapshot() as conn:
        body = _body(conn, str(subject_id), contents)
    data = encode(body, CURRENT_FORM)
    try:
        check(data)
    except InvalidInput as error:
        raise Conflict(f"The journal of {subject_id} does not verify. {error.detail}") from error
    return data


def known_seal(number: int | None, digest_hex: str | None) -> bool:
    """Whether this journal has a seal of this number with this digest: then the proof is one of its own."""
    return number is not None and Seal.objects.filter(number=number, digest=bytes.fromhex(digest_hex or "")).exists()


def _body(conn: psycopg.Connection[Any], subject: str, with_contents: bool) -> Body:
    rows = fetch(
        conn, f"SELECT {ENTRY_COLUMNS} FROM journal_entry WHERE subject_id = %s::uuid ORDER BY seq", [subject]
    )
    if not rows:
        raise NotFound(f"The journal knows no subject {subject}.", field="subject_id", value=subject)
    texts = _contents(conn, subject) if with_contents else None
    seals = _seals(conn, [row[14] for row in rows])
    paths = _paths(conn, seals, [row[14] for row in rows])
    return Body(
        kind=KIND,
        version=VERSION,
        subject_id=subject,
        subject_type=rows[0][2],
        made_at=clock.to_us(clock.now()),
        entries=[_entry(row, texts, paths) for row in rows],
        seals=[_seal(row) for row in seals],
    )


def _contents(conn: psycopg.Connection[Any], subject: str) -> dict[int, list[Content]]:
    found: dict[int, list[Content]] = {}
    for seq, field, value, salt in fetch(
        conn,
        "SELECT seq, field, value, salt FROM journal_content WHERE subject_id = %s::uuid"
        ' ORDER BY seq, field COLLATE "C"',
        [subject],
    ):
        found.setdefault(seq, []).append(Content(field, value, None if salt is None else salt.hex()))
    return found


def _seals(conn: psycopg.Connection[Any], ordinals: list[int]) -> list[SealRow]:
    """The seals from the earliest that covers one of these ordinals to the newest."""
    rows = stream(
        conn,
        "proof_seals",
        f"SELECT {SEAL_COLUMNS} FROM journal_seal WHERE number >= (SELECT min(number) FROM journal_seal"
        " WHERE covers && (SELECT range_agg(int8range(o, o, '[]')) FROM unnest(%s::int8[]) o))"
        " ORDER BY number",
        [ordinals],
        batch=20,
    )
    return [SealRow(*row) for row in rows]


def _paths(
    conn: psycopg.Connection[Any], seals: list[SealRow], ordinals: list[int]
) -> dict[int, tuple[int, Path]]:
    """For each sealed ordinal the number of its seal and its Merkle path there."""
    found: dict[int, tuple[int, Path]] = {}
    for row in seals:
        covered = covered_ranges(row.covers)
        ours = [ordinal for ordinal in ordinals if any(low <= ordinal < high for low, high in covered)]
        if not ours:
            continue
        leaves = fetch(conn, LEAVES.format(ranges="%s::text::int8multirange"), [row.covers])
        place = {ordinal: index for index, (ordinal, _) in enumerate(leaves)}
        bound = [digesting.leaf(ordinal, one) for ordinal, one in leaves]
        for ordinal, steps in zip(
            ours, merkle_paths(row.form, bound, [place[one] for one in ours]), strict=True
        ):
            found[ordinal] = row.number, [(side, sibling.hex()) for side, sibling in steps]
    return found


def _entry(
    row: tuple[Any, ...],
    texts: dict[int, list[Content]] | None,
    paths: dict[int, tuple[int, Path]],
) -> Entry:
    _, seq, _, verb, actor, duty, area, channel, at, recorded_at, form, data, previous, own, ordinal = row
    number, path = paths.get(ordinal, (None, None))
    return Entry(
        seq=seq,
        verb=verb,
        actor=actor,
        duty=duty,
        area=area,
        channel=channel,
        at=at,
        recorded_at=recorded_at,
        form=form,
        data=msgspec.json.decode(data),
        previous=previous and previous.hex(),
        digest=own.hex(),
        ordinal=ordinal,
        content=None if texts is None else texts.get(seq, []),
        seal=number,
        path=path,
    )


def _seal(row: SealRow) -> SealBody:
    return SealBody(
        number=row.number,
        sealed_at=row.sealed_at,
        form=row.form,
        count=row.count,
        covers=digesting.covers_digest(row.form, covered_ranges(row.covers)).hex(),
        root=row.root.hex(),
        marks=digest(row.form, row.marks).hex(),
        previous=None if row.previous_digest is None else row.previous_digest.hex(),
        digest=row.digest.hex(),
    )
