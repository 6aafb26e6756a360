"""Lines of the list and pins of the map, said in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from wangge.interfaces.staff.marks import marks
from wangge.interfaces.web import words
from wangge.kernel.cases.guards import done_at
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.cases.queries import QueueRow
from wangge.kernel.cases.state import CaseState


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list. `who` is empty while nobody was asked to handle it; `deeds` may be done to it now.
    `suggested` is whom the rules name for one that waits to be dispatched, `reason` why, or why nobody."""

    number: str
    version: int
    short: str
    title: str
    place: str
    class_name: str
    who: str
    who_sub: str
    state: str
    due: words.Due
    marks: tuple[words.Due, ...] = ()
    deeds: tuple[str, ...] = ()
    suggested: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """How areas and posts are called: path → name, post code → name."""

    area: Callable[[str], str]
    post: Callable[[str], str]


def english() -> bool:
    """Whether the page is in English."""
    return not (translation.get_language() or "zh").startswith("zh")


def row(
    found: QueueRow, *, now: datetime, say: Speaker, deeds: tuple[str, ...] = (),
    suggested: tuple[str, str] | None = None,
) -> Row:
    """A case as a line of the list."""
    case = found.case
    class_name = (found.class_name_en if english() else found.class_name) or found.class_name or ""
    unit = (found.organisation_name_en if english() else None) or found.organisation_name
    who, who_sub = addressee(case, unit, found.handler_name, say)
    return Row(
        number=case.number,
        version=case.version,
        short=short(case.number),
        title=title(found.description, class_name),
        place=found.address or say.area(case.path),
        class_name=class_name,
        who=who,
        who_sub=who_sub,
        state=case.state,
        due=deadline(case, now),
        marks=marks(case, now),
        deeds=deeds,
        suggested=suggested[0] if suggested else "",
        reason=suggested[1] if suggested else "",
    )


def title(description: str | None, class_name: str) -> str:
    """The first line of the report, else the class, else that there are no words."""
    lines = (description or "").strip().splitlines()
    return lines[0][:120] if lines else class_name or _("No words; see the photos")


def short(number: str) -> str:
    """The number without region and year: 1014-000312."""
    return f"{number[10:14]}-{number[14:]}" if len(number) >= 19 and number.isdigit() else number


def addressee(case: CaseState, organisation: str | None, handler: str | None, say: Speaker) -> tuple[str, str]:
    """Who handles it: the post or organisation, and beneath it the place or the person."""
    if organisation:
        return organisation, handler or ""
    if case.post:
        return say.post(case.post), handler or say.area(case.post_path or case.path)
    return "", ""


def deadline(case: CaseState, now: datetime) -> words.Due:
    """Open cases: the end of the present stage. Closed ones: whether the work was handed back in time."""
    if case.merged_into is not None:
        return words.Due("hold", _("joined to another case"))
    if case.state == "suspended" and case.suspended_until:
        until = words.moment(case.suspended_until, now=now)
        return words.Due("hold", _("suspended until {moment}").format(moment=until))
    if case.state in LIVE:
        return words.due(case.stage_due_at, now=now)
    if case.state == "closed" and case.forced:
        return _forced(case)
    if case.state == "closed" and case.due_at:
        said = words.due(case.due_at, now=now, ended=done_at(case))
        exempt = said.kind == "late" and case.timeout_exempt
        return words.Due("hold", _("{words}, exempt").format(words=said.words)) if exempt else said
    return words.Due("", words.moment(case.closed_at or case.stage_since, now=now))


def _forced(case: CaseState) -> words.Due:
    """Closed by force: nothing was done in time; that its time was over is said."""
    ended = case.handled_at or case.closed_at
    if case.due_at and ended and ended > case.due_at:
        return words.Due("late", _("closed by force, {span} late").format(span=words.span(ended - case.due_at)))
    return words.Due("hold", _("closed by force"))


def counters(case: CaseState) -> str:
    """How often it came back, in words; empty for a straight way."""
    named = (
        (case.returns, _("returned {n}×")), (case.reworks, _("reworked {n}×")), (case.reopens, _("reopened {n}×")),
        (case.reminders, _("reminded {n}×")),
    )  # fmt: skip
    return ", ".join(text.format(n=n) for n, text in named if n)
