"""The page of a finding: what it is, who answered, what was reported before, its lines, its story, what may be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from wangge.assessment.core.amounts import points_text
from wangge.assessment.core.clauses import Exemption
from wangge.assessment.core.counting import moment
from wangge.assessment.core.stages import contest_until
from wangge.assessment.running.queries import FindingLine, lines_of
from wangge.base.mandate import Mandate
from wangge.inspections import queries
from wangge.inspections.answering import Answering, answering, finding_of
from wangge.inspections.rectifying import ORDER
from wangge.inspections.story import Told, story
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.assessing.words import clause_name
from wangge.interfaces.staff.finding import words
from wangge.interfaces.staff.finding.acts import offered
from wangge.interfaces.web import words as said
from wangge.kernel.cases.reference import reference
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.queries import roster_at
from wangge.kernel.places.queries import Atlas


def build(key: UUID, by: Mandate, *, places: Atlas, now: datetime) -> dict[str, Any]:
    """Everything that the template shows, by at most five statements. Raises `NotFound`."""
    one, versions = queries.finding(key, by)
    policy = queries.policy_of(one, versions)
    at = moment(policy, finding_of(one))
    held = answering(one, policy, roster_at(one.area_path, at))
    exempt = queries.exempt_of([one], versions).get(finding_of(one).key)
    clause = policy.one(Exemption)
    told = story(one.id)
    until = contest_until(told.first.recorded_at, calendar_for(one.area_path))
    forms = offered(one, told, held, by, until=until, now=now)
    open_round = told.open_round
    return {
        "it": one,
        "title": words.title(one, reference()),
        "number": words.number(one),
        "place": standing.ground_name(places, one.area_path),
        "points": words.points(one),
        "standing": words.standing(one, exempt=exempt is not None),
        "put": words.rectification(one, one.rect_state, one.rect_due, now),
        "nth": words.nth(one.rect_round),
        "contested": told.open_contest is not None,
        "at": at,
        "point": f"{one.lon_e7 / 1e7:.7f},{one.lat_e7 / 1e7:.7f}" if one.lon_e7 is not None else "",
        "note": told.note,
        "recorder": words.RECORDERS.get(told.first.data.get("recorder", ""), ""),
        "answered": [_answered(row, places) for row in held],
        "exempt": {"case": exempt.report, "metres": exempt.metres, "at": exempt.reported} if exempt else None,
        "may_exempt": clause is not None and one.source in clause.sources,
        "lines": [_line(line, places) for line in lines_of(finding_of(one).key, by)],
        "items": [_item(entry, now) for entry in reversed(told.told)],
        "until": until, "contestable": now <= until and not one.void and not one.merged_into_id,
        "rounds": bool(told.rounds),
        "addressee": _addressee(open_round.post) if open_round else "",
        "next": forms[0] if forms and forms[0].forward else None,
        "others": [form for form in forms if not (form is forms[0] and form.forward)],
        "may_order": by.allows(ORDER, one.area_path) and not open_round and not one.void and not one.merged_into_id,
    }


def _addressee(post: str | None) -> str:
    return standing.post_name(post) if post else _("a unit")


def _answered(one: Answering, places: Atlas) -> dict[str, Any]:
    names = [row.name or _("(name erased)") for row in one.held]
    area = standing.area_name(places, one.held[0].area_path) if one.held else ""
    return {"post": standing.post_name(one.post), "names": ", ".join(names), "area": area}


def _line(one: FindingLine, places: Atlas) -> dict[str, Any]:
    line = one.line
    return {
        "run": line.run, "name": one.name or _("(name erased)"), "holder": line.holder,
        "post": standing.post_name(line.post) if line.post else "", "clause": clause_name(line.clause),
        "points": points_text(line.points), "own": one.own, "place": standing.area_name(places, line.area_path),
    }


def _item(one: Told, now: datetime) -> dict[str, Any]:
    who = " ".join(part for part in (standing.post_name(one.post) if one.post else "", one.name) if part)
    return {
        "what": words.VERBS.get((one.subject, one.verb), one.verb), "at": one.at, "who": who or _("the console"),
        "said": [text if text is not None else _("(erased)") for text in one.words.values()],
        "note": _note(one, now), "kind": "late" if one.data.get("set", {}).get("state") == "failed" else "",
    }


def _note(one: Told, now: datetime) -> str:
    data, changed = one.data, one.data.get("set", {})
    if one.verb == "amend":
        return _("now {points} points: {ground}").format(
            points=points_text(data["points"]), ground=words.GROUNDS.get(data["ground"], data["ground"]))
    if one.verb == "order_rectification":
        due = _("until {moment}").format(moment=said.moment_of_us(changed["due_at"], now=now))
        return ", ".join(part for part in (words.nth(changed["round"]), due) if part)
    if one.verb in ("recheck", "decide_contest"):
        outcome = {
            "passed": _("passed"), "failed": _("not passed: a further round begins"),
            "refused": _("the finding stands"), "granted": _("granted"),
        }
        return outcome[changed["state"]]
    return ""

