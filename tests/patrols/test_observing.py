"""Spot checks: within a patrol, never of oneself, told at once, contested within three days, decided by another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.patrols.making import HOUR, NOW, POINT, WORDS, at, look, started
from tests.town import POINTS, Town
from wangge.assessment.core.clauses.judging import IndicatorScore
from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.patrols import queries
from wangge.patrols.lifecycle import CONTEST_WITHIN
from wangge.patrols.models import Observation
from wangge.patrols.observing import contest_observation, decide_observation
from wangge.patrols.rules import stands
from wangge.patrols.services import end_patrol

LATE = CONTEST_WITHIN / HOUR + 2


def contest(town: Town, row: Observation, who: str = "worker", *, hours: float = 2) -> Observation:
    return contest_observation(observation=row.id, reason="当时在处置井盖", expected_version=row.version,
                               by=at(town, who, hours))


def decide(town: Town, row: Observation, who: str = "secretary", *, upheld: bool = False) -> Observation:
    return decide_observation(observation=row.id, upheld=upheld, reason="有工单为证", expected_version=row.version,
                              by=at(town, who, 3))


def test_the_worker_reads_it_at_once_contests_it_and_another_decides(town: Town) -> None:
    row = look(town, started(town))
    assert (row.state, row.grade, row.post_id, row.contest_until - row.told_at) == (
        "open", "word", "grid_worker", timedelta(days=3))
    [mine] = queries.observations(at(town, "worker", 1), box="of_me")
    assert mine == row
    assert queries.words([row.id]).of(row.id, "note") == WORDS
    row = contest(town, row)
    assert list(queries.observations(at(town, "secretary", 3), box="to_decide")) == [row]
    row = decide(town, row)
    assert (row.state, row.decider_id) == ("struck", town.people["secretary"])
    said = queries.words([row.id])
    assert (said.of(row.id, "reason"), said.of(row.id, "decided")) == ("当时在处置井盖", "有工单为证")
    assert verify().clean


def test_nobody_observes_themselves(town: Town) -> None:
    row = started(town)
    with pytest.raises(Forbidden):
        look(town, row, worker=town.people["officer"])
    seen = look(town, row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.bulk_create([_again(seen, worker_id=seen.observer_id)])


def _again(row: Observation, **changed: Any) -> Observation:
    row = Observation.objects.get(id=row.id)
    for name, value in ({"id": new_id()} | changed).items():
        setattr(row, name, value)
    return row


@pytest.mark.parametrize(("changed", "said"), [
    ({"patrol_id": None}, "observation_ground|without a patrol"),
    ({"grade": "verified"}, "observation_grade"),
    ({"grade": "witnessed"}, "observation_grade"),
    ({"outcome": "absent"}, "known_outcome"),
    ({"state": "upheld"}, "begins as open"),
    ({"seen_at": NOW - HOUR}, "within a started patrol"),
    ({"path": "elsewhere/"}, "within a started patrol"),
])
def test_the_database_refuses_other_observations(town: Town, changed: dict[str, Any], said: str) -> None:
    row = look(town, started(town))
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        Observation.objects.bulk_create([_again(row, **changed)])


def test_evidence_is_graded_and_never_verified(town: Town) -> None:
    row = started(town)
    assert look(town, row, point=POINT).grade == "placed"
    assert look(town, row, point=POINTS["G21"]).grade == "word"
    assert look(town, row, point=POINT, witness=town.people["grid_leader"]).grade == "witnessed"
    for third in ("officer", "worker"):
        with pytest.raises(InvalidInput):
            look(town, row, witness=town.people[third])


def test_only_within_ones_own_patrol_under_way(town: Town) -> None:
    row = started(town)
    with pytest.raises(NotFound):
        look(town, row, "inspector")
    with pytest.raises(Forbidden):
        look(town, row, "worker2", worker=town.people["worker"])
    with pytest.raises(Forbidden):
        look(town, row, area="T-G21", worker=town.people["worker2"])
    with pytest.raises(InvalidInput):
        look(town, row, seen_at=NOW - HOUR)
    with pytest.raises(InvalidInput):
        look(town, row, worker=town.people["worker2"])
    with pytest.raises(InvalidInput):
        look(town, row, outcome="absent")
    with pytest.raises(Conflict):
        look(town, row, hours=3.5)
    end_patrol(patrol=row.id, expected_version=2, by=at(town, "officer", 2))
    with pytest.raises(Conflict):
        look(town, row, hours=2)


def test_who_is_on_leave_is_excused(town: Town) -> None:
    by = mandates.console(at=NOW)
    assign(post="grid_worker", area="T-G11", valid_from=NOW, kind="leave", person=town.people["worker"], by=by)
    row = started(town)
    with pytest.raises(InvalidInput, match="leave"):
        look(town, row)
    assert look(town, row, outcome="excused").outcome == "excused"


def test_contested_by_the_worker_alone_and_in_time(town: Town) -> None:
    row = look(town, started(town))
    for who, error in (("secretary", Forbidden), ("officer", Forbidden), ("worker2", NotFound)):
        with pytest.raises(error):
            contest(town, row, who)
    with pytest.raises(Conflict):
        contest(town, row, hours=LATE)
    contested = contest(town, row, hours=LATE - 2)
    with pytest.raises(Conflict):
        contest(town, contested)


def test_decided_by_neither_observer_nor_witness_nor_worker(town: Town) -> None:
    row = look(town, started(town), witness=town.people["secretary"])
    with pytest.raises(Conflict):
        decide(town, row, "leader")
    row = contest(town, row)
    with pytest.raises(Forbidden):
        decide(town, row, "secretary")
    with pytest.raises(Forbidden):
        decide(town, row, "officer")
    with pytest.raises(IntegrityError, match="another_decides"), transaction.atomic():
        Observation.objects.filter(id=row.id).update(state="upheld", decider=row.observer_id, decided_at=NOW)
    assert decide(town, row, "leader", upheld=True).state == "upheld"


def test_what_stands_feeds_an_indicator_and_names_nobody(town: Town) -> None:
    patrol = started(town)
    for outcome in ("present", "not_seen", "excused"):
        look(town, patrol, outcome=outcome)
    upheld = decide(town, contest(town, look(town, patrol)), "leader", upheld=True)
    decide(town, contest(town, look(town, patrol)), "leader")
    span = (NOW, NOW + 24 * HOUR)
    assert [one.counts for one in queries.presence(town.root, *span, now=NOW + 4 * HOUR)] == [
        {"observed": 1, "present": 0, "excused": 0}]
    later = NOW + LATE * HOUR
    [figures] = queries.presence(town.root, *span, now=later)
    assert figures == ("T-G11", {"observed": 3, "present": 1, "excused": 1})
    standing = [row for row in Observation.objects.all() if stands(row.state, row.contest_until, later)]
    assert len(standing) == 4
    assert upheld.id in {row.id for row in standing}
    assert IndicatorScore.__struct_config__.tag == "indicator_score"


def test_who_sees_an_observation(town: Town) -> None:
    row = look(town, started(town))
    for who in ("worker", "officer", "secretary", "leader", "inspector"):
        assert queries.observation(row.id, at(town, who)) == row
    for who in ("worker2", "grid_leader", "secretary2", "admin"):
        with pytest.raises(NotFound):
            queries.observation(row.id, at(town, who))
