"""The pages of the desk as people find them: one table. The rail, the bar of the phone, the neighbours above a page
and the list of all pages are read from it.

A new page adds one line to `ENTRIES` and hands `"room": <key>` to its template. An entry is shown to whoever holds
one of its verbs (to all, if it names none) and only where its address exists; it grants nothing, the view decides.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class Group(NamedTuple):
    """A place of the rail: what belongs together in somebody's work."""

    code: str
    label: Promise
    icon: str


class Entry(NamedTuple):
    """A page: its key (the `room` of its template), name, icon, address, group, the verbs of which one is needed.

    `phone` ranks it for the phone's bar, which has four places (0: only in the list of all pages); `go` is the letter
    that leads there after `g`.
    """

    key: str
    label: Promise
    icon: str
    url: str
    group: str
    verbs: frozenset[str] = frozenset()
    phone: int = 0
    go: str = ""


GROUPS = (
    Group("today", pgettext_lazy("pages", "Today"), "sun"),
    Group("cases", pgettext_lazy("pages", "Cases"), "case"),
    Group("places", pgettext_lazy("pages", "Places"), "grid"),
    Group("insight", pgettext_lazy("pages", "Insight"), "chart"),
    Group("assessment", pgettext_lazy("pages", "Scores"), "score"),
    Group("rules", pgettext_lazy("pages", "Rules"), "task"),
    Group("me", pgettext_lazy("pages", "Me"), "user"),
)

_SEE = frozenset({"see", "see_own"})
_KEEP = frozenset({"see", "manage_duties", "manage_areas"})
ENTRIES = (
    Entry("brief", pgettext_lazy("page", "Morning brief"), "sun", "staff:brief", "today", frozenset({"direct"}),
          phone=1, go="b"),
    Entry("approvals", pgettext_lazy("page", "Decisions"), "check", "staff:approvals", "today",
          frozenset({"accept_reply"}), go="d"),
    Entry("tasks", pgettext_lazy("page", "Tasks"), "task", "staff:tasks", "today",
          frozenset({"direct", "read_task", "see_tasks"}), phone=3, go="t"),
    Entry("patrols", pgettext_lazy("page", "Patrols"), "flag", "staff:patrols", "today"),
    Entry("queue", pgettext_lazy("page", "Case list"), "list", "staff:queue", "cases", _SEE, phone=2, go="c"),
    Entry("map", pgettext_lazy("page", "Map"), "map", "staff:map", "cases", _SEE, phone=3, go="m"),
    Entry("shift", pgettext_lazy("page", "Shift handover"), "people", "staff:shift", "cases",
          frozenset({"close_shift"})),
    Entry("report", pgettext_lazy("page", "Report"), "plus", "staff:report", "cases", frozenset({"report"}), phone=5),
    Entry("answers", pgettext_lazy("page", "Who answers here"), "people", "staff:answers", "places", go="w"),
    Entry("places", pgettext_lazy("page", "Places"), "grid", "staff:places", "places", _KEEP, go="p"),
    Entry("posts", pgettext_lazy("page", "Posts"), "people", "staff:posts", "places", _KEEP, phone=7, go="o"),
    Entry("exchange", pgettext_lazy("page", "Import and export"), "down", "staff:exchange", "places",
          frozenset({"manage_duties", "manage_areas"})),
    Entry("organisations", pgettext_lazy("page", "Organisations"), "list", "staff:organisations", "places", _KEEP),
    Entry("figures", pgettext_lazy("page", "Figures"), "chart", "staff:figures", "insight", _SEE, phone=6, go="f"),
    Entry("insight", pgettext_lazy("page", "Insight"), "chart", "staff:insight", "insight", frozenset({"see"})),
    Entry("spots", pgettext_lazy("page", "Recurring spots"), "loop", "staff:spots", "insight", _SEE, phone=4, go="s"),
    Entry("signals", pgettext_lazy("page", "Signals"), "flag", "staff:signals", "insight", frozenset({"see_signals"})),
    Entry("answer", pgettext_lazy("page", "Trace back"), "shield", "staff:answer", "insight", frozenset({"trace"})),
    Entry("check", pgettext_lazy("page", "Check a proof"), "check", "staff:check", "insight", frozenset({"prove"})),
    Entry("wall", pgettext_lazy("page", "The screen"), "image", "staff:wall", "insight",
          frozenset({"clear_photos", "manage_displays"})),
    Entry("mine", pgettext_lazy("page", "My assessment"), "score", "staff:mine", "assessment", phone=7, go="a"),
    Entry("findings", pgettext_lazy("page", "Findings"), "search", "staff:findings", "assessment",
          _SEE | {"record_finding"}, go="i"),
    Entry("draws", pgettext_lazy("page", "Draws"), "loop", "staff:draws", "assessment",
          frozenset({"draw", "see_patrols"})),
    Entry("daily", pgettext_lazy("page", "Daily limit"), "alert", "staff:daily", "assessment", frozenset({"see"})),
    Entry("runs", pgettext_lazy("page", "Periods"), "list", "staff:runs", "assessment",
          frozenset({"assess", "see_accounts", "settle_run", "see"})),
    Entry("appeals", pgettext_lazy("page", "Appeals"), "msg", "staff:appeals", "assessment",
          frozenset({"review_charge"})),
    Entry("policies", pgettext_lazy("page", "Policies"), "task", "staff:policies", "assessment", frozenset({"see"})),
    Entry("money", pgettext_lazy("page", "Money on file"), "key", "staff:money", "assessment",
          frozenset({"file_basis", "enter_invoice", "approve_invoice"})),
    Entry("lab", pgettext_lazy("page", "Policy lab"), "chart", "staff:lab", "assessment", frozenset({"assess"})),
    Entry("rules", pgettext_lazy("page", "Working days"), "clock", "staff:rules", "rules", go="r"),
    Entry("routing", pgettext_lazy("page", "Who handles what"), "split", "staff:routing", "rules"),
    Entry("limits", pgettext_lazy("page", "Limits"), "clock", "staff:limits", "rules"),
    Entry("classes", pgettext_lazy("page", "Classes"), "task", "staff:classes", "rules", frozenset({"manage_classes"})),
    Entry("parts", pgettext_lazy("page", "Public parts"), "pin", "staff:parts", "places", _SEE | {"manage_areas"}),
    Entry("me", pgettext_lazy("page", "Me"), "user", "staff:me", "me"),
    Entry("replies", pgettext_lazy("page", "Standard replies"), "msg", "staff:replies", "rules", _SEE),
    Entry("styleguide", pgettext_lazy("page", "Visual language"), "sun", "staff:styleguide", "me",
          frozenset({"manage_accounts"})),
)
PHONE_PLACES = 4


class Link(NamedTuple):
    """An entry as a page shows it."""

    label: Promise
    icon: str
    address: str
    current: bool
    go: str


class Section(NamedTuple):
    """A group with the pages that somebody may open; the group leads to the first."""

    group: Group
    links: tuple[Link, ...]
    current: bool

    @property
    def address(self) -> str:
        """Of its first page."""
        return self.links[0].address


class Navigation(NamedTuple):
    """What the frame of a page shows: all sections, the neighbours of the present page, the phone's bar."""

    sections: tuple[Section, ...]
    neighbours: tuple[Link, ...]
    phone: tuple[Link, ...]

    @property
    def first(self) -> str:
        """Where the mark above the rail leads."""
        return self.sections[0].address


def navigation(room: str, may: Collection[str]) -> Navigation:
    """The pages for whoever holds the verbs `may`, seen from the page `room`."""
    open_to = [
        (entry, Link(entry.label, entry.icon, address, entry.key == room, entry.go))
        for entry in ENTRIES
        if (not entry.verbs or not entry.verbs.isdisjoint(may)) and (address := _address(entry.url))
    ]
    sections = []
    for group in GROUPS:
        links = tuple(link for entry, link in open_to if entry.group == group.code)
        if links:
            sections.append(Section(group, links, any(link.current for link in links)))
    ranked = sorted((pair for pair in open_to if pair[0].phone), key=lambda pair: pair[0].phone)
    here = next((section.links for section in sections if section.current), ())
    return Navigation(
        tuple(sections), here if len(here) > 1 else (), tuple(link for _, link in ranked[:PHONE_PLACES])
    )


@cache
def _address(url: str) -> str:
    try:
        return reverse(url)
    except NoReverseMatch:
        return ""
