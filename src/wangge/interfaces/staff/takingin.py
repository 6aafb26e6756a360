"""Working a file that was taken in: areas, people and duties, or public parts; at once, or behind the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from wangge.base.clock import now
from wangge.base.errors import WanggeError
from wangge.base.faults import Fault
from wangge.base.mandate import Mandate
from wangge.interfaces.web import refusals
from wangge.kernel.cases.parts.importing import import_parts
from wangge.kernel.desk import imports
from wangge.kernel.desk.models import Import
from wangge.kernel.duties import workbook as book
from wangge.kernel.duties.mandates import for_person
from wangge.kernel.places.importing import features_of, import_features

AT_ONCE = 50_000
"""Files up to so many bytes are worked while one waits: some thousand rows."""
JOB = "import_file"
Progress = Callable[[int, int | None], None]


GIVEN_UP = frozenset({
    gettext_noop("It was broken off each time; nothing more is tried."), gettext_noop("It was never worked."),
    gettext_noop("The file could not be worked; the log says why."),
})
"""Ends that no row is to blame for."""


class Result(NamedTuple):
    """Counts by sheet (`sheet`, `created`, `changed`, `unchanged`), and the refused rows."""

    told: list[dict[str, Any]]
    refused: list[dict[str, Any]]


def kind_of(name: str) -> str:
    """What a file is, by its name."""
    return "geojson" if name.lower().endswith((".geojson", ".json")) else "book"


def later(one: Import) -> None:
    """Hand it to the worker, in the caller's transaction."""
    app.configure_task(JOB, lock=f"import {one.id}").defer(key=str(one.id))


def send(*, kind: str, name: str, content: bytes, account: UUID, by: Mandate, options: dict[str, str]) -> Import:
    """Keep a file and hand it to the worker: both or neither."""
    with transaction.atomic():
        one = imports.accept(kind=kind, name=name, content=content, account=account, by=by,
                             language=translation.get_language() or "", options=options)
        later(one)
    return one


def work(key: UUID) -> None:
    """Work an import to its end, for who sent it and under their duty, which must still be held. Repeatable."""
    with imports.claimed(key, now()) as one:
        if one is None:
            return
        with translation.override(one.language or None):
            try:
                by = for_person(one.account.person_id, channel="desk", duty=one.duty)
                found = take(one.kind, bytes(one.content or b""), by, one.options,
                             lambda rows, total: imports.worked(one, rows, total))
            except WanggeError as error:
                imports.fail(one, said(error), now())
                return
            except Exception:
                imports.fail(one, "The file could not be worked; the log says why.", now())
                raise
        imports.finish(one, found.told, found.refused, now())


def take(
    kind: str, content: bytes, by: Mandate, options: dict[str, str], progress: Progress = lambda rows, total: None
) -> Result:
    """Take in a file of this kind. `progress` is told how many more rows are behind it, and how many there are."""
    return _KINDS[kind](content, by, options, progress)


def _book(content: bytes, by: Mandate, options: dict[str, str], progress: Progress) -> Result:
    found = book.imported(content, by=by, progress=progress)
    told = [_counts(sheet, found.created[sheet], found.changed[sheet], found.unchanged[sheet])
            for sheet in found.created]
    return Result(told, [kept(sheet, fault, cells) for sheet, fault, cells in found.refused])


def _ground(content: bytes, by: Mandate, options: dict[str, str], progress: Progress) -> Result:
    features = features_of(content, "file")
    progress(0, len(features))
    found = import_features(list(enumerate(features, 1)), by=by)
    progress(len(features), None)
    return Result([_counts("geojson", found.created, found.changed, found.unchanged)],
                  [kept("geojson", fault, {}) for fault in found.faults])


def _parts(content: bytes, by: Mandate, options: dict[str, str], progress: Progress) -> Result:
    progress(0, max(1, content.count(b"\n") - 1))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        file.write_bytes(content)
        found = import_parts(file, by=by, crs=options.get("crs", "wgs84"), progress=lambda rows: progress(rows, None))
    refused = [
        {"sheet": "parts", "row": one.line, "label": one.code, "column": one.field or "", "value": one.value or "",
         "why": one.reason, "expected": one.expected, "cells": {"code": one.code}}
        for one in found.faults
    ]  # fmt: skip
    return Result([_counts("parts", found.created, found.changed, found.unchanged)], refused)


_KINDS: dict[str, Callable[[bytes, Mandate, dict[str, str], Progress], Result]] = {
    "book": _book, "geojson": _ground, "parts": _parts,
}


def _counts(sheet: str, created: int, changed: int, unchanged: int) -> dict[str, Any]:
    return {"sheet": sheet, "created": created, "changed": changed, "unchanged": unchanged}


def kept(sheet: str, fault: Fault, cells: dict[str, str]) -> dict[str, Any]:
    """A refused row as it is kept for the error workbook."""
    return {
        "sheet": sheet, "row": fault.row, "label": fault.label, "column": fault.column, "value": fault.value,
        "why": said(fault.error), "expected": fault.expected, "cells": cells,
    }


def said(error: WanggeError) -> str:
    """The refusal; the kernel's own words stand beside where they say more than the page's."""
    words = refusals.said(error)
    return words if words == error.detail or error.detail in refusals.OWN else f"{words} ({error.detail})"
