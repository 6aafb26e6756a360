"""What people do with a file, and what the cases then say of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.kernel.spots.making import NOW, Seen, days, glance, make, opened, sweep
from tests.town import Town
from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases.models import Case
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.services import erase
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_organisation
from wangge.kernel.spots import lifecycle
from wangge.kernel.spots.models import Campaign, Remedy, Spot
from wangge.kernel.spots.services import Command, act, allowed_actions
from wangge.kernel.spots.sweeping import Done


def at(town: Town, who: str, before: float = 0) -> Mandate:
    """The mandate of one of the people so many days before `NOW`."""
    moment = NOW - days(before)
    return replace(town.by(who), at=moment, recorded_at=moment)


def do(town: Town, name: str, who: str = "operator", before: float = 0, **given: Any) -> Spot:
    """An act upon the one file, with what it needs unless that is given."""
    needs: dict[str, dict[str, Any]] = {
        "campaign": {"note": "清走摊位十二个"},
        "set_remedy": {"kind": "relief_point", "organisation": town.unit, "planned_on": NOW.date() + days(400)},
        "drop_remedy": {"reason": "没有合适的地方"},
        "close_spot": {"reason": "道路已封闭"},
        "reopen_spot": {"reason": "道路重新开放"},
    }
    spot = Spot.objects.get()
    command = Command(act=name, **(needs.get(name, {}) | given))
    return act(spot_id=spot.id, command=command, expected_version=spot.version, by=at(town, who, before))


def remedied(town: Town, finished: float) -> Spot:
    """A file whose remedy was finished so many days before `NOW`."""
    make(town, Seen(80), Seen(75), Seen(70))
    assert sweep(69).opened == 1
    do(town, "campaign", before=68)
    do(town, "set_remedy", before=66)
    return do(town, "finish_remedy", before=finished)


def test_a_campaign_says_when_by_whom_and_what(town: Town) -> None:
    spot = opened(town)
    after = do(town, "campaign", organisation=town.unit, at=NOW - days(2))
    one = Campaign.objects.get()
    assert (one.at, one.organisation_id, one.seq) == (NOW - days(2), town.unit, after.version)
    entry = Entry.objects.get(subject_id=spot.id, seq=one.seq)
    assert (entry.verb, entry.actor) == ("campaign", town.people["operator"])
    assert Content.objects.get(subject_id=spot.id, field="note").value == "清走摊位十二个"
    assert "清走" not in str(entry.data)
    assert after.state == "open"
    assert verify().clean


def test_a_remedy_has_kind_owner_and_day_and_goes_through_its_states(town: Town) -> None:
    opened(town)
    assert do(town, "set_remedy", who="secretary").state == "under_remedy"
    one = Remedy.objects.get()
    assert (one.kind, one.organisation_id, one.begun_at, one.finished_at, one.outcome) == (
        "relief_point", town.unit, NOW, None, None)
    assert do(town, "drop_remedy", who="leader").state == "open"
    one.refresh_from_db()
    assert (one.outcome, one.judged_at) == ("dropped", NOW)
    do(town, "set_remedy", organisation=None, post="grid_worker", kind="parking")
    assert do(town, "finish_remedy", note="车位二十个").state == "watching"
    assert Remedy.objects.get(kind="parking").finished_at == NOW
    assert do(town, "close_spot").state == "resolved"
    spot = do(town, "reopen_spot")
    assert (spot.state, spot.resolved_at, spot.reopens, spot.rebounds) == ("reopened", None, 1, 0)
    assert verify().clean


def test_a_fix_that_came_back_within_thirty_days_is_marked_by_itself(town: Town) -> None:
    remedied(town, 40)
    [case] = make(town, Seen(11, 30, closed=False))
    assert glance(10) == Done(joined=1, rebounded=1, reopened=1)
    spot, one = Spot.objects.get(), Remedy.objects.get()
    assert (spot.state, spot.reopens, spot.rebounds, one.outcome) == ("reopened", 1, 1, "rebounded")
    entry = Entry.objects.get(subject_id=spot.id, seq=spot.version)
    assert (entry.verb, entry.channel, entry.data["case"]) == ("rebound", "job:spots", str(case))
    assert entry.data["set"] == {"state": "reopened", "reopens": 1, "rebounds": 1}
    assert verify().clean
    assert sweep() == glance() == Done()


def test_what_comes_on_the_thirtieth_day_rebounds_and_after_it_not(town: Town) -> None:
    remedied(town, 40)
    make(town, Seen(10, closed=False))
    assert glance(10).rebounded == 1


def test_a_remedy_after_which_nothing_came_for_thirty_days_held(town: Town) -> None:
    remedied(town, 40)
    assert sweep(10) == Done()
    make(town, Seen(9.9, closed=False))
    assert sweep(9) == Done(joined=1, held=1)
    spot, one = Spot.objects.get(), Remedy.objects.get()
    assert (spot.state, spot.resolved_at, one.outcome) == ("resolved", NOW - days(9), "held")
    assert verify().clean


def test_closing_early_does_not_hide_that_it_came_back(town: Town) -> None:
    remedied(town, 40)
    do(town, "close_spot", before=39)
    make(town, Seen(30, closed=False))
    assert glance(29) == Done(joined=1, rebounded=1, reopened=1)
    assert Spot.objects.get().state == "reopened"


def test_a_case_found_true_late_turns_held_into_rebounded(town: Town) -> None:
    remedied(town, 40)
    late = make(town, Seen(20, closed=False))
    Case.objects.filter(id__in=late).update(state="verifying")
    assert sweep(9) == Done(held=1)
    Case.objects.filter(id__in=late).update(state="dispatched")
    assert sweep(5) == Done(joined=1, rebounded=1, reopened=1)
    assert (Remedy.objects.get().outcome, Spot.objects.get().state) == ("rebounded", "reopened")
    assert verify().clean


def test_what_does_not_count_does_not_rebound(town: Town) -> None:
    remedied(town, 40)
    cases = make(town, Seen(30), Seen(30, code="P0101"), Seen(30, 51))
    Case.objects.filter(id=cases[0]).update(state="void")
    assert sweep(29) == Done()
    assert sweep(9) == Done(held=1)


def test_a_case_voided_after_it_joined_does_not_rebound(town: Town) -> None:
    spot = opened(town)
    for name in ("set_remedy", "finish_remedy"):
        do(town, name, before=0.2)
    joined = make(town, Seen(0.1, closed=False))
    Case.objects.filter(id__in=joined).update(state="verifying")
    sweep()
    Case.objects.filter(id__in=joined).update(state="void")
    assert sweep(-40).rebounded == 0
    spot.refresh_from_db()
    assert spot.rebounds == 0


def test_a_resolved_file_opens_again_when_the_rule_is_met_anew(town: Town) -> None:
    remedied(town, 66)
    assert sweep(30) == Done(held=1)
    make(town, Seen(20), Seen(15))
    assert sweep(14) == Done(joined=2)
    make(town, Seen(10))
    assert sweep(9) == Done(joined=1, reopened=1)
    assert Spot.objects.get().state == "reopened"
    assert Entry.objects.filter(verb="recur").count() == 1
    assert verify().clean


def test_after_a_rebound_another_remedy_can_hold(town: Town) -> None:
    remedied(town, 65)
    make(town, Seen(60))
    assert glance(59).rebounded == 1
    do(town, "set_remedy", kind="parking", before=50)
    do(town, "finish_remedy", before=45)
    assert sweep(10) == Done(held=1)
    assert list(Remedy.objects.order_by("seq").values_list("outcome", flat=True)) == ["rebounded", "held"]
    assert Spot.objects.get().state == "resolved"


@pytest.mark.parametrize("who", ["worker", "auditor", "inspector", "acceptor", "admin", "grid_leader", "officer"])
@pytest.mark.parametrize("name", lifecycle.ACTS)
def test_others_may_not(town: Town, who: str, name: str) -> None:
    opened(town)
    with pytest.raises((Forbidden, NotFound)):
        do(town, name, who=who)
    assert Entry.objects.filter(subject_type="spot").count() == 1


def test_what_lies_elsewhere_is_not_there(town: Town) -> None:
    opened(town)
    with pytest.raises(NotFound, match="no such spot file"):
        do(town, "campaign", who="secretary2")
    with pytest.raises(NotFound):
        act(spot_id="S999999", command=Command("campaign", "x"), expected_version=1, by=town.by("leader"))
    with pytest.raises(NotFound):
        act(spot_id="nonsense", command=Command("campaign", "x"), expected_version=1, by=town.by("leader"))


def test_what_may_be_done_is_what_is_offered(town: Town) -> None:
    spot = opened(town)
    for name in (None, "set_remedy", "finish_remedy", "close_spot", "reopen_spot"):
        spot = do(town, name) if name else spot
        offered = allowed_actions(spot.state, spot.path, town.by("operator"))
        assert offered
        assert allowed_actions(spot.state, spot.path, town.by("auditor")) == ()
        for other in lifecycle.ACTS:
            if other not in offered:
                with pytest.raises(Conflict, match="cannot"):
                    do(town, other)
            else:
                with transaction.atomic():
                    do(town, other)
                    transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("campaign", {"note": " "}, "note"),
        ("campaign", {"at": NOW + days(1)}, "at"),
        ("campaign", {"at": NOW - days(900)}, "at"),
        ("set_remedy", {"kind": "wall"}, "kind"),
        ("set_remedy", {"kind": None}, "kind"),
        ("set_remedy", {"organisation": None}, "organisation"),
        ("set_remedy", {"post": "leader"}, "organisation"),
        ("set_remedy", {"organisation": None, "post": "cleaner"}, "post"),
        ("set_remedy", {"planned_on": None}, "planned_on"),
        ("set_remedy", {"planned_on": NOW.date() - days(1)}, "planned_on"),
        ("set_remedy", {"planned_on": NOW.date() + days(3000)}, "planned_on"),
        ("close_spot", {"reason": ""}, "reason"),
        ("close_spot", {"reason": "长" * 5000}, "reason"),
        ("fly", {}, "action"),
        ("join_spot", {}, "action"),
    ],
)
def test_what_is_missing_or_wrong_is_named(town: Town, name: str, given: dict[str, Any], field: str) -> None:
    opened(town)
    with pytest.raises(InvalidInput) as refused:
        do(town, name, **given)
    assert refused.value.field == field
    assert refused.value.expected
    assert Entry.objects.filter(subject_type="spot").count() == 1


def test_an_organisation_of_another_subdistrict_owns_nothing_here(town: Town) -> None:
    opened(town)
    other = create_organisation(code="X-UNIT", name="别处", kind="department", by=town.by("admin"))
    type(other).objects.filter(id=other.id).update(area=town.people["operator"])
    with pytest.raises(InvalidInput, match="serves this place"):
        do(town, "set_remedy", organisation=other.id)


def test_who_was_slower_is_told_the_present_state(town: Town) -> None:
    spot = opened(town)
    seen = spot.version
    make(town, Seen(0.1, closed=False))
    glance()
    command = Command(act="close_spot", reason="好了")
    act(spot_id=spot.number, command=command, expected_version=seen, by=at(town, "leader"))  # a case joined: no matter
    with pytest.raises(Conflict, match="moved on") as refused:
        act(spot_id=spot.number, command=command, expected_version=seen, by=at(town, "leader"))
    assert refused.value.extra["present"]["state"] == "resolved"
    with pytest.raises(InvalidInput, match="which version"):
        act(spot_id=spot.number, command=command, expected_version=None, by=at(town, "leader"))
    with pytest.raises(Conflict):
        act(spot_id=spot.number, command=command, expected_version=99, by=at(town, "leader"))


def test_words_can_be_erased_and_the_file_still_verifies(town: Town) -> None:
    spot = opened(town)
    do(town, "campaign")
    with pytest.raises(Forbidden):
        erase(subject_id=spot.id, reason_code="on-request", by=town.by("leader"))
    erase(subject_id=spot.id, reason_code="on-request", by=town.by("admin"))
    assert set(Content.objects.filter(subject_id=spot.id).values_list("value", flat=True)) == {None}
    assert do(town, "close_spot").state == "resolved"
    assert verify().clean


def test_the_database_refuses_what_must_not_be(town: Town) -> None:
    spot = opened(town)
    do(town, "set_remedy")
    refusals = {
        "UPDATE spots_spot SET state = 'resolved', resolved_at = now()": "no act leads",
        "UPDATE spots_spot SET resolved_at = now()": "spots_spot_resolved_when",
        "UPDATE spots_remedy SET post_id = 'leader'": "spots_remedy_one_owner",
        "UPDATE spots_remedy SET kind = 'wall'": "spots_remedy_known_kind",
        "UPDATE spots_remedy SET outcome = 'held', judged_at = now()": "spots_remedy_judged_when_finished",
        "UPDATE spots_remedy SET outcome = 'dropped'": "spots_remedy_outcome_and_time",
        "INSERT INTO spots_remedy SELECT gen_random_uuid(), 9, kind, planned_on, begun_at, finished_at, outcome,"
        " judged_at, organisation_id, post_id, spot_id FROM spots_remedy": "spots_remedy_one_under_way",
        "INSERT INTO spots_member SELECT case_id, seq, spot_id FROM spots_member": "spots_member_pkey",
    }
    for sql, name in refusals.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert spot.number


def test_the_database_knows_the_table(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'spots_spot_lifecycle'")
        source = cursor.fetchone()[0]
    for pair in lifecycle.state_pairs():
        assert str(pair) in source
    assert source.count("('") == len(lifecycle.state_pairs())
