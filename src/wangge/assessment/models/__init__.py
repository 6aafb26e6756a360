"""State of this room: findings, and versions of policies. Each module says its invariants."""

from __future__ import annotations

from wangge.assessment.models.findings import FindingRow
from wangge.assessment.models.policies import PolicyVersion

__all__ = ["FindingRow", "PolicyVersion"]
