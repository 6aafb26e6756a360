"""Who sees which findings, and one with all that belongs to it. A list takes three statements, a finding five."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, StrIndex

from wangge.assessment.core.clauses import SOURCES, Exemption
from wangge.assessment.core.counting import exempting
from wangge.assessment.core.inputs import Earlier
from wangge.assessment.core.periods import Period
from wangge.assessment.core.policy import Policy
from wangge.assessment.gathering import earlier_of
from wangge.assessment.models import FindingRow, PolicyVersion
from wangge.assessment.policies import queries as policies
from wangge.assessment.trying import shipped
from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.inspections.answering import Answering, answering, finding_of
from wangge.inspections.lifecycle import OPEN
from wangge.inspections.models import Contest, Rectification
from wangge.kernel.duties.queries import roster_at
from wangge.kernel.journal.models import Entry
from wangge.kernel.places.queries import atlas, below

BOXES = ("all", "mine", "open", "overdue", "contested")


class Filters(NamedTuple):
    """What a list is narrowed to; `box` is one of `BOXES`, the times are of discovery, half-open."""

    box: str = "all"
    source: str = ""
    area_path: str = ""
    begins: datetime | None = None
    ends: datetime | None = None


class Listed(NamedTuple):
    """A finding of a list with its newest rectification (state, deadline, round), whether a contest is open, and the
    report that exempts it."""

    it: FindingRow
    state: str | None
    due_at: datetime | None
    round: int | None
    contested: bool
    exempt: Earlier | None


class Page(NamedTuple):
    """So many findings, and where the next ones begin ('' where there are none)."""

    rows: list[Listed]
    next_cursor: str


class Recorded(NamedTuple):
    """Who recorded a finding, and when the platform was told."""

    actor: UUID | None
    recorded_at: datetime


def visible(by: Mandate) -> Q:
    """The findings that a mandate sees: those of its ground; a unit's clerk those that the unit is to put right."""
    here = below(by.scope_path, "area_path") if by.scope_path else Q(pk__isnull=False)
    if {"see", "record_finding"} & by.may:
        return here
    if "see_own" not in by.may:
        return Q(pk__in=[])
    if by.organisation is None:
        return here
    return here & Q(Exists(Rectification.objects.filter(finding=OuterRef("pk"), organisation=by.organisation)))


def require_seen(one: FindingRow, by: Mandate) -> None:
    """Raise `NotFound` where the reader sees no such finding."""
    if not FindingRow.objects.filter(visible(by), id=one.id).exists():
        raise _missing(one.id)


def recorded(finding: UUID) -> Recorded:
    """By whom and when a finding was recorded."""
    return Recorded(*Entry.objects.filter(subject_id=finding, seq=1).values_list("actor", "recorded_at").get())


def listing(by: Mandate, filters: Filters, *, now: datetime, cursor: str | None = None, limit: int = 50) -> Page:
    """The findings that the reader sees, newest first. Raises `InvalidInput` for a box or a cursor that is none."""
    rows = FindingRow.objects.filter(visible(by), _box(by, filters.box, now))
    if filters.source:
        rows = rows.filter(source=filters.source)
    if filters.area_path:
        rows = rows.filter(below(filters.area_path, "area_path"))
    if filters.begins:
        rows = rows.filter(discovered_at__gte=filters.begins)
    if filters.ends:
        rows = rows.filter(discovered_at__lt=filters.ends)
    if cursor:
        at, key = _cursor(cursor)
        rows = rows.filter(Q(discovered_at__lt=at) | Q(discovered_at=at, id__lt=key))
    found = list(with_rounds(rows).order_by("-discovered_at", "-id")[: limit + 1])
    shown = found[:limit]
    exempt = exempt_of(shown, policies.approved(by.scope_path)) if shown else {}
    last = shown[-1] if len(found) > limit else None
    return Page(
        [Listed(one, one.rect_state, one.rect_due, one.rect_round, one.contested, exempt.get(finding_of(one).key))
         for one in shown],
        f"{last.discovered_at.isoformat()}~{last.id}" if last else "",
    )


def with_rounds(rows: QuerySet[FindingRow]) -> QuerySet[Any]:
    """Findings with state, deadline and number of their newest rectification, and whether a contest is open."""
    newest = Rectification.objects.filter(finding=OuterRef("pk")).order_by("-round")
    return rows.select_related("merged_into").annotate(
        rect_state=Subquery(newest.values("state")[:1]), rect_due=Subquery(newest.values("due_at")[:1]),
        rect_round=Subquery(newest.values("round")[:1]),
        contested=Exists(Contest.objects.filter(finding=OuterRef("pk"), state="open")),
    )


def _box(by: Mandate, box: str, now: datetime) -> Q:
    if box not in BOXES:
        raise InvalidInput("There is no such list.", field="box", value=box[:40], expected="one of " + ", ".join(BOXES))
    if box == "all":
        return Q()
    if box == "contested":
        return Q(Exists(Contest.objects.filter(finding=OuterRef("pk"), state="open")))
    waiting = Rectification.objects.filter(_waiting(by, box, now), finding=OuterRef("pk"))
    return Q(Exists(waiting), void=False, merged_into__isnull=True)


def _waiting(by: Mandate, box: str, now: datetime) -> Q:
    if box == "overdue":
        return Q(state="ordered", due_at__lt=now)
    if box == "mine":
        mine = Q(organisation=by.organisation) if by.organisation else Q(post=by.post)
        return mine & Q(state="ordered")
    return Q(state__in=OPEN)


def waiting(by: Mandate, now: datetime) -> dict[str, int]:
    """How many findings wait in the boxes `mine`, `open`, `overdue`, of those that the reader sees. One statement."""
    rows = Rectification.objects.filter(below(by.scope_path, "path") if by.scope_path else Q(), state__in=OPEN,
                                        finding__void=False, finding__merged_into__isnull=True)
    if not {"see", "record_finding"} & by.may and by.organisation:
        rows = rows.filter(organisation=by.organisation)
    told = list(rows.values_list("state", "due_at", "post", "organisation"))
    return {
        "open": len(told),
        "overdue": sum(state == "ordered" and due_at < now for state, due_at, _, _ in told),
        "mine": sum(state == "ordered" and (unit == by.organisation if by.organisation else post == by.post)
                    for state, _, post, unit in told),
    }


def exempt_of(rows: Sequence[FindingRow], versions: Iterable[policies.Dated]) -> dict[str, Earlier]:
    """By `source/number`: the report by which a finding is exempt inside. One statement; none without a point."""
    known = list(versions)
    by_clause: dict[Exemption, list[FindingRow]] = {}
    for one in rows:
        clause = policy_of(one, known).one(Exemption) if one.lon_e7 is not None else None
        if clause is not None and not one.void and not one.merged_into_id:
            by_clause.setdefault(clause, []).append(one)
    found: dict[str, Earlier] = {}
    for clause, some in by_clause.items():
        found |= exempting(clause, earlier_of(clause, [one.id for one in some]), [finding_of(one) for one in some])
    return found


def policy_of(one: FindingRow, versions: Iterable[policies.Dated]) -> Policy:
    """The policy in force at the place on the day of the finding, else the one that ships."""
    row = policies.held_on(versions, one.area_path, local_day(one))
    return policies.stated(row.body) if row else shipped()


def local_day(one: FindingRow) -> date:
    """The day on which it was found, at the place."""
    return one.discovered_at.astimezone(ZoneInfo(atlas().timezone(one.area_path))).date()


def answering_of(one: FindingRow) -> list[Answering]:
    """Who answered for the place of a finding then. Two statements."""
    policy = policy_of(one, policies.approved(one.area_path))
    at = one.occurred_at if policy.moment == "occurred" else one.discovered_at
    return answering(one, policy, roster_at(one.area_path, at))


class Held(NamedTuple):
    """A policy version as the page of a finding reads it with the finding."""

    area_path: str
    begins: date
    ends: date | None
    period: str
    body: str


def finding(key: UUID, by: Mandate) -> tuple[Any, list[Held]]:
    """One finding with its newest rectification, and the policies above it, by one statement. Raises `NotFound`."""
    above = PolicyVersion.objects.filter(state="approved").annotate(
        begins_at=StrIndex(OuterRef("area_path"), F("area_path"))).filter(begins_at=1)
    told = JSONObject(area_path="area_path", begins="begins", ends="ends", period="period", body="body")
    rows = with_rounds(FindingRow.objects.filter(visible(by), id=key)).annotate(policies=ArraySubquery(
        above.values(told=told)))
    one = rows.first()
    if one is None:
        raise _missing(key)
    day = date.fromisoformat
    return one, [
        Held(**{**row, "begins": day(row["begins"]), "ends": day(row["ends"]) if row["ends"] else None})
        for row in one.policies
    ]


def by_number(source: str, ref: str, by: Mandate) -> UUID:
    """The id of the finding with a source's own number. Raises `NotFound`."""
    rows = FindingRow.objects.filter(visible(by), source=source, ref=ref).values_list("id", flat=True)
    key = rows.first() if source in SOURCES and "\0" not in ref else None
    if key is None:
        raise _missing(f"{source}/{ref}"[:80])
    return key


def others_near(one: FindingRow, by: Mandate, *, limit: int = 20) -> Collection[FindingRow]:
    """Findings that this one may repeat: of the same place or class, that count, the nearest in time first."""
    rows = FindingRow.objects.filter(visible(by), void=False, merged_into__isnull=True).exclude(id=one.id)
    if one.source == "city":
        rows = rows.filter(source="city")
    same = Q(area=one.area_id) | Q(class_code=one.class_code, class_code__gt="")
    found = list(rows.filter(same).order_by("-discovered_at")[:200])
    return sorted(found, key=lambda other: abs(other.discovered_at - one.discovered_at))[:limit]


def _cursor(text: str) -> tuple[datetime, UUID]:
    at, _sep, key = text.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(at)
        return moment, UUID(key)
    except ValueError as error:
        raise InvalidInput("This page of the list is not known.", field="cursor", value=text[:80],
                           expected="the one of the page before") from error


def _missing(key: object) -> NotFound:
    return NotFound("There is no such finding that you may see.", field="finding", value=key)


def open_contests(path: str, period: Period) -> int:
    """How many contests wait for their decision, of findings of a period below a path."""
    return Contest.objects.filter(
        below(path), state="open", finding__discovered_at__gte=period.starts, finding__discovered_at__lt=period.ends
    ).count()
