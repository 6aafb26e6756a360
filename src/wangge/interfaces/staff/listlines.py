"""The lines of the list as HTML, written by hand: fifty lines of thirty places each are half of what the page costs
when a template fills them. What people wrote goes through `escape`, all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from wangge.interfaces.staff.columns import Cell
from wangge.interfaces.staff.rows import Row
from wangge.interfaces.web import words


class Frame(NamedTuple):
    """What all lines share: addresses and words, by which place in them a line's own text takes."""

    case: str
    preview: str
    choose: str
    nobody: str
    suggested: str
    states: Mapping[str, str]


_HERE = "0"
"""Stands for the number in an address, where a number's own digits need no quoting."""


def lines_of(lines: Sequence[tuple[Row, list[Cell]]], *, chosen: bool, previewed: bool) -> SafeString:
    """The body of the table. `chosen` puts a box before each line, `previewed` asks for its preview."""
    named = {str(code): str(word) for code, word in words.STATES.items()}
    frame = Frame(
        reverse("staff:case", args=[_HERE]).removesuffix(_HERE),
        reverse("staff:preview", args=[_HERE]),
        _("Choose {number}"), _("nobody yet"), _("suggested:"), named,
    )
    return mark_safe("".join(_line(row, cells, frame, chosen, previewed) for row, cells in lines))  # noqa: S308


def _line(row: Row, cells: Sequence[Cell], frame: Frame, chosen: bool, previewed: bool) -> str:
    number, title, place = escape(row.number), escape(row.title), escape(row.place)
    asks = ""
    if previewed:
        address = frame.preview.replace(f"/{_HERE}/", f"/{number}/")
        asks = (f' hx-get="{address}" hx-trigger="preview delay:80ms" hx-target="#preview"'
                ' hx-sync="#preview:queue last"')
    box = _box(row, number, frame) if chosen else ""
    return (
        f'<tr data-k="{number}"{asks}>{box}<td class="lead"><a class="title" href="{frame.case}{number}"'
        f' title="{title}">{title}</a><span class="sub" title="{number} · {place}">{escape(row.short)} · {place}</span>'
        f"</td>{''.join(_CELLS[cell.kind](cell, row, frame) for cell in cells)}</tr>\n"
    )


def _box(row: Row, number: str, frame: Frame) -> str:
    mark = " data-suggested" if row.suggested else ""
    label = escape(frame.choose.format(number=row.short))
    return (
        f'<td class="sel"><label class="hit"><input class="check" type="checkbox" name="case" form="bulk"'
        f' value="{number}:{row.version}" data-deeds="{escape(" ".join(row.deeds))}"{mark} aria-label="{label}">'
        "</label></td>"
    )


def _who(cell: Cell, row: Row, frame: Frame) -> str:
    why = f'<span class="sub why" title="{escape(row.reason)}">{escape(row.reason)}</span>' if row.reason else ""
    if cell.text:
        below = f'<span class="sub" title="{escape(cell.sub)}">{escape(cell.sub)}</span>' if cell.sub else ""
        said = f'<span class="clip" title="{escape(cell.text)}">{escape(cell.text)}</span>{below}'
    elif row.suggested:
        name, how = escape(row.suggested), escape(f"{frame.suggested} {row.reason}")
        said = f'<span class="clip soft" title="{name}">{name}</span><span class="sub why" title="{how}">{how}</span>'
    else:
        said = f'<span class="muted">{escape(frame.nobody)}</span>{why}'
    return f'<td class="resp">{said}</td>'


def _due(cell: Cell, row: Row, frame: Frame) -> str:
    marks = (cell.due, *row.marks) if cell.due else row.marks
    said = " ".join(f'<span class="due {escape(one.kind)}">{escape(str(one.words))}</span>' for one in marks)
    return f'<td class="dl">{said}</td>'


def _state(cell: Cell, row: Row, frame: Frame) -> str:
    word = frame.states.get(cell.text, cell.text)
    return f'<td class="wide"><span class="state" data-s="{escape(cell.text)}">{escape(word)}</span></td>'


def _plain(cell: Cell, row: Row, frame: Frame) -> str:
    return f'<td class="wide"><span class="clip" title="{escape(cell.text)}">{escape(cell.text) or "—"}</span></td>'


_CELLS: Mapping[str, Callable[[Cell, Row, Frame], str]] = {
    "who": _who, "due": _due, "state": _state, "plain": _plain,
}  # fmt: skip
