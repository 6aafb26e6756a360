"""What may be done to many cases at once, as one table: which acts stand behind a press, what it asks for, and whether
it can be taken back. Whether a case allows it is read from the transition table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import actions
from wangge.kernel.cases.each import Pick
from wangge.kernel.cases.lifecycle import State, transition
from wangge.kernel.cases.rules import refused
from wangge.kernel.cases.services import Command
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties.catalogue import POSTS

Given = dict[str, str]
Allows = Callable[[CaseState, Mandate], bool]


@dataclass(frozen=True, slots=True)
class Deed:
    """One button of the bar. `needs` are the fields that it asks for (note, reason, target), of which `optional` may
    stay empty; `warns` is said before what cannot be taken back; `undo` is the deed that takes it back."""

    key: str
    label: Promise
    counted: Promise
    allows: Allows
    acts: tuple[str, ...]
    needs: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    warns: Promise | None = None
    undo: str = ""
    bar: bool = True

    @property
    def asks(self) -> bool:
        """Whether a press opens a form first."""
        return bool(self.needs) or self.warns is not None


def _may(act: str) -> Allows:
    def allows(case: CaseState, by: Mandate) -> bool:
        row = transition(act, case.state)
        return row is not None and refused(row, case, by) is None

    return allows


def _passes(case: CaseState, by: Mandate) -> bool:
    return _may("inspect")(case, by) and by.allows("close", case.path) and case.supervision_due_at is None


def _transfers(case: CaseState, by: Mandate) -> bool:
    if case.state == State.DISPATCHED:
        return _may("recall")(case, by) and by.allows("dispatch", case.path)
    return _may("dispatch")(case, by)


DEEDS: dict[str, Deed] = {
    deed.key: deed
    for deed in (
        Deed(
            "accept", gettext_lazy("Accept"), gettext_lazy("Accept {n}"), _may("accept"), ("accept",),
            warns=gettext_lazy("Accepted reports are ours to verify. This cannot be taken back."),
        ),
        Deed(
            "dispatch", gettext_lazy("Dispatch"), gettext_lazy("Dispatch {n}"), _may("dispatch"), ("dispatch",),
            undo="recall",
        ),
        Deed(
            "sign", gettext_lazy("Sign for"), gettext_lazy("Sign for {n}"), _may("sign"), ("sign",),
            warns=gettext_lazy("You take them in hand. Who signs answers for them; this cannot be taken back."),
        ),
        Deed(
            actions.PASSED, gettext_lazy("Pass and close"), gettext_lazy("Pass and close {n}"), _passes,
            ("inspect", "close"),
            warns=gettext_lazy("You found the work good on each of them. The reporters are told that they are closed."),
        ),
        Deed(
            "transfer", gettext_lazy("Transfer"), gettext_lazy("Transfer {n}"), _transfers, ("recall", "dispatch"),
            needs=("target", "reason"),
        ),
        Deed(
            "urge", gettext_lazy("Remind"), gettext_lazy("Remind about {n}"), _may("urge"), ("urge",),
            needs=("note",), optional=frozenset({"note"}),
        ),
        Deed(
            "supervise", pgettext_lazy("button", "Order an answer"), gettext_lazy("Order {n} answers"),
            _may("supervise"), ("supervise",), needs=("reason",),
        ),
        Deed(
            "recall", gettext_lazy("Recall"), gettext_lazy("Recall {n}"), _may("recall"), ("recall",),
            needs=("reason",), bar=False,
        ),
    )
}  # fmt: skip
"""In the order of the bar; the first that fits is its one primary action."""


def deed_of(key: str) -> Deed:
    """The deed of this name. Raises `InvalidInput`."""
    if key not in DEEDS:
        raise InvalidInput("There is no such action.", field="action", value=key, expected="one of " + ", ".join(DEEDS))
    return DEEDS[key]


def offered(case: CaseState, by: Mandate) -> tuple[str, ...]:
    """Which deeds this case allows now."""
    return tuple(key for key, deed in DEEDS.items() if deed.bar and deed.allows(case, by))


def held(by: Mandate) -> list[Deed]:
    """The deeds whose acts the mandate holds at all."""
    return [deed for deed in DEEDS.values() if deed.bar and all(act in by.may for act in deed.acts)]


def commands(deed: Deed, given: Given, case: CaseState) -> Sequence[Command]:
    """The acts of the kernel behind a press on this case. Raises `InvalidInput` for a target that is none."""
    note, reason = given.get("note", ""), given.get("reason", "")
    if deed.key == "transfer":
        organisation, post = target_of(given.get("target", ""))
        if organisation is None and post is None:
            raise InvalidInput("Choose to whom it goes.", field="organisation", expected="a unit or a post")
        again = Command(act="dispatch", organisation=organisation, post=post, note=reason)
        return (Command(act="recall", reason=reason), again) if case.state == State.DISPATCHED else (again,)
    if deed.key == "recall" and not reason.strip():
        reason = _("Dispatched by mistake, taken back at once")
    return tuple(
        Command(act=name, note=note if name == deed.acts[0] else "", reason=reason if "reason" in deed.needs else "")
        for name in deed.acts
    )


def target_of(value: str) -> tuple[UUID | None, str | None]:
    """“unit:id” or “post:code” of a form: an organisation or a post, or neither. Raises `InvalidInput`."""
    kind, _sep, rest = value.partition(":")
    if kind == "post" and rest:
        if rest not in POSTS:
            raise InvalidInput("There is no such post.", field="post", value=rest, expected="one of the list")
        return None, rest
    if kind == "unit":
        try:
            return UUID(rest), None
        except ValueError as error:
            raise InvalidInput(
                "There is no such organisation.", field="target", value=rest, expected="one of the list"
            ) from error
    return None, None


def picks_of(values: Sequence[str]) -> list[Pick]:
    """“number:version” of the ticked rows. Raises `InvalidInput` for one that is none."""
    found = []
    for value in values:
        number, _sep, version = value.partition(":")
        if not (number and version.isascii() and version.isdigit() and len(version) < 10):
            raise InvalidInput("This is not a case of the list.", field="case", value=value, expected="number:version")
        found.append(Pick(number, int(version)))
    return found
