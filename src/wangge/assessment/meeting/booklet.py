"""The booklet of the review meeting as PDF: standing, flags, what was counted, statements; nobody's own lines.

Set in the standard Chinese font of PDF readers, which is not embedded; with the setting `WANGGE_BOOKLET_FONT` (a .ttf
or .ttc file of the machine) that font is embedded. The same run gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, HRFlowable, PageTemplate, Paragraph, Spacer, Table, TableStyle

from wangge.base.errors import InvalidInput

STANDARD = "STSong-Light"
MARGIN, FOOT = 22 * mm, 11 * mm
WIDTH = A4[0] - 2 * MARGIN
INK, SOFT, LINE, ACCENT = (colors.HexColor(one) for one in ("#1b2023", "#5a6266", "#cdc9be", "#0f5873"))
NUMBER = re.compile(r"[-+−]?[\d,.]+%?|—")


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
    document = BaseDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, title=booklet.title, author="", creator="",
        producer="", invariant=1,
    )
    frame = Frame(MARGIN, 20 * mm, WIDTH, A4[1] - 40 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates([PageTemplate(frames=[frame])])
    styles = _styles(name)
    story: list[Any] = [
        Paragraph(escape(booklet.title), styles["title"]), Paragraph(escape(booklet.below), styles["small"]),
        HRFlowable(width="100%", thickness=1.2, color=ACCENT, spaceBefore=8, spaceAfter=12),
    ]
    for section in booklet.sections:
        story.append(Paragraph(escape(section.heading), styles["heading"]))
        story += [Paragraph(escape(text).replace("\n", "<br/>"), styles["text"]) for text in section.paragraphs]
        if section.table:
            story.append(_table(section, styles))
        story.append(Spacer(1, 4 * mm))
    document.build(story, canvasmaker=_numbered(name, booklet.foot))
    return out.getvalue()


def _numbered(font: str, foot: str) -> type[Canvas]:
    """A canvas that writes the foot and “2 / 5” when it knows how many pages there are."""

    class Numbered(Canvas):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the name is reportlab's
            self.kept.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]

        def save(self) -> None:
            for number, page in enumerate(self.kept, start=1):
                self.__dict__.update(page)
                self.setFont(font, 8)
                self.setFillColor(SOFT)
                self.drawString(MARGIN, FOOT, foot)
                self.drawRightString(A4[0] - MARGIN, FOOT, f"{number} / {len(self.kept)}")
                super().showPage()
            super().save()

    return Numbered


def _table(section: Section, styles: dict[str, ParagraphStyle]) -> Table:
    """Full width, hairlines between rows; columns of figures but the first end on the right."""
    figures = [
        at > 0 and all(NUMBER.fullmatch(row[at]) for row in section.table[1:]) for at in range(len(section.table[0]))
    ]
    rows = [
        [Paragraph(escape(cell), styles[("head" if number == 0 else "cell") + ("-end" if end else "")])
         for cell, end in zip(row, figures, strict=True)]
        for number, row in enumerate(section.table)
    ]
    widths = [width * WIDTH / sum(section.widths) for width in section.widths]
    made = Table(rows, colWidths=widths or None, repeatRows=1, hAlign="LEFT", spaceBefore=1.5 * mm)
    made.setStyle(TableStyle([
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, SOFT), ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 6), ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("LEFTPADDING", (0, 0), (0, -1), 0), ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]))
    return made


def _styles(font: str) -> dict[str, ParagraphStyle]:
    base = ParagraphStyle("text", fontName=font, fontSize=10, leading=16, wordWrap="CJK", spaceAfter=3, textColor=INK)
    styles = {
        "text": base,
        "title": ParagraphStyle("title", parent=base, fontSize=21, leading=29, spaceAfter=2),
        "small": ParagraphStyle("small", parent=base, fontSize=9, leading=14, textColor=SOFT),
        "heading": ParagraphStyle(
            "heading", parent=base, fontSize=13, leading=19, spaceBefore=6, textColor=ACCENT, keepWithNext=1
        ),
        "cell": ParagraphStyle("cell", parent=base, fontSize=9, leading=13, spaceAfter=0),
        "head": ParagraphStyle("head", parent=base, fontSize=8.5, leading=13, spaceAfter=0, textColor=SOFT),
    }
    ends = {f"{kind}-end": ParagraphStyle(f"{kind}-end", parent=styles[kind], alignment=TA_RIGHT)
            for kind in ("cell", "head")}
    return styles | ends


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
