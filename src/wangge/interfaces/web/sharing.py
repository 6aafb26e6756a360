"""What may be posted in a chat group about a task: a short text and a link, without personal data, and its QR code.

The text names number, kind, place, post and deadline, never what people wrote, who they are, or what a case is about.
The link opens the task for who may see it, after signing in.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import NamedTuple
from zoneinfo import ZoneInfo

import qrcode
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from qrcode.image.svg import SvgPathImage

from wangge.interfaces.web.refusals import english
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.places.queries import Atlas
from wangge.kernel.tasks.lifecycle import Kind
from wangge.kernel.tasks.queries import TaskRow


class Card(NamedTuple):
    """The text, which ends with the link."""

    text: str
    link: str


def task_card(row: TaskRow, places: Atlas, *, root: str) -> Card:
    """The card of a task; `root` is the site's address, `https://host/`. A card is read on other days too: its
    deadline has a date, in the time zone of the place."""
    task = row.task
    link = root.rstrip("/") + reverse("staff:task", args=[task.number])
    kind = pgettext("task", "Directive") if task.kind == Kind.DIRECTIVE else pgettext("task", "Call to the leader")
    due = _moment(task.due_at, places.timezone(task.path))
    lines = [
        _("[Task {number}] {kind}: {place}").format(number=task.number, kind=kind, place=_place(places, task.path)),
        _("For {whom}, answer by {moment}").format(whom=_whom(row, places), moment=due),
        _("Open, receive and answer here: {link}").format(link=link),
    ]
    return Card("\n".join(lines), link)


def qr(link: str) -> bytes:
    """The link as a QR code, in SVG."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2, image_factory=SvgPathImage)
    code.add_data(link)
    held = BytesIO()
    code.make_image().save(held)
    return held.getvalue()


def _moment(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _place(places: Atlas, path: str) -> str:
    """The community and the grid."""
    shown = [area for area in places.above(path) if area.kind not in ("district", "subdistrict")] or places.above(path)
    names = [(area.name_en if english() else area.name) or area.name for area in shown[:2]]
    return (", " if english() else " ").join(names)


def _whom(row: TaskRow, places: Atlas) -> str:
    if row.task.post is None:
        return (row.organisation_name_en if english() else "") or row.organisation_name or ""
    info = POSTS[row.task.post]
    return info.name_en if english() else info.name
