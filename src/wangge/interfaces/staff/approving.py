"""What needs somebody's yes, as one list: requests about cases, joint meetings, orders to answer, answers to accept.

Whether it is this person's yes is read from the transition tables; nothing here decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import rows, standing, taskwords
from wangge.interfaces.staff.deeds import target_of
from wangge.interfaces.web import refusals, words
from wangge.kernel.cases import queries
from wangge.kernel.cases.each import MOST, Pick, act_on_each
from wangge.kernel.cases.queries.night import Plea, pleas
from wangge.kernel.cases.rules import allowed_actions
from wangge.kernel.cases.services import Command
from wangge.kernel.cases.state import CaseState
from wangge.kernel.places.queries import atlas
from wangge.kernel.tasks import services as tasks
from wangge.kernel.tasks.lifecycle import State
from wangge.kernel.tasks.queries import Filters as TaskFilters
from wangge.kernel.tasks.queries import TaskRow, listing
from wangge.kernel.tasks.rules import allowed_actions as allowed_on_task
from wangge.kernel.tasks.state import Command as TaskCommand


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of decision: its name, the acts that say yes (the first that is allowed), the act that says no, which
    entries asked for it, and what a yes must bring along."""

    name: Promise
    yes: tuple[str, ...]
    no: str
    plea: tuple[str, ...]
    needs: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "extension": Kind(pgettext_lazy("decision", "Extension"), ("extend", "endorse"), "refuse",
                      ("ask_extension", "endorse")),
    "suspension": Kind(pgettext_lazy("decision", "Suspension"), ("suspend",), "refuse", ("ask_suspension",)),
    "appeal": Kind(pgettext_lazy("decision", "Appeal"), ("exempt", "review"), "refuse", ("appeal", "review")),
    "meeting": Kind(pgettext_lazy("decision", "Joint meeting"), ("rule",), "", ("return",), ("target", "reason")),
    "order": Kind(pgettext_lazy("decision", "Supervision order"), ("answer",), "", ("supervise",), ("note",)),
    "reply": Kind(pgettext_lazy("decision", "Answer to a task"), ("accept_reply",), "send_back", ()),
}
YES: dict[str, Promise] = {
    "extend": pgettext_lazy("button", "Grant the extension"),
    "endorse": pgettext_lazy("button", "Endorse the extension"),
    "suspend": pgettext_lazy("button", "Suspend"),
    "exempt": pgettext_lazy("button", "Grant the appeal"),
    "review": pgettext_lazy("button", "Pass the appeal on"),
    "rule": pgettext_lazy("button", "The joint meeting rules"),
    "answer": pgettext_lazy("button", "Answer the order"),
    "accept_reply": pgettext_lazy("button", "Accept the answer"),
}
NO: dict[str, Promise] = {
    "refuse": gettext_lazy("Refuse"),
    "send_back": pgettext_lazy("button", "Send back"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One decision. `value` is number and version; `asked` says who asked and why, a line each."""

    value: str
    number: str
    address: str
    kind: str
    name: str
    title: str
    note: str
    asked: tuple[str, ...]
    due: words.Due
    yes: str
    no: str
    needs: tuple[str, ...]
    path: str
    simple: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one decision."""

    number: str
    address: str
    words: str
    done: bool


def of_cases(by: Mandate, *, now: datetime, reasons: bool = False) -> list[Item]:
    """The decisions about cases that are this mandate's, the nearest deadline first. One statement, or two."""
    page = queries.queue(by, queries.Filters(waiting="decision"), now=now, limit=queries.MOST_ROWS)
    found = [(row, kind, act) for row in page.rows for kind, act in _mine(row.case, by)]
    asked = pleas([row.case.id for row, _kind, _act in found], by) if reasons else {}
    items = [_item(row, kind, act, asked.get(row.case.id, []), now) for row, kind, act in found]
    order = {id(item): row.case.supervision_due_at if kind == "order" else row.case.stage_due_at
             for item, (row, kind, _act) in zip(items, found, strict=True)}
    return sorted(items, key=lambda item: (order[id(item)] is None, order[id(item)] or now))


def of_tasks(by: Mandate, *, now: datetime) -> list[Item]:
    """Answers to tasks that this mandate gave. One statement."""
    page = listing([by], TaskFilters(box="out", states=(State.REPLIED.value,)), limit=200)
    return [_task(row, by, now) for row in page.rows if "accept_reply" in allowed_on_task(row.task, by, now)]


def _mine(case: CaseState, by: Mandate) -> list[tuple[str, str]]:
    """The kinds of decision that this case waits for from this mandate, with the act that says yes."""
    allowed = allowed_actions(case, by)
    waits = [case.request] if case.request else []
    waits += ["meeting"] if case.meeting == "called" else []
    waits += ["order"] if case.supervision_due_at is not None else []
    found = []
    for kind in waits:
        act = next((act for act in KINDS[kind].yes if act in allowed), None) if kind in KINDS else None
        if act:
            found.append((kind, act))
    return found


def _item(row: queries.QueueRow, kind: str, act: str, asked: Sequence[Plea], now: datetime) -> Item:
    case, info = row.case, KINDS[kind]
    line = rows.row(row, now=now, say=standing.speaker(atlas()))
    due = words.due(case.supervision_due_at, now=now) if kind == "order" else line.due
    return Item(
        value=f"{case.number}:{case.version}", number=case.number, address=reverse("staff:case", args=[case.number]),
        kind=kind, name=str(info.name), title=line.title, note=" · ".join(filter(None, (_more(case, kind, now),
                                                                                      line.who, line.place))),
        asked=tuple(_said(one, now) for one in _newest(asked, info.plea, 2 if kind == "meeting" else 1)), due=due,
        yes=str(YES[act]), no=str(NO[info.no]) if info.no else "", needs=info.needs, path=case.path,
        simple=not info.needs,
    )  # fmt: skip


def _more(case: CaseState, kind: str, now: datetime) -> str:
    """What exactly is asked for."""
    if kind == "suspension" and case.request_until:
        return _("until {moment}").format(moment=words.moment(case.request_until, now=now))
    if kind == "extension":
        return _("one more limit of {limit}").format(limit=words.limit(case.limit_amount, case.limit_unit))
    if kind == "meeting":
        return _("refused twice")
    return ""


def _newest(asked: Sequence[Plea], verbs: tuple[str, ...], most: int) -> list[Plea]:
    return [one for one in asked if one.verb in verbs][:most]


def _said(plea: Plea, now: datetime) -> str:
    who = " ".join(part for part in (standing.post_name(plea.post or ""), plea.name or "") if part)
    return _("{who}, {moment}: {reason}").format(
        who=who, moment=words.moment(plea.at, now=now), reason=plea.reason or "–")


def _task(row: TaskRow, by: Mandate, now: datetime) -> Item:
    task = row.task
    return Item(
        value=f"{task.number}:{task.version}", number=task.number, address=reverse("staff:task", args=[task.number]),
        kind="reply", name=str(KINDS["reply"].name), title=taskwords.title(row),
        note=taskwords.addressee(row, atlas()), asked=(), due=taskwords.due(task, now),
        yes=str(YES["accept_reply"]), no=str(NO["send_back"]) if task.due_at > now else "", needs=(), path=task.path,
        simple=True,
    )  # fmt: skip


def decide(picks: Sequence[Pick], verdict: str, given: Mapping[str, str], *, by: Mandate) -> list[Result]:
    """Say yes or no to each, each in a transaction of its own; one result each. `given` holds note, reason, target.

    Raises `InvalidInput` for none, for too many, and for another verdict.
    """
    if verdict not in ("yes", "no"):
        raise InvalidInput("Say yes or no.", field="verdict", value=verdict, expected="yes or no")
    if not 0 < len(picks) <= MOST:
        raise InvalidInput("Choose some cases, and not too many.", field="case", value=len(picks),
                           expected=f"1 to {MOST} cases")
    about_cases = [pick for pick in picks if not pick.number.upper().startswith("T")]
    results = [_on_task(pick, verdict, given, by) for pick in picks if pick not in about_cases]
    if about_cases:
        for one in act_on_each(about_cases, lambda case: [_command(case, verdict, given, by)], by=by):
            said = refusals.said(one.error) if one.error else _done(one.after, verdict)
            results.append(Result(one.pick.number, reverse("staff:case", args=[one.pick.number]), said,
                                  one.error is None))
    return results


def _command(case: CaseState, verdict: str, given: Mapping[str, str], by: Mandate) -> Command:
    mine = _mine(case, by)
    if not mine:
        raise InvalidInput("Nothing here waits for your decision.", field="action", value=case.number,
                           expected="a case that waits for your yes")
    kind, act = next((pair for pair in mine if pair[0] == given.get("kind")), mine[0])
    if verdict == "no":
        if not KINDS[kind].no:
            raise InvalidInput("This is not refused; it is ruled or answered.", field="verdict", value=verdict,
                               expected="yes")
        return Command(act=KINDS[kind].no, reason=given.get("reason", ""))
    organisation, post = target_of(given.get("target", "")) if act == "rule" else (None, None)
    return Command(act=act, reason=given.get("reason", ""), note=given.get("note", ""), organisation=organisation,
                   post=post)


def _done(case: CaseState | None, verdict: str) -> str:
    assert case is not None
    said = _("Agreed.") if verdict == "yes" else _("Refused.")
    return f"{said} {words.STATES[case.state]}"


def _on_task(pick: Pick, verdict: str, given: Mapping[str, str], by: Mandate) -> Result:
    address = reverse("staff:task", args=[pick.number])
    command = TaskCommand(act="accept_reply" if verdict == "yes" else "send_back", reason=given.get("reason", ""),
                          note=given.get("note", ""))
    try:
        after = tasks.act(task_id=pick.number, command=command, expected_version=pick.version, by=by)
    except WanggeError as error:
        return Result(pick.number, address, refusals.said(error), done=False)
    return Result(pick.number, address, str(taskwords.STATES[after.state]), done=True)


def paths(items: Sequence[Item]) -> list[str]:
    """The places of joint meetings, for which units are offered."""
    return list(dict.fromkeys(item.path for item in items if "target" in item.needs))


