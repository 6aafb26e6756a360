"""The columns of the list: one table for the page, its print and its workbook. Which of them somebody looks at is kept
with their account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.interfaces.staff.rows import Row, Speaker, counters
from wangge.interfaces.web import words
from wangge.kernel.cases.queries import QueueRow


class Cell(NamedTuple):
    """What stands in a cell: `text` and beneath it `sub`; `kind` is who, state, due or plain."""

    kind: str
    text: str
    sub: str = ""
    due: words.Due | None = None


class Column(NamedTuple):
    """A column: its heading, how wide it is (a class of the style), and what stands in it."""

    key: str
    label: Promise
    size: str
    cell: Callable[[QueueRow, Row, Speaker], Cell]


def _plain(text: str, sub: str = "") -> Cell:
    return Cell("plain", text, sub)


def _community(found: QueueRow, row: Row, say: Speaker) -> Cell:
    return _plain(say.area(found.case.path))


def _reported(found: QueueRow, row: Row, say: Speaker) -> Cell:
    return _plain(f"{timezone.localtime(found.case.reported_at):%Y-%m-%d %H:%M}")


def _limit(found: QueueRow, row: Row, say: Speaker) -> Cell:
    at = found.case.due_at
    return _plain(f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "")


def _since(found: QueueRow, row: Row, say: Speaker) -> Cell:
    return _plain(f"{timezone.localtime(found.case.stage_since):%Y-%m-%d %H:%M}")


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column("class", gettext_lazy("Class"), "c-class", lambda found, row, say: _plain(row.class_name)),
        Column("who", gettext_lazy("With whom"), "c-who", lambda found, row, say: Cell("who", row.who, row.who_sub)),
        Column("state", gettext_lazy("State"), "c-state", lambda found, row, say: Cell("state", row.state)),
        Column("due", gettext_lazy("Deadline"), "c-due",
               lambda found, row, say: Cell("due", row.due.words, "", row.due)),
        Column("source", gettext_lazy("Source"), "c-source",
               lambda found, row, say: _plain(str(words.SOURCES.get(found.case.source, found.case.source)))),
        Column("tier", gettext_lazy("Tier"), "c-tier",
               lambda found, row, say: _plain(str(words.TIERS.get(found.case.tier, found.case.tier)))),
        Column("area", pgettext_lazy("column", "Grid"), "c-area", _community),
        Column("reported", gettext_lazy("Reported"), "c-time", _reported),
        Column("since", gettext_lazy("At this stage since"), "c-time", _since),
        Column("limit", gettext_lazy("Handling until"), "c-time", _limit),
        Column("back", gettext_lazy("Came back"), "c-back", lambda found, row, say: _plain(counters(found.case))),
    )
}  # fmt: skip
DEFAULT = ("class", "who", "state", "due")
MOST = 6
"""More columns than this leave the problem itself no room."""


def chosen(keys: Sequence[str] | None) -> list[Column]:
    """The columns of these keys in their order, the usual ones for None; unknown keys are left out."""
    return [COLUMNS[key] for key in (DEFAULT if keys is None else keys) if key in COLUMNS][:MOST]


def said(cell: Cell) -> str:
    """A cell as plain text, for the workbook and the printer."""
    if cell.kind == "state":
        return str(words.STATES.get(cell.text, cell.text))
    if cell.kind == "who" and not cell.text:
        return _("nobody yet")
    return f"{cell.text} {cell.sub}".strip() if cell.sub else cell.text
