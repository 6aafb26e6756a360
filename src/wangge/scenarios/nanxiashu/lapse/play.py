"""The story, act by act through the services, each by whoever may at that time. What they say is invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import F

from wangge.assessment.core.files import parse_policy
from wangge.assessment.inspecting import NewInspection, record_inspections
from wangge.assessment.models import Appeal, FindingRow, Run
from wangge.assessment.money.filing import Pay, file_document, keep_pay
from wangge.assessment.policies import services as policies
from wangge.assessment.running import services as runs
from wangge.assessment.running.appeals import file_appeal, review_appeal
from wangge.assessment.running.correcting import correct_run
from wangge.assessment.running.posting import post_run
from wangge.assessment.services import NewFinding, amend_finding, record_findings
from wangge.assessment.trying import SHIPPED
from wangge.base import clock
from wangge.base.geometry import Point
from wangge.base.mandate import Mandate
from wangge.kernel.cases.models import Case
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.queries import duties_during
from wangge.kernel.duties.services import assign, end_assignment
from wangge.kernel.ledger.rules import Line
from wangge.kernel.ledger.services import open_account, post
from wangge.kernel.people.services import create_person
from wangge.scenarios.nanxiashu.areas import grid_code
from wangge.scenarios.nanxiashu.lapse import inputs as given
from wangge.scenarios.nanxiashu.lapse.inputs import at
from wangge.scenarios.nanxiashu.past.names import Codes
from wangge.scenarios.nanxiashu.spots import Grid

BASIS = "示例〔2019〕1号"
PDF = b"%PDF-1.4\n% an invented document of the demo\n"
DEPOSIT, SMALL, FUNDS = 2_000, 300, 50_000
"""Yuan that are deposited; one has less; the contractor's working funds."""


class Cast(NamedTuple):
    """Who acts: leader, two inspectors who review, and by (post, code of the demo) everybody else."""

    codes: Codes
    leader: UUID
    reviewers: tuple[UUID, UUID]
    held: dict[tuple[str, str], UUID]

    def grid(self, grid: Grid) -> str:
        """The code of a grid."""
        return self.codes.of(grid_code(*grid))

    def as_leader(self, moment: datetime) -> Mandate:
        """The leader at a time of the played-through past."""
        return mandates.simulated(self.leader, at=moment, verb="give_notice")


def changes(cast: Cast) -> None:
    """A handover in mid-quarter, and a post that falls vacant."""
    console = mandates.console()
    community, day = given.HANDED_OVER
    for code, when in (given.HANDED_OVER, given.VACANT):
        one = Assignment.objects.get(post="assessor", area__code=cast.codes.of(code), kind="regular",
                                     recorded__upper_inf=True)
        end_assignment(assignment=one.id, at=at(when, 0), by=console)
    follower = create_person(name="郑样例二", by=console)
    assign(post="assessor", area=cast.codes.of(community), valid_from=at(day, 0), person=follower.id, by=console)


def inspect(cast: Cast, seed: int) -> None:
    """Everybody's inspections and findings, and one finding of what had been reported before."""
    of, root = cast.codes.of, cast.codes.root
    record_inspections([
        NewInspection(one.source, f"{cast.codes.prefix}-{number:04d}", of(one.place) if one.place else root, one.at)
        for number, one in enumerate(given.looks(), 1)
    ], by=mandates.console())
    rows = [
        NewFinding("city", f"{cast.codes.prefix}-{one.ref}", cast.grid(one.grid), one.at, one.points, "G0101")
        for one in given.CITY
    ]
    rows += [
        NewFinding(one.source, f"{cast.codes.prefix}-{number:04d}", cast.grid(one.grid), one.at, one.points, one.code)
        for number, one in enumerate(given.found(seed), 1)
    ]
    record_findings([*rows, *_reported_before(cast)], by=mandates.console())


def _reported_before(cast: Cast) -> Sequence[NewFinding]:
    """An inspector comes an hour after somebody reported it: exempt, as long as its time had not run out."""
    case = Case.objects.select_related("case_class", "area").filter(
        path__startswith=f"{cast.codes.root}/", reported_at__gte=at(date(2018, 10, 8)), lon_e7__isnull=False,
        case_class__isnull=False, area__isnull=False, due_at__gt=F("reported_at") + timedelta(hours=2),
        closed_at__gt=F("reported_at") + timedelta(hours=2),
    ).exclude(state="void").order_by("number").first()
    if case is None or case.lon_e7 is None or case.lat_e7 is None or case.case_class is None or case.area is None:
        return ()
    return (NewFinding("subdistrict", f"{cast.codes.prefix}-before", case.area.code,
                       case.reported_at + timedelta(hours=1), Decimal("0.10"), case.case_class.code,
                       point=Point(case.lon_e7, case.lat_e7)),)


def assessed(cast: Cast, period: str, moment: datetime) -> Run:
    """A quarter assessed and told to everybody."""
    by = cast.as_leader(moment)
    made = runs.assess_period(area=cast.codes.root, period=period, by=by).run
    return runs.give_notice(run=made.id, expected_version=made.version, by=by)


def appealed(cast: Cast, run: Run, holder: UUID, ref: str, words: str, moment: datetime) -> Appeal:
    """Somebody's appeal against a finding of the city on which their line rests."""
    finding = f"city/{cast.codes.prefix}-{ref}"
    line = run.lines.filter(revision=run.revision, holder=holder, findings__contains=[finding]).order_by("number")[0]
    return file_appeal(run=run.id, line=line.key, finding=finding, words=words,
                       by=mandates.simulated(holder, at=moment))


def reviewed(cast: Cast, appeal: Appeal, points: str | None, words: tuple[str, str], moment: datetime) -> None:
    """Two inspectors look at it; both see the same."""
    for who, said in zip(cast.reviewers, words, strict=True):
        appeal.refresh_from_db()
        review_appeal(appeal=appeal.id, points=None if points is None else Decimal(points), words=said,
                      expected_version=appeal.version, by=mandates.simulated(who, at=moment, verb="review_charge"))


def settled(cast: Cast, run: Run, moment: datetime) -> Run:
    """Final, and in the books."""
    run.refresh_from_db()
    by = cast.as_leader(moment)
    done = runs.finish_run(run=run.id, expected_version=run.version, by=by)
    return post_run(run=done.id, expected_version=done.version, by=by)


def corrected(cast: Cast, run: Run, ref: str, points: str, moment: datetime) -> int:
    """The city takes back part of what it took off, after the books were closed: how many people's sums change."""
    one = FindingRow.objects.get(source="city", ref=f"{cast.codes.prefix}-{ref}")
    amend_finding(finding=one.id, points=Decimal(points), ground="source", expected_version=one.version,
                  by=cast.as_leader(moment))
    return len(correct_run(run=run.id, by=cast.as_leader(moment)).changes)


def policy(cast: Cast, version: int, begins: str, moment: datetime, **more: str) -> None:
    """Another version of the shipped policy takes effect."""
    text = SHIPPED.read_text(encoding="utf-8").replace("version: 1", f"version: {version}", 1)
    for old, new in {"2018-07-01": begins, **more}.items():
        text = text.replace(old, new)
    made = policies.draft_policy(area=cast.codes.root, policy=parse_policy(text), by=mandates.console(at=moment))
    policies.approve_policy(version=made.id, expected_version=made.version,
                            by=mandates.simulated(cast.leader, at=moment, verb="approve_policy"))


def money(cast: Cast, moment: datetime) -> None:
    """What the law asks for before deposits may be taken, who is employed how, and what they deposited."""
    root, console = cast.codes.root, mandates.console(at=moment)
    for kind, employment in (("legal_basis", "civil_servant"), ("legal_basis", "cadre"), ("consultation", ""),
                             ("publication", "")):
        file_document(area=root, kind=kind, number=BASIS, content=PDF, employment=employment, by=console)
    kinds = {"leader": "civil_servant", "secretary": "cadre", "grid_leader": "cadre", "grid_liaison": "cadre",
             "assessor": "cadre", "officer": "institution", "grid_worker": "contract", "city_inspector": "contract"}
    duties = duties_during(f"{root}/", moment, moment + timedelta(days=1))
    people = {one.person_id: kinds[one.post] for one in duties if one.post in kinds and one.person_id}
    keep_pay([Pay(person, kind, 2_000_000, 300_000, 1_500_000) for person, kind in sorted(people.items())],
             area=root, by=console)
    area = next(one.area_id for one in duties if one.area_path == f"{root}/")
    fund = open_account(owner_kind="area", owner=area, purpose="fund", unit="cny", area=root, by=console)
    small = cast.held["grid_liaison", "NXS-03"]
    for person in sorted(one for one, kind in people.items() if kind in ("civil_servant", "cadre")):
        _paid_in(root, "person", person, "deposit", SMALL if person == small else DEPOSIT, fund.id, console)
    firm = next(one.organisation_id for one in duties if one.post == "contractor" and one.organisation_id)
    _paid_in(root, "organisation", firm, "working-funds", FUNDS, fund.id, console)


def _paid_in(root: str, kind: str, owner: UUID, purpose: str, yuan: int, fund: UUID, by: Mandate) -> None:
    account = open_account(owner_kind=kind, owner=owner, purpose=purpose, unit="cny", area=root, by=by, floor=0)
    post(key=f"lapse/in/{owner}", lines=[Line(account.id, yuan * 100), Line(fund, -yuan * 100)], by=by)


def now() -> datetime:
    """The present, for what is left open to be tried."""
    return clock.now()
