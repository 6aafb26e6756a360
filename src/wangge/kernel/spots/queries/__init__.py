"""Reads of spot files: lists, one file, the file that a case is in, figures for indicators."""

from wangge.kernel.spots.queries.detail import CampaignRow, MemberRow, RemedyRow, SpotDetail, spot_detail
from wangge.kernel.spots.queries.figures import Figures, Line, Recurrence, recurrence
from wangge.kernel.spots.queries.former import Former, nth_within, of_place, seen_of_place
from wangge.kernel.spots.queries.listing import (
    OF_CASE,
    CaseSpot,
    Filters,
    Page,
    SpotRow,
    by_state,
    listing,
    seen_of_case,
    spot_of_case,
)

__all__ = [
    "OF_CASE",
    "CampaignRow",
    "CaseSpot",
    "Figures",
    "Filters",
    "Former",
    "Line",
    "MemberRow",
    "Page",
    "Recurrence",
    "RemedyRow",
    "SpotDetail",
    "SpotRow",
    "by_state",
    "listing",
    "nth_within",
    "of_place",
    "recurrence",
    "seen_of_case",
    "seen_of_place",
    "spot_detail",
    "spot_of_case",
]
