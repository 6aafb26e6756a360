"""Files that a page hands out: workbooks, GeoJSON, tables. Named in ASCII, never kept by a cache."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from wangge.base.workbooks import Sheet, written

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    """The bytes as a file of this name and media type."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def workbook(name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """A workbook `name`.xlsx."""
    return attachment(written(sheets), f"{name}.xlsx", XLSX)
