"""States, acts, times and spans in words. One wording for every page; colours only accompany it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from wangge.base.clock import from_us

SOON = timedelta(minutes=30)
"""Less than this is left: the deadline is shown as soon."""

STATES: dict[str, Promise] = {
    "reported": pgettext_lazy("case state", "To accept"),
    "verifying": pgettext_lazy("case state", "To verify"),
    "registered": pgettext_lazy("case state", "To dispatch"),
    "dispatched": pgettext_lazy("case state", "To sign for"),
    "handling": pgettext_lazy("case state", "In hand"),
    "handled": pgettext_lazy("case state", "To inspect"),
    "closed": pgettext_lazy("case state", "Closed"),
    "suspended": pgettext_lazy("case state", "Suspended"),
    "void": pgettext_lazy("case state", "Void"),
}

STAGES: dict[str, Promise] = {
    "reported": pgettext_lazy("stage", "Accept"),
    "verifying": pgettext_lazy("stage", "Verify"),
    "registered": pgettext_lazy("stage", "Dispatch"),
    "dispatched": pgettext_lazy("stage", "Sign"),
    "handling": pgettext_lazy("stage", "Handle"),
    "handled": pgettext_lazy("stage", "Inspect"),
    "closed": pgettext_lazy("stage", "Closed"),
    "suspended": pgettext_lazy("stage", "Suspended"),
    "void": pgettext_lazy("stage", "Void"),
}
"""What is being done in each state: the steps of the responsibility chain."""

BUTTONS: dict[str, Promise] = {
    "accept": pgettext_lazy("button", "Accept the report"),
    "reject": pgettext_lazy("button", "Do not accept"),
    "confirm": pgettext_lazy("button", "Found true"),
    "register": pgettext_lazy("button", "Found true, register"),
    "dispose": pgettext_lazy("button", "Put right on the spot"),
    "merge": pgettext_lazy("button", "Join to another case"),
    "separate": pgettext_lazy("button", "Separate again"),
    "dispatch": pgettext_lazy("button", "Dispatch"),
    "share": pgettext_lazy("button", "Share between units"),
    "rule": pgettext_lazy("button", "The joint meeting rules"),
    "recall": pgettext_lazy("button", "Recall the dispatch"),
    "sign": pgettext_lazy("button", "Sign for it, begin"),
    "handle": pgettext_lazy("button", "Done, hand back"),
    "inspect": pgettext_lazy("button", "Inspected, passed"),
    "rework": pgettext_lazy("button", "Send back for rework"),
    "close": pgettext_lazy("button", "Close the case"),
    "return": pgettext_lazy("button", "Return"),
    "whistle": pgettext_lazy("button", "Call a department"),
    "arrive": pgettext_lazy("button", "We are on the spot"),
    "void": pgettext_lazy("button", "Void"),
    "force_close": pgettext_lazy("button", "Close by force"),
    "reopen": pgettext_lazy("button", "Reopen"),
    "ask_extension": pgettext_lazy("button", "Ask for more time"),
    "endorse": pgettext_lazy("button", "Endorse the extension"),
    "extend": pgettext_lazy("button", "Grant the extension"),
    "ask_suspension": pgettext_lazy("button", "Ask to suspend"),
    "suspend": pgettext_lazy("button", "Suspend"),
    "resume": pgettext_lazy("button", "Resume"),
    "appeal": pgettext_lazy("button", "Appeal against the overdue mark"),
    "review": pgettext_lazy("button", "Pass the appeal on"),
    "exempt": pgettext_lazy("button", "Grant the appeal"),
    "refuse": pgettext_lazy("button", "Refuse the request"),
    "withdraw": pgettext_lazy("button", "Withdraw the request"),
    "send_up": pgettext_lazy("button", "Send up a tier"),
    "send_down": pgettext_lazy("button", "Send down a tier"),
    "supervise": pgettext_lazy("button", "Order an answer"),
    "answer": pgettext_lazy("button", "Answer the order"),
    "urge": pgettext_lazy("button", "Remind"),
    "tell": pgettext_lazy("button", "Answer the reporter"),
    "comment": pgettext_lazy("button", "Add a comment"),
    "attach": pgettext_lazy("button", "Add photos"),
}
"""What a press does, by act."""

NEXT: dict[str, Promise] = {
    "confirm": gettext_lazy("Have you seen that it is so? Then it can be registered."),
    "rule": gettext_lazy("It was refused twice. What you rule now holds for the next such case in this grid too."),
    "arrive": gettext_lazy("You were called to the spot and must be there within the time above."),
    "extend": gettext_lazy("Granted, one more limit is added to the present due time."),
    "endorse": gettext_lazy("Endorsed, it goes to the dispatcher, who decides."),
    "suspend": gettext_lazy("The clock stands until the end that was asked for, then runs on by itself."),
    "review": gettext_lazy("First of two reviews: was it late for a reason that they could not help?"),
    "exempt": gettext_lazy("Second review: granted, the late mark stays visible and no longer counts."),
    "answer": gettext_lazy("An order waits for your answer; the case cannot be closed before."),
    "accept": gettext_lazy("Does this belong to us, and can it be understood?"),
    "register": gettext_lazy("Is it true, and which condition does it meet? The limit follows from that."),
    "dispatch": gettext_lazy("Who shall handle it? The rules suggest; you decide."),
    "sign": gettext_lazy("Signing starts your work; the limit is already running."),
    "handle": gettext_lazy("Say what was done, and show it by a photo taken afterwards."),
    "inspect": gettext_lazy("Do the photos settle it? Whoever handled it may not inspect it."),
    "dispose": gettext_lazy("Did you put it right at once? Show it before and after. Else it is taken in from here."),
    "close": gettext_lazy("Inspected and passed. Closing ends the clock and tells the reporter."),
    "reopen": gettext_lazy("Not solved after all? Reopening starts a new limit."),
}

DONE: dict[str, Promise] = {
    "report": gettext_lazy("Reported"),
    "accept": gettext_lazy("Accepted"),
    "reject": gettext_lazy("Not accepted"),
    "confirm": gettext_lazy("Found true"),
    "register": gettext_lazy("Registered"),
    "dispose": gettext_lazy("Put right on the spot"),
    "merge": gettext_lazy("Joined to another case"),
    "separate": gettext_lazy("Separated again"),
    "dispatch": gettext_lazy("Dispatched"),
    "share": gettext_lazy("Shared between units"),
    "rule": gettext_lazy("Ruled by a joint meeting"),
    "recall": gettext_lazy("Dispatch recalled"),
    "sign": gettext_lazy("Signed for"),
    "handle": gettext_lazy("Handled and handed back"),
    "inspect": gettext_lazy("Inspected and passed"),
    "rework": gettext_lazy("Sent back for rework"),
    "close": gettext_lazy("Case closed"),
    "return": gettext_lazy("Returned"),
    "whistle": gettext_lazy("A department was called"),
    "arrive": gettext_lazy("The department arrived"),
    "gather": gettext_lazy("All parts have ended"),
    "part_back": gettext_lazy("A part was taken up again"),
    "void": gettext_lazy("Voided"),
    "force_close": gettext_lazy("Closed by force"),
    "reopen": gettext_lazy("Reopened"),
    "dissent": gettext_lazy("The reporter is not content; reopened"),
    "rate": gettext_lazy("Rated by the reporter"),
    "ask_extension": gettext_lazy("More time asked for"),
    "endorse": gettext_lazy("Extension endorsed"),
    "extend": gettext_lazy("Extension granted"),
    "ask_suspension": gettext_lazy("Suspension asked for"),
    "suspend": gettext_lazy("Suspended"),
    "resume": gettext_lazy("Resumed"),
    "appeal": gettext_lazy("Appealed against the overdue mark"),
    "review": gettext_lazy("Appeal passed its first review"),
    "exempt": gettext_lazy("Appeal granted"),
    "refuse": gettext_lazy("Request refused"),
    "withdraw": gettext_lazy("Request withdrawn"),
    "send_up": gettext_lazy("Sent up a tier"),
    "send_down": gettext_lazy("Sent down a tier"),
    "escalate": gettext_lazy("Went up a tier by itself"),
    "warn": gettext_lazy("Warned of the deadline"),
    "supervise": gettext_lazy("An answer was ordered"),
    "answer": gettext_lazy("Order answered"),
    "urge": gettext_lazy("Reminded"),
    "follow_move": gettext_lazy("Joined along"),
    "follow_close": gettext_lazy("Closed with the case that it joined"),
    "follow_void": gettext_lazy("Voided with the case that it joined"),
    "follow_reopen": gettext_lazy("Reopened with the case that it joined"),
    "tell": gettext_lazy("The reporter was answered"),
    "comment": gettext_lazy("Comment"),
    "attach": gettext_lazy("Photos added"),
    "move": gettext_lazy("Went along to another place"),
    "erase": gettext_lazy("Personal content erased"),
}

SOURCES: dict[str, Promise] = {
    "resident": gettext_lazy("Resident"),
    "grid_worker": gettext_lazy("Grid worker"),
    "hotline": gettext_lazy("Hotline"),
    "patrol": gettext_lazy("Patrol"),
    "video": gettext_lazy("Video"),
    "city_inspection": gettext_lazy("City inspection"),
    "district_inspection": gettext_lazy("District inspection"),
    "enterprise": gettext_lazy("Enterprise"),
    "sensor": gettext_lazy("Sensor"),
    "volunteer": gettext_lazy("Volunteer"),
    "leader": gettext_lazy("Leader"),
    "media": gettext_lazy("Media"),
    "police": gettext_lazy("Police"),
    "import": gettext_lazy("Imported"),
}

TIERS: dict[str, Promise] = {
    "grid": pgettext_lazy("tier", "Grid"),
    "community": pgettext_lazy("tier", "Community"),
    "subdistrict": pgettext_lazy("tier", "Subdistrict"),
}

_UNITS: dict[str, Callable[[int], str]] = {
    "calendar_minute": lambda n: ngettext("{n} minute", "{n} minutes", n),
    "calendar_hour": lambda n: ngettext("{n} hour, day and night", "{n} hours, day and night", n),
    "calendar_day": lambda n: ngettext("{n} calendar day", "{n} calendar days", n),
    "working_minute": lambda n: ngettext("{n} working minute", "{n} working minutes", n),
    "working_hour": lambda n: ngettext("{n} working hour", "{n} working hours", n),
    "working_day": lambda n: ngettext("{n} working day", "{n} working days", n),
}


class Due(NamedTuple):
    """A deadline in words; `kind` is late, soon, hold, done or empty and only colours them."""

    kind: str
    words: str


def limit(amount: int | None, unit: str | None) -> str:
    """A limit such as “2 working days”, or an empty string."""
    if not amount or unit not in _UNITS:
        return ""
    return _UNITS[unit](amount).format(n=amount)


def span(length: timedelta) -> str:
    """A length of time in its two largest units, rounded down: “2 h 10 min”; from ten days on in days alone."""
    minutes = max(0, int(length.total_seconds())) // 60
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    named = [
        (days, pgettext("span", "{n} d")),
        (hours, pgettext("span", "{n} h")),
        (minutes, pgettext("span", "{n} min")),
    ]
    shown = [text.format(n=n) for n, text in named if n][: 1 if days >= 10 else 2]
    return " ".join(shown) or pgettext("span", "{n} min").format(n=0)


def clock(length: timedelta) -> str:
    """Hours and minutes, as in a sum: 11:45."""
    minutes = round(abs(length.total_seconds()) / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def moment(at: datetime, *, now: datetime, zone: tzinfo | None = None) -> str:
    """A time as people say it: “today 09:05”, “10-12 10:50”, with the year where it is another."""
    here, today = _local(at, zone), _local(now, zone)
    days = (here.date() - today.date()).days
    time = f"{here:%H:%M}"
    if days == 0:
        return _("today {time}").format(time=time)
    if days == 1:
        return _("tomorrow {time}").format(time=time)
    if days == -1:
        return _("yesterday {time}").format(time=time)
    return f"{here:%m-%d} {time}" if here.year == today.year else f"{here:%Y-%m-%d} {time}"


def moment_of_us(us: int, *, now: datetime) -> str:
    """The same for a time as the journal keeps it, in microseconds."""
    return moment(from_us(us), now=now)


def due(at: datetime | None, *, now: datetime, ended: datetime | None = None, zone: tzinfo | None = None) -> Due:
    """The deadline `at` in words. `ended` is when the work that it limits ended, if it has."""
    if at is None:
        return Due("", _("no limit"))
    if ended is not None:
        if ended <= at:
            return Due("done", _("done in time"))
        return Due("late", _("done {span} late").format(span=span(ended - at)))
    if now > at:
        return Due("late", _("overdue {span}").format(span=span(now - at)))
    if at - now < SOON:
        return Due("soon", _("{span} left").format(span=span(at - now)))
    return Due("", _("by {moment}").format(moment=moment(at, now=now, zone=zone)))


def _local(at: datetime, zone: tzinfo | None) -> datetime:
    return at.astimezone(zone or timezone.get_current_timezone())
