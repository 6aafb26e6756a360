"""What stands after loading the demo: places, people in post, routing, cases in every state, accounts with work."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from tests.scenarios.conftest import NOW, Loaded, load
from wangge.base.clock import now
from wangge.base.geometry import Point
from wangge.kernel.cases import routing
from wangge.kernel.cases.files import read_file
from wangge.kernel.cases.lifecycle import TRANSITIONS, State
from wangge.kernel.cases.loading import load as load_case
from wangge.kernel.cases.models import Case, StoredFile
from wangge.kernel.cases.queries import Filters, queue, trace
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.rules import allowed_actions
from wangge.kernel.duties import mandates
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.catalogue import ELEVEN
from wangge.kernel.duties.queries import holders, roster, vacancies
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.models import Account, Person
from wangge.kernel.places.queries import atlas, locate
from wangge.kernel.spots.queries import Filters as SpotFilters
from wangge.kernel.spots.queries import listing, recurrence, spot_detail
from wangge.runtime import secrets
from wangge.scenarios.nanxiashu import ground, people
from wangge.scenarios.nanxiashu.areas import grid_code
from wangge.scenarios.nanxiashu.layout import COMMUNITIES

ROOT = "320412-NXS/"


def test_the_facts_count_what_is_there(loaded: Loaded) -> None:
    facts = loaded.facts
    assert (facts["scenario"], facts["grids"], facts["communities"], facts["unchanged"]) == ("nanxiashu", 44, 14, 0)
    assert facts["cases"] == Case.objects.count() == sum(facts["by_state"].values())
    assert facts["vacancies"] > 0
    assert facts["seconds"] > 0


def test_every_grid_answers_for_its_own_ground(loaded: Loaded) -> None:
    for (community, number), shape in ground.tiling().grids.items():
        middle = shape.representative_point()
        found = locate(Point(round(middle.x * 1e7), round(middle.y * 1e7)), at=NOW)
        assert found.path == f"{ROOT}{community}/{grid_code(community, number)}/"


def test_every_state_that_an_act_leads_to_is_there(loaded: Loaded) -> None:
    reachable = {State.REPORTED, *(row.target for row in TRANSITIONS if row.target)}
    assert {State(state) for state in loaded.facts["by_state"]} == reachable


def test_the_ways_back_and_the_odd_ones_are_there(loaded: Loaded) -> None:
    cases = Case.objects.all()
    outside = Entry.objects.filter(subject_type="case", verb="report", data__outside=True).count()
    found = {
        "overdue": cases.filter(stage_due_at__lt=NOW).exclude(state__in=["closed", "void"]).count(),
        "returned": cases.filter(returns__gt=0).count(),
        "reworked": cases.filter(reworks__gt=0).count(),
        "reopened": cases.filter(reopens__gt=0).count(),
        "rejected": Entry.objects.filter(subject_type="case", verb="reject").count(),
        "recalled": Entry.objects.filter(subject_type="case", verb="recall").count(),
        "void at dispatch": cases.filter(state="void", registered_at__isnull=False).count(),
        "without location": cases.filter(lon_e7=None).count(),
        "outside": outside,
        "without a class": cases.filter(case_class=None).count(),
        "commented": Entry.objects.filter(subject_type="case", verb="comment").count(),
    }
    assert {name: count for name, count in found.items() if count < 2} == {}


def test_cases_are_simulated_by_people_holding_duties(loaded: Loaded) -> None:
    assert set(Case.objects.values_list("origin", "channel").distinct()) == {("simulated", "simulated")}
    acts = Entry.objects.filter(subject_type="case").exclude(verb="report")
    assert not acts.filter(duty=None).exists()
    assert acts.values("actor").distinct().count() > 40
    assert Case.objects.filter(reported_at__lt=NOW - timedelta(days=90)).count() == 0
    assert Case.objects.filter(stage_since__gte=NOW).count() == 0


def test_the_journal_verifies_and_is_sealed(loaded: Loaded) -> None:
    report = verify()
    assert report.clean, report.faults[:3]
    assert report.entries > 2500
    assert (report.seals, report.unsealed) == (1, 0)


@pytest.mark.parametrize("username", people.ACCOUNTS)
def test_every_demo_account_signs_in(loaded: Loaded, username: str) -> None:
    client = Client()
    assert client.login(username=username, password=secrets.demo_password())
    assert client.get("/desk/", follow=True).status_code == 200
    assert not Client().login(username=username, password="wrong " + secrets.demo_password())


@pytest.mark.parametrize(
    ("username", "post", "states"),
    [
        ("operator", "operator", ("registered",)),
        ("leader", "leader", ("handling",)),
        ("secretary", "secretary", ("handling", "dispatched")),
        ("worker", "grid_worker", ("handling", "dispatched")),
        ("unit", "unit_clerk", ("handling", "dispatched")),
        ("inspector", "inspector", ("handled",)),
        ("auditor", "auditor", ("closed",)),
    ],
)
def test_every_demo_account_has_its_post_and_work(
    loaded: Loaded, username: str, post: str, states: tuple[str, ...]
) -> None:
    account = Account.objects.get(username=username)
    [by] = mandates.mandates_of(account.person_id, channel="desk")
    assert by.post == post
    rows = queue(by, Filters(states=states), now=now()).rows
    assert len(rows) >= 3
    if username in ("worker", "unit"):
        mine = {row.case.state for row in rows if {"sign", "handle"} & set(allowed_actions(row.case, by))}
        assert mine == {"dispatched", "handling"}


def test_the_admin_manages_and_sees_no_case(loaded: Loaded) -> None:
    account = Account.objects.get(username="admin")
    [by] = mandates.mandates_of(account.person_id, channel="desk")
    assert {"manage_areas", "manage_duties", "manage_classes", "manage_accounts"} <= by.may
    assert queue(by, Filters(), now=now()).rows == []


def test_the_group_of_eleven_stands_everywhere_but_for_the_vacancies(loaded: Loaded) -> None:
    prefix = {community.code: f"{ROOT}{community.code}/" for community in COMMUNITIES}
    missing = {(one.area_path, one.post) for one in vacancies(ROOT, NOW, kinds=("community", "village"))}
    expected = {(prefix[area], post) for area, post in people.VACANT}
    stood_in = {(prefix["NXS-08"], "resident_assistant"), (prefix["NXS-11"], "grid_liaison")}
    assert missing <= expected
    assert expected - missing <= stood_in | {(prefix["NXS-08"], "police_assistant")}
    assert len(missing) < len(COMMUNITIES) * len(ELEVEN) / 10


def test_posts_changed_hands_and_the_past_keeps_its_holder(loaded: Loaded) -> None:
    for area, post, days in people.HANDOVERS:
        [before] = holders(f"{ROOT}{area}/", post, NOW - timedelta(days=days + 2))
        [after] = holders(f"{ROOT}{area}/", post, NOW - timedelta(days=days - 2))
        assert before.person_id != after.person_id
        assert before.valid_to == after.valid_from


def test_somebody_stands_in_while_the_holder_is_on_leave(loaded: Loaded) -> None:
    [acting] = holders(f"{ROOT}NXS-05/", "city_inspector", NOW)
    [regular] = holders(f"{ROOT}NXS-05/", "city_inspector", NOW - timedelta(days=30))
    assert (acting.kind, regular.kind) == ("acting", "regular")
    assert acting.person_id != regular.person_id


def test_a_trace_through_a_handover_shows_both_holders(loaded: Loaded) -> None:
    by = mandates.console()
    found = 0
    for entry in Entry.objects.filter(subject_type="case", verb="handle"):
        signed = Entry.objects.filter(subject_id=entry.subject_id, verb="sign", seq__lt=entry.seq).last()
        if signed is None or signed.actor == entry.actor:
            continue
        case = load_case(entry.subject_id, by)
        if case.post is None:
            continue
        stage = next(one for one in trace(case, now=NOW).stages if one.state == "handling")
        found += len({held.person for held in stage.answerable if held.post == case.post}) >= 2
    assert found >= 3


def test_every_class_at_every_grid_reaches_somebody_or_says_why(loaded: Loaded) -> None:
    known = reference()
    held = roster(ROOT)
    reasons: Counter[str] = Counter()
    grids = [area for area in atlas().below(ROOT, at=NOW) if area.kind == "grid"]
    classes = [info for info in known.classes_at(ROOT) if info.reportable]
    assert (len(grids), len(classes)) == (44, 98 + 92 + 61)
    for grid in grids:
        for info in classes:
            found = routing.suggest(
                known, lambda path, post: held.holders(path, post, NOW), path=grid.path, code=info.code, at=NOW
            )
            reasons[found.reason] += 1
            assert (found.target is None) == (found.reason in ("vacant", "no_rule")), (grid.code, info.code)
    assert reasons["rule"] > 0.9 * reasons.total()
    assert reasons["fallback"] > 0
    assert 0 < reasons["vacant"] < 100
    assert reasons["no_rule"] == 0


def test_cases_that_no_rule_catches_stay_with_the_operator(loaded: Loaded) -> None:
    known = reference()
    stuck = 0
    for case in Case.objects.filter(state="registered").select_related("case_class"):
        assert case.case_class is not None
        found = routing.suggest(known, lambda path, post: holders(path, post, NOW), path=case.path,
                                code=case.case_class.code, at=NOW)
        stuck += found.target is None
    assert stuck >= 7


def test_photos_are_kept_and_shown_to_who_may_see_them(loaded: Loaded) -> None:
    photos = StoredFile.objects.exclude(case=None)
    assert photos.values("case").distinct().count() == 30
    assert photos.count() > 40
    operator = Account.objects.get(username="operator")
    by = mandates.for_person(operator.person_id, channel="desk")
    first = photos.order_by("id").first()
    assert first is not None
    assert read_file(first.id, by=by).media_type == "image/jpeg"


def test_texts_are_varied_and_names_invented(loaded: Loaded) -> None:
    said = Content.objects.filter(field="description").values_list("value", flat=True)
    assert len(set(said)) >= 60
    names = Person.objects.values_list("name", flat=True)
    assert all(name[1:3] in people.GIVEN for name in names)
    assert not Content.objects.filter(field__startswith="contact_").exists()


def test_the_calendar_knows_the_holidays_of_china(loaded: Loaded) -> None:
    calendar = calendar_for(ROOT)
    assert calendar.timezone == "Asia/Shanghai"
    assert not calendar.is_workday((NOW.replace(month=10, day=1)).date())


def test_a_second_load_changes_nothing(loaded: Loaded) -> None:
    before = Entry.objects.count()
    facts = load(seed=99)
    assert facts["unchanged"] == facts["cases"] == loaded.facts["cases"]
    assert {**facts, "unchanged": 0, "seconds": 0} == {**loaded.facts, "seconds": 0}
    assert Entry.objects.count() == before


def test_parts_stand_along_the_streets_and_cases_about_one_name_it(loaded: Loaded) -> None:
    from wangge.kernel.cases.models import Part

    assert 300 <= Part.objects.count() <= 2000
    assert loaded.facts["parts"] == Part.objects.count()
    assert Part.objects.filter(keeper=None).count() == 0
    linked = Case.objects.filter(part__isnull=False).select_related("part")
    assert len(linked) >= 10
    assert all(case.part.class_code == case.case_class.code for case in linked if case.part and case.case_class)
    sent = [case for case in linked if case.organisation_id]
    assert sent
    assert all(case.organisation_id == case.part.keeper_id for case in sent if case.part)


def test_three_places_tell_of_clean_up_and_rebound(loaded: Loaded) -> None:
    told = {
        row.class_code: spot_detail(row.id, mandates.console(), now=NOW)
        for row in listing(mandates.console(), SpotFilters()).rows
    }
    assert set(told) == {"E0401", "E0410", "E0110"}
    vendors, bicycles, rubbish = told["E0401"], told["E0410"], told["E0110"]
    assert (vendors.spot.state, vendors.spot.cases, vendors.spot.outcome, vendors.spot.rebounds) == (
        "resolved", 6, "held", 0)
    assert [row.change.back_after is not None for row in vendors.campaigns] == [True, True]
    [relief] = vendors.remedies
    assert (relief.it.kind, relief.change and relief.change.after.cases) == ("relief_point", 0)
    assert (bicycles.spot.state, bicycles.spot.rebounds) == ("under_remedy", 1)
    assert [row.it.outcome for row in bicycles.remedies] == ["rebounded", None]
    assert (rubbish.spot.state, rubbish.spot.cases, rubbish.remedies) == ("open", 3, [])
    acts = Entry.objects.filter(subject_type="spot")
    assert not acts.exclude(channel="job:spots").filter(duty=None).exists()
    figures = recurrence(ROOT, (NOW - timedelta(days=90), NOW)).total
    assert (figures.held, figures.judged, figures.open) == (1, 2, 2)
