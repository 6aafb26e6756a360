"""Tables of cases: reference data of an area, the case's present state, its reports, files and search terms.

Invariants held by the database: a case's version is the head of its journal chain; a state changes only
along the transition table (trigger generated from `lifecycle`); a key makes one report; a case's place at
birth never changes; coordinates come in pairs and lie on the globe.
"""

from __future__ import annotations

from wangge.kernel.cases.models.attached import Report, SearchTerms, StoredFile
from wangge.kernel.cases.models.case import Case
from wangge.kernel.cases.models.classes import ClassSet, Crosswalk
from wangge.kernel.cases.models.parts import Part
from wangge.kernel.cases.models.reference import (
    CONFIDENTIALITY,
    CaseClass,
    ClassCondition,
    Control,
    ReferenceVersion,
    RoutingRule,
    StageLimit,
)

__all__ = [
    "CONFIDENTIALITY",
    "Case",
    "CaseClass",
    "ClassCondition",
    "ClassSet",
    "Control",
    "Crosswalk",
    "Part",
    "ReferenceVersion",
    "Report",
    "RoutingRule",
    "SearchTerms",
    "StageLimit",
    "StoredFile",
]
