"""Which cases a wall counts, once for the present and for replays.

A case that joined another and the parts of a shared one are not counted again, and a confidential class is not on the
wall at all: neither in a sum nor by its place.
"""

from __future__ import annotations

from wangge.kernel.cases.lifecycle import OPEN

SHOWN = (
    "c.path >= %(area)s AND c.path < %(beyond)s AND c.merged_into IS NULL AND c.parent IS NULL"
    " AND coalesce(k.confidentiality, 'public') <> 'confidential'"
)
"""Over `cases_case c LEFT JOIN cases_class k`; the values are a path and what lies beyond it."""
CLASSES = "LEFT JOIN cases_class k ON k.id = c.case_class LEFT JOIN cases_class m ON m.id = coalesce(k.parent_id, k.id)"
STATES = tuple(state.value for state in OPEN)
"""The stages of the funnel, in their order; the last is where the clock stands still."""
