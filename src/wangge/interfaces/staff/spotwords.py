"""Spot files in words: states, acts, kinds of remedy, and how often cases came before and after."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from wangge.interfaces.staff import standing
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import words
from wangge.kernel.spots.queries import SpotRow
from wangge.kernel.spots.recurrence import Change, Rate

STATES: dict[str, Promise] = {
    "open": pgettext_lazy("spot state", "Nothing lasting done"),
    "under_remedy": pgettext_lazy("spot state", "Under remedy"),
    "watching": pgettext_lazy("spot state", "Being watched"),
    "resolved": pgettext_lazy("spot state", "Resolved"),
    "reopened": pgettext_lazy("spot state", "Came back"),
}
PIES = {"open": "reported", "under_remedy": "handling", "watching": "handled", "resolved": "closed",
        "reopened": "reported"}
"""Each state is drawn as the pie of a state of cases that is as far on."""

KINDS: dict[str, Promise] = {
    "relief_point": gettext_lazy("Relief point"),
    "parking": gettext_lazy("Parking spaces"),
    "works": gettext_lazy("Works"),
    "other": gettext_lazy("Something else"),
}
BUTTONS: dict[str, Promise] = {
    "campaign": pgettext_lazy("button", "Record a campaign"),
    "set_remedy": pgettext_lazy("button", "Set a remedy"),
    "finish_remedy": pgettext_lazy("button", "The remedy is finished"),
    "drop_remedy": pgettext_lazy("button", "Give the remedy up"),
    "close_spot": pgettext_lazy("button", "Close the file"),
    "reopen_spot": pgettext_lazy("button", "Open the file again"),
}
HINTS: dict[str, Promise] = {
    "campaign": gettext_lazy("A clean-up, when it took place, and what was done. Cases show how long it lasted."),
    "set_remedy": gettext_lazy("What makes the place stop for good, who owns it, and by when."),
    "finish_remedy": gettext_lazy("From now on the cases tell whether it holds; nobody types that."),
    "reopen_spot": gettext_lazy("It opens by itself when cases come back."),
}
DONE: dict[str, Promise] = {
    "open_spot": gettext_lazy("The file opened by itself"),
    "campaign": gettext_lazy("Campaign"),
    "set_remedy": gettext_lazy("Remedy set"),
    "finish_remedy": gettext_lazy("Remedy finished"),
    "drop_remedy": gettext_lazy("Remedy given up"),
    "close_spot": gettext_lazy("File closed"),
    "reopen_spot": gettext_lazy("File opened again"),
    "rebound": gettext_lazy("Rebounded: cases came back"),
    "hold": gettext_lazy("The remedy held"),
    "recur": gettext_lazy("Cases came back; the file opened again"),
    "move": gettext_lazy("The area ended; the file moved along"),
    "erase": gettext_lazy("Personal content erased"),
}


def title(row: SpotRow) -> str:
    """What the place is about: its class."""
    return (row.class_name_en if english() else row.class_name) or row.class_name


def owner(organisation: str | None, organisation_en: str | None, post: str | None) -> str:
    """Who owns a remedy."""
    if post:
        return standing.post_name(post)
    return (organisation_en if english() else None) or organisation or ""


def remedy(row: SpotRow) -> tuple[str, str]:
    """The newest remedy with its owner, and beneath it how it stands; empty without one."""
    if row.remedy is None:
        return "", ""
    name = _("{kind}, {owner}").format(
        kind=KINDS[row.remedy], owner=owner(row.organisation_name, row.organisation_name_en, row.post)
    )
    return name, outcome(row.outcome, row.finished_at is not None, f"{row.planned_on:%Y-%m-%d}")


def outcome(found: str | None, finished: bool, planned: str) -> str:
    """How a remedy stands."""
    if found is not None:
        return str(_OUTCOMES[found])
    return _("finished, being watched") if finished else _("planned for {day}").format(day=planned)


_OUTCOMES: dict[str, Promise] = {
    "held": gettext_lazy("held"),
    "rebounded": gettext_lazy("rebounded"),
    "dropped": gettext_lazy("given up"),
}


def rate(one: Rate) -> str:
    """“4 cases in 55 days (2.2 per 30 days)”."""
    said = ngettext("{n} case in {days} days", "{n} cases in {days} days", one.cases).format(n=one.cases, days=one.days)
    if one.per_30 is None:
        return said
    return _("{said} ({rate} per 30 days)").format(said=said, rate=f"{one.per_30 // 10}.{one.per_30 % 10}")


def change(one: Change, at: datetime, *, now: datetime) -> str:
    """Before and after a moment, in a sentence."""
    back = _("Nothing has come back.")
    if one.back_after is not None:
        back = ngettext(
            "The first came back after {n} day.", "The first came back after {n} days.", one.back_after
        ).format(n=one.back_after) if one.back_after else _("The first came back on the same day.")
    return _("Before: {before}. Since {moment}: {after}. {back}").format(
        before=rate(one.before), moment=words.moment(at, now=now), after=rate(one.after), back=back
    )


def nth(number: int, cases: int) -> str:
    """The how manieth case of a place."""
    return _("case {n} of {cases} at this place").format(n=number, cases=cases)
