"""The journal only grows; each chain is what its acts add up to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import databases
from tests.kernel.journal.world import CLERK, START, mandate, subject, tell
from wangge.base.digests import salted
from wangge.base.errors import Conflict, InvalidInput
from wangge.base.ids import new_id
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.services import Act, append, insert, note, ordinals, seal
from wangge.kernel.journal.verifying import verify
from wangge.kernel.journal.writing import ContentRow, Head, write

Owner = psycopg.Connection[Any]
ROWS = {"journal_entry": "verb = 'x'", "journal_seal": "count = 7", "journal_content": "value = 'x'"}


@pytest.fixture
def app(things: Owner, committed_db: str) -> Iterator[Owner]:
    """The serving role, on a journal with one sealed entry."""
    tell(1, content={"note": "某处"})
    seal(by=CLERK)
    with databases.connect("app", committed_db) as conn:
        yield conn


@pytest.mark.parametrize("table", ROWS)
def test_the_serving_role_may_not_rewrite(app: Owner, table: str) -> None:
    for statement in (
        f"UPDATE {table} SET {ROWS[table]}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER USER",
        f"DROP TABLE {table} CASCADE",
    ):
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.IntegrityError)):
            app.execute(statement)
    assert verify().clean


@pytest.mark.parametrize("table", ROWS)
def test_not_even_the_owner_rewrites_by_mistake(app: Owner, things: Owner, table: str) -> None:
    for statement in (
        f"UPDATE {table} SET {ROWS[table]}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(psycopg.errors.IntegrityError):
            things.execute(statement)
    assert verify().clean


@pytest.mark.parametrize(
    "change", ["value = 'x'", "salt = '\\x00'", "value = NULL", "salt = NULL", "value = NULL, salt = '\\x00'"]
)
def test_content_is_erased_whole_or_not_at_all(app: Owner, change: str) -> None:
    with pytest.raises(psycopg.errors.IntegrityError):
        app.execute(f"UPDATE journal_content SET {change}")


def test_nobody_erases_content_without_an_entry_that_says_so(app: Owner, things: Owner) -> None:
    for role in (app, things):
        with pytest.raises(psycopg.errors.IntegrityError, match="no entry says"):
            role.execute("UPDATE journal_content SET value = NULL, salt = NULL")
    assert Content.objects.get().value is not None


@pytest.mark.parametrize("column", ["subject_id", "seq", "field"])
def test_erasing_does_not_move_content_elsewhere(app: Owner, things: Owner, column: str) -> None:
    other = {"subject_id": f"'{subject(9)}'", "seq": "9", "field": "'other'"}[column]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(f"UPDATE journal_content SET value = NULL, salt = NULL, {column} = {other}")
    with pytest.raises(psycopg.errors.IntegrityError):
        things.execute(f"UPDATE journal_content SET value = NULL, salt = NULL, {column} = {other}")


def test_a_state_cannot_commit_without_its_entry(things: Owner) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        things.execute("INSERT INTO journal_thing (id, version) VALUES (%s, 1)", [new_id()])


def test_an_act_on_a_moved_head_is_a_conflict_that_says_where_it_is(things: Owner) -> None:
    tell(1)
    tell(1, 1)
    for wrong in (0, 1, 3):
        with pytest.raises(Conflict):
            append([Act(subject(1), "thing", "noted", version=wrong)], by=CLERK)
    with pytest.raises(Conflict) as caught:
        append([Act(subject(1), "thing", "noted", version=1)], by=CLERK)
    assert caught.value.extra == {"present": {"version": 2}}
    assert Entry.objects.count() == 2


def test_of_two_acts_at_once_one_wins(things: Owner) -> None:
    tell(1)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def act() -> None:
        try:
            with transaction.atomic():
                barrier.wait(10)
                append([Act(subject(1), "thing", "noted", version=1)], by=CLERK)
            outcomes.append("won")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["conflict", "won"]
    assert Entry.objects.filter(subject_id=subject(1)).count() == 2


def test_recorded_time_never_goes_back_along_a_chain(things: Owner) -> None:
    tell(1)
    tell(1, 1, by=mandate(at=START - timedelta(days=3)))
    first, second = Entry.objects.order_by("seq")
    assert second.recorded_at == first.recorded_at
    assert second.at == START - timedelta(days=3)
    assert verify().clean


def test_text_lies_apart_under_a_salted_digest(things: Owner) -> None:
    tell(1, content={"note": "某处"}, code="0101")
    entry, content = Entry.objects.get(), Content.objects.get()
    assert entry.data == {"code": "0101", "content": {"note": salted(1, bytes(content.salt), "某处").hex()}}
    tell(2, content={"note": "某处"})
    assert len({bytes(one.salt) for one in Content.objects.all()}) == 2


@pytest.mark.parametrize(
    "bad",
    [{"x": 1.5}, {"x": "a\x00b"}, {"x": 2**63}, {"x": {"y": [0.1]}}, {"x": [b"a"]}, {"x": START}, {"\x00": 1}],
)
def test_what_no_digest_may_cover_is_refused(things: Owner, bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        append([Act(new_id(), "thing", "noted", data=bad)], by=CLERK)
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("content", [{"note": "a\x00b"}, {"no\x00te": "a"}, {"note": "\ud800"}])
def test_text_that_cannot_be_stored_is_refused(things: Owner, content: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        append([Act(new_id(), "thing", "noted", content=content)], by=CLERK)
    assert Entry.objects.count() == 0


def test_entries_of_the_sm3_form_verify_beside_others(things: Owner) -> None:
    first = tell(1, content={"note": "一"})
    [ordinal] = ordinals(1)
    contents: list[ContentRow] = []
    head = Head(1, first.digest, START)
    row, _ = write(
        Act(subject(1), "thing", "noted", data={"n": 1}, content={"note": "二"}, version=1),
        by=CLERK,
        ordinal=ordinal,
        head=head,
        contents=contents,
        form=2,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        insert([row], contents)
        cursor.execute("UPDATE journal_thing SET version = 2 WHERE id = %s", [subject(1)])
    tell(1, 2)
    seal(by=CLERK)
    tell(2)
    made = seal(by=CLERK, form=2)
    assert made is not None
    assert list(Entry.objects.filter(subject_id=subject(1)).order_by("seq").values_list("form", flat=True)) == [1, 2, 1]
    report = verify()
    assert report.clean
    assert (report.entries, report.contents, report.seals) == (4, 2, 2)


codes = st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | codes | st.uuids().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(codes, inner, max_size=3),
    max_leaves=6,
)
acts = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.dictionaries(codes.filter(lambda key: key != "content"), values, max_size=3),
        st.dictionaries(codes, codes, max_size=2),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=acts)
def test_whatever_was_appended_verifies_and_replays(
    done: list[tuple[int, dict[str, Any], dict[str, str]]],
) -> None:
    with transaction.atomic():
        ids = [new_id() for _ in range(4)]
        heads: dict[UUID, int] = dict.fromkeys(ids, 0)
        wanted: dict[tuple[UUID, int], tuple[dict[str, Any], dict[str, str]]] = {}
        batch = []
        for number, data, content in done:
            one = ids[number]
            batch.append(Act(one, "thing", "noted", None, data, content, heads[one]))
            heads[one] += 1
            wanted[one, heads[one]] = data, content
        append(batch, by=CLERK)
        report = verify()
        assert report.clean, report.faults
        replayed = {}
        for entry in Entry.objects.filter(subject_id__in=ids).order_by("subject_id", "seq"):
            data = {key: value for key, value in entry.data.items() if key != "content"}
            texts = Content.objects.filter(subject_id=entry.subject_id, seq=entry.seq)
            replayed[entry.subject_id, entry.seq] = data, {one.field: one.value for one in texts}
        assert replayed == wanted
        transaction.set_rollback(True)


def test_a_look_is_written_behind_whatever_stands_last(things: Owner) -> None:
    one = new_id()
    assert note(Act(one, "thing", "look", version=9), by=CLERK)[0].seq == 1
    written, beside = note(Act(one, "thing", "look"), by=CLERK, beside=("(SELECT %s::int + 1)", [6]))
    assert (written.seq, beside) == (2, 7)
    assert verify().clean


def test_looks_at_once_all_stand(things: Owner) -> None:
    one, seen = new_id(), threading.Barrier(3)
    faults: list[BaseException] = []

    def look() -> None:
        try:
            seen.wait(timeout=30)
            note(Act(one, "thing", "look"), by=CLERK)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert list(Entry.objects.filter(subject_id=one).order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]
    assert verify().clean
