"""Which acts the case page offers, in what order, and what each asks for. Read from the transition table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.base.mandate import Mandate
from wangge.interfaces.web import words
from wangge.kernel.cases.guards import SEEN_SOURCES
from wangge.kernel.cases.lifecycle import State, transition
from wangge.kernel.cases.reporting import LIMITS
from wangge.kernel.cases.state import CaseState

PASSED = "inspect_close"
"""One press for two acts: inspected and passed, then closed, for whoever may do both."""

TRUE = "register"
"""Where a report still has to be verified, one press says that it is true and registers it."""

FORWARD = (
    "arrive", "answer", "extend", "suspend", "endorse", "exempt", "review", "accept", "register", "rule", "dispatch",
    "sign", "handle", PASSED, "close", "inspect", "confirm", "dispose",
)  # fmt: skip
"""Acts that bring a case on; the first that is allowed is the one big button."""
OF_THE_STAGE = frozenset(
    {"accept", "confirm", "register", "dispatch", "sign", "handle", PASSED, "close", "inspect"}
)
"""Acts that do what the stage is for; the next step is called after the stage. Any other is called by its own name."""

DANGER = frozenset({"reject", "void", "rework", "return", "recall", "force_close", "refuse"})
PHOTOS = frozenset({"handle", "inspect", PASSED, "comment", "attach", "rework", "confirm", "dispose", "answer"})
UNTIL: dict[str, Promise] = {
    "ask_suspension": _("Suspended until"),
    "supervise": _("Answer by (empty: one working day)"),
}
"""Acts that take a time, and what it is called."""

PHRASES: dict[str, tuple[Promise, ...]] = {
    "accept": (_("Clear and ours"),),
    "reject": (_("Outside our ground"), _("Private property, no public space"), _("Reported twice")),
    "register": (_("Seen on the spot"), _("The photo shows it clearly")),
    "handle": (_("Cleared on the spot"), _("Repaired"), _("Persuaded, and put right"), _("Will look again tomorrow")),
    "inspect": (_("Before and after agree"), _("Reporter was called back"), _("Look again in a week")),
    PASSED: (_("Before and after agree"), _("Reporter was called back"), _("Look again in a week")),
    "rework": (_("Not cleared yet"), _("The photo shows another place"), _("No photo taken afterwards")),
    "return": (_("Not our duty"), _("Wrong place"), _("Another unit must come first")),
    "void": (_("Does not meet the condition"), _("Nothing found on the spot")),
    "tell": (_("Received; somebody is on the way to look"), _("It is done; please look"),
             _("It takes longer; you will hear when it is done")),
    "reopen": (_("It is back"), _("The reporter is not content")),
}
BACK_TO_INTAKE: tuple[Promise, ...] = (
    _("Not verified well enough"), _("The place is not clear"), _("It belongs to another class"),
)  # fmt: skip
"""Phrases for a return by whoever dispatches: it goes back to be verified, not to another unit."""

BACK = ("return", State.REGISTERED)

NOTES: dict[str, Promise] = {
    "handle": _("What was done, what was found"),
    "answer": _("What was done, and what will be"),
    "tell": _("To the reporter, who reads it with the tracking code"),
    "comment": _("A word to colleagues (residents do not see it)"),
}
"""What is to be written, by act."""


NO_REPLIES: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class Action:
    """One act as a form. `field` is the text it takes (reason or note), `needs` what it cannot do without."""

    act: str
    label: str
    hint: str
    stage: str
    needs: tuple[str, ...]
    field: str
    field_label: str
    most: int
    phrases: tuple[str, ...]
    takes_photos: bool
    photo_label: str
    danger: bool
    until: str = ""


def offered(
    case: CaseState, allowed: tuple[str, ...], by: Mandate, replies: Mapping[str, Sequence[str]] = NO_REPLIES
) -> tuple[Action | None, list[Action]]:
    """The one next action, and the others. `replies` are standard ones by act; they stand before the common phrases."""
    acts = list(allowed)
    if "confirm" in acts and by.allows("register", case.path):
        acts.insert(acts.index("confirm"), TRUE)
    if "inspect" in acts and by.allows("close", case.path):
        acts[acts.index("inspect")] = PASSED
    first = next((act for act in FORWARD if act in acts), None)
    rest = [act for act in acts if act != first]
    return (_action(first, case, replies) if first else None), [_action(act, case, replies) for act in rest]


def steps(act: str, case: CaseState) -> tuple[str, ...]:
    """The acts of the kernel behind a press on this case."""
    if act == PASSED:
        return ("inspect", "close")
    if act == TRUE and case.state == State.VERIFYING and case.verified_at is None and case.source not in SEEN_SOURCES:
        return ("confirm", "register")
    return (act,)


def _stage(act: str, case: CaseState) -> str:
    """What the next step is called."""
    if act not in OF_THE_STAGE:
        return str(words.BUTTONS[act])
    return str(words.STAGES["closed" if case.state == State.HANDLED and case.inspected_at else case.state])


def _phrases(act: str, case: CaseState, replies: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The standard replies of the act, then the common phrases, each once."""
    common = BACK_TO_INTAKE if (act, case.state) == BACK else PHRASES.get(act, ())
    return tuple(dict.fromkeys([*replies.get("inspect" if act == PASSED else act, ()), *map(str, common)]))


def _action(act: str, case: CaseState, replies: Mapping[str, Sequence[str]]) -> Action:
    row = transition("inspect" if act == PASSED else act, case.state)
    needs = row.needs if row else ()
    field = "reason" if "reason" in needs else "note"
    required = field in needs
    return Action(
        act=act,
        label=str(_("Passed, close the case") if act == PASSED else words.BUTTONS[act]),
        hint=str(words.NEXT.get("inspect" if act == PASSED else act, "")),
        stage=_stage(act, case),
        needs=needs,
        field=field,
        field_label=str(
            _("Reason (the reporter may read it)")
            if act in ("reject", "void")
            else _("Reason")
            if field == "reason"
            else NOTES.get(act, _("A few words"))
            if required
            else _("A note (optional)")
        ),
        most=LIMITS[field],
        phrases=_phrases(act, case, replies),
        takes_photos=act in PHOTOS,
        photo_label=str(_("Photos taken afterwards") if act in ("handle", "dispose") else _("Photos")),
        danger=act in DANGER,
        until=str(UNTIL.get(act, "")),
    )
