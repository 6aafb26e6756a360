"""Reads of runs: who sees which, the lines of a person, what appeals wait, names for what is stored by ids.

Everybody reads their own lines, whoever holds `see_accounts` those of people who serve below. A look at another
person's statement is written down before it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec
from django.db import transaction
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Coalesce

from wangge.assessment.core.results import Statement
from wangge.assessment.models import Appeal, Revision, Run, StatementLine
from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.services import Act, append, heads
from wangge.kernel.ledger.models import Leg
from wangge.kernel.people.models import Organisation, Person
from wangge.kernel.places.queries import ancestors, below

SEE = "see_accounts"
SHOWN = ("notified", "final", "posted")
"""The stages in which those whom a statement names see it."""


def runs(by: Mandate) -> QuerySet[Run]:
    """The runs of the reader's ground, below and above, the newest first. Provisional ones only for who assesses."""
    seen = Q(area_path__in=ancestors(by.scope_path)) | below(by.scope_path, "area_path") if by.scope_path else Q()
    found = Run.objects.filter(seen).select_related("area", "policy")
    if not {"assess", "settle_run"} & by.may:
        found = found.filter(stage__in=SHOWN)
    return found.order_by("-starts_at", "area_path", "-assessed_at")


def run(run_id: UUID, by: Mandate) -> Run:
    """One of them. Raises `NotFound`."""
    found = runs(by).filter(id=run_id).first()
    if found is None:
        raise NotFound("There is no such run that you may see.", field="run", value=run_id)
    return found


def facts(one: Run, revision: int | None = None) -> dict[str, Any]:
    """The facts of a revision (default: the newest) as they were digested; people by their ids."""
    row = Revision.objects.get(run=one, number=revision or one.revision)
    told: dict[str, Any] = msgspec.json.decode(row.facts)
    return told


def is_own(holder: UUID, by: Mandate) -> bool:
    """Whether a statement is the actor's own, or that of the organisation for which they act."""
    return holder == by.actor or (holder == by.organisation and "see_own_accounts" in by.may)


def lines_below(one: Run, by: Mandate) -> QuerySet[StatementLine]:
    """The newest lines that the reader sees: their own, and with `see_accounts` all of duties below their scope."""
    return StatementLine.objects.filter(_seen(by), run=one, revision=one.revision)


def _seen(by: Mandate) -> Q:
    seen = Q(holder__in=[holder for holder in (by.actor, by.organisation) if holder and is_own(holder, by)])
    if SEE in by.may:
        seen |= below(by.scope_path, "area_path") if by.scope_path else Q(pk__isnull=False)
    return seen


class FindingLine(NamedTuple):
    """A line that rests on a finding, its holder's name ('' after erasing), and whether it is the reader's own."""

    line: StatementLine
    name: str
    own: bool


def lines_of(finding: str, by: Mandate) -> list[FindingLine]:
    """The newest lines that rest on a finding (`source/id`) and that the reader sees; of what is on notice or later."""
    called = [Subquery(model.objects.filter(id=OuterRef("holder")).values("name")[:1])
              for model in (Person, Organisation)]
    rows = StatementLine.objects.filter(
        _seen(by), findings__contains=[finding], revision=F("run__revision"), run__stage__in=SHOWN
    ).select_related("run").annotate(called=Coalesce(*called, Value(""), output_field=TextField()))
    return [FindingLine(one, one.called, is_own(one.holder, by))
            for one in rows.order_by("-run__starts_at", "-points", "number")]


class Own(NamedTuple):
    """A holder's lines by run: as they stand, and as notice was given of them (where that was otherwise)."""

    run: Run
    lines: tuple[StatementLine, ...]
    before: tuple[StatementLine, ...]
    appeals: tuple[Appeal, ...]
    taken: int = 0
    """Fen that the books took for this run and that nothing gave back."""


def statement_of(one: Run, holder: UUID, by: Mandate) -> Own:
    """What a run says of a holder. Another's is a look on record; raises `NotFound` where the reader may not."""
    rows = StatementLine.objects.filter(run=one, holder=holder)
    if not is_own(holder, by):
        rows = rows.filter(below(by.scope_path, "area_path")) if by.scope_path else rows
        if SEE not in by.may or not rows.exists():
            raise NotFound("There is no such statement that you may see.", field="person", value=holder)
        _journal_look(one, holder, by)
    if one.policy.mode != "points":
        rows = rows.annotate(taken=Coalesce(Subquery(_taken(one, holder)), 0, output_field=BigIntegerField()))
    found = list(rows.order_by("-points", "key"))
    appeals = Appeal.objects.filter(run=one, holder=holder).select_related("finding").order_by("filed_at")
    return Own(one, tuple(row for row in found if row.revision == one.revision),
               tuple(row for row in found if row.revision == 1 < one.revision), tuple(appeals),
               max((getattr(row, "taken", 0) for row in found), default=0))


def _taken(one: Run, holder: UUID) -> QuerySet[Leg, Any]:
    """What the postings of a run took of a holder's money, as a subquery."""
    rows = Leg.objects.filter(
        posting__key__startswith=f"run/{one.id}/", posting__kind="post", posting__reversals__isnull=True,
        account__owner=holder, account__unit="cny",
    ).order_by().values("account__unit")
    return rows.annotate(sum=-Sum("amount")).values("sum")


def own_runs(by: Mandate) -> list[Run]:
    """The runs that name the actor, the newest first; also without any line the newest one of their ground."""
    holders = [holder for holder in (by.actor, by.organisation) if holder and is_own(holder, by)]
    named = Exists(StatementLine.objects.filter(run=OuterRef("pk"), holder__in=holders))
    here = Q(area_path__in=ancestors(by.scope_path))
    found = Run.objects.filter(here | named, stage__in=SHOWN).select_related("area", "policy")
    return list(found.order_by("-starts_at", "area_path"))


class Look(NamedTuple):
    """Who looked at a statement, and when; `name` is '' after erasing."""

    name: str
    at: datetime


def looks(one: Run, holder: UUID) -> list[Look]:
    """Who read a holder's statement, the newest first; their own looks are not written down. One statement."""
    name = Person.objects.filter(id=OuterRef("actor")).values("name")[:1]
    rows = Entry.objects.filter(subject_id=_access(one, holder)).annotate(name=Subquery(name)).order_by("-seq")
    return [Look(row["name"] or "", row["at"]) for row in rows.values("name", "at")[:20]]


def names_of(ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of people and organisations by id; '' after erasing."""
    people = Person.objects.filter(id__in=list(ids)).values_list("id", "name")
    return dict(people.union(Organisation.objects.filter(id__in=list(ids)).values_list("id", "name")))


def appeal_words(ids: Collection[UUID]) -> dict[UUID, str]:
    """What people said when they appealed; what was erased is absent."""
    rows = Content.objects.filter(subject_id__in=list(ids), seq=1, field="words", value__isnull=False)
    return {one.subject_id: str(one.value) for one in rows}


def names_of_holders(statements: Iterable[Statement]) -> dict[str, str]:
    """The names of all who are named by these statements, by the text of their id."""
    ids = {UUID(one) for told in statements
           for one in (*(row.holder for row in told.charges), *(row.holder for row in told.slips))}
    return {str(one): name for one, name in names_of(ids).items()}


def _journal_look(one: Run, holder: UUID, by: Mandate) -> None:
    subject = _access(one, holder)
    with transaction.atomic():
        head = heads([subject]).get(subject)
        append([Act(subject, "access", "read_statement", one.area_id, {"run": str(one.id), "holder": str(holder)}, {},
                    head.seq if head else 0)], by=by)


def _access(one: Run, holder: UUID) -> UUID:
    """The subject on which looks at a holder's statement are written down."""
    return uuid5(one.id, str(holder))
