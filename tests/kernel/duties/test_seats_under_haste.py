"""Two at once on one seat, on committed data."""

from __future__ import annotations

from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.kernel.duties.conftest import G1, START, areas, four
from wangge.kernel.duties import mandates, queries
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import assign, end_assignment
from wangge.kernel.journal.models import Entry


def test_of_simultaneous_assignments_to_one_seat_exactly_one_stands(committed_db: str) -> None:
    by = mandates.console()
    areas(by)
    people = four(by)
    for code in ("A", "G1", "G2"):
        gate, outcomes = Barrier(4), []

        def take(person: UUID, code: str = code, gate: Barrier = gate, outcomes: list[str] = outcomes) -> None:
            try:
                gate.wait()
                assign(post="grid_leader", area=code, valid_from=START, person=person, by=by)
                outcomes.append("taken")
            except Exception as error:
                outcomes.append(type(error).__name__)
            finally:
                connection.close()

        threads = [Thread(target=take, args=(person,)) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["Conflict", "Conflict", "Conflict", "taken"]
    assert Assignment.objects.count() == 3
    assert Entry.objects.filter(subject_type="duty").count() == 3
    assert len(queries.holders(G1, "grid_leader")) == 1


def test_a_duty_without_its_entry_is_refused_at_commit(committed_db: str) -> None:
    by = mandates.console()
    areas(by)
    held = assign(post="grid_leader", area="G1", valid_from=START, person=four(by).wang, by=by)
    with pytest.raises(Exception, match="duties_assignment_version_is_head"), transaction.atomic():
        Assignment.objects.filter(id=held.id).update(version=2)
    assert end_assignment(assignment=held.id, at=by.recorded_at.replace(year=2090), by=by).version == 2
