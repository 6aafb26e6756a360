"""What a person makes of a signal: looked at, explained, passed on as a task. An entry each; nothing else follows.

The same evidence does not come back; later evidence does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import transaction

from wangge.base.errors import Forbidden, InvalidInput, Moved, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases.guards import moment_of
from wangge.kernel.cases.replaying import plain
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.duties.interests import interests_at
from wangge.kernel.duties.queries import duties_of
from wangge.kernel.indicators.periods import Period
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.queries import Atlas
from wangge.kernel.signals.models import OUTCOMES, SUBJECT, Settled
from wangge.kernel.signals.projecting import SETTLED
from wangge.kernel.signals.reading import Signal, worklists
from wangge.kernel.signals.rules import check_apart
from wangge.kernel.tasks.lifecycle import Kind
from wangge.kernel.tasks.services import VERBS, issue
from wangge.kernel.tasks.state import NewTask

VERB = "settle_signal"
_ALL = UUID("5a1d2a4e-7d4f-5c0b-9c55-6a0d5f4f3b11")
"""The name space of signals: kind and key give the id of what was settled."""
ABOUT_CASES = frozenset({"fast", "refusal"})
DAYS = (1, 3, 7)
"""A directive is due so many days ahead."""


class Settling(NamedTuple):
    """What is to be settled and how: signal and key, the version that was seen (0: nothing settled yet), the outcome,
    words, and for a directive in how many days it is due."""

    kind: str
    key: str
    outcome: str
    expected_version: int
    latest: datetime
    note: str = ""
    days: int = 3


def settle(*, given: Settling, area_path: str, period: Period, places: Atlas, by: Mandate, now: datetime) -> Settled:
    """Settle a signal as it stands in a period on its evidence up to now. Needs `settle_signal` at its place.

    Passing it on gives a directive, or calls the leader where the post gives none. Raises `NotFound` where there is no
    such signal, `Moved` where it was settled or got evidence meanwhile, `Forbidden` for one's own ground or unit.
    """
    if given.outcome not in OUTCOMES:
        raise InvalidInput("There is no such outcome.", field="outcome", value=given.outcome,
                           expected="one of " + ", ".join(OUTCOMES))
    words = check_text("note", given.note)
    if given.outcome != "looked" and not words:
        raise InvalidInput("Write a few words.", field="note", expected="some words")
    found = worklists(area_path, period, places=places, by=by, now=now, kinds=(given.kind,), key=given.key)
    one = next(iter((*found.lists[given.kind].rows, *found.lists[given.kind].done)), None)
    if one is None:
        raise NotFound("There is no such signal that you may see.", field="signal", value=given.key)
    by.require(VERB, one.path)
    _apart(one, by)
    if one.version != given.expected_version or one.latest != given.latest:
        raise Moved("The signal has moved on.", field="expected_version", value=given.expected_version,
                    expected=str(one.version))
    with transaction.atomic():
        task = _pass_on(one, words, given.days, places, by) if given.outcome == "passed" else None
        return _write(one, given.outcome, words, task, places, by)


def _apart(one: Signal, by: Mandate) -> None:
    if by.actor is None:
        raise Forbidden("A person settles a signal.", field="actor")
    moment = moment_of(by)
    bound = {row.organisation_id for row in interests_at(moment) if row.person_id == by.actor}
    check_apart(duties_of(by.actor), bound, path=one.path, organisation=one.organisation, moments=(moment, one.latest))


def _pass_on(one: Signal, words: str, days: int, places: Atlas, by: Mandate) -> UUID:
    if days not in DAYS:
        raise InvalidInput("This deadline does not fit.", field="days", value=days,
                           expected="one of " + ", ".join(map(str, DAYS)))
    kind = next((kind for kind, verb in VERBS.items() if verb in by.may), None)
    if kind is None:
        raise Forbidden("This post gives no tasks.", field="outcome", value="passed", expected="another outcome")
    area = places.by_path.get(one.path)
    case = str(one.data["number"]) if one.kind in ABOUT_CASES else ""
    due_at = moment_of(by) + timedelta(days=days) if kind == Kind.DIRECTIVE else None
    new = NewTask(kind=kind, note=words, case=case, area="" if case or area is None else area.code, due_at=due_at)
    return issue(new=new, by=by).id


def _write(one: Signal, outcome: str, words: str, task: UUID | None, places: Atlas, by: Mandate) -> Settled:
    assert by.actor is not None, "seen to by _apart"
    key = uuid5(_ALL, f"{one.kind}:{one.key}")
    before = Settled.objects.select_for_update(of=("self",)).filter(id=key).values_list("version", flat=True).first()
    if (before or 0) != one.version:
        raise Moved("The signal has moved on.", field="expected_version", value=one.version, expected=str(before))
    made = Settled(
        id=key, version=one.version, kind=one.kind, key=one.key, path=one.path, latest=one.latest, outcome=outcome,
        person_id=by.actor, post=by.post, at=moment_of(by), task_id=task,
    )  # fmt: skip
    told = plain({name: getattr(made, name if name not in ("person", "task") else f"{name}_id") for name in SETTLED})
    area = places.by_path.get(one.path)
    content = {"note": words} if words else {}
    act = Act(key, SUBJECT, VERB, area.id if area else None, {"set": told}, content, one.version)
    [written] = append([act], by=by)
    made.version = written.seq
    made.save(force_insert=before is None, force_update=before is not None)
    return made
