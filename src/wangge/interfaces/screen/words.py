"""The words of the screen in the page's language, handed to its script as JSON. `{…}` are filled in there."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wangge.interfaces.web import words as common
from wangge.kernel.wall.counted import STATES


def words() -> str:
    """All words, as JSON."""
    return json.dumps(
        {
            "stages": {state: str(common.STATES[state]) for state in STATES},
            "sources": {code: str(name) for code, name in common.SOURCES.items()},
            **_live(), **_figures(), **_panels(), **_replay(),
        },
        ensure_ascii=False,
    )  # fmt: skip


def _live() -> dict[str, str]:
    return {
        "live": _("Live"),
        "cut": _("Connection lost, trying again"),
        "stale": _("Out of date since {time}"),
        "closed": _("This display's link has ended. Ask for a new one."),
        "entering": _("Opening the display…"),
    }


def _figures() -> dict[str, str]:
    return {
        "say": _("Today {came} reported, {went} closed."),
        "say_late": _("{late} overdue, {most} of them in {place}"),
        "say_late_alone": _("{late} overdue"),
        "say_good": _("Nothing is overdue."),
        "end": _("."),
        "came": pgettext("figure", "Reported today"),
        "came_before": _("same time last week: {n}"),
        "open": pgettext("figure", "Open"),
        "open_hold": _("{n} of them suspended"),
        "late": pgettext("figure", "Overdue"),
        "late_share": _("{share} of the open cases"),
        "late_none": pgettext("figure", "none"),
        "staff": pgettext("figure", "Posts held"),
        "staff_free": _("{n} vacant"),
        "staff_full": _("no vacancy"),
        "answer": pgettext("figure", "First answer, median"),
        "answer_limit": _("limit 30 min"),
        "answer_none": _("none yet today"),
        "minutes": _("min"),
    }


def _panels() -> dict[str, str]:
    return {
        "late_of": _("{n} late"),
        "others": pgettext("classes", "others"),
        "series_came": _("in {n}"),
        "series_went": _("closed {n}"),
        "series_week": _("last week"),
        "share": _("{n}%"),
        "standing_published": _("{period}, published"),
        "standing_running": _("{period}, not published"),
        "standing_none": _("Nothing to compare yet."),
        "ended_none": _("No case was closed in the last days."),
        "took": _("took {span}"),
        "hours_minutes": _("{h} h {m} min"),
        "days_hours": _("{d} d {h} h"),
        "only_minutes": _("{m} min"),
        "before": pgettext("photo", "before"),
        "after": pgettext("photo", "after"),
        "none": pgettext("figure", "none"),
        "below": _("under {n}"),
        "between": _("{from}–{to}"),
        "above": _("{n} or more"),
        "place_said": _("{place}: {open} open, {late} overdue"),
        "grid_said": _("{place}: {open} open, {late} overdue"),
    }


def _replay() -> dict[str, str]:
    return {
        "replaying": _("Replay of {day}, {time}: not live"),
        "replay_loading": _("The day is being put together…"),
        "replay_failed": _("This day cannot be replayed."),
        "replay_week": _("not shown in a replay"),
    }
