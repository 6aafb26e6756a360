"""The simulated past: stored as live acts would be, the same from the same seed, worse with half the staff."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.kernel.cases.invariants import check_chain
from tests.scenarios.past.conftest import EVENTS, SEED, Stored, quiet
from wangge.base.geometry import Point
from wangge.base.mandate import Mandate
from wangge.kernel.cases.facts import Command
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import act
from wangge.kernel.duties import mandates
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.models import Assignment
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.places.models import Area
from wangge.kernel.places.queries import locate
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past import load_past, spread_of_past, tell_past
from wangge.scenarios.nanxiashu.past.names import ROOT
from wangge.scenarios.nanxiashu.past.recount import recounted

KEYS = {"events", "classes", "closed", "by_tier", "seconds"}
PATH = f"{ROOT}/"


def test_the_facts_are_what_the_tables_add_up_to(stored: Stored) -> None:
    counted = recounted()
    assert {name: stored.facts[name] for name in counted} == counted
    assert (counted["events"], counted["classes"]) == (EVENTS, 9)
    assert counted["closed"] + counted["void"] + counted["open"] == EVENTS
    assert sum(counted["by_tier"].values()) == counted["closed"]
    assert min(counted["by_tier"].values()) > 0
    assert set(stored.facts) >= KEYS


def test_the_journal_verifies_and_every_case_is_what_its_entries_add_up_to(stored: Stored) -> None:
    report = verify()
    assert report.clean, report.faults
    calendar = calendar_for(PATH)
    cases = Case.objects.filter(path__startswith=PATH).values_list("id", flat=True)
    assert len(cases) == EVENTS
    for key in cases:
        assert check_chain(key, calendar, datetime(2019, 6, 1, tzinfo=UTC)).origin == "simulated"


def test_everybody_who_acts_holds_the_duty_then_and_is_not_on_leave(stored: Stored) -> None:
    signed = Entry.objects.filter(subject_type="case", actor__isnull=False)
    assert signed.count() > EVENTS * 4
    assert set(signed.values_list("channel", flat=True)) == {"simulated"}
    for actor, duty, at in signed.values_list("actor", "duty", "at"):
        assert mandates.simulated(actor, at=at, duty=duty).duty == duty
    assert Assignment.objects.filter(kind="leave").count() > 50
    assert Assignment.objects.filter(kind="acting").exists()


def test_its_ground_is_of_its_time(stored: Stored) -> None:
    case = Case.objects.filter(path__startswith=PATH).order_by("number").first()
    assert case is not None
    assert case.lon_e7 is not None
    assert case.lat_e7 is not None
    point = Point(case.lon_e7, case.lat_e7)
    found = locate(point, root_path=PATH, at=case.reported_at).area
    assert found is not None
    assert found.path == case.path
    assert locate(point, root_path=PATH).area is None


def again(case: UUID) -> None:
    """The same case once more, act by act through the services; it must come out the same."""
    entries = list(Entry.objects.filter(subject_id=case).order_by("seq"))
    texts: dict[int, dict[str, str]] = {}
    for seq, name, value in Content.objects.filter(subject_id=case).values_list("seq", "field", "value"):
        texts.setdefault(seq, {})[name] = value
    once = load(case, mandates.console())
    assert once.case_class is not None
    assert once.lon_e7 is not None
    assert once.lat_e7 is not None
    code = reference().classes[once.case_class].code
    report = NewReport(**texts[1], point=Point(once.lon_e7, once.lat_e7), case_class=code, source=once.source)
    state = load(report_case(report=report, by=who(entries[0], once.path)).case_id, mandates.console())
    for entry in entries[1:]:
        command = Command(act=entry.verb, **texts.get(entry.seq, {}), **needs(entry))
        state = act(case_id=state.id, command=command, expected_version=state.version, by=who(entry, once.path))
    assert msgspec.structs.replace(state, id=once.id, number=once.number) == once
    for old, new in zip(entries, Entry.objects.filter(subject_id=state.id).order_by("seq"), strict=True):
        for name in ("seq", "verb", "actor", "duty", "area", "channel", "at", "form"):
            assert getattr(old, name) == getattr(new, name), (name, old.verb)
        assert plain(old) == plain(new)


def who(entry: Entry, path: str) -> Mandate:
    if entry.actor is not None:
        return mandates.simulated(entry.actor, at=entry.at, duty=entry.duty)
    if entry.verb == "report":
        return mandates.public(PATH, at=entry.at, simulated=True)
    return mandates.follower(path, at=entry.at, simulated=True)


def needs(entry: Entry) -> dict[str, Any]:
    """What was said with an act beside its words."""
    if entry.verb == "register":
        return {"condition": 1}
    if entry.verb == "dispatch" and "rule" not in entry.data:
        found = entry.data["set"]
        return {"organisation": found["organisation"] and UUID(found["organisation"])} if found.get(
            "organisation") else {"post": found["post"]}
    return {}


def plain(entry: Entry) -> dict[str, Any]:
    data = {**entry.data, "set": {**entry.data["set"]}, "content": sorted(entry.data.get("content", {}))}
    data["set"].pop("number", None)
    return data


def test_a_case_is_stored_as_the_services_would_have_stored_it(stored: Stored) -> None:
    jobs = Entry.objects.filter(subject_type="case", channel__startswith="job:").values("subject_id")
    cases = Case.objects.filter(path__startswith=PATH).exclude(id__in=jobs).order_by("number")
    chosen = list(cases.values_list("id", flat=True))
    assert len(chosen) > 60
    seen: set[str] = set()
    with transaction.atomic():
        for case in chosen:
            again(case)
            seen |= set(Entry.objects.filter(subject_id=case).values_list("verb", flat=True))
        transaction.set_rollback(True)
    assert seen >= {"accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close", "return"}


def test_a_second_load_changes_nothing(stored: Stored) -> None:
    facts = load_past(by=mandates.console(), seed=SEED + 1, count=EVENTS, progress=quiet)
    assert facts["unchanged"] == EVENTS
    assert facts["digest"] == stored.facts["digest"]
    assert Case.objects.count() == EVENTS


def test_telling_comes_to_the_same_as_storing_and_leaves_nothing(stored: Stored) -> None:
    areas = Area.objects.count()
    told = tell_past(by=mandates.console(), seed=SEED, count=EVENTS, progress=quiet)
    assert told["digest"] == stored.facts["digest"]
    assert (told["stored"], stored.facts["stored"]) == (False, True)
    assert Area.objects.count() == areas
    assert tell_past(by=mandates.console(), seed=SEED + 1, count=EVENTS, progress=quiet)["digest"] != told["digest"]


def test_half_the_staff_leaves_more_undone(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "ENDS", date(2018, 8, 10))  # ten days of the article's load
    shares = [
        tell_past(by=mandates.console(), seed=SEED, share=share, count=1000, progress=quiet)["closed"]
        for share in (1.0, 0.5)
    ]
    assert 0 < shares[1] < shares[0] * 0.9


def test_a_load_that_fails_leaves_nothing(committed_db: str) -> None:
    def breaks(done: int, total: int) -> None:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        load_past(by=mandates.console(), seed=SEED, count=20, progress=breaks)
    assert not Area.objects.exists()
    assert not Entry.objects.exists()


def test_the_spread_of_several_seeds_is_told(committed_db: str) -> None:
    facts = spread_of_past(by=mandates.console(), seed=SEED, seeds=3, count=60, progress=quiet)
    assert [run["seed"] for run in facts["seeds"]] == [SEED, SEED + 1, SEED + 2]
    assert len({run["digest"] for run in facts["seeds"]}) == 3
    spread = facts["spread"]["closed_percent"]
    assert float(spread["least"]) <= float(facts["closed_percent"]) <= float(spread["most"])
    assert set(facts["spread"]) >= {"closed_percent", "grid_percent", "community_percent", "subdistrict_percent"}
    assert not Area.objects.exists()


def test_the_command_ends_with_one_line_of_json(committed_db: str) -> None:
    out = StringIO()
    call_command("load_scenario", "nanxiashu", "--history", "--events", "40", "--seeds", "2", "--json", stdout=out,
                 stderr=StringIO())
    facts = json.loads(out.getvalue().splitlines()[-1])
    assert set(facts) >= {*KEYS, "spread", "seeds", "end_is_assumed"}
    assert (facts["events"], facts["classes"], facts["begins"], facts["ends"]) == (40, 9, "2018-08-01", "2019-05-31")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("baltimore", "--history"), "Only nanxiashu"),
        (("nanxiashu", "--staff", "0.5"), "--history beside it"),
        (("nanxiashu", "--history", "--staff", "0"), "no such share"),
        (("nanxiashu", "--history", "--staff", "1.5"), "at most 1"),
        (("nanxiashu", "--history", "--seeds", "0"), "1 or more"),
        (("nanxiashu", "--history", "--events", "0"), "1 or more"),
    ],
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], expected: str) -> None:
    with pytest.raises(CommandError, match=expected):
        call_command("load_scenario", *words, stdout=StringIO(), stderr=StringIO())
