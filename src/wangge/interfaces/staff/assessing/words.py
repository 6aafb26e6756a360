"""Stages, appeals and clauses in words, one wording for every page of the assessment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from wangge.assessment.core.clauses import KINDS, Sentence
from wangge.assessment.core.words import KIND_WORDS
from wangge.assessment.models import Appeal, Run, StatementLine
from wangge.base.calendar import WorkingCalendar
from wangge.interfaces.staff.rows import english
from wangge.kernel.places.queries import Atlas

STAGES: dict[str, Promise] = {
    "provisional": pgettext_lazy("run", "Provisional, not shown to anybody yet"),
    "notified": pgettext_lazy("run", "On notice, not in effect yet"),
    "final": pgettext_lazy("run", "Final"),
    "posted": pgettext_lazy("run", "Final, in the books"),
    "dropped": pgettext_lazy("run", "Given up"),
}
STAGE_KINDS = {"provisional": "", "notified": "soon", "final": "done", "posted": "done", "dropped": ""}
STEPS: dict[str, Promise] = {
    "provisional": pgettext_lazy("step", "Assessed"),
    "notified": pgettext_lazy("step", "Notice given"),
    "final": pgettext_lazy("step", "Final"),
    "posted": pgettext_lazy("step", "In the books"),
}
SOURCES: dict[str, Promise] = {
    "city": pgettext_lazy("finding", "City inspection"),
    "district": pgettext_lazy("finding", "District inspection"),
    "subdistrict": pgettext_lazy("finding", "Subdistrict inspection"),
    "sample": pgettext_lazy("finding", "Blind sample"),
    "self": pgettext_lazy("finding", "Own report"),
}
MODES: dict[str, Promise] = {
    "points": pgettext_lazy("mode", "points only"),
    "performance_pay": pgettext_lazy("mode", "performance pay"),
    "deposit": pgettext_lazy("mode", "deposit"),
}
POLICY_STATES: dict[str, Promise] = {
    "draft": pgettext_lazy("policy", "Draft, not in force"),
    "approved": pgettext_lazy("policy", "Approved"),
    "dropped": pgettext_lazy("policy", "Given up"),
}
DOCUMENTS: dict[str, Promise] = {
    "legal_basis": pgettext_lazy("document", "Legal basis"),
    "consultation": pgettext_lazy("document", "Record of consultation"),
    "publication": pgettext_lazy("document", "Publication"),
}
EMPLOYMENTS: dict[str, Promise] = {
    "civil_servant": pgettext_lazy("employment", "Civil servants"),
    "institution": pgettext_lazy("employment", "Staff of public institutions"),
    "cadre": pgettext_lazy("employment", "Community cadres"),
    "contract": pgettext_lazy("employment", "Contract employees"),
    "dispatched": pgettext_lazy("employment", "Dispatched workers"),
    "other": pgettext_lazy("employment", "Others"),
}
INVOICES: dict[str, Promise] = {
    "entered": pgettext_lazy("invoice", "Waits for approval"),
    "approved": pgettext_lazy("invoice", "Approved, to be paid"),
    "paid": pgettext_lazy("invoice", "Paid"),
    "refused": pgettext_lazy("invoice", "Refused"),
}
FLAGS: dict[str, Promise] = {
    "steed": pgettext_lazy("flag", "Steed flag"),
    "snail": pgettext_lazy("flag", "Snail flag"),
}


def said(sentence: Sentence) -> str:
    """A sentence of the core in the page's language."""
    return sentence.en if english() else sentence.zh


def line_sentence(line: StatementLine, places: Atlas) -> str:
    """A line's sentence in the page's language, with the names of areas."""
    return named(line.sentence_en if english() else line.sentence, places)


def told(row: Mapping[str, Any], places: Atlas) -> str:
    """The sentence of one of a statement's facts in the page's language, with the names of areas."""
    return named(row["sentence_en" if english() else "sentence"], places)


def named(text: str, places: Atlas) -> str:
    """A sentence of the core names areas by their codes, so that no name is in a digest; people read the names."""

    def name(found: re.Match[str]) -> str:
        area = places.by_code(found[0])
        return found[0] if area is None else (area.name_en if english() else area.name) or area.name

    return _CODE.sub(name, text)


_CODE = re.compile(r"(?<![\w./-])(?!\d{1,5}(?![\w-]))[A-Za-z0-9][A-Za-z0-9-]*(?![\w/]|[.-]\w)")


def clause_name(name: str) -> str:
    """A clause by its kind; one with an id of its own by that."""
    return said(KIND_WORDS[name]) if name in KINDS else name


def line_title(line: StatementLine) -> str:
    """What a line is about."""
    if line.key.startswith("exempt/"):
        return _("Reported before, exempt")
    return clause_name(line.clause)


def appeal_state(one: Appeal) -> tuple[str, str]:
    """Where an appeal stands, and the kind of its colour."""
    if one.state == "open":
        waiting = _("Appealed, waiting for the second reviewer") if one.first_reviewer else _(
            "Appealed, waiting for two reviewers")
        return waiting, "soon"
    return {
        "granted": (_("Appeal granted"), "done"), "refused": (_("Appeal refused by the reviewers"), ""),
        "withdrawn": (_("Appeal withdrawn"), ""),
    }[one.state]


def days_left(calendar: WorkingCalendar, at: datetime, until: datetime) -> int:
    """Working days from now until the deadline, the present one included."""
    first: date = timezone.localtime(at).date()
    last = timezone.localtime(until).date()
    days = (last - first).days + 1
    return sum(calendar.is_workday(first + timedelta(days=number)) for number in range(max(0, days)))


def days_words(days: int) -> str:
    """So many working days."""
    return ngettext("{n} working day", "{n} working days", days).format(n=days)


def steps(run: Run) -> Sequence[dict[str, object]]:
    """The stages of a run with the time of each."""
    order = list(STEPS)
    here = order.index(run.stage) if run.stage in order else 0
    times = {
        "provisional": run.assessed_at, "notified": run.notified_at, "final": run.final_at, "posted": run.posted_at,
    }
    return [
        {"name": STEPS[code], "at": times[code], "done": number <= here, "current": number == here}
        for number, code in enumerate(order)
    ]


def period_name(code: str) -> str:
    """2026Q3 as people say it."""
    year, quarter, number = code.partition("Q")
    if quarter:
        return _("{year}, quarter {number}").format(year=year, number=number)
    year, _dash, month = code.partition("-")
    return _("{year}, month {number}").format(year=year, number=int(month))
