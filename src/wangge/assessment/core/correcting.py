"""What changes after publication: the old statement stays, and the current period gets reversals and charges.

Each charge is named by its key; one whose amount, units or post changed is reversed in whole and charged anew, one that
stands as it was has no entry. The sum of a person's entries is the refund (below zero) or what is owed more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from wangge.assessment.core.clauses import Sentence
from wangge.assessment.core.inputs import Inputs
from wangge.base.errors import Conflict, InvalidInput


class Published(NamedTuple):
    """A charge as it was published."""

    key: str
    holder: str
    post: str
    units: str
    fen: int


class Entry(NamedTuple):
    """An entry of the current period: a reversal has a negative amount and names the charge that it reverses."""

    kind: Literal["reversal", "charge"]
    key: str
    holder: str
    post: str
    units: str
    fen: int
    said: Sentence


def published(told: Mapping[str, Any]) -> list[Published]:
    """The charges of a statement that was kept as plain data. Raises `InvalidInput` for what is none."""
    try:
        return [Published(str(one["key"]), str(one["holder"]), str(one["post"]), str(one["units"]), int(one["fen"]))
                for one in told["charges"]]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("This is no statement.", field="previous",
                           expected="the last line of an earlier run") from error


def corrections(before: Sequence[Published], now: Sequence[Published]) -> list[Entry]:
    """Reversals and charges that lead from a published statement to what holds now, by key."""
    old, new = ({one.key: one for one in rows} for rows in (before, now))
    entries: list[Entry] = []
    for key in sorted(old.keys() | new.keys()):
        was, is_ = old.get(key), new.get(key)
        if was and is_ and (was.fen, was.units, was.post) == (is_.fen, is_.units, is_.post):
            continue
        if was:
            entries.append(Entry("reversal", key, was.holder, was.post, was.units, -was.fen, Sentence(
                f"冲回原扣款 {was.units} 档。", f"The charge of {was.units} units is reversed.",
            )))
        if is_:
            entries.append(Entry("charge", key, is_.holder, is_.post, is_.units, is_.fen, Sentence(
                f"更正后应计 {is_.units} 档。", f"After the correction: {is_.units} units.",
            )))
    return entries


def net(entries: Sequence[Entry]) -> dict[str, int]:
    """What each holder gets back (below zero) or owes more, in fen."""
    sums: dict[str, int] = defaultdict(int)
    for one in entries:
        sums[one.holder] += one.fen
    return dict(sums)


def appealed(inputs: Inputs, points: Mapping[str, int]) -> Inputs:
    """The inputs after appeals that cut findings (by key) to so many milli; 0 voids one. Raises `InvalidInput`."""
    known = {one.key: one for one in inputs.findings}
    for key, amount in points.items():
        if key not in known:
            raise InvalidInput("There is no such finding.", field="appeal", value=key,
                               expected="source/id of a finding, such as city/17")
        if amount > known[key].points:
            raise InvalidInput("An appeal never raises points.", field="appeal", value=key,
                               expected=f"at most {known[key].points} thousandths")
    cut = tuple(
        one._replace(points=points.get(one.key, one.points), void=one.void or points.get(one.key) == 0)
        for one in inputs.findings
    )
    return replace(inputs, findings=cut)


def check_reviewers(reviewers: Sequence[str], liable: set[str]) -> None:
    """Two people decide an appeal, neither of whom is charged by the same line. Raises `InvalidInput`, `Conflict`."""
    if len(reviewers) != 2 or len(set(reviewers)) != 2:
        raise InvalidInput("An appeal has two reviewers.", field="reviewers", value=", ".join(reviewers),
                           expected="two different people")
    if involved := [one for one in reviewers if one in liable]:
        raise Conflict("Nobody decides on what they answer for themselves.", field="reviewers", value=involved[0],
                       expected="somebody who is not charged by this line")
