"""Reads of cases, each already scoped to what the mandate may see."""

from wangge.kernel.cases.queries.boxes import Boxes, boxes
from wangge.kernel.cases.queries.conditions import Filters
from wangge.kernel.cases.queries.detail import CaseDetail, case_detail, subject_of
from wangge.kernel.cases.queries.duplicates import Candidate, candidates, candidates_for
from wangge.kernel.cases.queries.queue import MOST as MOST_ROWS
from wangge.kernel.cases.queries.queue import Page, QueueRow, counts, queue
from wangge.kernel.cases.queries.suggested import suggestions
from wangge.kernel.cases.queries.timeline import Moment, timeline
from wangge.kernel.cases.queries.trace import Held, Stage, Trace, trace, trace_many

__all__ = [
    "MOST_ROWS",
    "Boxes",
    "Candidate",
    "CaseDetail",
    "Filters",
    "Held",
    "Moment",
    "Page",
    "QueueRow",
    "Stage",
    "Trace",
    "boxes",
    "candidates",
    "candidates_for",
    "case_detail",
    "counts",
    "queue",
    "subject_of",
    "suggestions",
    "timeline",
    "trace",
    "trace_many",
]
