"""Signals in the reader's words: what a row says, where its evidence lies, what was made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from wangge.interfaces.staff import rows, standing
from wangge.interfaces.web.refusals import english
from wangge.kernel.places.queries import Atlas
from wangge.kernel.signals.kinds import KINDS, Thresholds
from wangge.kernel.signals.reading import Signal

OUTCOMES: dict[str, Promise] = {
    "looked": pgettext_lazy("signal", "looked at"), "explained": pgettext_lazy("signal", "explained"),
    "passed": pgettext_lazy("signal", "passed on"),
}
SHOWN_CASES = 6
"""So many cases of one photo are linked."""


class Evidence(NamedTuple):
    """A link to what a signal rests on."""

    name: str
    address: str


def name_of(kind: str) -> str:
    """What a signal is called."""
    one = KINDS[kind]
    return one.name_en if english() else one.name


def rule_of(kind: str, held: Thresholds) -> str:
    """The rule with its thresholds, in a sentence."""
    return KINDS[kind].told(held.of(kind), english=english())


def not_meant(kind: str) -> str:
    """What the signal does not say."""
    one = KINDS[kind]
    return one.not_meant_en if english() else one.not_meant


def said(one: Signal, held: Thresholds) -> str:
    """The row in a line."""
    return _SAID[one.kind](one.data, held.of(one.kind))


def _photo(data: dict[str, Any], held: dict[str, int]) -> str:
    n = len(data["cases"])
    return ngettext("used {uses} times in {n} case", "used {uses} times in {n} cases", n).format(uses=data["uses"], n=n)


def _fast(data: dict[str, Any], held: dict[str, int]) -> str:
    n = int(data["seconds"])
    return ngettext("handled {n} second after the report", "handled {n} seconds after the report", n).format(n=n)


def _month_end(data: dict[str, Any], held: dict[str, int]) -> str:
    return _("{month}: {late} closed in the last {days} days, {rest} in the {others} days before").format(**data)


def _silent(data: dict[str, Any], held: dict[str, int]) -> str:
    n = int(data["days"])
    if data["ever"]:
        return ngettext("no report for {n} day", "no report for {n} days", n).format(n=n)
    return ngettext("no report ever, on duty for {n} day", "no report ever, on duty for {n} days", n).format(n=n)


def _few(data: dict[str, Any], held: dict[str, int]) -> str:
    return _("{percent} % or more of {reports} reports came from {few} reporters or fewer").format(
        **data, few=held["reporters"]
    )


def _rebound(data: dict[str, Any], held: dict[str, int]) -> str:
    if not data["rebounds"] and not data["reopens"]:
        return _("a file opened: cases of one class came back here")
    return _("{rebounds} remedies did not hold for {days} days, opened again {reopens} times").format(**data)


def _refusal(data: dict[str, Any], held: dict[str, int]) -> str:
    n = int(data["refusals"])
    times = ngettext("given back {n} time", "given back {n} times", n).format(n=n)
    meeting = {"called": _("the joint meeting is called"), "ruled": _("the joint meeting has ruled")}
    return "; ".join(filter(None, (times, meeting.get(data["meeting"] or ""))))


_SAID: dict[str, Callable[[dict[str, Any], dict[str, int]], str]] = {
    "photo": _photo, "fast": _fast, "month_end": _month_end, "silent": _silent, "few": _few, "rebound": _rebound,
    "refusal": _refusal,
}


def who(one: Signal) -> str:
    """The unit or the post that the row is about, '' where it is about a place."""
    unit = (one.organisation_name_en if english() else one.organisation_name) or one.organisation_name
    return unit or (standing.post_name(one.post) if one.post else "")


def evidence(one: Signal, period: str, places: Atlas) -> list[Evidence]:
    """Where the evidence lies: cases, a spot file, or the figures and cases of the place."""
    if one.kind == "photo":
        return [_case(number) for number in one.data["cases"][:SHOWN_CASES]]
    if one.kind in ("fast", "refusal"):
        return [_case(one.data["number"])]
    if one.kind == "rebound":
        return [Evidence(one.data["spot"], reverse("staff:spot", args=[one.data["spot"]]))]
    area = places.by_path.get(one.path)
    code = area.code if area else ""
    if one.kind == "silent":
        query = {"area": code, "state": "any", "order": "newest"}
        return [Evidence(_("Its cases"), f"{reverse('staff:queue')}?{urlencode(query)}")]
    by = "source" if one.kind == "few" else "organisation"
    span = one.data["month"] if one.kind == "month_end" else period
    query = {"period": span, "area": code, "by": by, "set": "result" if one.kind == "month_end" else "aside"}
    return [Evidence(_("Its figures"), f"{reverse('staff:figures')}?{urlencode(query)}")]


def _case(number: str) -> Evidence:
    return Evidence(rows.short(number), reverse("staff:case", args=[number]))
