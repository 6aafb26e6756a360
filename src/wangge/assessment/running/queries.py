"""Reads of runs: who sees which, the lines of a person, what appeals wait, names for what is stored by ids.

Everybody reads their own lines, whoever holds `see_accounts` those of people who serve below. A look at another
person's statement is written down before it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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
from wangge.kernel.journal.services import Act, note
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


class Look(NamedTuple):
    """Who looked at a statement, and when; `name` is '' after erasing."""

    name: str
    at: datetime


class Own(NamedTuple):
    """A holder's lines by run: as they stand, and as notice was given of them (where that was otherwise)."""

    run: Run
    lines: tuple[StatementLine, ...]
    before: tuple[StatementLine, ...]
    appeals: tuple[Appeal, ...]
    taken: int = 0
    """Fen that the books took for this run and that nothing gave back."""
    name: str = ""
    """The holder's name, '' after erasing and in one's own statement."""
    looks: tuple[Look, ...] = ()


def own_statement(one: Run, holder: UUID) -> Own:
    """What a run says of the reader, or of the organisation for which they act. The caller has asked `is_own`."""
    found = _lines(StatementLine.objects.filter(run=one), one.id, holder)
    return _told(one, found, holder, "", looks(one, holder))


def statement_of(run_id: UUID, holder: UUID, by: Mandate) -> Own:
    """What a run says of a holder. Another's is a look on record; raises `NotFound` where the reader may not.

    Four statements, the look among them; one's own without any line one more.
    """
    rows = StatementLine.objects.filter(run__in=runs(by).filter(id=run_id).order_by())
    own = is_own(holder, by)
    if not own and by.scope_path:
        rows = rows.filter(below(by.scope_path, "area_path"))
    name = Coalesce(_name(Person, holder), _name(Organisation, holder), Value(""), output_field=TextField())
    found = _lines(rows, run_id, holder, name=name)
    if own:
        one = found[0].run if found else run(run_id, by)
        return _told(one, found, holder, "", looks(one, holder))
    if SEE not in by.may or not found:
        run(run_id, by)
        raise NotFound("There is no such statement that you may see.", field="person", value=holder)
    seen = _journal_look(found[0].run, holder, by)
    return _told(found[0].run, found, holder, found[0].name, seen)  # type: ignore[attr-defined]


def _name(kind: type[Person | Organisation], holder: UUID) -> Subquery:
    return Subquery(kind.objects.filter(id=holder).values("name")[:1])


def _lines(rows: QuerySet[StatementLine], run_id: UUID, holder: UUID, **more: Any) -> list[StatementLine]:
    taken = Coalesce(Subquery(_taken(run_id, holder)), 0, output_field=BigIntegerField())
    found = rows.filter(holder=holder).select_related("run__area", "run__policy").annotate(taken=taken, **more)
    return list(found.order_by("-points", "key"))


def _told(one: Run, found: Sequence[StatementLine], holder: UUID, name: str, seen: Sequence[Look]) -> Own:
    appeals = Appeal.objects.filter(run=one, holder=holder).select_related("finding").order_by("filed_at")
    taken = 0 if one.policy.mode == "points" else max((getattr(row, "taken", 0) for row in found), default=0)
    return Own(one, tuple(row for row in found if row.revision == one.revision),
               tuple(row for row in found if row.revision == 1 < one.revision), tuple(appeals), taken, name,
               tuple(seen))


def _taken(run_id: UUID, holder: UUID) -> QuerySet[Leg, Any]:
    """What the postings of a run took of a holder's money, as a subquery."""
    rows = Leg.objects.filter(
        posting__key__startswith=f"run/{run_id}/", posting__kind="post", posting__reversals__isnull=True,
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


MOST_LOOKS = 20


def looks(one: Run, holder: UUID) -> list[Look]:
    """Who read a holder's statement, the newest first; their own looks are not written down. One statement."""
    name = Person.objects.filter(id=OuterRef("actor")).values("name")[:1]
    rows = Entry.objects.filter(subject_id=_access(one, holder)).annotate(name=Subquery(name)).order_by("-seq")
    return [Look(row["name"] or "", row["at"]) for row in rows.values("name", "at")[:MOST_LOOKS]]


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


_SEEN = f"""(SELECT json_build_array((SELECT name FROM people_person WHERE id = %s),
  (SELECT json_agg(json_build_array(coalesce(p.name, ''), e.at) ORDER BY e.seq DESC) FROM (
    SELECT actor, at, seq FROM journal_entry WHERE subject_id = s.id ORDER BY seq DESC LIMIT {MOST_LOOKS - 1}) e
  LEFT JOIN people_person p ON p.id = e.actor)))"""


def _journal_look(one: Run, holder: UUID, by: Mandate) -> list[Look]:
    """Write the look down; who looked so far, this look among them, the newest first. Two statements."""
    data = {"run": str(one.id), "holder": str(holder)}
    act = Act(_access(one, holder), "access", "read_statement", one.area_id, data)
    with transaction.atomic():
        _, told = note(act, by=by, beside=(_SEEN, [by.actor]))
    name, before = msgspec.json.decode(told) if isinstance(told, str) else told
    return [Look(name or "", by.at), *msgspec.convert(before or (), list[Look])]


def _access(one: Run, holder: UUID) -> UUID:
    """The subject on which looks at a holder's statement are written down."""
    return uuid5(one.id, str(holder))
