"""Declared relations: who keeps them, when they hold, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.kernel.duties.conftest import START, People
from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.duties.interests import declare, end, interests_at
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_organisation

pytestmark = pytest.mark.django_db


def test_a_relation_holds_from_its_declaration_until_it_ends(by: Mandate, people: People) -> None:
    firm = create_organisation(code="firm", name="示例保洁", kind="contractor", by=by)
    made = declare(person=people.wang, organisation=firm.id, kind="kin", by=by)
    with pytest.raises(Conflict):
        declare(person=people.wang, organisation=firm.id, kind="kin", by=by)
    assert interests_at(by.at - timedelta(seconds=1)) == []
    assert [(one.person_id, one.kind) for one in interests_at(by.at)] == [(people.wang, "kin")]
    later = mandates.console()
    end(interest=made.id, by=later)
    assert end(interest=made.id, by=later).version == 2
    assert interests_at(later.at) == []
    assert declare(person=people.wang, organisation=firm.id, kind="kin", by=later).until is None
    assert verify().faults == []


def test_only_who_fills_the_posts_of_a_person_keeps_them(by: Mandate, people: People) -> None:
    firm = create_organisation(code="firm", name="示例保洁", kind="contractor", by=by)
    assign(post="secretary", area="A", valid_from=START, person=people.zhang, by=by)
    assign(post="cleaner", area="G1", valid_from=START, person=people.wang, by=by)
    assign(post="leader", area="S", valid_from=START, person=people.li, by=by)
    secretary = mandates.for_person(people.zhang, channel="desk")
    assert declare(person=people.wang, organisation=firm.id, kind="stake", by=secretary).kind == "stake"
    with pytest.raises(Forbidden):
        declare(person=people.li, organisation=firm.id, kind="kin", by=secretary)
    with pytest.raises(Forbidden):
        declare(person=people.wang, organisation=firm.id, kind="kin",
                by=mandates.for_person(people.wang, channel="desk"))
    for more, refusal in (({"kind": "friend"}, InvalidInput), ({"organisation": new_id()}, NotFound)):
        with pytest.raises(refusal):
            declare(**{"person": people.wang, "organisation": firm.id, "kind": "kin", "by": by, **more})  # type: ignore[arg-type]
