"""The pure part: units, kinds of posting and what each does to an account, and what a posting must be.

Amounts are integers of the smallest unit; what goes into an account is positive. Nothing here touches the database.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from wangge.base.errors import InvalidInput

UNITS: Mapping[str, int] = {"points": 1000, "cny": 100, "minutes": 1}
"""How many of the smallest unit make one: thousandths of a point, fen, minutes."""
OWNER_KINDS = ("person", "organisation", "area")
LARGEST = 10**15
"""No leg is larger: ten trillion yuan. Sums of thousands of them still fit 64 bits."""
MOST_LEGS = 1000
PURPOSE_FORM = r"^[a-z][a-z0-9_-]{0,63}$"
CODE_FORM = r"^[A-Za-z0-9._:/#@+-]*$"
"""Keys and policy references. How long they are is asked apart: with `{1,200}` inserts took three times as long."""
LONGEST_CODE = 200


class Kind(StrEnum):
    """What a posting is. A hold is pending until it is settled or released."""

    POST = "post"
    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"
    REVERSE = "reverse"


class Effect(NamedTuple):
    """What a leg counts for: `taken` of its amount moves the balance, `pending` of it what is held or expected."""

    taken: int
    pending: int


EFFECTS: Mapping[Kind, Effect] = {
    Kind.POST: Effect(1, 0),
    Kind.HOLD: Effect(0, 1),
    Kind.SETTLE: Effect(1, -1),
    Kind.RELEASE: Effect(0, -1),
    Kind.REVERSE: Effect(1, 0),
}
KINDS = tuple(kind.value for kind in Kind)
TARGETS: Mapping[Kind, tuple[Kind, ...]] = {
    Kind.SETTLE: (Kind.HOLD,),
    Kind.RELEASE: (Kind.HOLD,),
    Kind.REVERSE: (Kind.POST, Kind.SETTLE),
}
"""Which kinds of posting a kind refers to. Nothing undoes a reversal: what it should not have undone is posted anew."""


class Line(NamedTuple):
    """One leg: an amount on an account."""

    account: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class NewPosting:
    """A posting to be made. `lines` of a settlement, release or reversal follow from its `target` and stay empty.

    `key` names it for ever: the same key with the same content is the same posting. `policy` is a reference (a code,
    never a sentence); `reason` is erasable text. `at` is when it happened, where not at the mandate's own time.
    """

    key: str
    lines: tuple[Line, ...] = ()
    kind: Kind = Kind.POST
    target: UUID | None = None
    policy: str = ""
    reason: str = ""
    at: datetime | None = None


def check(row: NewPosting) -> None:
    """Raise `InvalidInput` for a key, reference, target or amounts that no posting may have."""
    _code("key", row.key, 1)
    _code("policy", row.policy, 0)
    if len(row.reason) > 1000 or "\0" in row.reason:
        raise InvalidInput("This reason is too long.", field="reason", value=row.reason, expected="at most 1,000")
    if row.at is not None and row.at.tzinfo is None:
        raise InvalidInput("This time has no zone.", field="at", value=row.at, expected="an aware time")
    if (row.kind in TARGETS) != (row.target is not None) or (row.kind in TARGETS and row.lines):
        raise InvalidInput(
            "A settlement, a release or a reversal names one posting and takes its lines; nothing else names one.",
            field="target", value=row.target or row.kind.value,
        )
    if row.kind not in TARGETS:
        check_lines(row.lines)


def check_lines(lines: Sequence[Line]) -> None:
    """Raise `InvalidInput` unless there are 2 to 1,000 lines of amounts that are whole, not zero and in bounds."""
    if not 2 <= len(lines) <= MOST_LEGS:
        raise InvalidInput("A posting has two lines at least.", field="lines", value=len(lines),
                           expected=f"2 to {MOST_LEGS}")
    for line in lines:
        if type(line.amount) is not int or line.amount == 0 or abs(line.amount) > LARGEST:
            raise InvalidInput("This is no amount.", field="amount", value=line.amount,
                               expected=f"a whole number of the smallest unit, not 0, at most {LARGEST}")


def check_balanced(lines: Iterable[Line], units: Mapping[UUID, str]) -> None:
    """Raise `InvalidInput` unless the amounts sum to zero for each unit."""
    sums: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        sums[units[line.account]] += line.amount
    for unit, total in sums.items():
        if total:
            raise InvalidInput(f"The lines in {unit} do not sum to zero.", field="lines", value=total, expected="0")


def lines_for(kind: Kind, of: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a posting that refers to one with the lines `of`: opposite for a reversal, else the same."""
    if kind is Kind.REVERSE:
        return tuple(Line(line.account, -line.amount) for line in of)
    return tuple(of)


def to_smallest(text: str, unit: str, *, field: str = "amount") -> int:
    """A decimal number of a unit as an integer of its smallest one: "12.34" yuan → 1234. Raises `InvalidInput`."""
    scale = UNITS[unit]
    try:
        exact = Decimal(text) * scale if re.fullmatch(r"[+-]?[0-9]{1,16}(\.[0-9]{1,6})?", text) else None
    except InvalidOperation:
        exact = None
    if exact is None or exact != exact.to_integral_value() or abs(exact) > LARGEST:
        raise InvalidInput(f"This is no amount of {unit}.", field=field, value=text,
                           expected=f"a decimal number in steps of {from_smallest(1, unit)}, at most 10^15 of them")
    return int(exact)


def from_smallest(amount: int, unit: str) -> str:
    """The exact decimal text of an integer of the smallest unit: 1234 fen → "12.34"."""
    digits = len(str(UNITS[unit])) - 1
    return str(Decimal(amount).scaleb(-digits)) if digits else str(amount)


def _code(field: str, value: str, shortest: int) -> None:
    if not (shortest <= len(value) <= LONGEST_CODE and re.fullmatch(CODE_FORM.rstrip("$") + r"\Z", value)):
        raise InvalidInput(f"This is no {field}.", field=field, value=value,
                           expected=f"{shortest} to {LONGEST_CODE} of A-Z a-z 0-9 . _ : / # @ + -")
