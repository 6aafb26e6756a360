"""Template tags of every page: icons, states, deadlines, times, and addresses that keep the filter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template import Context
from django.utils import dateformat, timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django_vite.templatetags.django_vite import vite_asset_url

from wangge.interfaces.web import refusals, shortcuts, words
from wangge.interfaces.web.navigation import Navigation, navigation

register = template.Library()
THEMES = frozenset({"light", "dark"})


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the sprite; decoration only, so hidden from screen readers."""
    sprite = vite_asset_url("src/icons/sprite.svg")
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', classes, sprite, name)


@register.simple_tag
def state(code: str) -> SafeString:
    """The state as a pie that fills, beside its word."""
    return format_html('<span class="state" data-s="{}">{}</span>', code, words.STATES.get(code, code))


@register.simple_tag
def due(value: words.Due) -> SafeString:
    """A deadline in words."""
    return format_html('<span class="due {}">{}</span>', value.kind, value.words)


@register.simple_tag
def at(value: datetime | None, zone: Any = None) -> SafeString | str:
    """A time as people say it, with the exact one in `datetime`."""
    if value is None:
        return ""
    said = words.moment(value, now=timezone.now(), zone=zone)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), said)


@register.simple_tag(takes_context=True)
def pages(context: Context) -> Navigation:
    """The pages open to the mandate `by` of the context, seen from its `room`."""
    by = context.get("by")
    return navigation(str(context.get("room", "")), by.may if by else ())


@register.simple_tag(takes_context=True)
def unsaid(context: Context) -> list[Any]:
    """The messages of the request, once a page: the frame says them, and a page within it does not again."""
    request = context.get("request")
    if request is None or getattr(request, "has_said", False):
        return []
    request.has_said = True
    return list(context.get("messages") or ())


@register.simple_tag
def keys() -> tuple[shortcuts.Keys, ...]:
    """The keys of the desk."""
    return shortcuts.SHORTCUTS


@register.simple_tag
def today() -> str:
    """The present day and time as the desk shows them above every page."""
    return dateformat.format(timezone.localtime(), gettext("D j M H:i"))


@register.filter
def daymonth(value: datetime) -> str:
    """A day with its weekday, without the year."""
    return dateformat.format(timezone.localtime(value), gettext("l j F"))


@register.simple_tag
def exact(value: datetime) -> SafeString:
    """Date and time in full, for what is printed."""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), f"{local:%Y-%m-%d %H:%M}")


@register.filter
def plainly(problem: dict[str, Any]) -> str:
    """A problem document's kind in plain words for the page, '' for an unknown one."""
    return str(refusals.BY_CODE.get(str(problem.get("type", "")).rpartition(":")[2], ""))


@register.filter
def clock(value: timedelta) -> str:
    """Hours and minutes: 11:45."""
    return words.clock(value)


@register.filter
def span(value: timedelta) -> str:
    """A length in words: 2 h 10 min."""
    return words.span(value)


@register.filter
def word(code: str, table: str) -> str:
    """The word for a code in one of the tables of `words`: STATES, STAGES, BUTTONS, DONE, SOURCES, TIERS."""
    return str(getattr(words, table).get(code, code))


@register.simple_tag(takes_context=True)
def theme(context: Context) -> SafeString | str:
    """The attribute that fixes light or dark, if the reader chose one."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme") if request else None
    return format_html(' data-theme="{}"', chosen) if chosen in THEMES else ""


@register.simple_tag
def other_language() -> dict[str, str]:
    """The language to switch to: its code, its own name, and a short form."""
    if (translation.get_language() or "").startswith("zh"):
        return {"code": "en", "lang": "en", "name": "English", "short": "EN"}
    return {"code": "zh-hans", "lang": "zh-Hans", "name": "中文", "short": "中文"}
