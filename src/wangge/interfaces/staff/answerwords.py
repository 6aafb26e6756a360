"""An answer of tracing back in words: findings first, posts before names, what reached whom and what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from wangge.interfaces.staff import standing
from wangge.interfaces.staff.chain import holder
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import words
from wangge.kernel.cases.queries import Trace
from wangge.kernel.cases.reference import reference
from wangge.kernel.places.queries import Atlas
from wangge.kernel.tracing import rules
from wangge.kernel.tracing.shapes import Answer, Holder

HOW: dict[str, Promise] = {
    "handed": pgettext_lazy("how it reached", "came into their hands"),
    "took_over": pgettext_lazy("how it reached", "taken over with the post"),
    "meanwhile": pgettext_lazy("how it reached", "while it was in their hands"),
    "came_up": pgettext_lazy("how it reached", "rose to their tier"),
    "called": pgettext_lazy("how it reached", "called to the spot"),
}


LONG = 40
"""With more lines than this only those are opened in whose hands something ran late."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that reached somebody, or that they did: when, of which case, what, how. `mark` is reached or did."""

    at: datetime
    number: str
    seq: int
    what: str
    how: str
    mark: str


@dataclass(frozen=True, slots=True)
class Row:
    """A duty: post, person, place, its stretches, cases in hand, lines in the order of time."""

    post: str
    person: str
    area: str
    stretches: tuple[tuple[datetime, datetime | None], ...]
    first_knew: datetime | None
    in_hand: list[dict[str, Any]]
    lines: list[Line]
    changed: bool
    late: bool

    @property
    def counts(self) -> str:
        """How much there is about it, in a line."""
        did = sum(line.mark == "did" for line in self.lines)
        return _("had {cases} in hand, reached by {reached}, did {did}").format(
            cases=len({one["number"] for one in self.in_hand}), reached=len(self.lines) - did, did=did
        )


def page(found: Answer, places: Atlas) -> dict[str, Any]:
    """What the page shows."""
    rows = [row(one, places) for one in found.holders]
    return {
        "area": standing.area_name(places, found.area.path),
        "ground": " · ".join(standing.area_name(places, one.path) for one in places.above(found.area.path)),
        "start": found.start,
        "end": found.end,
        "class": class_name(found),
        "number": found.number,
        "finding": finding(found, rows, places),
        "late": bool(found.late),
        "cases": [_case(one, found) for one in found.traces],
        "more": found.more,
        "touched": [one for one in rows if one.lines or one.in_hand],
        "long": sum(len(one.lines) for one in rows) > LONG,
        "others": [one for one in rows if not one.lines and not one.in_hand],
        "vacant": [
            {"post": standing.post_name(one.post), "from": one.from_, "to": one.to,
             "whole": (one.from_, one.to) == (found.start, found.end)}
            for one in found.vacant
        ],
        "entries": [
            {"number": one.case.number, "seq": moment.seq, "at": rules.when(one, moment), "what": _done(moment.verb),
             "digest": moment.digest.hex()[:16], "sealed": moment.sealed}
            for one in found.traces for moment in one.moments if rules.when(one, moment) < found.end
        ],
    }  # fmt: skip


def row(one: Holder, places: Atlas) -> Row:
    """A duty in words."""
    lines = [Line(it.at, it.number, it.seq, _done(it.verb), str(HOW[it.how]), "reached") for it in one.reached]
    lines += [Line(it.at, it.number, it.seq, _done(it.verb), "", "did") for it in one.deeds]
    in_hand = [
        {"number": it.number, "stage": str(words.STAGES[it.state]), "from": it.from_, "to": it.to, "due": it.due_at,
         "late": it.late}
        for it in sorted(one.in_hand, key=lambda it: (it.late is None, it.from_))
    ]  # fmt: skip
    return Row(
        holder(one.held.post, one.held), one.held.person_name or ("" if one.held.organisation_name else _("(erased)")),
        standing.area_name(places, one.held.area_path), one.stretches, one.first_knew, in_hand,
        sorted(lines, key=lambda line: (line.at, line.number, line.seq)), one.changed,
        any(it["late"] for it in in_hand),
    )  # fmt: skip


def finding(found: Answer, rows: list[Row], places: Atlas) -> str:
    """The answer in two sentences."""
    count = len(found.traces)
    if not count:
        return _("No such case was open here then. Who stood above the place is told below.")
    cases = ngettext("{n} case was open here then", "{n} cases were open here then", count).format(
        n=f"{count}+" if found.more else count
    )
    late = ngettext("{n} of them had run over a limit", "{n} of them had run over a limit", len(found.late)).format(
        n=len(found.late)
    ) if found.late else _("none had run over a limit")  # fmt: skip
    held = [one for one in rows if one.late]
    who = _("; late in the hands of {who}").format(
        who=_(", ").join(dict.fromkeys(f"{one.post} {one.person}".strip() for one in held[:4]))
    ) if held else ""  # fmt: skip
    vacant = {standing.post_name(one.post) for one in found.vacant if one.post in ("grid_worker", "grid_leader")}
    gone = _(" Vacant meanwhile: {posts}.").format(posts=_(", ").join(sorted(vacant))) if vacant else ""
    return _("{cases}, {late}{who}.").format(cases=cases, late=late, who=who) + gone


def class_name(found: Answer) -> str:
    """The class that was asked for, '' for every one."""
    if not found.class_prefix:
        return ""
    known = reference().by_code.get(found.class_prefix, ())
    near = next((one for one in known if found.area.path.startswith(one.area_path)), None)
    if near is None:
        return found.class_prefix
    return (near.name_en if english() else near.name) or near.name


def _case(one: Trace, found: Answer) -> Mapping[str, Any]:
    info = reference().classes.get(one.case.case_class) if one.case.case_class else None
    name = (info.name_en if info and english() else info.name if info else "") or _("class not named yet")
    state = next((stage.state for stage in reversed(one.stages) if stage.from_ < found.end), one.case.state)
    return {
        "number": one.case.number, "class": name, "state": state, "reported_at": one.case.reported_at,
        "late": one.case.number in found.late,
    }  # fmt: skip


def _done(verb: str) -> str:
    return str(words.DONE.get(verb, verb))
