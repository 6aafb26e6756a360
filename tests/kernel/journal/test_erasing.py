"""Erasing: the text goes, the entry stays, the state moves along, and verifying says *erased*."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.kernel.journal.world import CLERK, TABLE, mandate, subject, tell
from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.services import Act, Erasure, append, erase, on_erase, place_of, seal
from wangge.kernel.journal.verifying import verify

Owner = psycopg.Connection[Any]


def values() -> dict[tuple[int, str], str | None]:
    return {(one.seq, one.field): one.value for one in Content.objects.filter(subject_id=subject(1))}


def version() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT version FROM {TABLE} WHERE id = %s", [subject(1)])
        return int(cursor.fetchone()[0])


@pytest.fixture
def told(things: Owner) -> Owner:
    tell(1, content={"note": "王示范家门口", "phone": "10000000000"})
    tell(1, 1, content={"note": "又一次"})
    tell(2, content={"note": "别处"})
    seal(by=CLERK)
    return things


def test_all_text_of_a_subject_goes_and_the_journal_says_so(told: Owner) -> None:
    done = erase(subject_id=subject(1), reason_code="asked", by=CLERK)
    assert done.fields == ((1, "note"), (1, "phone"), (2, "note"))
    assert done.entry is not None
    assert done.entry.seq == version() == 3
    assert values() == dict.fromkeys(done.fields)
    assert Content.objects.filter(salt=None).count() == 3
    assert Content.objects.get(subject_id=subject(2)).value == "别处"
    entry = Entry.objects.get(subject_id=subject(1), seq=3)
    assert (entry.verb, entry.subject_type) == ("erase", "thing")
    assert entry.data == {"reason": "asked", "erased": [[1, "note"], [1, "phone"], [2, "note"]]}
    report = verify()
    assert report.clean
    assert report.erased == 3


def test_only_the_named_fields_go(told: Owner) -> None:
    assert erase(subject_id=subject(1), fields=["phone"], reason_code="asked", by=CLERK).fields == ((1, "phone"),)
    assert values() == {(1, "note"): "王示范家门口", (1, "phone"): None, (2, "note"): "又一次"}
    assert verify().erased == 1
    assert erase(subject_id=subject(1), reason_code="asked", by=CLERK).fields == ((1, "note"), (2, "note"))
    assert verify().erased == 3
    assert verify().clean


def test_erasing_again_finds_nothing_and_writes_nothing(told: Owner) -> None:
    erase(subject_id=subject(1), reason_code="asked", by=CLERK)
    again = erase(subject_id=subject(1), reason_code="asked", by=CLERK)
    assert again.entry is None
    assert again.fields == ()
    assert version() == 3


def test_hooks_are_told_and_their_counts_added_up(told: Owner) -> None:
    seen: list[Erasure] = []

    def files(erasure: Erasure) -> dict[str, int]:
        seen.append(erasure)
        assert version() == erasure.entry.seq  # the state has moved already
        return {"files": 2}

    on_erase("thing", files)
    on_erase("thing", files)
    on_erase("thing", lambda erasure: {"files": 1, "terms": 4})
    on_erase("thing", lambda erasure: None)
    on_erase("other", lambda erasure: {"never": 1})
    done = erase(subject_id=subject(1), reason_code="asked", by=CLERK)
    assert done.also == {"files": 3, "terms": 4}
    [erasure] = seen
    assert (erasure.subject_id, erasure.entry, erasure.fields) == (subject(1), done.entry, done.fields)
    assert (erasure.reason_code, erasure.by) == ("asked", CLERK)


def test_a_raising_hook_undoes_the_erasure(told: Owner) -> None:
    def fail(erasure: Erasure) -> None:
        raise RuntimeError("disk")

    on_erase("thing", fail)
    with pytest.raises(RuntimeError):
        erase(subject_id=subject(1), reason_code="asked", by=CLERK)
    assert None not in values().values()
    assert version() == 2
    assert verify().erased == 0


def test_a_subject_without_text_is_erased_too_when_hooks_hold_something(told: Owner) -> None:
    tell(5)
    on_erase("thing", lambda erasure: {"files": 1})
    done = erase(subject_id=subject(5), reason_code="asked", by=CLERK)
    assert done.also == {"files": 1}
    assert done.entry is not None
    assert done.entry.seq == 2


def test_a_subject_without_state_row_is_erased_as_well(told: Owner) -> None:
    access = new_id()
    append([Act(access, "access", "looked", content={"reason": "查证"})], by=CLERK)
    assert erase(subject_id=access, reason_code="asked", by=CLERK).fields == ((1, "reason"),)
    assert verify().clean


def test_the_mandate_must_allow_erasing_on_the_subjects_place(told: Owner) -> None:
    local = mandate("erase", scope="320412/")
    with pytest.raises(Forbidden):
        erase(subject_id=subject(1), reason_code="asked", by=mandate("see"))
    with pytest.raises(Forbidden):
        erase(subject_id=subject(1), reason_code="asked", by=local)
    place_of("thing", lambda found: "330000/" if found == subject(2) else "320412/017/")
    with pytest.raises(Forbidden):
        erase(subject_id=subject(2), reason_code="asked", by=local)
    assert erase(subject_id=subject(1), reason_code="asked", by=local).entry is not None


@pytest.mark.parametrize("reason", ["", "because he asked", "请求", "A", "x" * 65, "-a"])
def test_a_reason_is_a_code_because_it_stays(told: Owner, reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        erase(subject_id=subject(1), reason_code=reason, by=CLERK)
    assert caught.value.field == "reason_code"


def test_an_unknown_subject_is_not_found(told: Owner) -> None:
    with pytest.raises(NotFound):
        erase(subject_id=new_id(), reason_code="asked", by=CLERK)


def test_a_state_that_is_not_at_its_head_is_left_alone(told: Owner) -> None:
    told.execute(f"UPDATE {TABLE} SET version = 1 WHERE id = %s", [subject(1)])
    with pytest.raises(Conflict):
        erase(subject_id=subject(1), reason_code="asked", by=CLERK)
    assert None not in values().values()


def test_after_erasing_no_row_of_the_database_holds_the_text(told: Owner) -> None:
    erase(subject_id=subject(1), reason_code="asked", by=CLERK)
    tables = told.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    text = "".join(
        str(row) for (table,) in tables for row in told.execute(f'SELECT t::text FROM "{table}" t').fetchall()
    )
    assert "别处" in text
    assert "王示范" not in text
    assert "10000000000" not in text
