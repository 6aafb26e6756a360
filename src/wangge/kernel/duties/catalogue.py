"""The catalogue of posts and what each may do. The one table from which mandates take their verbs.

Case verbs are the acts of `cases.lifecycle`; the others: `see` everything below the scope, `see_own` what one's own
post or organisation holds, `trace`, `prove`, `verify`, `erase`, `seal`, `read_contact` and `manage_…`.
"""

from __future__ import annotations

from dataclasses import dataclass

CASE_VERBS = frozenset({
    "report", "accept", "reject", "register", "dispatch", "recall", "sign", "handle", "return", "inspect", "close",
    "rework", "void", "reopen", "comment", "attach",
})
MANAGE_VERBS = frozenset({"manage_areas", "manage_duties", "manage_classes", "manage_accounts"})
OTHER_VERBS = frozenset({"see", "see_own", "trace", "prove", "verify", "erase", "seal", "read_contact"})
ALL_VERBS = CASE_VERBS | MANAGE_VERBS | OTHER_VERBS


@dataclass(frozen=True, slots=True)
class PostInfo:
    """A post: its code, names, whether one person at most holds it regularly on an area, its verbs, its group.

    Groups: `team` (the eleven), `command` (the platform's desk), `street` (enforcement and assessment),
    `lead` (secretaries and leaders), `unit` (who handles for an organisation), `system`.
    """

    code: str
    name: str
    name_en: str
    single_seat: bool
    verbs: frozenset[str]
    group: str


_DESK = "accept reject register dispatch recall return void close reopen comment attach report see trace prove"
_FIELD = "report sign handle return comment attach see"
_OUTSIDE = "report sign handle return comment attach see_own"
_LEAD = "see trace comment attach reopen report prove read_contact sign handle return"
_UNIT = "sign handle return comment attach see_own report"

_ROWS: tuple[tuple[str, str, str, bool, str, str], ...] = (
    ("grid_leader", "网格长", "Grid leader", True, _FIELD + " trace", "team"),
    ("grid_liaison", "网格联络员", "Grid liaison", True, _FIELD, "team"),
    ("grid_worker", "专职网格员", "Full-time grid worker", True, _FIELD + " read_contact", "team"),
    ("city_inspector", "城管巡查员", "Urban-management inspector", True, _FIELD, "team"),
    ("property_manager", "物业管理员", "Property manager", False, _OUTSIDE, "team"),
    ("cleaner", "环境清理员", "Environment cleaner", False, _OUTSIDE, "team"),
    ("sanitation_worker", "卫生保洁员", "Sanitation worker", False, _OUTSIDE, "team"),
    ("party_supervisor", "党员督导员", "Party supervisor", False, _FIELD, "team"),
    ("resident_assistant", "居民协管员", "Resident assistant", False, _FIELD, "team"),
    ("police_assistant", "警务协助员", "Police assistant", True, _FIELD, "team"),
    ("volunteer", "网格志愿者", "Grid volunteer", False, _OUTSIDE, "team"),
    ("operator", "派遣员", "Dispatch operator", False, _DESK + " read_contact", "command"),
    ("acceptor", "受理员", "Intake clerk", False,
     "report accept reject register void comment attach see trace read_contact", "command"),
    ("inspector", "核查员", "Checking inspector", False, "inspect rework close comment attach see report", "command"),
    ("officer", "城管队员", "Urban-management officer", False, _FIELD + " trace", "street"),
    ("assessor", "考评员", "Assessor", False, "report comment attach see trace", "street"),
    ("secretary", "社区书记", "Community secretary", True, _LEAD, "lead"),
    ("leader", "街道领导", "Subdistrict leader", False, _LEAD, "lead"),
    ("unit_clerk", "部门经办人", "Department clerk", False, _UNIT + " read_contact", "unit"),
    ("contractor", "承包单位经办人", "Contractor's clerk", False, _UNIT, "unit"),
    ("auditor", "审计员", "Auditor", False, "see trace prove verify", "system"),
    ("admin", "系统管理员", "Administrator", False,
     "manage_areas manage_duties manage_classes manage_accounts seal verify erase", "system"),
)

POSTS: dict[str, PostInfo] = {
    code: PostInfo(code, name, name_en, single, frozenset(verbs.split()), group)
    for code, name, name_en, single, verbs, group in _ROWS
}
ELEVEN: tuple[str, ...] = tuple(code for code, post in POSTS.items() if post.group == "team")
"""The standard working group of a community, in the order of the catalogue."""

_LEADING = ("leader", "secretary")
STANDING: dict[str, int] = {
    code: place for place, code in enumerate((*_LEADING, *(code for code in POSTS if code not in _LEADING)))
}
"""The order in which holders on one area are named: who leads first."""

assert all(post.verbs <= ALL_VERBS for post in POSTS.values())
assert len(ELEVEN) == 11
