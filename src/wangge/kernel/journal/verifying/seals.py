"""Every seal against its own digest, the seal before it, and the entries that it covers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

from wangge.base.digests import digest, merkle_root
from wangge.kernel.journal import digesting
from wangge.kernel.journal.reading import LEAVES, SEAL_COLUMNS, fetch, stream
from wangge.kernel.journal.verifying.report import Report

_COVERS = re.compile(r"\{(?:\[-?\d+,-?\d+\)(?:,\[-?\d+,-?\d+\))*)?\}")
_RANGE = re.compile(r"\[(-?\d+),(-?\d+)\)")
_NAMED = 1_000
"""So many missing ranges or rewritten entries of one seal are named one by one."""


class SealRow(NamedTuple):
    """A raw row of `journal_seal`; `sealed_at` in UTC microseconds."""

    number: int
    sealed_at: int
    form: int
    covers: str
    count: int  # type: ignore[assignment]  # a column of this name; nobody counts a row
    root: bytes
    marks: bytes
    previous_digest: bytes | None
    digest: bytes


def covered_ranges(text: str) -> list[tuple[int, int]]:
    """The half-open ranges of an int8multirange in PostgreSQL's writing; ValueError if it is not one."""
    if not _COVERS.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is not a list of ranges")
    return [(int(low), int(high)) for low, high in _RANGE.findall(text)]


def computed_digest(row: SealRow) -> bytes:
    """The digest that the seal's fields give."""
    return digesting.seal_digest_of(
        row.form,
        row.number,
        row.sealed_at,
        row.count,
        digesting.covers_digest(row.form, covered_ranges(row.covers)),
        row.root,
        digest(row.form, row.marks),
        row.previous_digest,
    )


def check_seals(
    conn: psycopg.Connection[Any],
    report: Report,
    *,
    anchors: Sequence[str] = (),
    of_subject: str | None = None,
) -> None:
    """Verify the chain of seals and what each covers; of one subject, what those over its entries cover."""
    number, previous, previous_at = 0, None, 0
    wanted = None if of_subject is None else _sealing(conn, of_subject)
    known: set[str] = set()
    for raw in stream(conn, "seals", f"SELECT {SEAL_COLUMNS} FROM journal_seal ORDER BY number", batch=20):
        row = SealRow(*raw)
        report.seals += 1
        known.add(row.digest.hex())
        if row.number != number + 1:
            report.fault(
                "seal-number", f"the seal between {number} and {row.number} is gone", ordinal=row.number
            )
        elif row.previous_digest != previous:
            report.fault("seal-chain", f"does not chain to the digest of seal {number}", ordinal=row.number)
        if row.sealed_at < previous_at:
            report.fault("seal-time", "was made before its predecessor", ordinal=row.number)
        number, previous, previous_at = row.number, row.digest, row.sealed_at
        try:
            if computed_digest(row) != row.digest:
                report.fault("seal-digest", "its fields do not give its digest", ordinal=row.number)
            if wanted is None or row.number in wanted:
                _check_covered(conn, row, report)
        except Exception as error:
            if isinstance(error, psycopg.Error):
                raise
            report.fault("seal-unreadable", f"cannot be read: {error}"[:200], ordinal=row.number)
    for anchor in anchors:
        if anchor not in known:
            report.fault("seal-anchor", f"no seal has the digest {anchor} that was kept elsewhere")


def count_unsealed(conn: psycopg.Connection[Any]) -> int:
    """How many entries no seal covers."""
    [(count,)] = fetch(
        conn,
        "SELECT count(*) FROM unnest('{(,)}'::int8multirange - coalesce("
        "(SELECT range_agg(covers) FROM journal_seal), '{}'::int8multirange)) AS part(r)"
        " JOIN journal_entry e ON e.ordinal >= coalesce(lower(part.r), -9223372036854775808)"
        " AND e.ordinal < coalesce(upper(part.r), 9223372036854775807)",
    )
    return int(count)


def _sealing(conn: psycopg.Connection[Any], subject: str) -> set[int]:
    rows = fetch(
        conn,
        "SELECT DISTINCT s.number FROM journal_entry e JOIN journal_seal s ON s.covers @> e.ordinal"
        " WHERE e.subject_id = %s::uuid",
        [subject],
    )
    return {number for (number,) in rows}


def _check_covered(conn: psycopg.Connection[Any], row: SealRow, report: Report) -> None:
    """The entries that a seal covers are all there, and are those that it was made of."""
    covered = covered_ranges(row.covers)
    found = fetch(conn, LEAVES.format(ranges="%s::text::int8multirange"), [row.covers])
    gone = _without(covered, digesting.ranges([ordinal for ordinal, _ in found]))
    for low, high in gone[:_NAMED]:
        which = f"{low}" if high == low + 1 else f"{low} to {high - 1}"
        report.fault(
            "sealed-missing", f"the entry with ordinal {which}, under seal {row.number}, is gone", ordinal=low
        )
    if sum(high - low for low, high in covered) != row.count:
        report.fault("seal-count", f"says {row.count} entries, but covers another number", ordinal=row.number)
    root = merkle_root(row.form, [digesting.leaf(ordinal, one) for ordinal, one in found]) if found else b""
    if root == row.root:
        return
    report.fault("seal-root", "the entries that it covers do not give its root", ordinal=row.number)
    if sum(high - low for low, high in covered) * digesting.MARK_BYTES == len(row.marks):
        _name_rewritten(conn, row, covered, dict(found), report)


def _name_rewritten(
    conn: psycopg.Connection[Any],
    row: SealRow,
    covered: list[tuple[int, int]],
    found: dict[int, bytes],
    report: Report,
) -> None:
    """Tell by the seal's marks which of its entries no longer have the digest that was sealed."""
    size, place, rewritten = digesting.MARK_BYTES, 0, []
    for low, high in covered:
        for ordinal in range(low, high):
            now = found.get(ordinal)
            if now is not None and now[:size] != row.marks[place : place + size]:
                rewritten.append(ordinal)
            place += size
    for subject, seq, ordinal in fetch(
        conn,
        "SELECT subject_id, seq, ordinal FROM journal_entry WHERE ordinal = ANY(%s::int8[]) ORDER BY ordinal",
        [rewritten[:_NAMED]],
    ):
        report.fault(
            "sealed-changed",
            f"is not the entry that seal {row.number} covers",
            subject=subject,
            seq=seq,
            ordinal=ordinal,
        )


def _without(covered: list[tuple[int, int]], found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of the sorted ranges `covered` that the sorted ranges `found`, all within, leave out."""
    gone, place = [], 0
    for low, high in covered:
        at = low
        while place < len(found) and found[place][0] < high:
            if found[place][0] > at:
                gone.append((at, found[place][0]))
            at = min(found[place][1], high)
            if found[place][1] > high:
                break
            place += 1
        if at < high:
            gone.append((at, high))
    return gone
