"""Other reports that may tell of the same thing: open cases near by of the same class, and texts alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from wangge.base.geometry import Point
from wangge.base.mandate import Mandate
from wangge.interfaces.staff.hints import quoted
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import words
from wangge.kernel.cases.lifecycle import OPEN
from wangge.kernel.cases.queries import Candidate, CaseDetail, candidates_for
from wangge.kernel.reading.similar import Similar, similar_reports

INTAKE = ("reported", "verifying")
"""Where cases of the same thing are looked for; later a number can still be typed. Words are compared once, when
the report comes in."""
LOOK_BACK = timedelta(days=30)
"""How far back texts alike are looked for: what came back within a month is worth knowing."""


@dataclass(frozen=True, slots=True)
class Near:
    """A case that may be about the same thing. `joins` says that this one can be joined to it by one press."""

    number: str
    words: str
    joins: bool


def nearby(detail: CaseDetail, by: Mandate, now: datetime) -> list[Near]:
    """The nearest of the same class first, then texts alike; each case once."""
    case = detail.case
    if case.state not in INTAKE:
        return []
    found = {one.number: _by_place(one, now) for one in candidates_for(case, by)}
    if case.state == INTAKE[0] and detail.description and case.lon_e7 is not None and case.lat_e7 is not None:
        alike = similar_reports(
            detail.description, by=by, near=Point(case.lon_e7, case.lat_e7), since=case.reported_at - LOOK_BACK,
            but=case.id, n=3,
        )  # fmt: skip
        for one in alike:
            found.setdefault(one.number, _by_words(one, now))
    return list(found.values())


def _by_place(one: Candidate, now: datetime) -> Near:
    name = (one.class_name_en if english() else one.class_name) or one.description or ""
    said = _("{name}, {metres} m away, {moment}").format(
        name=name[:40], metres=one.metres, moment=words.moment(one.reported_at, now=now)
    )
    return Near(one.number, said, True)


def _by_words(one: Similar, now: datetime) -> Near:
    said = _("also says {words}, {metres} m away, {moment} ({state})").format(
        words=quoted(one.words), metres=one.metres, moment=words.moment(one.reported_at, now=now),
        state=words.STATES[one.state],
    )  # fmt: skip
    return Near(one.number, said, one.state in OPEN)
