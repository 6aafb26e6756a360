"""Sharing a case between units: each part is a case of its own, dispatched at once, with the limit of the whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.base import events
from wangge.base.ids import new_id
from wangge.kernel.cases.bulk import draw
from wangge.kernel.cases.events import CaseReported
from wangge.kernel.cases.facts import Command, Facts, Part, Target
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.cases.loading import Loaded
from wangge.kernel.cases.recording import TermsRow, record
from wangge.kernel.cases.reporting import new_number, search_terms
from wangge.kernel.cases.rules import SUBJECT, decide, plain
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.journal.writing import Act
from wangge.kernel.places.queries import atlas

INHERITED = (
    "source",
    "born_path",
    "path",
    "tier",
    "case_class",
    "condition",
    "area",
    "lon_e7",
    "lat_e7",
    "crs",
    "part",
)
"""What a part has of the whole. The reporter is the whole's alone."""


def share_out(change: Change, command: Command, facts: Facts, loaded: Loaded) -> CaseState:
    """Make and dispatch the parts of a case that was decided to be shared; returns the whole."""
    whole = change.after
    numbers = draw("cases_case_number_seq", len(command.parts))
    places = atlas(loaded.places_version)
    region = places.root(whole.path).region or "000000"
    zone, serial = ZoneInfo(facts.calendar.timezone), places.code_form(whole.path, "case")
    made = [
        _part(whole, part, target, facts, new_number(region, facts.moment.astimezone(zone), number, serial))
        for part, target, number in zip(command.parts, facts.targets, numbers, strict=True)
    ]
    terms = [
        TermsRow(one.after.id, search_terms({"description": part.task}, one.after.number))
        for one, part in zip(made, command.parts, strict=True)
    ]
    record(made, draw("journal_entry_ordinal", sum(len(one.acts) for one in made)), by=facts.by, terms=terms)
    for one in made:
        events.publish(CaseReported(one.after.id, one.after.number, one.after.path, one.after.reported_at))
    return whole


def _part(whole: CaseState, part: Part, target: Target, facts: Facts, number: str) -> Change:
    """Reported, registered and dispatched in one go: three entries, one new case."""
    moment, case_id = facts.moment, new_id()
    fields: dict[str, Any] = {
        "number": number,
        "state": State.REPORTED.value,
        "origin": whole.origin,
        "channel": facts.by.channel,
        "reported_at": moment,
        "stage_since": moment,
        "verified_at": moment,
        "verifier": facts.by.actor,
        "first_answer_at": moment,
        "parent": whole.id,
        **{name: value for name in INHERITED if (value := getattr(whole, name)) is not None},
    }
    report = Act(case_id, SUBJECT, "report", whole.area, {"set": plain(fields)}, {"description": part.task.strip()})
    state, acts = CaseState(id=case_id, version=1, **fields), [report]
    given = facts._replace(class_id=whole.case_class, condition=whole.condition, tier=whole.tier, target=target)
    for act in ("register", "dispatch"):
        step = decide(state, Command(act=act), given, None)
        state = step.after
        acts += step.acts
    return Change(state, tuple(acts))


def parts_of(case_id: UUID) -> tuple[str, list[Any]]:
    """The condition under which a case is a part of this one, for `loading.read_many`."""
    return "c.parent = %s", [case_id]
