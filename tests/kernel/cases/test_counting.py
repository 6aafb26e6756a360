"""Counts of lists: one pass tells what the lists hold, and what was counted is told again only while it holds."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from tests.interfaces.api.counting import statements
from tests.kernel.cases.multiplying import multiply
from tests.kernel.cases.test_acts import new_case
from tests.kernel.cases.test_intake import a_report
from tests.town import Town, build
from wangge.base.clock import now
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.lifecycle import LIVE, State
from wangge.kernel.cases.queries import Filters, counts, queue
from wangge.kernel.cases.queries.tally import tally_of
from wangge.kernel.cases.rules import Command
from wangge.kernel.cases.services import act

STATES = [tuple(LIVE), ("reported",), ("handling", "handled"), ("suspended", "reported"), ("closed",), ()]


def _copies(town: Town) -> None:
    """Cases in every state of three places, late, due soon, due later and without a deadline, some joined."""
    multiply(new_case(town), 260, f"""jsonb_build_object(
        'state', (ARRAY{[state.value for state in State]})[1 + mod(n, {len(State)})],
        'path', (ARRAY['{town.paths["G11"]}', '{town.paths["G22"]}', '{town.paths["C1"]}'])[1 + mod(n, 3)],
        'suspended_at', now(), 'suspended_until', now() + interval '9 days',
        'closed_at', CASE WHEN mod(n, {len(State)}) IN (6, 8) THEN now() END,
        'merged_into', CASE WHEN mod(n, 17) = 0 THEN c.id END,
        'stage_due_at', CASE WHEN mod(n, 5) > 0 AND mod(n, {len(State)}) NOT IN (6, 7, 8) AND mod(n, 17) > 0
          THEN now() + make_interval(hours => mod(n, 13) - 6) END)""")


def test_one_pass_counts_what_each_list_holds(town: Town) -> None:
    _copies(town)
    moment = now()
    soon = moment + timedelta(hours=4)
    for who in ("operator", "secretary", "worker", "clerk"):
        by = town.by(who)
        views = {
            f"{states}{area}{late}{due}": Filters(
                states=states, area_path=town.paths[area] if area else "", overdue=late,
                due_before=soon if due else None, joined=False)
            for states, area, late, due in product(STATES, ("", "C1", "G22"), (None, True, False), (False, True))
        }
        told = tally_of(by, views, now=moment)
        assert {name for name, one in views.items() if name in told.counts} == {
            name for name, one in views.items()
            if one.states and "closed" not in one.states and not (one.due_before and one.overdue is not None)
        }
        together = counts(by, views, now=moment)
        listed = {
            name: len(queue(by, one, now=moment, limit=200).rows) for name, one in views.items() if name in told.counts
        }
        assert {name: together[name] for name in listed} == listed
    assert together  # the last one saw something of its own


@pytest.mark.usefixtures("committed_db")
def test_what_was_counted_is_told_again_until_somebody_writes() -> None:
    town = build()
    made = report_case(report=a_report(), by=town.public())
    by, moment = town.by("operator"), now()
    views = {"all": Filters(states=tuple(LIVE), joined=False), "of class": Filters(class_prefix="E")}

    def counted() -> tuple[dict[str, int], int]:
        page = queue(by, Filters(), now=moment)
        with statements() as sent:
            found = counts(by, views, now=moment, shown=page.shown)
        return found, len(sent)

    first, again = counted(), counted()
    assert first == ({"all": 1, "of class": 0}, 1)
    assert again == (first[0], 0)
    act(case_id=made.case_id, command=Command(act="reject", reason="不属实"), expected_version=1, by=by)
    assert counted() == ({"all": 0, "of class": 0}, 1)
    report_case(report=a_report(), by=town.public())
    assert counted() == ({"all": 1, "of class": 0}, 1)


def test_within_a_transaction_nothing_is_told_again(town: Town) -> None:
    by, moment, views = town.by("operator"), now(), {"all": Filters(joined=False)}
    report_case(report=a_report(), by=town.public())
    shown = queue(by, Filters(), now=moment).shown
    assert counts(by, views, now=moment, shown=shown) == {"all": 1}
    report_case(report=a_report(), by=town.public())
    assert counts(by, views, now=moment, shown=shown) == {"all": 2}
