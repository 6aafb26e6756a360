"""State of this room: findings, policies, runs with their lines, appeals. Each module says its invariants."""

from __future__ import annotations

from wangge.assessment.models.findings import FindingRow
from wangge.assessment.models.policies import PolicyVersion
from wangge.assessment.models.runs import Appeal, Revision, Run, StatementLine

__all__ = ["Appeal", "FindingRow", "PolicyVersion", "Revision", "Run", "StatementLine"]
