"""What became of each of many cases, in words: done or refused and why; what to try again, what to take back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wangge.interfaces.staff.deeds import DEEDS, Deed, Given
from wangge.interfaces.staff.rows import short
from wangge.interfaces.web import refusals, words
from wangge.kernel.cases.each import Outcome


class Line(NamedTuple):
    """One case: its number, long and short, the words of the result, and `value` to choose it again with."""

    number: str
    short: str
    words: str
    value: str


class Told(NamedTuple):
    """The results of one press. `done` and `refused` are sentences, empty where there is nothing to say; `undo` is the
    deed that takes back what was done; `given` is what was typed, to try again with."""

    deed: Deed
    done: str
    refused: str
    lines: list[Line]
    failed: list[Line]
    again: list[str]
    undo: str
    given: Given


def told(deed: Deed, outcomes: Sequence[Outcome], given: Given) -> Told:
    """Put the results of one press into words."""
    lines = [
        Line(one.after.number, short(one.after.number), str(words.STATES[one.after.state]), _value(one))
        for one in outcomes
        if one.after is not None
    ]
    failed = [
        Line(one.pick.number, short(one.pick.number), refusals.said(one.error), _value(one))
        for one in outcomes
        if one.error is not None
    ]
    done = refused = ""
    if lines:
        n = len(lines)
        act = words.DONE[deed.acts[-1]]
        done = ngettext("{act}: {n} case.", "{act}: {n} cases.", n).format(act=act, n=n)
    if failed:
        n = len(failed)
        refused = ngettext("{n} case was left as it is:", "{n} cases were left as they are:", n).format(n=n)
    undo = deed.undo if lines and deed.undo in DEEDS else ""
    return Told(deed, done, refused, lines, failed, [line.value for line in failed if line.value], undo, given)


def nothing(deed: Deed, words_of: str) -> Told:
    """Nothing was done, for this reason."""
    return Told(deed, "", words_of or str(_("Nothing was done.")), [], [], [], "", {})


def _value(one: Outcome) -> str:
    return "" if one.now is None else f"{one.pick.number}:{one.now}"
