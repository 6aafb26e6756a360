"""Tracing back, for the printer: every stage with who answered, every entry with its digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wangge.base.clock import now
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import casepage, rows, standing
from wangge.interfaces.staff.chain import Item, Link, items, links
from wangge.interfaces.web import words
from wangge.kernel.cases import queries
from wangge.kernel.cases.reference import reference
from wangge.kernel.places.queries import atlas
from wangge.kernel.tracing.services import read_case


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal."""

    seq: int
    what: str
    who: str
    at: datetime
    digest: str
    sealed: bool


@standing.at_desk("trace")
def trace(request: HttpRequest, by: Mandate, number: str) -> HttpResponse:
    """The page; needs the verb `trace` there."""
    moment, places = now(), atlas()
    detail = queries.case_detail(number, by, now=moment, suggest=False)
    level = reference().level_of(detail.case.case_class)
    reading = read_case(detail.case, level=level, personal=detail.has_contact, by=by)
    story = queries.trace(detail.case, now=moment, words=not detail.withheld)
    stages = [link for stage in story.stages for link in links(stage, places, moment)]
    told: list[Item] = items(story, stages, detail.case, None, now=moment)
    told = [item for item in told if item.at is not None]
    entries = [
        Entry(one.seq, item.what, item.who, item.at or one.recorded_at, one.digest.hex()[:16], one.sealed)
        for one, item in zip(story.moments, reversed(told), strict=True)
    ]
    context = {
        "room": "queue",
        "page": {
            "number": number,
            "title": rows.title(detail.description, casepage.class_words(detail)),
            "stages": stages,
            "above": [casepage.answerable(one, places) for one in story.chain],
            "entries": entries,
            "late": any(link.over for link in stages),
            "finding": _finding(stages, story),
            "on_record": reading is not None,
        },
    }
    answer = standing.page(request, "staff/trace.html", context, by=by)
    answer["Cache-Control"] = "no-store"
    return answer


def _finding(stages: list[Link], story: queries.Trace) -> str:
    """The answer in a sentence first."""
    late = [link for link in stages if link.over]
    if not late:
        return _("Every stage so far ended within its limit.")
    worst = max(late, key=lambda link: link.over or timedelta())
    said = _("{n} of {all} stages ran over their limit; the longest: {step}, held by {post}, {span} over.")
    return said.format(
        n=len(late),
        all=len(story.stages),
        step=worst.step,
        post=f"{worst.post} {worst.person}".strip(),
        span=words.clock(worst.over or timedelta()),
    )
