"""What people read: patrols, observations, switches, presence as figures. Another's track takes a look on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from wangge.assessment.core.inputs import Figures
from wangge.base.errors import Forbidden
from wangge.base.mandate import Mandate
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.queries import Holding, duties_below
from wangge.kernel.journal.models import Content
from wangge.kernel.journal.services import Act, append, heads
from wangge.kernel.people.models import Person
from wangge.kernel.places.paths import ancestors
from wangge.kernel.places.queries import below
from wangge.patrols.models import Observation, Patrol, Switch, TrackPoint
from wangge.patrols.recording import missing
from wangge.patrols.services import OVERSEE, WALK
from wangge.patrols.switchboard import require_on

MOST = 100
LOOK = "read_track"
DECIDE = "decide_observation"


def zones(path: str, at: datetime) -> list[Holding]:
    """Who patrols which area at a moment: the duties below a place whose posts start patrols. One statement."""
    posts = {code for code, info in POSTS.items() if WALK in info.verbs}
    return [one for one in duties_below(path, at) if one.post in posts and one.kind != "leave"]


def _seen(by: Mandate, *own: str) -> Q:
    """The rows that a mandate sees: those that name the actor, and with `see_patrols` all below the scope."""
    found = Q(pk__in=[])
    if by.actor is not None:
        for name in own:
            found |= Q(**{name: by.actor})
    if OVERSEE in by.may:
        found |= below(by.scope_path) if by.scope_path else Q(pk__isnull=False)
    return found


def patrols(by: Mandate, *, mine: bool = False, state: str = "") -> QuerySet[Patrol]:
    """The patrols that the reader sees, newest first."""
    rows = Patrol.objects.filter(_seen(by, "person", "author")).order_by("-planned_from", "-id")
    if mine:
        rows = rows.filter(person=by.actor)
    return rows.filter(state=state) if state else rows


def patrol(patrol_id: UUID, by: Mandate) -> Patrol:
    """One patrol. Raises `NotFound`."""
    row = Patrol.objects.filter(_seen(by, "person", "author"), id=patrol_id).first()
    if row is None:
        raise missing("patrol", patrol_id)
    return row


def observations(by: Mandate, *, box: str = "all") -> QuerySet[Observation]:
    """Observations that the reader sees, newest first: `of_me`, `by_me`, `to_decide`, `all`."""
    rows = Observation.objects.filter(_seen(by, "worker", "observer")).order_by("-seen_at", "-id")
    if box == "of_me":
        return rows.filter(worker=by.actor)
    if box == "by_me":
        return rows.filter(observer=by.actor)
    if box == "to_decide":
        if DECIDE not in by.may or by.actor is None:
            return rows.none()
        return rows.filter(below(by.scope_path) if by.scope_path else Q(), state="contested").exclude(
            Q(worker=by.actor) | Q(observer=by.actor)).exclude(witness_id=by.actor, witness__isnull=False)
    return rows


def observation(observation_id: UUID, by: Mandate) -> Observation:
    """One observation. Raises `NotFound`."""
    row = observations(by).filter(id=observation_id).first()
    if row is None:
        raise missing("observation", observation_id)
    return row


def switches(by: Mandate) -> QuerySet[Switch]:
    """The switches of the reader's ground and of what lies above it, newest first: everybody sees what is on there."""
    return Switch.objects.filter(
        Q(path__in=ancestors(by.scope_path)) | (below(by.scope_path) if by.scope_path else Q(pk__isnull=False))
    ).order_by("-asked_at", "-id")


class Said(NamedTuple):
    """What was written about a subject: by entry and field; what was erased is absent."""

    words: dict[UUID, dict[str, str]]

    def of(self, subject: UUID, field: str) -> str:
        """The last such text, '' where there is none."""
        return self.words.get(subject, {}).get(field, "")


def words(ids: Collection[UUID]) -> Said:
    """The words of patrols, observations or switches. `reason` of a decision stands as `decided`. One statement."""
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    rows = Content.objects.filter(subject_id__in=list(ids), value__isnull=False).order_by("seq")
    for one in rows:
        name = "decided" if one.field == "reason" and one.seq > 2 else one.field
        found[one.subject_id][name] = str(one.value)
    return Said(dict(found))


def names(ids: Collection[UUID | None]) -> dict[UUID, str]:
    """Names of people by id; '' after erasing. One statement."""
    return dict(Person.objects.filter(id__in=[one for one in ids if one]).values_list("id", "name"))


def track(row: Patrol, by: Mandate) -> list[TrackPoint]:
    """The points of a patrol's track, in their order. Another's is a look on record. Raises `Forbidden`."""
    if row.person_id != by.actor:
        if not by.allows(OVERSEE, row.path):
            raise Forbidden("Only who oversees patrols there reads another's track.", field="action", value=LOOK)
        subject = uuid5(row.id, "track")
        with transaction.atomic():
            head = heads([subject]).get(subject)
            append([Act(subject, "access", LOOK, row.area_id, {"patrol": str(row.id)}, {}, head.seq if head else 0)],
                   by=by)
    return list(row.track.order_by("at"))


STANDS = "(o.state = 'upheld' OR (o.state = 'open' AND o.contest_until < %s))"
"""`rules.stands` in SQL; a test compares them."""


def presence(path: str, begins: datetime, ends: datetime, *, now: datetime) -> list[Figures]:
    """Presence of an area's posts as counted figures, by area: what stands of the period, never by person.

    `observed` leaves out who was excused. Feeds an `indicator_score` clause, and nothing else. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.code, count(*) FILTER (WHERE o.outcome <> 'excused'),"
            " count(*) FILTER (WHERE o.outcome = 'present'), count(*) FILTER (WHERE o.outcome = 'excused')"
            " FROM patrols_observation o JOIN places_area a ON a.id = o.area"
            f" WHERE starts_with(o.path, %s) AND o.seen_at >= %s AND o.seen_at < %s AND {STANDS}"
            " GROUP BY a.code ORDER BY a.code",
            [path, begins, ends, now],
        )
        return [Figures(code, {"observed": seen, "present": there, "excused": excused})
                for code, seen, there, excused in cursor.fetchall()]


def _barred(function: str, sql: str, path: str, values: list[Any], *, by: Mandate) -> list[tuple[Any, ...]]:
    """Rows of a barred function: `see_patrols`, its switch, and the database's own look at the switch."""
    by.require(OVERSEE, path)
    switch = require_on(function, path, by.recorded_at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT patrols_require(%s, %s, %s)", [function, path, by.recorded_at])
        cursor.execute(sql, values)
        rows = list(cursor.fetchall())
        subject = uuid5(switch, "use")
        head = heads([subject]).get(subject)
        append([Act(subject, "access", "use_switch", None, {"switch": str(switch), "function": function}, {},
                    head.seq if head else 0)], by=by)
    return rows


def by_person(path: str, begins: datetime, ends: datetime, *, by: Mandate) -> list[tuple[UUID, int, int]]:
    """(person, observed, present) of what stands. Barred: needs the switch `person_ranking`; each use is on record."""
    return _barred(
        "person_ranking",
        "SELECT o.worker, count(*), count(*) FILTER (WHERE o.outcome = 'present') FROM patrols_observation o"
        f" WHERE starts_with(o.path, %s) AND o.seen_at >= %s AND o.seen_at < %s AND {STANDS}"
        " AND o.outcome <> 'excused' GROUP BY o.worker ORDER BY o.worker",
        path, [path, begins, ends, by.recorded_at], by=by,
    )


def time_out(path: str, begins: datetime, ends: datetime, *, by: Mandate) -> list[tuple[UUID, int]]:
    """(person, minutes on patrol). Barred: needs the switch `online_time`; each use is on record."""
    return _barred(
        "online_time",
        "SELECT p.person, (sum(extract(epoch FROM p.ended_at - p.started_at)) / 60)::bigint FROM patrols_patrol p"
        " WHERE starts_with(p.path, %s) AND p.started_at >= %s AND p.started_at < %s AND p.state = 'ended'"
        " GROUP BY p.person ORDER BY p.person",
        path, [path, begins, ends], by=by,
    )
