"""Reads of cases, each already scoped to what the mandate may see."""

from wangge.kernel.cases.queries.detail import CaseDetail, case_detail, subject_of
from wangge.kernel.cases.queries.duplicates import Candidate, candidates, candidates_for
from wangge.kernel.cases.queries.queue import MOST as MOST_ROWS
from wangge.kernel.cases.queries.queue import Filters, Page, QueueRow, counts, queue
from wangge.kernel.cases.queries.timeline import Moment, timeline
from wangge.kernel.cases.queries.trace import Held, Stage, Trace, trace, trace_many

__all__ = [
    "MOST_ROWS",
    "Candidate",
    "CaseDetail",
    "Filters",
    "Held",
    "Moment",
    "Page",
    "QueueRow",
    "Stage",
    "Trace",
    "candidates",
    "candidates_for",
    "case_detail",
    "counts",
    "queue",
    "subject_of",
    "timeline",
    "trace",
    "trace_many",
]
