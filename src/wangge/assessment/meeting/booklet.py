"""The booklet of the review meeting as PDF: standing, flags, what was counted, statements; nobody's own lines.

Set in the standard Chinese font of PDF readers, which is not embedded; with the setting `WANGGE_BOOKLET_FONT` (a .ttf
or .ttc file of the machine) that font is embedded. The same run gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from wangge.base.errors import InvalidInput

STANDARD = "STSong-Light"


class Section(NamedTuple):
    """A heading with paragraphs and, as wanted, a table whose first row is its head."""

    heading: str
    paragraphs: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()
    widths: Sequence[int] = ()


class Booklet(NamedTuple):
    """What is printed: title, a line below it, sections, the line at the foot of each page."""

    title: str
    below: str
    sections: Sequence[Section]
    foot: str


def render(booklet: Booklet, *, font: str = "") -> bytes:
    """The PDF. `font` is a file to embed. Raises `InvalidInput` where it is none that can be."""
    name = _font(font)
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=22 * mm, rightMargin=22 * mm, topMargin=20 * mm, bottomMargin=20 * mm,
        title=booklet.title, author="", creator="", producer="", invariant=1,
    )
    styles = _styles(name)
    story: list[Any] = [
        Paragraph(escape(booklet.title), styles["title"]), Paragraph(escape(booklet.below), styles["small"]),
        Spacer(1, 6 * mm),
    ]
    for section in booklet.sections:
        story.append(Paragraph(escape(section.heading), styles["heading"]))
        story += [Paragraph(escape(text).replace("\n", "<br/>"), styles["text"]) for text in section.paragraphs]
        if section.table:
            story.append(_table(section, styles))
        story.append(Spacer(1, 4 * mm))

    def foot(canvas: Any, page: Any) -> None:
        canvas.saveState()
        canvas.setFont(name, 8)
        canvas.drawString(22 * mm, 11 * mm, booklet.foot)
        canvas.drawRightString(A4[0] - 22 * mm, 11 * mm, str(page.page))
        canvas.restoreState()

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _table(section: Section, styles: dict[str, ParagraphStyle]) -> Table:
    rows = [[Paragraph(escape(cell), styles["head" if number == 0 else "cell"]) for cell in row]
            for number, row in enumerate(section.table)]
    made = Table(rows, colWidths=[width * mm for width in section.widths] or None, repeatRows=1)
    made.setStyle(TableStyle([
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#b9b4a8")), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#efede7")),
    ]))
    return made


def _styles(font: str) -> dict[str, ParagraphStyle]:
    base = ParagraphStyle("text", fontName=font, fontSize=10.5, leading=17, wordWrap="CJK", spaceAfter=3)
    return {
        "text": base,
        "title": ParagraphStyle("title", parent=base, fontSize=20, leading=28),
        "small": ParagraphStyle("small", parent=base, fontSize=9, leading=14, textColor=colors.HexColor("#555555")),
        "heading": ParagraphStyle("heading", parent=base, fontSize=13, leading=20, spaceBefore=4, spaceAfter=4),
        "cell": ParagraphStyle("cell", parent=base, fontSize=9, leading=14, spaceAfter=0),
        "head": ParagraphStyle("head", parent=base, fontSize=9, leading=14, spaceAfter=0),
    }


@lru_cache(maxsize=4)
def _font(file: str) -> str:
    if not file:
        pdfmetrics.registerFont(UnicodeCIDFont(STANDARD))
        return STANDARD
    try:
        pdfmetrics.registerFont(TTFont("booklet", Path(file), subfontIndex=0))
    except (TTFError, OSError) as error:
        raise InvalidInput("This font cannot be embedded.", field="WANGGE_BOOKLET_FONT", value=file,
                           expected="a TrueType file (.ttf or .ttc)") from error
    return "booklet"
