"""A rogue administrator with all rights changes what is stored; verifying finds it and names the row."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import pq

from tests.kernel.journal import world
from tests.kernel.journal.world import TABLE, kinds, populate, subject
from wangge.base.clock import to_us
from wangge.kernel.journal.digesting import entry_digest_of
from wangge.kernel.journal.verifying import Fault, Report, verify, verify_on

TABLES = {
    "journal_entry": (
        "subject_id",
        "seq",
        "subject_type",
        "verb",
        "actor",
        "duty",
        "area",
        "channel",
        "at",
        "recorded_at",
        "form",
        "data",
        "previous_digest",
        "digest",
        "ordinal",
    ),
    "journal_content": ("subject_id", "seq", "field", "value", "salt"),
    "journal_seal": (
        "number",
        "sealed_at",
        "form",
        "covers",
        "count",
        "root",
        "marks",
        "previous_digest",
        "digest",
    ),
}
FLIPS = 200
Rogue = psycopg.Connection[Any]


@contextmanager
def as_rogue(owner: Rogue) -> Iterator[Rogue]:
    """The owner within a transaction, with triggers and keys switched off; all is undone at the end."""
    with owner.transaction(force_rollback=True):
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute("ALTER TABLE journal_content DROP CONSTRAINT journal_content_of_entry")
        owner.execute("ALTER TABLE journal_seal DROP CONSTRAINT journal_seal_covers_once")
        owner.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {TABLE}_version_is_head")
        tables = owner.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE confrelid = 'journal_entry'::regclass"
        ).fetchall()
        for (table,) in tables:
            [(name,)] = owner.execute(
                "SELECT conname FROM pg_constraint WHERE confrelid = 'journal_entry'::regclass"
                " AND conrelid = %s::regclass",
                [table],
            ).fetchall()
            owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield owner


class Flip(NamedTuple):
    """Which byte of which stored value was flipped; `keys` are the row's keys before and after."""

    table: str
    column: str
    keys: frozenset[tuple[Any, ...]]


def flip(owner: Rogue, draw: random.Random) -> Flip | None:
    """Flip one byte somewhere, in the binary form of the value; None if the database refuses that value."""
    table = draw.choice(list(TABLES))
    column = draw.choice(TABLES[table])
    rows = owner.execute(f"SELECT ctid::text FROM {table} WHERE {column} IS NOT NULL ORDER BY ctid").fetchall()
    (ctid,) = draw.choice(rows)
    key = "number" if table == "journal_seal" else "subject_id, seq"
    where = f"FROM {table} WHERE ctid = '{ctid}'"
    before = owner.execute(f"SELECT {key}, {column}::text {where}").fetchone()
    found = owner.pgconn.exec_params(f"SELECT {column} {where}".encode(), [], result_format=1)
    value = bytearray(found.get_value(0, 0) or b"")
    value[draw.randrange(len(value))] ^= draw.randrange(1, 256)
    changed = owner.pgconn.exec_params(
        f"UPDATE {table} SET {column} = $1 WHERE ctid = '{ctid}' RETURNING ctid::text".encode(),
        [bytes(value)],
        param_types=[found.ftype(0)],
        param_formats=[1],
    )
    if changed.status != pq.ExecStatus.TUPLES_OK:
        return None
    now = (changed.get_value(0, 0) or b"").decode()
    after = owner.execute(f"SELECT {key}, {column}::text FROM {table} WHERE ctid = '{now}'").fetchone()
    assert before
    assert after
    if before == after:
        return None  # for instance a blank within JSON, which is not stored
    return Flip(table, column, frozenset({before[:-1], after[:-1]}))


def names(fault: Fault, done: Flip) -> bool:
    """Whether the fault names the row."""
    if done.table == "journal_seal":
        return fault.kind.startswith("seal-") and (fault.ordinal,) in done.keys
    return (fault.subject_id, fault.seq) in done.keys


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_flipped_byte_anywhere_is_found_and_named(things: Rogue, seed: int) -> None:
    populate(seed)
    assert verify().clean
    draw, flipped, tries = random.Random(seed), 0, 0
    seen = set()
    with as_rogue(things) as owner:
        while flipped < FLIPS:
            tries += 1
            assert tries < FLIPS * 20
            with owner.transaction(force_rollback=True):
                done = flip(owner, draw)
                if done is None:
                    continue
                report = verify_on(owner)
                assert any(names(fault, done) for fault in report.faults), (done, report.faults)
            flipped += 1
            seen.add((done.table, done.column))
        assert verify_on(owner).clean
    assert len(seen) > 20


def test_each_column_of_each_table_is_protected(things: Rogue) -> None:
    populate(7)
    draw = random.Random(7)
    wanted = {(table, column) for table, columns in TABLES.items() for column in columns}
    with as_rogue(things) as owner:
        for _ in range(4000):
            if not wanted:
                break
            with owner.transaction(force_rollback=True):
                done = flip(owner, draw)
                if done is not None and (done.table, done.column) in wanted:
                    assert any(names(fault, done) for fault in verify_on(owner).faults), done
                    wanted.discard((done.table, done.column))
    assert not wanted


def sealed_rows(owner: Rogue) -> list[tuple[Any, ...]]:
    return owner.execute(
        "SELECT subject_id, seq, ordinal FROM journal_entry e WHERE EXISTS (SELECT 1 FROM journal_seal s"
        " WHERE s.covers @> e.ordinal) ORDER BY ordinal"
    ).fetchall()


def test_every_deleted_sealed_row_is_missed(things: Rogue) -> None:
    populate(4)
    with as_rogue(things) as owner:
        for subject_id, seq, ordinal in sealed_rows(owner):
            with owner.transaction(force_rollback=True):
                owner.execute("DELETE FROM journal_content WHERE (subject_id, seq) = (%s, %s)", [subject_id, seq])
                owner.execute("DELETE FROM journal_entry WHERE ordinal = %s", [ordinal])
                faults = verify_on(owner).faults
                assert ("sealed-missing", ordinal) in {(fault.kind, fault.ordinal) for fault in faults}
                assert subject_id in {fault.subject_id for fault in faults}


def test_deleted_contents_and_seals_are_missed(things: Rogue) -> None:
    populate(4)
    with as_rogue(things) as owner:
        with owner.transaction(force_rollback=True):
            [row] = owner.execute(
                "DELETE FROM journal_content WHERE ctid = (SELECT min(ctid) FROM journal_content)"
                " RETURNING subject_id, seq"
            ).fetchall()
            [fault] = verify_on(owner).faults
            assert (fault.kind, fault.subject_id, fault.seq) == ("content-missing", *row)
        with owner.transaction(force_rollback=True):
            owner.execute("DELETE FROM journal_seal WHERE number = 2")
            [fault] = verify_on(owner).faults
            assert (fault.kind, fault.ordinal) == ("seal-number", 3)
        with owner.transaction(force_rollback=True):
            [(last,)] = owner.execute("DELETE FROM journal_seal WHERE number = 3 RETURNING digest").fetchall()
            assert kinds(verify_on(owner, anchors=[bytes(last).hex()]).faults) == {"seal-anchor"}


PAYLOAD = "subject_type, verb, actor, duty, area, channel, at, recorded_at, form, data"


def swap(owner: Rogue, one: tuple[Any, ...], other: tuple[Any, ...], *, recompute: bool) -> None:
    """Exchange the payload of two entries; with `recompute` both get a digest that fits."""
    columns = ", ".join(f"{name} = o.{name}" for name in PAYLOAD.split(", "))
    owner.execute(
        "CREATE TEMP TABLE was ON COMMIT DROP AS SELECT * FROM journal_entry"
        f" WHERE ordinal IN ({int(one[2])}, {int(other[2])})"
    )
    for mine, theirs in ((one, other), (other, one)):
        owner.execute(
            f"UPDATE journal_entry e SET {columns} FROM was o WHERE e.ordinal = %s AND o.ordinal = %s",
            [mine[2], theirs[2]],
        )
        if recompute:
            redigest(owner, mine[2])
    owner.execute("DROP TABLE was")


def redigest(owner: Rogue, ordinal: int) -> bytes:
    [row] = owner.execute(
        "SELECT form, ordinal, subject_id, seq, subject_type, verb, actor, duty, area, channel, at,"
        " recorded_at, data, previous_digest FROM journal_entry WHERE ordinal = %s",
        [ordinal],
    ).fetchall()
    previous = None if row[13] is None else "\\x" + row[13].hex()
    fresh = entry_digest_of(*row[:10], to_us(row[10]), to_us(row[11]), row[12], previous)
    owner.execute("UPDATE journal_entry SET digest = %s WHERE ordinal = %s", [fresh, ordinal])
    return fresh


@pytest.mark.parametrize("recompute", [False, True])
def test_two_swapped_sealed_rows_are_both_named(things: Rogue, recompute: bool) -> None:
    populate(5)
    draw = random.Random(5)
    with as_rogue(things) as owner:
        rows = sealed_rows(owner)
        for _ in range(30):
            one, other = draw.sample(rows, 2)
            with owner.transaction(force_rollback=True):
                swap(owner, one, other, recompute=recompute)
                report = verify_on(owner)
                named = {(fault.subject_id, fault.seq) for fault in report.faults}
                assert {one[:2], other[:2]} <= named


def test_a_rewritten_chain_under_seal_is_named_entry_by_entry(things: Rogue) -> None:
    populate(6)
    with as_rogue(things) as owner:
        [(subject_id, length)] = owner.execute(
            "SELECT subject_id, count(*) FROM journal_entry GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        ).fetchall()
        previous = None
        for seq in range(1, length + 1):
            [(ordinal,)] = owner.execute(
                "UPDATE journal_entry SET channel = 'forged', previous_digest = %s"
                " WHERE subject_id = %s AND seq = %s RETURNING ordinal",
                [previous, subject_id, seq],
            ).fetchall()
            previous = redigest(owner, ordinal)
        faults = verify_on(owner).faults
        assert kinds(faults) == {"seal-root", "sealed-changed"}
        sealed = [row for row in sealed_rows(owner) if row[0] == subject_id]
        assert {(fault.subject_id, fault.seq) for fault in faults if fault.subject_id} == {row[:2] for row in sealed}


def test_a_cut_tail_is_found_sealed_or_not(things: Rogue) -> None:
    populate(8)
    with as_rogue(things) as owner:
        heads = owner.execute(f"SELECT id, version FROM {TABLE}").fetchall()
        sealed = {row[:2] for row in sealed_rows(owner)}
        assert 0 < len([head for head in heads if head in sealed]) < len(heads)
        for subject_id, version in heads:
            with owner.transaction(force_rollback=True):
                cut(owner, subject_id, version)
                faults = verify_on(owner).faults
                assert ("head-cut", subject_id, version) in {
                    (fault.kind, fault.subject_id, fault.seq) for fault in faults
                }
                assert ("sealed-missing" in kinds(faults)) == ((subject_id, version) in sealed)


def cut(owner: Rogue, subject_id: object, seq: int) -> None:
    owner.execute("DELETE FROM journal_content WHERE (subject_id, seq) = (%s, %s)", [subject_id, seq])
    owner.execute("DELETE FROM journal_entry WHERE (subject_id, seq) = (%s, %s)", [subject_id, seq])


def test_a_cut_sealed_tail_is_found_though_the_state_was_set_back(things: Rogue) -> None:
    populate(8)
    with as_rogue(things) as owner:
        sealed = {row[:2]: row[2] for row in sealed_rows(owner)}
        heads = owner.execute(f"SELECT id, version FROM {TABLE} WHERE version > 1").fetchall()
        chosen = next(head for head in heads if head in sealed)
        cut(owner, *chosen)
        owner.execute(f"UPDATE {TABLE} SET version = version - 1 WHERE id = %s", [chosen[0]])
        found = [(fault.kind, fault.ordinal) for fault in verify_on(owner).faults]
        assert ("sealed-missing", sealed[chosen]) in found


def test_a_state_that_lags_behind_its_journal_is_found(things: Rogue) -> None:
    populate(8)
    with as_rogue(things) as owner:
        [(found,)] = owner.execute(
            f"UPDATE {TABLE} SET version = version - 1 WHERE id ="
            f" (SELECT id FROM {TABLE} WHERE version > 1 LIMIT 1)"
            " RETURNING id"
        ).fetchall()
        [fault] = verify_on(owner).faults
        assert (fault.kind, fault.subject_id) == ("head-behind", found)


def test_content_that_vanished_without_an_erasure_is_a_fault(things: Rogue) -> None:
    populate(9)
    with as_rogue(things) as owner:
        [row] = owner.execute(
            "UPDATE journal_content SET value = NULL, salt = NULL WHERE ctid ="
            " (SELECT min(ctid) FROM journal_content"
            " WHERE value IS NOT NULL) RETURNING subject_id, seq"
        ).fetchall()
        [fault] = verify_on(owner).faults
        assert (fault.kind, fault.subject_id, fault.seq) == ("content-erased", *row)


def test_erased_content_that_came_back_is_a_fault(things: Rogue) -> None:
    world.tell(1, content={"note": "某处"})
    [old] = things.execute("SELECT subject_id, seq, field, value, salt FROM journal_content").fetchall()
    world.services.erase(subject_id=subject(1), reason_code="asked", by=world.CLERK)
    assert verify().erased == 1
    with as_rogue(things) as owner:
        owner.execute("UPDATE journal_content SET value = %s, salt = %s", [old[3], old[4]])
        assert kinds(verify_on(owner).faults) == {"content-returned"}


@pytest.mark.parametrize(
    "garbage",
    [
        '"text"',
        "[]",
        "3.5",
        '{"content": 7}',
        '{"content": {"note": 7}}',
        '{"content": {"note": null}}',
        '{"n": 1e400}',
        '{"erased": 4}',
        '{"erased": [[1]]}',
        "[" * 3000 + "]" * 3000,
        '{"a": 123456789012345678901234567890}',
    ],
)
def test_garbage_in_data_is_a_fault_not_a_crash(things: Rogue, garbage: str) -> None:
    world.tell(1, content={"note": "某处"})
    with as_rogue(things) as owner:
        owner.execute("UPDATE journal_entry SET data = %s::jsonb, verb = 'erase'", [garbage])
        report: Report = verify_on(owner)
        assert {(fault.subject_id, fault.seq) for fault in report.faults} == {(subject(1), 1)}


def test_times_out_of_range_are_a_fault_not_a_crash(things: Rogue) -> None:
    world.tell(1)
    with as_rogue(things) as owner:
        for moment in ("infinity", "-infinity", "4713-01-01 BC", "294276-01-01"):
            owner.execute("UPDATE journal_entry SET at = %s::text::timestamptz", [moment])
            [fault] = verify_on(owner).faults
            assert fault.kind in {"entry-digest", "entry-unreadable"}
