"""State of this room: what was found and inspected, policies, runs, appeals, the meeting, money.

Each module says its invariants.
"""

from __future__ import annotations

from wangge.assessment.models.findings import FindingRow
from wangge.assessment.models.inspections import Inspection
from wangge.assessment.models.meeting import Pledge
from wangge.assessment.models.money import Document, Employment, Invoice
from wangge.assessment.models.policies import PolicyVersion
from wangge.assessment.models.runs import Appeal, Revision, Run, StatementLine

__all__ = [
    "Appeal", "Document", "Employment", "FindingRow", "Inspection", "Invoice", "Pledge", "PolicyVersion", "Revision",
    "Run", "StatementLine",
]
