"""What presses on a case beside its stage, in words with a ground of their own: a called unit that has not come, an
order without an answer, the time limit of the case where its stage has another."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from wangge.interfaces.web import words
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.cases.state import CaseState


def marks(case: CaseState, now: datetime) -> tuple[words.Due, ...]:
    """The marks of a case in a list, the most pressing first. What is neither late nor soon has none."""
    if case.merged_into is not None:
        return ()
    return tuple(one for one in (_call(case, now), _order(case, now), _limit(case, now)) if one)


def _call(case: CaseState, now: datetime) -> words.Due | None:
    if case.call_due_at is None:
        return None
    if case.call_due_at < now:
        span = words.span(now - case.call_due_at)
        return words.Due("late", _("called unit {span} late").format(span=span))
    return words.Due("soon", _("unit called, {span} left").format(span=words.span(case.call_due_at - now)))


def _order(case: CaseState, now: datetime) -> words.Due | None:
    due = case.supervision_due_at
    if due is None:
        return None
    if due < now:
        return words.Due("late", _("order unanswered, {span} late").format(span=words.span(now - due)))
    left = due - now
    return words.Due("soon", _("order: {span} left").format(span=words.span(left))) if left < words.SOON else None


def _limit(case: CaseState, now: datetime) -> words.Due | None:
    """The case's own limit while another ends the stage; in hand the two are one."""
    due = case.due_at
    if due is None or case.handled_at or case.state not in LIVE or due == case.stage_due_at:
        return None
    if due < now:
        return words.Due("late", _("limit over by {span}").format(span=words.span(now - due)))
    if case.warned:
        return words.Due("soon", _("time limit: {span} left").format(span=words.span(due - now)))
    return None
