"""Which class a report's words resemble, by the model of its subdistrict. It suggests, it never decides.

The model in use is loaded when it is first asked for, and anew when another one is in use. Where there is none, or
its file is missing or was changed, nothing is suggested: a line in the log, never an error to whoever asks.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from wangge.base.errors import WanggeError
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.reference import ClassInfo, reference
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.reading import vault
from wangge.kernel.reading.core.model import Model

log = logging.getLogger("wangge.reading")
LEAST_CONFIDENCE = 0.1
"""What is less likely is not suggested."""
_KEPT = 8


class InUse(NamedTuple):
    """The model in use on a root, with the figures that go along with each of its suggestions."""

    digest: str
    trained_at: datetime
    cases: int
    macro_f1: Decimal


class ClassSuggestion(NamedTuple):
    """A class that the words resemble, how surely (0 to 1), and the words that say so."""

    info: ClassInfo
    confidence: float
    words: tuple[str, ...]


class Reading(NamedTuple):
    """What a model says of a text, likeliest first, and which model it is; without one there is no suggestion."""

    model: InUse | None
    classes: Sequence[ClassSuggestion]


SILENT = Reading(None, ())
_SQL = """
SELECT m.digest, m.trained_at, m.cases, m.macro_f1 FROM reading_model m JOIN places_area a ON a.id = m.area_id
WHERE a.path = %s AND m.active
"""
_loaded: dict[str, Model] = {}
_missed: set[str] = set()


def in_use(path: str) -> InUse | None:
    """The model that reads reports at a path: that of its root."""
    with hot_cursor() as cursor:
        row = cursor.execute(_SQL, [root_of(path)], prepare=True).fetchone()
    return InUse(*row) if row else None


def suggest_class(text: str, path: str, *, n: int = 3) -> Reading:
    """The classes that hold at `path` and that the text resembles. Silent without a model that can be read."""
    if not text.strip():
        return SILENT
    used = in_use(path)
    model = _model(used.digest) if used else None
    if used is None or model is None:
        return SILENT
    here = {info.code: info for info in reference().classes_at(path) if info.reportable}
    found = [
        ClassSuggestion(here[one.label], one.confidence, one.words)
        for one in model.suggest(text, n)
        if one.label in here and one.confidence >= LEAST_CONFIDENCE
    ]
    return Reading(used, found)


def _model(digest: str) -> Model | None:
    """The loaded model; None where its file cannot be used, which each process says once."""
    known = _loaded.get(digest)
    if known is not None:
        return known
    try:
        known = _loaded[digest] = vault.load(digest)
    except (OSError, WanggeError) as error:
        if digest not in _missed:
            log.error("the model that reads reports cannot be used", extra={"code": type(error).__name__})
        _missed.add(digest)
        return None
    for old in list(_loaded)[:-_KEPT]:
        del _loaded[old]
    return known
