"""Who is answerable: nearest, at past moments, on leave, after corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.kernel.duties.conftest import G1, START, People
from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates, queries
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.queries import Holding
from wangge.kernel.duties.services import (
    NewDuty,
    assign,
    assign_many,
    correct_assignment,
    end_assignment,
    void_assignment,
)
from wangge.kernel.journal.models import Entry
from wangge.kernel.people.services import (
    change_password,
    close_account,
    correct_person,
    create_account,
    create_organisation,
    erase_person,
    issue_token,
    revoke_token,
)
from wangge.kernel.places.reorganising import reparent_area
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import create_areas, end_area

pytestmark = pytest.mark.django_db
MARCH = datetime(2024, 3, 1, tzinfo=UTC)
JUNE = datetime(2024, 6, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def who(found: Sequence[Holding]) -> list[UUID | None]:
    return [one.person_id for one in found]


def future(days: int = 1) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def test_the_nearest_area_upward_answers(people: People, by: Mandate) -> None:
    assign(post="grid_worker", area="A", valid_from=START, person=people.wang, by=by)
    assert who(queries.holders(G1, "grid_worker")) == [people.wang]
    assign(post="grid_worker", area="G1", valid_from=START, person=people.li, by=by)
    assert who(queries.holders(G1, "grid_worker")) == [people.li]
    assert who(queries.holders("S/A/G2/", "grid_worker")) == [people.wang]
    assert queries.holders("S/", "grid_worker") == []
    assert queries.holders(G1, "grid_worker")[0].name == "李样例"


def test_a_handover_is_half_open(people: People, by: Mandate) -> None:
    first = assign(post="grid_leader", area="G1", valid_from=START, valid_to=MARCH, person=people.wang, by=by)
    assign(post="grid_leader", area="G1", valid_from=MARCH, person=people.li, by=by)
    assert who(queries.holders(G1, "grid_leader", MARCH - TICK)) == [people.wang]
    assert who(queries.holders(G1, "grid_leader", MARCH)) == [people.li]
    assert queries.holders(G1, "grid_leader", START - TICK) == []
    assert first.valid.upper == MARCH


def test_a_single_seat_is_taken_once_at_a_time(people: People, by: Mandate) -> None:
    assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=by)
    with pytest.raises(Conflict, match="seat is taken"):
        assign(post="grid_leader", area="G1", valid_from=MARCH, person=people.li, by=by)
    assign(post="grid_leader", area="G1", valid_from=MARCH, person=people.li, kind="acting", by=by)
    assign(post="grid_leader", area="G2", valid_from=MARCH, person=people.wang, by=by)
    assign(post="volunteer", area="G1", valid_from=START, person=people.wang, by=by)
    assign(post="volunteer", area="G1", valid_from=START, person=people.li, by=by)
    with pytest.raises(Conflict, match="already"):
        assign(post="volunteer", area="G1", valid_from=MARCH, person=people.li, by=by)


def test_acting_and_deputy_stand_in_only_while_nobody_regular_is_there(people: People, by: Mandate) -> None:
    assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=by)
    assign(post="grid_leader", area="G1", valid_from=START, person=people.li, kind="deputy", by=by)
    assign(post="grid_leader", area="G1", valid_from=MARCH, valid_to=JUNE, person=people.wang, kind="leave", by=by)
    assert who(queries.holders(G1, "grid_leader", MARCH - TICK)) == [people.wang]
    assert who(queries.holders(G1, "grid_leader", MARCH)) == [people.li]
    assign(post="grid_leader", area="G1", valid_from=MARCH, person=people.zhang, kind="acting", by=by)
    assert who(queries.holders(G1, "grid_leader", MARCH)) == [people.zhang]
    assert who(queries.holders(G1, "grid_leader", JUNE)) == [people.wang]


def test_leave_without_a_stand_in_asks_the_area_above_and_shows_as_vacant(people: People, by: Mandate) -> None:
    assign(post="grid_leader", area="A", valid_from=START, person=people.wang, by=by)
    assign(post="grid_leader", area="G1", valid_from=START, person=people.li, by=by)
    assign(post="grid_leader", area="G1", valid_from=MARCH, valid_to=JUNE, person=people.li, kind="leave", by=by)
    assert who(queries.holders(G1, "grid_leader", MARCH)) == [people.wang]
    gaps = queries.vacancies("S/", MARCH, kinds=["grid"], posts=["grid_leader"])
    assert [(gap.area_path, gap.on_leave) for gap in gaps] == [(G1, (people.li,)), ("S/A/G2/", ())]
    assert len(queries.vacancies("S/", MARCH)) == 10


def test_the_chain_goes_up_to_the_top_at_any_past_moment(people: People, by: Mandate) -> None:
    assign(post="leader", area="S", valid_from=START, person=people.zhao, by=by)
    assign(post="secretary", area="A", valid_from=START, valid_to=MARCH, person=people.zhang, by=by)
    assign(post="secretary", area="A", valid_from=MARCH, person=people.li, by=by)
    assign(post="grid_worker", area="G1", valid_from=START, person=people.wang, by=by)
    assign(post="grid_leader", area="G2", valid_from=START, person=people.wang, by=by)
    with CaptureQueriesContext(connection) as asked:
        before, after = queries.chain(G1, MARCH - TICK), queries.chain(G1, MARCH)
    assert len(asked) == 2
    assert who(before) == [people.wang, people.zhang, people.zhao]
    assert who(after) == [people.wang, people.li, people.zhao]
    assert queries.chain(G1, START - TICK) == []


def test_many_questions_are_one_statement_and_answer_alike(people: People, by: Mandate) -> None:
    assign(post="grid_worker", area="A", valid_from=START, person=people.wang, by=by)
    assign(post="grid_leader", area="G1", valid_from=START, person=people.li, by=by)
    pairs = [(path, post) for path in ("S/", "S/A/", G1, "S/A/G2/") for post in ("grid_worker", "grid_leader")]
    with CaptureQueriesContext(connection) as asked:
        answers = queries.holders_many(pairs, MARCH)
    assert len(asked) == 1
    assert answers == {pair: queries.holders(*pair, MARCH) for pair in pairs}
    roster = queries.roster("S/A/")
    assert all(roster.holders(*pair, MARCH) == answers[pair] for pair in pairs)


def test_an_end_takes_the_mandate_and_stays_on_record(people: People, by: Mandate) -> None:
    held = assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=by)
    end = future()
    end_assignment(assignment=held.id, at=end, by=by)
    assert who(queries.holders(G1, "grid_leader")) == [people.wang]
    assert queries.holders(G1, "grid_leader", end) == []
    assert [entry.verb for entry in Entry.objects.filter(subject_id=held.id).order_by("seq")] == [
        "assign", "end_duty",
    ]
    with pytest.raises(InvalidInput):
        end_assignment(assignment=held.id, at=end + timedelta(days=1), by=by)


def test_a_correction_never_overwrites_what_was_believed(people: People, by: Mandate) -> None:
    wrong = assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=by)
    believed_at = datetime.now(UTC)
    right = correct_assignment(assignment=wrong.id, person=people.li, by=mandates.console())
    assert who(queries.holders(G1, "grid_leader", MARCH)) == [people.li]
    assert who(queries.holders(G1, "grid_leader", MARCH, known_at=believed_at)) == [people.wang]
    assert who(queries.chain(G1, MARCH, known_at=believed_at)) == [people.wang]
    assert Entry.objects.get(subject_id=right.id).data["corrects"] == str(wrong.id)
    with pytest.raises(Conflict, match="corrected meanwhile"):
        correct_assignment(assignment=wrong.id, person=people.zhao, by=by)


def test_the_mandate_that_recorded_a_duty_can_correct_it_at_once(people: People, by: Mandate) -> None:
    wrong = assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=by)
    right = correct_assignment(assignment=wrong.id, person=people.li, by=by)
    assert who(queries.holders(G1, "grid_leader", MARCH, known_at=by.recorded_at)) == [people.wang]
    assert who(queries.holders(G1, "grid_leader", MARCH, known_at=right.recorded.lower)) == [people.li]


def test_an_end_in_the_past_is_a_correction(people: People, by: Mandate) -> None:
    held = assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=by)
    believed_at = datetime.now(UTC)
    ended = end_assignment(assignment=held.id, at=MARCH, by=mandates.console())
    assert ended.id != held.id
    assert queries.holders(G1, "grid_leader", JUNE) == []
    assert who(queries.holders(G1, "grid_leader", JUNE, known_at=believed_at)) == [people.wang]
    assert who(queries.holders(G1, "grid_leader", MARCH - TICK)) == [people.wang]


def test_a_duty_recorded_by_mistake_counts_no_more(people: People, by: Mandate) -> None:
    held = assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=by)
    void_assignment(assignment=held.id, by=mandates.console())
    assert queries.holders(G1, "grid_leader") == []
    assert Assignment.objects.filter(id=held.id).exists()


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("post", {"post": "emperor"}), ("kind", {"kind": "eternal"}), ("person", {"person": None}),
        ("valid_to", {"valid_to": START}), ("valid_from", {"valid_from": START - TICK}),
        ("valid_from", {"valid_from": datetime(2024, 5, 1)}), ("area", {"area": "NONE"}),  # noqa: DTZ001
        ("person", {"person": UUID(int=1)}),
    ],
)
def test_what_is_wrong_with_a_duty_is_named(
    people: People, by: Mandate, field: str, change: dict[str, object]
) -> None:
    given = {"post": "grid_leader", "area": "G1", "valid_from": START, "person": people.wang} | change
    with pytest.raises((InvalidInput, NotFound)) as caught:
        assign(**given, by=by)  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.field == field
    assert not Assignment.objects.exists()


def test_only_who_manages_duties_there_assigns(people: People, by: Mandate) -> None:
    assign(post="admin", area="A", valid_from=START, person=people.zhao, by=by)
    admin = mandates.for_person(people.zhao, channel="desk", verb="manage_duties")
    assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=admin)
    with pytest.raises(Forbidden, match="answers for S/A/"):
        assign(post="leader", area="S", valid_from=START, person=people.wang, by=admin)
    with pytest.raises(NotFound):
        end_assignment(assignment=UUID(int=7), at=future(), by=admin)


def test_an_organisation_holds_a_duty_without_a_person(people: People, by: Mandate) -> None:
    firm = create_organisation(code="CG-01", name="样例保洁公司", kind="contractor", by=by)
    assign(post="contractor", area="S", valid_from=START, organisation=firm, by=by)
    [held] = queries.holders(G1, "contractor")
    assert (held.person_id, held.organisation_id, held.name) == (None, firm.id, "样例保洁公司")


def test_the_database_refuses_to_rewrite_or_delete_a_duty(people: People, by: Mandate) -> None:
    assign(post="grid_leader", area="G1", valid_from=START, valid_to=MARCH, person=people.wang, by=by)
    for statement in (
        "UPDATE duties_assignment SET kind = 'acting'",
        "UPDATE duties_assignment SET area_path = 'S/'",
        "UPDATE duties_assignment SET valid = tstzrange(lower(valid), NULL)",
        "DELETE FROM duties_assignment",
    ):
        # A trigger refuses, and for deleting the serving role has no right either.
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_duties_end_with_their_area_and_go_on_at_its_successor(people: People, by: Mandate) -> None:
    worker = assign(post="grid_worker", area="G1", valid_from=START, person=people.wang, by=by)
    assign(post="grid_leader", area="G2", valid_from=START, valid_to=future(90), person=people.li, by=by)
    day = future(3)
    end_area(area="G2", at=day, by=mandates.console())
    assert queries.holders("S/A/G2/", "grid_leader", day) == []
    assert who(queries.holders("S/A/G2/", "grid_leader", day - TICK)) == [people.li]
    successor = reparent_area(area="G1", parent="S", at=day, by=mandates.console())
    assert who(queries.holders(successor.path, "grid_worker", day)) == [people.wang]
    assert queries.holders(G1, "grid_worker", day) == []
    worker.refresh_from_db()
    assert worker.valid.upper == day


def test_an_erased_holder_stays_answerable_without_a_name(people: People, by: Mandate) -> None:
    assign(post="grid_worker", area="G1", valid_from=START, person=people.wang, by=by)
    erase_person(people.wang, by)
    [held] = queries.holders(G1, "grid_worker")
    assert (held.person_id, held.name) == (people.wang, "")


def test_a_local_administrator_erases_people_of_that_place_only(people: People, by: Mandate) -> None:
    assign(post="admin", area="A", valid_from=START, person=people.zhao, by=by)
    assign(post="grid_worker", area="G1", valid_from=START, person=people.wang, by=by)
    assign(post="leader", area="S", valid_from=START, person=people.li, by=by)
    admin = mandates.for_person(people.zhao, channel="desk", verb="erase")
    account = create_account(username="wang", password=None, person=people.wang, by=by)
    erase_person(people.wang, admin)
    account.refresh_from_db()
    assert not account.is_active
    with pytest.raises(Forbidden):
        erase_person(people.li, admin)


def test_an_area_that_ended_in_the_past_corrects_its_duties(people: People, by: Mandate) -> None:
    assign(post="grid_leader", area="G1", valid_from=START, person=people.wang, by=by)
    believed_at = datetime.now(UTC)
    end_area(area="G1", at=MARCH, by=mandates.console())
    assert queries.holders(G1, "grid_leader", JUNE) == []
    assert who(queries.holders(G1, "grid_leader", MARCH - TICK)) == [people.wang]
    assert who(queries.holders(G1, "grid_leader", JUNE, known_at=believed_at)) == [people.wang]


def test_an_administrator_manages_no_account_of_people_above(people: People, by: Mandate) -> None:
    assign(post="admin", area="A", valid_from=START, person=people.zhao, by=by)
    assign(post="leader", area="S", valid_from=START, person=people.li, by=by)
    assign(post="grid_worker", area="G1", valid_from=START, person=people.wang, by=by)
    leader = create_account(username="leader", password=None, person=people.li, by=by)
    worker = create_account(username="worker", password=None, person=people.wang, by=by)
    admin = mandates.for_person(people.zhao, channel="desk", verb="manage_accounts")
    token, _ = issue_token(account=worker, label="", days=1, by=admin)
    revoke_token(token=token, by=admin)
    create_account(username="newcomer", password=None, person=people.zhang, by=admin)
    for take in (
        lambda: issue_token(account=leader, label="", days=1, by=admin),
        lambda: change_password(account=leader, password="long-enough-8311", by=admin),
        lambda: close_account(account=leader, by=admin),
        lambda: create_account(username="second", password="long-enough-8311", person=people.li, by=admin),
        lambda: correct_person(person_id=people.li, name="改名", by=admin),
    ):
        with pytest.raises(Forbidden, match="not for S/"):
            take()


def test_questions_about_holders_use_the_index(people: People, by: Mandate) -> None:
    rows = [NewArea(f"H{n}", f"{n}幢", "building", START, "G1") for n in range(3000)]
    create_areas(rows, by=by)
    assign_many([NewDuty("volunteer", f"H{n}", START, people.wang) for n in range(3000)], by=by)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.chain("S/A/G1/H77/")) == 1
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked[0]["sql"])
        assert "duties_assignment_answerable" in str(cursor.fetchall())
