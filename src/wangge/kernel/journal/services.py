"""Writing to the journal. Everything that changes the world passes `append` (or the cases' `record`).

The functions live in `appending`, `sealing`, `erasing` and `projecting`; rooms above import them from here.
"""

from __future__ import annotations

from wangge.kernel.journal.appending import Written, append, heads, insert, note, ordinals
from wangge.kernel.journal.erasing import Erased, Erasure, erase, on_erase, place_of
from wangge.kernel.journal.projecting import SOME, Projection, State, Text, Told, microseconds, project, stepping
from wangge.kernel.journal.sealing import seal, seal_line, unsealed
from wangge.kernel.journal.writing import Act

__all__ = [
    "SOME",
    "Act",
    "Erased",
    "Erasure",
    "Projection",
    "State",
    "Text",
    "Told",
    "Written",
    "append",
    "erase",
    "heads",
    "insert",
    "microseconds",
    "note",
    "on_erase",
    "ordinals",
    "place_of",
    "project",
    "seal",
    "seal_line",
    "stepping",
    "unsealed",
]
