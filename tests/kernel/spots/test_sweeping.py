"""Places where cases come back open a file by themselves: by the rule's edges, once each, whatever befalls the job."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.kernel.cases.test_intake import a_report
from tests.kernel.spots.making import NOW, Seen, days, files, glance, job, make, sweep
from tests.town import ROOT, Town
from wangge.base.clock import now
from wangge.base.errors import Forbidden, InvalidInput, NotFound
from wangge.kernel.cases.facts import Command
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.loading import lock_many
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.services import act
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.places.reorganising import reparent_area
from wangge.kernel.places.services import end_area
from wangge.kernel.spots import sighting, sweeping, tasks
from wangge.kernel.spots.models import Mark, Member, Spot
from wangge.kernel.spots.rules import Rule
from wangge.kernel.spots.ruling import set_rule


def test_three_cases_of_a_class_within_the_place_and_the_days_open_a_file(town: Town) -> None:
    cases = make(town, Seen(20), Seen(10, 20), Seen(1, 10, closed=False))
    assert sweep() == sweeping.Done(opened=1)
    spot = Spot.objects.get()
    case = Case.objects.get(id=cases[2])
    assert (spot.state, spot.path, spot.case_class_id) == ("open", town.paths["G11"], case.case_class_id)
    assert (spot.lon_e7, spot.lat_e7, spot.metres, spot.hold_days) == (case.lon_e7, case.lat_e7, 50, 30)
    assert files() == {spot.number: set(cases)}
    [entry] = Entry.objects.filter(subject_id=spot.id)
    assert (entry.verb, entry.channel, entry.data["cases"], entry.data["opener"]) == (
        "open_spot", "job:spots", [str(one) for one in cases], str(cases[2]),
    )
    assert verify().clean


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (Seen(20, 51), "51 m off"),
        (Seen(31.5), "31 days before"),
        (Seen(20, code="P0101"), "another class"),
        (Seen(20, void=True), "void"),
    ],
)
def test_two_and_one_that_does_not_count_open_none(town: Town, first: Seen, why: str) -> None:
    make(town, first, Seen(10), Seen(1))
    assert sweep() == sweeping.Done(), why


@pytest.mark.parametrize("first", [Seen(20, 49), Seen(31), Seen(20, -49)])
def test_at_the_edge_of_place_and_days_it_still_counts(town: Town, first: Seen) -> None:
    make(town, first, Seen(10), Seen(1))
    assert sweep().opened == 1


def test_three_that_are_all_still_open_are_no_recurrence(town: Town) -> None:
    make(town, Seen(20, closed=False), Seen(10, closed=False), Seen(1, closed=False))
    assert sweep() == sweeping.Done()


def test_one_closed_only_after_the_last_was_reported_is_no_recurrence(town: Town) -> None:
    make(town, Seen(1.9), Seen(1.5, closed=False), Seen(1, closed=False))
    assert sweep() == sweeping.Done()


def test_a_report_that_nobody_has_found_true_yet_does_not_count(town: Town) -> None:
    make(town, Seen(20), Seen(10))
    unverified = make(town, Seen(1, closed=False))
    Case.objects.filter(id__in=unverified).update(state="verifying")
    assert sweep() == sweeping.Done()
    Case.objects.filter(id__in=unverified).update(state="registered")
    assert sweep().opened == 1


def test_a_case_that_joined_another_does_not_count(town: Town) -> None:
    make(town, Seen(20), Seen(10))
    first, other = make(town, Seen(1, closed=False), Seen(0.9, 400, closed=False))
    Case.objects.filter(id=first).update(merged_into=other)
    assert sweep() == sweeping.Done()


def test_a_part_of_a_shared_case_does_not_count(town: Town) -> None:
    whole, _ = make(town, Seen(20), Seen(10))
    part = make(town, Seen(1, closed=False))
    Case.objects.filter(id__in=part).update(parent=whole)
    assert sweep() == sweeping.Done()


def test_what_comes_later_joins_and_what_came_before_is_remembered(town: Town) -> None:
    long_ago, *cases = make(town, Seen(80), Seen(20), Seen(10), Seen(5, closed=False))
    assert sweep(4) == sweeping.Done(opened=1)
    late = make(town, Seen(1, 45, closed=False))
    too_far = make(town, Seen(1, 55, closed=False))
    assert glance() == sweeping.Done(joined=1)
    [(number, found)] = files().items()
    assert found == {long_ago, *cases, *late}
    assert not set(too_far) & found
    assert [entry.verb for entry in Entry.objects.filter(subject_type="spot").order_by("seq")] == [
        "open_spot", "join_spot",
    ]
    assert number == "S" + number[1:].zfill(6)


def test_sweeping_again_changes_nothing(town: Town) -> None:
    make(town, Seen(20), Seen(10), Seen(1))
    assert sweep().opened == 1
    before = Entry.objects.count()
    for again in (sweep, glance, sweep, glance):
        assert again() == sweeping.Done()
    assert Entry.objects.count() == before


def test_a_look_takes_only_what_was_acted_on(town: Town) -> None:
    make(town, Seen(20), Seen(10))
    glance()
    Mark.objects.update(ordinal=10**9)
    make(town, Seen(1))
    assert glance() == sweeping.Done()
    assert sweep().opened == 1


def test_a_case_reported_too_long_ago_opens_no_file(town: Town) -> None:
    make(town, Seen(120), Seen(110), Seen(100))
    assert sweep() == sweeping.Done()
    assert sweep(50).opened == 1


def test_a_live_case_opens_a_file_when_it_is_registered(town: Town) -> None:

    by = town.by("operator")
    ids = [report_case(report=a_report(case_class="E0417", source="patrol"), by=by).case_id for _ in range(2)]
    for case in ids:
        for version, name in enumerate(("accept", "register", "dispatch"), start=1):
            act(case_id=case, command=Command(act=name, condition=1 if name == "register" else None),
                expected_version=version, by=by)
        act(case_id=case, command=Command(act="force_close", reason="样例"), expected_version=4, by=town.by("leader"))
    last = report_case(report=a_report(case_class="E0417", source="patrol"), by=town.by("operator")).case_id
    assert sweeping.look_back() == sweeping.Done()
    act(case_id=last, command=Command(act="register", condition=1), expected_version=1, by=by)
    assert sweeping.look() == sweeping.Done(opened=1)
    assert set(Member.objects.values_list("case_id", flat=True)) == {*ids, last}
    assert Spot.objects.get().opened_at <= now()


def test_the_nearest_area_above_gives_the_rule(town: Town) -> None:
    by = town.by("admin")
    set_rule(area_code=ROOT, rule=Rule(needed=2, metres=10), by=by)
    set_rule(area_code="T-C1", rule=Rule(needed=4), by=by)
    make(town, Seen(10), Seen(5), Seen(1), Seen(10, grid="G21"), Seen(1, 9, grid="G21"))
    assert sweep().opened == 1
    assert Spot.objects.get().path == town.paths["G21"]
    set_rule(area_code="T-C1", rule=None, by=by)
    assert sweep().opened == 1
    assert set(Spot.objects.values_list("metres", flat=True)) == {10}


def test_a_rule_needs_the_verb_and_sensible_numbers(town: Town) -> None:
    with pytest.raises(Forbidden):
        set_rule(area_code=ROOT, rule=Rule(), by=town.by("leader"))
    for rule in (Rule(needed=1), Rule(metres=501), Rule(days=0), Rule(hold_days=366)):
        with pytest.raises(InvalidInput):
            set_rule(area_code=ROOT, rule=rule, by=town.by("admin"))
    with pytest.raises(NotFound, match="no rule of its own"):
        set_rule(area_code=ROOT, rule=None, by=town.by("admin"))
    with pytest.raises(NotFound, match="no area"):
        set_rule(area_code="X", rule=Rule(), by=town.by("admin"))


def test_a_person_opens_no_file(town: Town) -> None:
    make(town, Seen(20), Seen(10), Seen(1))
    with pytest.raises(Forbidden):
        sweeping.look_back(by=replace(town.by("leader"), at=NOW, recorded_at=NOW))


WORKER = """
import json, sys
import django
from django.conf import settings
given = json.load(sys.stdin)
settings.DATABASES["default"] |= given["database"]
django.setup()
from datetime import datetime
from wangge.kernel.duties import mandates
from wangge.kernel.spots import sweeping
sweeping.BATCH = 10
by = mandates.job("spots", at=datetime.fromisoformat(given["now"]), clock_from_at=True)
sweeping.look_back(by=by, progress=lambda count: print(count, flush=True))
"""


def test_a_worker_killed_at_it_leaves_each_place_to_open_one_file(committed_town: Town) -> None:
    places = 60
    for at in range(places):
        north = at * 12 - 360 if at % 2 else at * 12 + 1000
        make(committed_town, Seen(20 + at / 100, north * 10), Seen(10 + at / 100, north * 10),
             Seen(1 + at / 100, north * 10, closed=False))
    database = {name: connection.settings_dict[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    with subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(json.dumps({"database": database, "now": NOW.isoformat()}).encode())
        worker.stdin.close()
        told = 0
        while told < places // 3:
            told += int(worker.stdout.readline())
        worker.kill()
    before = Spot.objects.count()
    assert places // 3 <= before < places
    sweep()
    assert Spot.objects.count() == places
    assert Member.objects.count() == 3 * places
    assert Entry.objects.filter(verb="open_spot").count() == places
    assert verify().clean


def test_two_sweeps_at_once_open_one_file(committed_town: Town) -> None:
    make(committed_town, Seen(20), Seen(10), Seen(1))
    done: list[sweeping.Done] = []

    def another() -> None:
        done.append(sweep())
        connection.close()

    threads = [threading.Thread(target=another) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.opened for one in done) == [0, 0, 1]
    assert Spot.objects.count() == 1


def test_cases_near_are_found_by_the_index_on_position(town: Town) -> None:
    cases = make(town, *(Seen(at % 80, at % 1900 - 900, grid=("G11", "G12", "G21")[at % 3]) for at in range(2000)))
    with connection.cursor() as cursor:
        values = {"cases": [str(one) for one in cases[:9]], "now": NOW, "back": days(455), "high": 9e3}
        cursor.execute("ANALYZE cases_case")
        cursor.execute("EXPLAIN " + sighting.SIGHTINGS, values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Index Scan using cases_case_at" in plan or "Bitmap Index Scan on cases_case_at" in plan, plan
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + sighting.CENTRES, {"classes": [], "lons": [], "lats": [], "high": 9e3})
        plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "spots_spot_" in plan, plan


def test_a_batch_takes_the_same_few_statements_however_many_cases(town: Town) -> None:
    for at in range(40):
        make(town, Seen(20, at * 20), Seen(10, at * 20), Seen(1, at * 20))
    with CaptureQueriesContext(connection) as sent:
        assert sweep().opened > 5
    assert len(sent) < 40


def test_files_move_along_when_their_area_ends(town: Town) -> None:
    make(town, Seen(20), Seen(10), Seen(1))
    set_rule(area_code="T-G11", rule=Rule(needed=5), by=town.by("admin"))
    set_rule(area_code="T-G11", rule=None, by=town.by("admin"))
    sweep()
    set_rule(area_code="T-G11", rule=Rule(needed=7), by=town.by("admin"))
    admin = town.by("admin")
    moved = reparent_area(area="T-G11", parent="T-C2", at=admin.at, by=admin)
    spot = Spot.objects.get()
    assert (spot.path, spot.area_id) == (moved.path, moved.id)
    assert verify().clean
    end_area(area=moved.code, at=town.by("admin").at, by=town.by("admin"))
    spot.refresh_from_db()
    assert (spot.path, spot.area_id) == (town.paths["C2"], town.areas["C2"])
    assert verify().clean


def test_the_job_runs_by_the_clock(town: Town) -> None:
    tasks.spots(0)
    tasks.spots_back(0)
    assert Mark.objects.count() == 1


def test_nothing_of_the_way_of_a_report_waits_for_the_sweep(town: Town) -> None:
    """Cases are read by it, never locked."""
    cases = make(town, Seen(20), Seen(10), Seen(1))
    with transaction.atomic():
        lock_many("c.id = ANY(%s)", [cases])
        with CaptureQueriesContext(connection) as sent:
            sweep()
    assert not [one["sql"] for one in sent if "cases_case" in one["sql"] and "FOR UPDATE" in one["sql"]]
    assert mandates.job("spots").may >= {"open_spot", "join_spot", "rebound", "held", "recur"}
    assert job().clock_from_at
