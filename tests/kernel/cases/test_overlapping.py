"""Batches are decided while others are written; what comes out is committed, and nothing else is said."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import F

from tests.kernel.cases.test_intake import keyed
from tests.town import ROOT, Town
from wangge.base import events
from wangge.base.errors import KeyReused
from wangge.kernel.cases import many
from wangge.kernel.cases.events import CaseReported
from wangge.kernel.cases.importing import import_histories, importer
from wangge.kernel.cases.importing.mapping import Columns, Mapping
from wangge.kernel.cases.importing.reader import Lookups
from wangge.kernel.cases.intake import Receipt
from wangge.kernel.cases.many import report_many
from wangge.kernel.cases.models import Case, ReferenceVersion, SearchTerms
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import verify


def test_batches_are_written_beside_the_caller_and_verify(
    committed_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers = []
    send = many.send
    monkeypatch.setattr(many, "send", lambda blocks: (writers.append(threading.current_thread()), send(blocks)))
    results = report_many([keyed(f"k{number}") for number in range(25)], by=committed_town.public(), batch=10)
    for count, result in enumerate(results):
        assert isinstance(result, Receipt)
        assert Case.objects.count() >= count + 1  # it is committed before it is said
    assert (Case.objects.count(), SearchTerms.objects.count(), len(writers)) == (25, 25, 3)
    assert threading.current_thread() not in writers
    assert not any(thread.is_alive() for thread in writers)
    assert verify().clean


def test_one_short_batch_needs_no_thread(committed_town: Town) -> None:
    before = threading.active_count()
    results = report_many([keyed("a"), keyed("b")], by=committed_town.public(), batch=10)
    assert isinstance(next(results), Receipt)
    assert threading.active_count() == before


def test_a_key_of_the_batch_that_is_being_written_is_known(committed_town: Town) -> None:
    reports = [keyed("a"), keyed("b"), keyed("a"), keyed("b", "another body"), keyed("c")]
    first, _, again, refused, last = report_many(reports, by=committed_town.public(), batch=2)
    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert (again.case_id, again.created) == (first.case_id, False)
    assert isinstance(refused, KeyReused)
    assert isinstance(last, Receipt)
    assert Case.objects.count() == 3


def test_a_key_that_another_commits_meanwhile_gives_that_case(
    committed_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, others = committed_town.public(), []
    write = many._write

    def late(decided: Any) -> None:
        if not others:
            others.append(None)
            others.extend(report_many([keyed("b")], by=by))
        write(decided)

    monkeypatch.setattr(many, "_write", late)
    results = list(report_many([keyed("a"), keyed("b"), keyed("b"), keyed("a")], by=by, batch=2))
    assert [(one.created if isinstance(one, Receipt) else one) for one in results] == [True, False, False, False]
    assert isinstance(results[0], Receipt)
    assert isinstance(results[3], Receipt)
    assert results[3].case_id == results[0].case_id
    assert isinstance(results[1], Receipt)
    assert results[1].case_id == others[1].case_id
    assert Case.objects.count() == 2
    assert verify().clean


def test_a_batch_is_decided_again_when_the_reference_data_moved(
    committed_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, seen = many._write, []

    def moved(decided: Any) -> None:
        if not seen:
            ReferenceVersion.objects.update(n=F("n") + 1)
        seen.append(decided.versions)
        write(decided)

    monkeypatch.setattr(many, "_write", moved)
    results = list(report_many([keyed(f"k{number}") for number in range(4)], by=committed_town.public(), batch=2))
    assert all(isinstance(one, Receipt) and one.created for one in results)
    assert len(set(seen)) == 2
    assert Case.objects.count() == 4
    assert verify().clean


def test_a_source_that_breaks_loses_nothing_that_was_decided(committed_town: Town) -> None:
    def broken() -> Iterator[Any]:
        yield from (keyed(f"k{number}") for number in range(5))
        raise OSError("the line went dead")

    results = report_many(broken(), by=committed_town.public(), batch=2)
    assert [isinstance(next(results), Receipt) for _ in range(4)] == [True] * 4
    with pytest.raises(OSError, match="went dead"):
        next(results)
    assert Case.objects.count() == 4


def test_whoever_stops_taking_results_leaves_later_batches_unwritten(committed_town: Town) -> None:
    results = report_many((keyed(f"k{number}") for number in range(9)), by=committed_town.public(), batch=2)
    next(results)
    results.close()
    assert Case.objects.count() == 2


def test_what_a_receiver_refuses_is_not_written(committed_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def receiver(event: CaseReported) -> None:
        heard.append(event.number)
        if len(heard) == 3:
            raise RuntimeError("no room")

    monkeypatch.setitem(events._receivers, CaseReported, [receiver])
    results = report_many([keyed(f"k{number}") for number in range(6)], by=committed_town.public(), batch=2)
    assert isinstance(next(results), Receipt)
    with pytest.raises(RuntimeError, match="no room"):
        list(results)
    assert Case.objects.count() == 2


MAPPING = Mapping(
    source="old", root="", timezone="Asia/Shanghai", time_format="%Y-%m-%d %H:%M",
    columns=Columns(id="no", created="made", description=("words",)),
)


def rows(count: int, words: str = "占道") -> list[tuple[int, dict[str, str]]]:
    return [(n + 2, {"no": str(n), "made": "2026-03-02 09:00", "words": words}) for n in range(count)]


def loaded(town: Town, table: list[tuple[int, dict[str, str]]], told: list[int]) -> importer.Outcome:
    return import_histories(
        table, msgspec.structs.replace(MAPPING, root=ROOT), by=mandates.imported("old", town.root),
        lookups=Lookups({}, {}), progress=told.append,
    )


def test_an_import_of_many_batches_changes_nothing_the_second_time(
    committed_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 4)
    told: list[int] = []
    assert (loaded(committed_town, rows(10), told).imported, told) == (10, [4, 4, 2])
    again = loaded(committed_town, rows(10), told)
    assert (again.imported, again.unchanged) == (0, 10)
    amended = loaded(committed_town, [*rows(5), *rows(10, "改了")[5:]], told)
    assert (amended.changed, amended.unchanged) == (5, 5)
    assert verify().clean


def test_a_batch_that_fails_is_told_and_those_before_it_stay(
    committed_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 4)
    send, sent = importer.send, []

    def failing(blocks: Any) -> None:
        sent.append(blocks)
        send(blocks)
        if len(sent) == 2:
            raise psycopg.OperationalError("the server went away")

    monkeypatch.setattr(importer, "send", failing)
    told: list[int] = []
    with pytest.raises(psycopg.OperationalError, match="went away"):
        loaded(committed_town, rows(14), told)
    assert (Case.objects.count(), told, len(sent)) == (4, [4], 2)
    monkeypatch.setattr(importer, "send", send)
    again = loaded(committed_town, rows(14), told)
    assert (again.imported, again.unchanged) == (10, 4)
    assert verify().clean


def test_within_a_transaction_all_is_undone_with_it(town: Town) -> None:
    with transaction.atomic():
        assert len(list(report_many([keyed(f"k{number}") for number in range(5)], by=town.public(), batch=2))) == 5
        assert Case.objects.count() == 5
        transaction.set_rollback(True)
    assert connection.in_atomic_block
    assert not Case.objects.exists()
