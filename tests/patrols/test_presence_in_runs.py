"""From a patrol to a run: what stands of spot checks scores an area by the policy, is frozen, and adds up again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.assessment import quarter
from tests.assessment.quarter import AFTER, PERIOD, by
from tests.kernel.spots.making import METRE
from tests.town import POINTS, ROOT, Town
from wangge.assessment import figures as known
from wangge.assessment import lab
from wangge.assessment.core.files import parse_policy
from wangge.assessment.core.inputs import Figures, thawed
from wangge.assessment.core.run import run as reckon
from wangge.assessment.core.telling import tell
from wangge.assessment.models import Revision
from wangge.assessment.policies.queries import stated
from wangge.assessment.running import services
from wangge.assessment.running.correcting import correct_run
from wangge.assessment.running.posting import post_run
from wangge.assessment.trying import try_policy
from wangge.base.errors import InvalidInput
from wangge.base.geometry import Point
from wangge.base.ids import new_id
from wangge.kernel.cases.bulk import draw
from wangge.kernel.cases.history import History, decide_history
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.recording import record
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.reporting import Identity, Place
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import verify
from wangge.patrols.models import Observation
from wangge.patrols.observing import NewObservation, contest_observation, decide_observation, observe
from wangge.patrols.services import NewPatrol, plan_patrol, start_patrol

DAY = datetime(2023, 11, 14, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
PRESENCE = """
  - kind: indicator_score
    id: presence
    components: [{weight: 1, terms: [{figure: present, of: observed}]}]
"""

@pytest.fixture
def town(db: None) -> Town:
    from wangge.kernel.cases import reference as classes
    from wangge.kernel.places import queries as places

    places._atlases.clear()
    classes._snapshots.clear()
    return quarter.town()


def asked(town: Town, *clauses: str) -> None:
    """The shipped policy of the quarter with these clauses beside."""
    quarter.in_force(town, quarter.money_policy() + "".join(clauses))


def looked(town: Town, *outcomes: str, day: int = 0) -> list[Observation]:
    """A patrol of the officer on a day of November, with a spot check of the worker in the first grid each."""
    moment = DAY + timedelta(days=day)
    plan = NewPatrol("T-C1", moment, moment + 2 * HOUR, stops=("T-G11",))
    patrol = plan_patrol(new=plan, by=by(town, "officer", moment))
    start_patrol(patrol=patrol.id, tracked=False, expected_version=1, by=by(town, "officer", moment))
    return [
        observe(new=NewObservation(town.people["worker"], "T-G11", outcome, patrol.id),
                by=by(town, "officer", moment + HOUR))
        for outcome in outcomes
    ]


def assessed(town: Town, at: datetime = AFTER, **given: Any) -> services.Assessed:
    return services.assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor", at), **given)


def scores(made: services.Assessed) -> dict[tuple[str, str], str]:
    return {(one["clause"], one["subject"]): one["score"] for one in tell(made.statement, {})["scores"]}


def test_what_stands_of_a_patrol_is_a_score_of_the_run_with_its_sentence(town: Town) -> None:
    asked(town, PRESENCE)
    looked(town, "present", "present", "not_seen", "excused")
    made = assessed(town)
    [one] = tell(made.statement, {})["scores"]
    assert (one["clause"], one["subject"], one["score"]) == ("presence", "T-G11", "66.67")
    assert one["sentence"] == "T-G11 presence：(1 × (2/3)) × 100 = 66.67。"
    assert str(town.people["worker"]) not in repr(made.statement.scores)


def test_the_figures_are_frozen_and_the_frozen_inputs_give_the_same_statement(town: Town) -> None:
    asked(town, PRESENCE)
    looked(town, "present", "not_seen")
    made = assessed(town)
    row = Revision.objects.get(run=made.run)
    inputs = thawed(row.inputs)
    assert [(one.subject, one.counts) for one in inputs.figures] == [("T-G11", {"observed": 2, "present": 1})]
    assert reckon(stated(made.run.policy.body), inputs).digest == made.run.digest
    assert verify().clean
    assert not assessed(town).fresh


def test_what_was_contested_counts_only_when_it_was_upheld(town: Town) -> None:
    asked(town, PRESENCE)
    right, wrong, _open = looked(town, "not_seen", "not_seen", "present")
    for one in (right, wrong):
        contest_observation(observation=one.id, reason="在处置井盖", expected_version=1,
                            by=by(town, "worker", DAY + 2 * HOUR))
    assert scores(assessed(town)) == {("presence", "T-G11"): "100.00"}
    for one, upheld in ((right, True), (wrong, False)):
        decide_observation(observation=one.id, upheld=upheld, reason="有记录", expected_version=2,
                           by=by(town, "secretary", AFTER + HOUR))
    again = assessed(town, AFTER + 2 * HOUR)
    assert again.fresh
    assert scores(again) == {("presence", "T-G11"): "50.00"}


def test_what_may_still_be_contested_counts_not_yet(town: Town) -> None:
    asked(town, PRESENCE)
    looked(town, "present", day=47)
    assert scores(assessed(town, datetime(2024, 1, 2, 2, tzinfo=UTC))) == {}
    assert scores(assessed(town)) == {("presence", "T-G11"): "100.00"}


def test_a_policy_without_such_a_clause_reads_none(town: Town) -> None:
    asked(town)
    looked(town, "not_seen")
    assert assessed(town).statement.inputs.figures == ()


def test_presence_is_not_typed_in_neither_by_code_nor_by_name(town: Town) -> None:
    asked(town, PRESENCE)
    looked(town, "not_seen")
    for subject in ("T-G11", "西社区第一网格"):
        with pytest.raises(InvalidInput) as refusal:
            assessed(town, figures=[Figures(subject, {"present": 1, "observed": 1})])
        assert refusal.value.field == "figures"
    typed = Figures("别处", {"present": 1, "observed": 2})
    assert scores(assessed(town, figures=[typed])) == {("presence", "T-G11"): "0.00", ("presence", "别处"): "50.00"}


def test_a_subject_with_some_figures_of_a_clause_must_have_all(town: Town) -> None:
    asked(town, PRESENCE)
    with pytest.raises(InvalidInput, match="missing"):
        assessed(town, figures=[Figures("别处", {"present": 1})])


def closed(town: Town, *days_late: int) -> None:
    """Cases of the unit that fell due in November and were closed so many days after that, or before."""
    source = mandates.imported("test", town.root)
    changes = []
    for number, late in zip(draw("cases_case_number_seq", len(days_late)), days_late, strict=True):
        point = Point(POINTS["G11"].lon_e7, POINTS["G11"].lat_e7 + round(number % 90 * METRE))
        history = History(
            external_source="test", external_id=str(new_id()), description="样例", organisation=town.unit, void=False,
            class_id=reference().find_class("E0417", town.paths["G11"]).id, created_at=DAY,
            closed_at=DAY + timedelta(days=5 + late), lon_e7=point.lon_e7, lat_e7=point.lat_e7,
        )
        case = Identity(new_id(), f"32049920231114{number:06d}", None)
        changes.append(decide_history(history, Place(town.areas["G11"], town.paths["G11"]), case, by=source)[0])
    record(changes, draw("journal_entry_ordinal", sum(len(one.acts) for one in changes)), by=source)


def test_the_system_score_of_a_unit_comes_from_the_indicators(town: Town) -> None:
    asked(town)
    closed(town, -4, -4, -4, 3)
    Case.objects.update(due_at=DAY + timedelta(days=5))
    Case.objects.filter(id=Case.objects.order_by("closed_at").values_list("id", flat=True)[0]).update(extensions=1)
    made = assessed(town)
    [one] = made.statement.inputs.figures
    assert one == Figures("T-UNIT", {"due": 4, "extended": 1, "late": 1, "on_time": 3, "reworked": 0})
    [score] = tell(made.statement, {})["scores"]
    assert (score["clause"], score["subject"], score["score"]) == ("system-score", "T-UNIT", "85.50")
    for subject in ("T-UNIT", "市政养护"):
        with pytest.raises(InvalidInput):
            assessed(town, figures=[Figures(subject, dict.fromkeys(one.counts, 1))])


def test_any_ratio_of_the_indicators_may_be_asked_for(town: Town) -> None:
    asked(town, """
  - kind: indicator_score
    id: closing
    components: [{weight: 1, terms: [{figure: closing, of: closing.of}]}]
""")
    closed(town, -4, 3)
    Case.objects.update(due_at=DAY + timedelta(days=5))
    assert scores(assessed(town))["closing", "T-UNIT"] == "100.00"


def test_two_clauses_read_each_its_own_subjects(town: Town) -> None:
    asked(town, PRESENCE)
    looked(town, "present")
    closed(town, -4)
    Case.objects.update(due_at=DAY + timedelta(days=5))
    assert set(scores(assessed(town))) == {("presence", "T-G11"), ("system-score", "T-UNIT")}


def test_a_dry_run_and_the_lab_read_the_same_figures(town: Town) -> None:
    asked(town)
    looked(town, "present", "not_seen")
    policy = parse_policy(quarter.money_policy() + PRESENCE)
    facts = try_policy(policy, PERIOD, by=by(town, "assessor"), area=ROOT)
    assert [(one["subject"], one["score"]) for one in facts["scores"]] == [("T-G11", "50.00")]
    row = lab.compare(policy, area=ROOT, periods=[PERIOD], by=by(town, "assessor")).periods[0]
    assert [one.shown for one in row.tried.scores] == ["50.00"]
    assert row.now.scores == ()


def test_a_correction_keeps_the_figures_as_they_were_frozen(town: Town) -> None:
    quarter.lost(town)
    asked(town, PRESENCE)
    looked(town, "present", "not_seen")
    leader = by(town, "leader")
    one = assessed(town).run
    one = services.give_notice(run=one.id, expected_version=one.version, by=leader)
    later = by(town, "leader", quarter.LATER)
    one = services.finish_run(run=one.id, expected_version=one.version, by=later)
    post_run(run=one.id, expected_version=one.version, by=later)
    assert correct_run(run=one.id, by=later).changes == ()
    assert thawed(Revision.objects.filter(run=one.id).latest("number").inputs).figures[0].counts["observed"] == 2


def test_a_figure_has_one_source() -> None:
    with pytest.raises(ValueError, match="both know present"):
        known.provide(known.Provider("another", frozenset({"present"}), lambda path, period, names, by: ()))
    assert [one.name for one in known.providers()] == ["presence", "units"]
