"""Seals cover what is committed and not yet covered, each entry once, and chain to one another."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from tests import databases
from tests.kernel.journal.world import CLERK, START, mandate, populate, tell
from wangge.base.errors import Forbidden
from wangge.kernel.journal import services
from wangge.kernel.journal.models import Seal
from wangge.kernel.journal.services import seal, seal_line, unsealed
from wangge.kernel.journal.verifying import verify

Owner = psycopg.Connection[Any]


def test_nothing_to_seal_is_no_seal(things: Owner) -> None:
    assert seal(by=CLERK) is None
    tell(1)
    assert seal(by=CLERK) is not None
    assert seal(by=CLERK) is None


def test_each_seal_covers_the_entries_since_the_last_and_chains_to_it(things: Owner) -> None:
    for number in range(3):
        tell(number)
    first = seal(by=CLERK)
    tell(3)
    second = seal(by=CLERK)
    assert first is not None
    assert second is not None
    assert (first.number, first.count, first.covers) == (1, 3, "{[1,4)}")
    assert (second.number, second.count, second.covers) == (2, 1, "{[4,5)}")
    assert second.previous_digest == first.digest
    assert verify().seals == 2
    assert verify().clean


def test_sealing_needs_the_verb_everywhere(things: Owner) -> None:
    tell(1)
    with pytest.raises(Forbidden):
        seal(by=mandate("see"))
    with pytest.raises(Forbidden):
        seal(by=mandate("seal", scope="320412/"))
    assert Seal.objects.count() == 0


def test_a_transaction_that_commits_late_falls_in_the_next_seal(things: Owner) -> None:
    began, go_on = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            tell(1)
            began.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    assert began.wait(10)
    tell(2)
    tell(3)
    assert seal(by=CLERK).covers == "{[2,4)}"  # type: ignore[union-attr]
    assert verify().clean
    go_on.set()
    thread.join(10)
    assert unsealed() == 1
    assert seal(by=CLERK).covers == "{[1,2)}"  # type: ignore[union-attr]
    assert unsealed() == 0
    assert verify().clean


def test_ordinals_of_an_aborted_transaction_are_covered_by_none(things: Owner) -> None:
    tell(1)
    with transaction.atomic():
        tell(2)
        transaction.set_rollback(True)
    tell(3)
    made = seal(by=CLERK)
    assert made is not None
    assert (made.covers, made.count) == ("{[1,2),[3,4)}", 2)
    tell(4)
    assert seal(by=CLERK).covers == "{[4,5)}"  # type: ignore[union-attr]
    assert verify().clean


def test_sealings_at_the_same_time_follow_one_another(things: Owner) -> None:
    for number in range(20):
        tell(number)
    made: list[Seal | None] = []
    barrier = threading.Barrier(4)

    def one() -> None:
        barrier.wait(10)
        made.append(seal(by=CLERK))
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(0 if one is None else one.count for one in made) == [0, 0, 0, 20]
    assert verify().clean


def test_the_database_refuses_two_seals_over_one_entry(things: Owner) -> None:
    populate(1, seals=2)
    with pytest.raises(psycopg.errors.ExclusionViolation):
        things.execute(
            "INSERT INTO journal_seal"
            " (number, sealed_at, form, covers, count, root, marks, previous_digest, digest)"
            " SELECT 9, sealed_at, form, covers, count, root, marks, previous_digest, digest"
            " FROM journal_seal WHERE number = 2"
        )


def test_a_seal_is_never_older_than_the_one_before(things: Owner) -> None:
    tell(1)
    first = seal(by=mandate("seal", at=START.replace(year=2030)))
    tell(2)
    second = seal(by=CLERK)
    assert first is not None
    assert second is not None
    assert second.sealed_at == first.sealed_at
    assert verify().clean


def test_the_line_of_a_seal_is_short_and_ends_with_its_digest(things: Owner) -> None:
    tell(1)
    made = seal(by=CLERK)
    assert made is not None
    line = seal_line(made)
    assert len(line) < 140
    assert line == f"wangge-seal 1 2026-03-02T08:00:00Z 1 SHA-256 {made.digest.hex()}"
    assert verify(anchors=[line.split()[-1]]).clean
    assert [fault.kind for fault in verify(anchors=["0" * 64]).faults] == ["seal-anchor"]


def test_a_copy_of_the_database_verifies_and_seals_on(things: Owner, committed_db: str) -> None:
    populate(2, seals=2)
    connection.close()
    things.close()
    with databases.clone(committed_db) as copy:
        databases.point_at(copy)
        try:
            before = unsealed()
            assert before > 0
            assert services.seal(by=CLERK).count == before  # type: ignore[union-attr]
            assert verify().clean
            assert unsealed() == 0
        finally:
            databases.point_at(committed_db)


def test_verifying_one_subject_checks_its_chain_and_its_seals(things: Owner) -> None:
    populate(3)
    [(subject, count)] = things.execute(
        "SELECT subject_id, count(*) FROM journal_entry GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    ).fetchall()
    calls: list[tuple[int, int]] = []
    report = verify(subject=subject, progress=lambda done, total: calls.append((done, total)))
    assert report.clean
    assert report.entries == count
    assert calls == [(count, count)]
