"""Answering the reporter: words that the holder of the tracking code reads, and nobody writes for an inside report."""

from __future__ import annotations

import pytest

from tests.kernel.cases.test_acts import do, new_case
from tests.kernel.cases.test_intake import a_report
from tests.town import Town
from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.kernel.cases import following, queries
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.rules import allowed_actions
from wangge.kernel.cases.services import Command, act

WORDS = "已收到，网格员正去现场看"


def test_the_reporter_reads_the_answer_and_not_the_comment(town: Town) -> None:
    made = report_case(report=a_report(), by=town.public())
    for name, words in (("tell", WORDS), ("comment", "内部：先查监控")):
        act(case_id=made.case_id, command=Command(act=name, note=words), expected_version=None, by=town.by("operator"))
    assert made.tracking_code
    told = following.follow(made.tracking_code)
    assert [(one.verb, one.actor_name, dict(one.content)) for one in told.moments[1:]] == [
        ("tell", None, {"note": WORDS})
    ]
    assert load(made.case_id, town.by("operator")).first_answer_at is not None
    story = queries.timeline(made.case_id)
    assert [(one.verb, one.actor) for one in story[1:]] == [
        ("tell", town.people["operator"]), ("comment", town.people["operator"])
    ]


def test_an_answer_needs_words_the_verb_and_somebody_outside(town: Town) -> None:
    case = new_case(town)
    with pytest.raises(InvalidInput, match="needs a note"):
        do(town, case, "operator", "tell", note=" ")
    with pytest.raises(Forbidden):
        do(town, case, "auditor", "tell", note=WORDS)
    inside = report_case(report=a_report(source="patrol"), by=town.by("officer")).case_id
    with pytest.raises(Conflict, match="Nobody outside"):
        do(town, inside, "operator", "tell", note=WORDS)
    assert "tell" not in allowed_actions(load(inside, town.by("operator")), town.by("operator"))
    assert "tell" in allowed_actions(load(case, town.by("operator")), town.by("operator"))


def test_the_answer_to_another_reporter_is_not_shown_to_who_joined(town: Town) -> None:
    first, second = (report_case(report=a_report(), by=town.public()) for _ in range(2))
    do(town, second.case_id, "operator", "merge", other=str(first.case_id))
    do(town, first.case_id, "operator", "tell", note=WORDS)
    assert second.tracking_code
    told = following.follow(second.tracking_code)
    assert "tell" not in [one.verb for one in told.moments]
    do(town, second.case_id, "operator", "tell", note="给您")
    told = following.follow(second.tracking_code)
    assert [dict(one.content) for one in told.moments if one.verb == "tell"] == [{"note": "给您"}]
