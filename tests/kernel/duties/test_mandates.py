"""Mandates come from duties held at the time of the act."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kernel.duties.conftest import G1, START, People
from wangge.base.errors import Forbidden
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.people.services import create_account, issue_token

pytestmark = pytest.mark.django_db
MARCH = datetime(2024, 3, 1, tzinfo=UTC)
JUNE = datetime(2024, 6, 1, tzinfo=UTC)


def test_the_deepest_duty_that_allows_the_act_is_chosen(people: People, by: Mandate) -> None:
    assign(post="leader", area="S", valid_from=START, person=people.wang, by=by)
    worker = assign(post="grid_worker", area="G1", valid_from=START, person=people.wang, by=by)
    with CaptureQueriesContext(connection) as asked:
        mandate = mandates.for_person(people.wang, channel="desk", verb="comment", path=G1)
    assert len(asked) == 1
    assert (mandate.duty, mandate.post, mandate.scope_path) == (worker.id, "grid_worker", G1)
    assert mandates.for_person(people.wang, channel="desk", verb="trace", path=G1).post == "leader"
    assert mandates.for_person(people.wang, channel="desk", verb="comment", path="S/A/G2/").post == "leader"
    assert mandates.for_person(people.wang, channel="desk").post == "leader"
    assert [one.post for one in mandates.mandates_of(people.wang, channel="desk")] == ["leader", "grid_worker"]
    assert mandates.for_person(people.wang, channel="desk", duty=worker.id).post == "grid_worker"


def test_what_the_duties_do_not_allow_is_refused_in_words(people: People, by: Mandate) -> None:
    with pytest.raises(Forbidden, match="hold no duty"):
        mandates.for_person(people.wang, channel="desk")
    with pytest.raises(Forbidden, match="hold no duty"):
        mandates.for_person(None, channel="desk")
    held = assign(post="grid_worker", area="G1", valid_from=START, person=people.wang, by=by)
    with pytest.raises(Forbidden, match=r"posts \(grid_worker\) may dispatch"):
        mandates.for_person(people.wang, channel="desk", verb="dispatch", path=G1)
    with pytest.raises(Forbidden, match="answer for S/A/G1/, not for S/A/G2/"):
        mandates.for_person(people.wang, channel="desk", verb="sign", path="S/A/G2/")
    with pytest.raises(Forbidden, match="do not hold this duty"):
        mandates.for_person(people.li, channel="desk", duty=held.id)


def test_a_past_act_needs_the_duty_of_that_time(people: People, by: Mandate) -> None:
    assign(post="grid_worker", area="G1", valid_from=START, valid_to=MARCH, person=people.wang, by=by)
    mandate = mandates.simulated(people.wang, at=START, verb="sign", path=G1)
    assert (mandate.at, mandate.clock_from_at, mandate.channel) == (START, True, "simulated")
    assert mandate.recorded_at > MARCH
    with pytest.raises(Forbidden):
        mandates.simulated(people.wang, at=MARCH, verb="sign", path=G1)


def test_who_is_on_leave_has_no_mandate_from_that_duty(people: People, by: Mandate) -> None:
    assign(post="grid_worker", area="G1", valid_from=START, person=people.wang, by=by)
    assign(post="grid_worker", area="G1", valid_from=MARCH, valid_to=JUNE, person=people.wang, kind="leave", by=by)
    assign(post="grid_worker", area="G1", valid_from=MARCH, valid_to=JUNE, person=people.li, kind="acting", by=by)
    assert mandates.for_person(people.wang, channel="desk", at=START, verb="sign", path=G1).may
    with pytest.raises(Forbidden):
        mandates.for_person(people.wang, channel="desk", at=MARCH, verb="sign", path=G1)
    assert mandates.for_person(people.li, channel="desk", at=MARCH, verb="sign", path=G1).actor == people.li
    assert mandates.for_person(people.wang, channel="desk", at=JUNE, verb="sign", path=G1).may


def test_a_token_brings_its_duties_along_in_one_statement(people: People, by: Mandate) -> None:
    duty = assign(post="operator", area="S", valid_from=START, person=people.wang, by=by)
    account = create_account(username="operator", password=None, person=people.wang, by=by)
    _, plain = issue_token(account=account, label="", days=1, by=by)
    with CaptureQueriesContext(connection) as asked:
        standing = mandates.standing_of_token(plain)
    assert len(asked) == 1
    mandate = standing.mandate(verb="dispatch", path=G1)
    assert (mandate.actor, mandate.duty, mandate.channel) == (people.wang, duty.id, "api")


def test_those_without_a_person_may_what_their_kind_may() -> None:
    public = mandates.public("S/")
    assert public.may == {"report"}
    assert not public.allows("report", "T/")
    assert mandates.console().allows("manage_areas", "anything/")
    assert not mandates.job("escalate").allows("manage_duties", "S/")
    imported = mandates.imported("city", "S/", at=START)
    assert (imported.post, imported.channel, imported.clock_from_at) == ("import:city", "import", True)
    assert imported.when(MARCH).at == MARCH
