"""Supervision orders (督办): by when they may be answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.kernel.cases.test_acts import do, new_case
from tests.town import Town
from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.kernel.cases.queries import Filters, queue
from wangge.kernel.places.queries import atlas

EAST, WEST = timezone(timedelta(hours=14)), timezone(-timedelta(hours=14))


@pytest.mark.parametrize(
    "until",
    [
        datetime(1, 1, 1, tzinfo=EAST), datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=WEST),
    ],
)  # fmt: skip
def test_an_order_is_answered_by_a_time_to_come_and_lists_stay_readable(town: Town, until: datetime) -> None:
    case = new_case(town)
    with pytest.raises(InvalidInput, match="a time to come") as refused:
        do(town, case, "leader", "supervise", reason="快办", until=until)
    assert refused.value.field == "until"
    page = queue(town.by("leader"), Filters(), now=now(), places=atlas(), cursor=None, limit=50)
    assert [row.case.supervision_due_at for row in page.rows] == [None]


def test_an_order_may_name_its_time_or_none(town: Town) -> None:
    soon = now() + timedelta(hours=3)
    assert do(town, new_case(town), "leader", "supervise", reason="快办", until=soon).supervision_due_at == soon
    assert do(town, new_case(town), "leader", "supervise", reason="快办").supervision_due_at is not None
