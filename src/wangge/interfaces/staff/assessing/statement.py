"""One holder's statement as a page shows it: what, why, by which sum, on what evidence, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wangge.assessment.core.amounts import points_text, yuan_text
from wangge.assessment.models import Appeal, FindingRow, Run, StatementLine
from wangge.assessment.policies.queries import stated
from wangge.assessment.running import queries
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.assessing import words
from wangge.interfaces.staff.rows import english
from wangge.kernel.cases.reference import reference
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.places.queries import Atlas

FEW = 2
"""So many findings stand with a line, the others behind a press."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding: its key, time, class, place and source in words."""

    key: str
    at: datetime
    name: str
    place: str
    source: str
    points: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line. `amount` has its sign; `state` says where an appeal stands, of the kind `state_kind`."""

    number: int
    key: str
    title: str
    amount: str
    kind: str
    sentence: str
    arithmetic: str
    ground: str
    evidence: Sequence[Evidence]
    more: Sequence[Evidence]
    state: str
    state_kind: str
    may_appeal: bool


def build(own: queries.Own, holder: UUID, *, by: Mandate, places: Atlas, now: datetime) -> dict[str, Any]:
    """The context of the page."""
    run, found = own.run, _evidence([*own.lines, *own.before], places)
    open_ = run.stage == "notified" and run.appeal_until is not None and now < run.appeal_until
    lines = _shown(own, found, open_ and queries.is_own(holder, by), places)
    lost = sum(one.points for one in own.lines)
    policy = stated(run.policy.body)
    fen = sum(one.fen for one in own.lines)
    calendar = calendar_for(run.area_path)
    return {
        "run": run,
        "period": words.period_name(run.period),
        "stage": words.STAGES[run.stage],
        "stage_kind": words.STAGE_KINDS[run.stage],
        "lost": points_text(lost),
        "nothing": not own.lines and not own.before,
        "lines": lines,
        "appealable": sum(one.may_appeal for one in lines),
        "counts": _counts(own, lines),
        "sum": _sums(own),
        "open": open_,
        "days": words.days_words(words.days_left(calendar, now, run.appeal_until or now)),
        "mode": words.MODES[run.policy.mode],
        "points_only": run.policy.mode == "points",
        "shadow": yuan_text(fen) if fen else "",
        "taken": yuan_text(own.taken) if run.stage == "posted" else "",
        "not_taken": yuan_text(fen - own.taken) if run.stage == "posted" and fen > own.taken else "",
        "review_days": 5,
        "policy": policy,
        "policy_title": policy.title.english if english() else policy.title.zh,
        "policy_row": run.policy,
        "looks": [{"name": one.name or _("(name erased)"), "at": one.at} for one in own.looks],
    }


def _shown(own: queries.Own, found: Mapping[str, Evidence], open_: bool, places: Atlas) -> list[Shown]:
    """The lines as they stand; what an appeal or a correction changed stands with its counter-entry."""
    now = {one.key: one for one in own.lines}
    was = {one.key: one for one in own.before}
    appealed = {one.line_key: one for one in own.appeals if one.state != "withdrawn"}
    findings = {f"{one.finding.source}/{one.finding.ref}" for one in own.appeals if one.state == "open"}
    rows: list[Shown] = []
    reversed_: list[tuple[Shown, StatementLine]] = []
    for key, line in {**was, **now}.items():
        old = was.get(key)
        changed = bool(own.before) and old is not None and (key not in now or now[key].points != old.points)
        shown = old if changed and old is not None else line
        one = _line(len(rows) + 1, shown, found, appealed.get(key), open_ and not changed
                    and not set(shown.findings) <= findings, places)
        rows.append(one)
        if changed:
            reversed_.append((one, shown))
            if key in now:
                rows.append(_line(len(rows) + 1, now[key], found, None, open_, places))
    for one, line in reversed_:
        number = len(rows) + 1
        rows[one.number - 1] = _with_state(one, _("Reversed by line {n}").format(n=number), "done")
        rows.append(Shown(
            number, "", _("Line {n} is reversed").format(n=one.number), f"+{points_text(line.points)}", "done",
            _("Everybody whom it charged gets it back, also who did not appeal. The line itself is not erased."),
            f"0 − (−{points_text(line.points)}) = +{points_text(line.points)}", "", (), (), "", "", False,
        ))
    return rows


def _line(number: int, line: StatementLine, found: Mapping[str, Evidence], appeal: Appeal | None, open_: bool,
          places: Atlas) -> Shown:
    evidence = [found[key] for key in line.findings if key in found]
    area = places.by_code(line.place)
    ground = standing.area_name(places, area.path) if area else ""
    state, kind = words.appeal_state(appeal) if appeal else ("", "")
    return Shown(
        number, line.key, words.line_title(line), f"−{points_text(line.points)}" if line.points else "0.00",
        "late" if line.points else "", words.line_sentence(line, places), line.arithmetic,
        " · ".join(part for part in (ground, standing.post_name(line.post)) if part), evidence[:FEW], evidence[FEW:],
        state, kind, bool(open_ and line.points and not (appeal and appeal.state == "open")),
    )


def _with_state(one: Shown, state: str, kind: str) -> Shown:
    return replace(one, state=state, state_kind=kind, may_appeal=False)


def _evidence(lines: Sequence[StatementLine], places: Atlas) -> dict[str, Evidence]:
    """The findings of all lines, by one statement."""
    keys = {key for line in lines for key in line.findings}
    if not keys:
        return {}
    refs = {key.partition("/")[2] for key in keys}
    known = reference().classes.values()
    names = {info.code: (info.name_en if english() else info.name) or info.name for info in known}
    found = {}
    for row in FindingRow.objects.filter(ref__in=refs).order_by("discovered_at"):
        key = f"{row.source}/{row.ref}"
        if key in keys:
            found[key] = Evidence(
                key, row.discovered_at, names.get(row.class_code, row.class_code) or _("Problem"),
                standing.ground_name(places, row.area_path), str(words.SOURCES[row.source]),
                points_text(row.found_points),
            )
    return found


def _counts(own: queries.Own, lines: Sequence[Shown]) -> str:
    exempt = sum(one.key.startswith("exempt/") for one in own.lines)
    reversed_ = sum(1 for one in lines if not one.key)
    parts = [ngettext("{n} line", "{n} lines", len(lines)).format(n=len(lines))]
    if exempt:
        parts.append(_("{n} exempt").format(n=exempt))
    if reversed_:
        parts.append(_("{n} reversed").format(n=reversed_))
    return " · ".join(parts)


def _sums(own: queries.Own) -> list[tuple[str, str]]:
    """What was lost by each clause, and what came back."""
    start = own.before or own.lines
    sums: dict[str, int] = {}
    for one in start:
        sums[one.clause] = sums.get(one.clause, 0) + one.points
    rows = [(words.clause_name(name), f"− {points_text(lost)}") for name, lost in sums.items() if lost]
    back = sum(sums.values()) - sum(one.points for one in own.lines)
    if back:
        rows.append((_("Appeals and corrections"), f"{'+' if back > 0 else '−'} {points_text(abs(back))}"))
    return rows


def own_run(runs: Sequence[Run], wanted: str) -> Run | None:
    """The run that was asked for, else the newest."""
    return next((one for one in runs if one.period == wanted), runs[0] if runs else None)
