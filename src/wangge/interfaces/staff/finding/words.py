"""Findings, contests and rectifications in the reader's words."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from wangge.assessment.core.amounts import points_text
from wangge.assessment.models import FindingRow
from wangge.interfaces.staff.assessing.words import SOURCES
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import words
from wangge.interfaces.web.words import Due
from wangge.kernel.cases.reference import Reference

VERBS: dict[tuple[str, str], Promise] = {
    ("finding", "record"): pgettext_lazy("finding", "Recorded"),
    ("finding", "amend"): pgettext_lazy("finding", "Points cut"),
    ("finding", "merge"): pgettext_lazy("finding", "Merged into another one"),
    ("contest", "contest_finding"): pgettext_lazy("finding", "Contested"),
    ("contest", "decide_contest"): pgettext_lazy("finding", "Contest decided"),
    ("rectification", "order_rectification"): pgettext_lazy("finding", "Ordered to be put right"),
    ("rectification", "rectify"): pgettext_lazy("finding", "Reported as put right"),
    ("rectification", "recheck"): pgettext_lazy("finding", "Checked again"),
    ("rectification", "drop_rectification"): pgettext_lazy("finding", "Order given up"),
}
"""What happened, by the subject of its entry and its verb."""
GROUNDS: dict[str, Promise] = {
    "contest": pgettext_lazy("finding", "contested before the statement"),
    "appeal": pgettext_lazy("finding", "appealed against in a statement"),
    "source": pgettext_lazy("finding", "corrected by whoever found it"),
}
RECORDERS: dict[str, Promise] = {
    "answers": pgettext_lazy("finding", "Typed in by somebody who answers for the place."),
    "bound": pgettext_lazy("finding", "Typed in by somebody with a declared relation to who works there."),
}


def standing(one: FindingRow, *, exempt: bool) -> Due:
    """What a finding is: stands, cut, void, duplicate, exempt inside; the kind only colours it."""
    if one.merged_into:
        return Due("", _("duplicate of {number}").format(number=number(one.merged_into)))
    if one.void:
        return Due("", _("void"))
    if one.source == "self":
        return Due("", _("their own report, counts against nobody"))
    if exempt:
        return Due("hold", _("reported before: exempt inside"))
    if one.points < one.found_points:
        return Due("", _("cut"))
    return Due("", _("stands"))


def number(one: FindingRow) -> str:
    """Its number with its source: “City inspection 17”."""
    return f"{SOURCES[one.source]} {one.ref}"


def points(one: FindingRow) -> str:
    """Its points as they stand; where they were cut also as they were found."""
    now = points_text(one.points)
    if one.points == one.found_points:
        return now
    return _("{now} (found: {found})").format(now=now, found=points_text(one.found_points))


def title(one: FindingRow, known: Reference) -> str:
    """Its class by name, else its number."""
    info = next(iter(known.by_code.get(one.class_code, ())), None) if one.class_code else None
    if info is None:
        return one.class_code or number(one)
    return (info.name_en if english() else info.name) or info.name


def rectification(one: FindingRow, state: str | None, due_at: datetime | None, now: datetime) -> Due | None:
    """How far putting right is, overdue in words; None where nobody ordered it."""
    if state is None or state == "dropped":
        return None
    if one.void or one.merged_into_id:
        return Due("", _("rests"))
    if state == "ordered":
        due = words.due(due_at, now=now)
        return Due(due.kind, _("put right: {due}").format(due=due.words))
    return {
        "reported": Due("soon", _("done, waits for the re-check")),
        "passed": Due("done", _("put right, checked")),
        "failed": Due("late", _("re-check not passed")),
    }[state]


def nth(number: int | None) -> str:
    """Which round it is, '' for the first."""
    return ngettext("round {n}", "round {n}", number).format(n=number) if number and number > 1 else ""

