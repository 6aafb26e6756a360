"""The catalogue of posts and what each may do. The one table from which mandates take their verbs.

Case verbs are the acts of `cases.lifecycle`, spot verbs those of `spots.lifecycle`, ledger verbs the kinds of
posting, task verbs those of `tasks.lifecycle`; the others: `see` everything below the scope, `see_own` what one's own
post or organisation holds, `see_accounts` and `see_own_accounts` likewise, `see_tasks` all tasks of the scope, `trace`,
`prove`, `verify`, `erase`, `seal`,
`read_contact`, `read_restricted` and `read_confidential` (the words of cases of such classes), `publish` (the
figures of a period), `clear_photos` (for the screen), `watch` (a display),
`hand_over` (fill and hand over the posts of the standard group), and `manage_…`.
"""

from __future__ import annotations

from dataclasses import dataclass

CASE_VERBS = frozenset({
    "report", "accept", "reject", "confirm", "register", "dispose", "merge", "separate", "dispatch", "share", "rule",
    "recall", "sign", "handle", "return", "whistle", "arrive", "inspect", "rework", "close", "void", "force_close",
    "reopen", "ask_extension", "endorse", "extend", "ask_suspension", "suspend", "resume", "appeal", "review", "exempt",
    "refuse", "withdraw", "send_up", "send_down", "supervise", "answer", "urge", "tell", "comment",
    "attach",
})
"""Acts upon cases that people do by a duty."""
FOLLOWER_VERBS = frozenset({"see", "comment", "attach", "rate", "dissent"})
"""What the holder of a tracking code may do."""
INTERNAL_VERBS = frozenset({
    "gather", "part_back", "escalate", "warn", "follow_move", "follow_close", "follow_void", "follow_reopen",
})
"""Acts that follow from others or from the clock; jobs alone do them."""
SPOT_VERBS = frozenset({"campaign", "set_remedy", "finish_remedy", "drop_remedy", "close_spot", "reopen_spot"})
"""Acts upon spot files that people do by a duty."""
SPOT_INTERNAL_VERBS = frozenset({"open_spot", "join_spot", "rebound", "held", "recur"})
"""Acts upon spot files that follow from cases; jobs alone do them."""
TASK_VERBS = frozenset({
    "direct", "call_leader", "read_task", "take_task", "progress", "reply_task", "decline_task", "accept_reply",
    "send_back", "redirect", "remind_task", "postpone", "withdraw_task",
})
"""Giving tasks, calling who leads, and acts upon tasks; who may do them to which task says its issuer and addressee."""
TASK_INTERNAL_VERBS = frozenset({"fall_due"})
"""Deadlines of tasks that pass; jobs alone do it."""
ASSESSMENT_VERBS = frozenset({
    "record_finding", "amend_finding", "assess", "draft_policy", "approve_policy", "give_notice", "review_charge",
    "settle_run", "pledge", "keep_pay", "file_basis", "enter_invoice", "approve_invoice",
})
"""What is found, what is cut or merged of it, policies, runs from statement to posting, reviews, and money."""
INSPECTION_VERBS = frozenset({
    "order_rectification", "drop_rectification", "rectify", "recheck", "decide_contest",
})
"""Having what was found put right, and deciding whether it was found rightly. Contesting needs no verb."""
DESK_VERBS = frozenset({"arrange", "close_shift", "take_shift"})
"""Sharing views and standard replies on one's ground; handing a shift over and taking it."""
PATROL_VERBS = frozenset({
    "plan_patrol", "start_patrol", "visit_stop", "end_patrol", "drop_patrol", "observe", "decide_observation",
    "see_patrols", "ask_switch", "approve_switch", "refuse_switch", "end_switch", "draw",
})
"""Patrols, spot checks within them, the switchboard, draws. Contesting needs no verb: it is one's own right."""
SIGNAL_VERBS = frozenset({"see_signals", "settle_signal", "tune_signals"})
"""Worklists of who checks: reading them, saying what came of a row, setting thresholds."""
ASSESSMENT_INTERNAL_VERBS = frozenset({"tell_day"})
"""Telling a ground on the same day that it is above its daily limit; jobs alone do it."""
PLACE_INTERNAL_VERBS = frozenset({"carry_out"})
"""What becomes of a redrawing when its day has come; jobs alone do it."""
MANAGE_VERBS = frozenset({"manage_areas", "manage_duties", "manage_classes", "manage_accounts"})
WALL_VERBS = frozenset({"clear_photos", "manage_displays"})
"""What the screen shows of photos, and where it may hang."""
DISPLAY_VERBS = frozenset({"watch"})
"""What the token of a display allows."""
LEDGER_VERBS = frozenset({"open_account", "post", "hold", "settle", "release", "reverse"})
"""Acts upon accounts. Everybody reads their own without a verb."""
OTHER_VERBS = frozenset({
    "see", "see_own", "trace", "prove", "verify", "erase", "seal", "read_contact", "read_restricted",
    "read_confidential", "publish", "see_accounts", "see_own_accounts", "see_tasks", "hand_over",
})
ALL_VERBS = (
    CASE_VERBS | INTERNAL_VERBS | FOLLOWER_VERBS | SPOT_VERBS | SPOT_INTERNAL_VERBS | MANAGE_VERBS | LEDGER_VERBS
    | WALL_VERBS | DISPLAY_VERBS | TASK_VERBS | TASK_INTERNAL_VERBS | ASSESSMENT_VERBS | PATROL_VERBS | DESK_VERBS
    | INSPECTION_VERBS | SIGNAL_VERBS | ASSESSMENT_INTERNAL_VERBS | OTHER_VERBS
)


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


_CLOSE = "read_restricted read_confidential"
_TASKS = " ".join(sorted(TASK_VERBS - {"direct"}))
_SAY = f"comment attach report {_TASKS}"
_SPOTS = "campaign set_remedy finish_remedy drop_remedy close_spot reopen_spot"
_ASK = "ask_extension ask_suspension withdraw appeal answer"
_WORK = f"sign handle return rectify {_ASK} {_SAY}"
_PUT_RIGHT = "order_rectification drop_rectification"
_INSPECT = "confirm inspect rework close tell"
_FOUND = f"record_finding decide_contest recheck {_PUT_RIGHT}"
_INTAKE = (
    f"accept reject confirm register merge separate void answer supervise urge tell {_SAY} see trace {_CLOSE}"
    " close_shift take_shift"
)
_DESK = (
    f"{_INTAKE} dispatch share recall return close reopen prove"
    " extend suspend resume review exempt refuse whistle send_up arrange"
    f" {_SPOTS} see_tasks clear_photos"
)
_FIELD = f"{_WORK} confirm dispose send_up tell see"
_OUTSIDE = f"{_WORK} dispose see_own"
_LEAD = (
    f"{_WORK} tell confirm see trace prove reopen read_contact see_accounts"
    " endorse refuse resume supervise urge whistle send_up send_down rule read_restricted"
    f" {_SPOTS} direct see_tasks clear_photos hand_over arrange {_PUT_RIGHT}"
)
_CHIEF = (
    "amend_finding assess force_close read_confidential publish settle release reverse"
    " approve_policy give_notice settle_run open_account post hold approve_invoice file_basis manage_displays"
)
_KEEP = (
    "record_finding assess see_accounts open_account post hold settle release"
    " draft_policy give_notice keep_pay file_basis enter_invoice"
)
_UNIT = f"{_WORK} arrive tell see_own"
_OVER = "plan_patrol drop_patrol see_patrols decide_observation ask_switch"
_CHECK = "see_signals settle_signal"
_PATROL = "plan_patrol start_patrol visit_stop end_patrol drop_patrol observe"

_ROWS: tuple[tuple[str, str, str, bool, str, str], ...] = (
    ("grid_leader", "网格长", "Grid leader", True, f"{_FIELD} urge trace whistle read_restricted {_PATROL}", "team"),
    ("grid_liaison", "网格联络员", "Grid liaison", True, _FIELD, "team"),
    ("grid_worker", "专职网格员", "Full-time grid worker", True, _FIELD + " read_contact read_restricted", "team"),
    ("city_inspector", "城管巡查员", "Urban-management inspector", True, f"{_FIELD} {_PATROL}", "team"),
    ("property_manager", "物业管理员", "Property manager", False, _OUTSIDE, "team"),
    ("cleaner", "环境清理员", "Environment cleaner", False, _OUTSIDE, "team"),
    ("sanitation_worker", "卫生保洁员", "Sanitation worker", False, _OUTSIDE, "team"),
    ("party_supervisor", "党员督导员", "Party supervisor", False, _FIELD, "team"),
    ("resident_assistant", "居民协管员", "Resident assistant", False, _FIELD, "team"),
    ("police_assistant", "警务协助员", "Police assistant", True, _FIELD + " read_restricted", "team"),
    ("volunteer", "网格志愿者", "Grid volunteer", False, _OUTSIDE, "team"),
    ("operator", "派遣员", "Dispatch operator", False, _DESK + " read_contact", "command"),
    ("acceptor", "受理员", "Intake clerk", False, _INTAKE + " exempt refuse read_contact", "command"),
    ("inspector", "核查员", "Checking inspector", False,
     f"{_INSPECT} see {_SAY} {_CLOSE} review_charge decide_observation see_patrols {_PATROL} {_FOUND} amend_finding",
     "command"),
    ("officer", "城管队员", "Urban-management officer", False, f"{_FIELD} trace {_PATROL}", "street"),
    ("assessor", "考评员", "Assessor", False,
     f"{_SAY} see trace publish {_KEEP} see_patrols draw recheck {_PUT_RIGHT} {_CHECK}",
     "street"),
    ("secretary", "社区书记", "Community secretary", True, f"{_LEAD} review_charge pledge {_OVER}", "lead"),
    ("leader", "街道领导", "Subdistrict leader", False,
     f"{_LEAD} {_CHIEF} review_charge {_OVER} approve_switch refuse_switch end_switch draw {_CHECK} tune_signals",
     "lead"),
    ("unit_clerk", "部门经办人", "Department clerk", False, _UNIT + " read_contact see_own_accounts", "unit"),
    ("contractor", "承包单位经办人", "Contractor's clerk", False, _UNIT + " see_own_accounts", "unit"),
    ("auditor", "审计员", "Auditor", False,
     f"see trace prove verify see_accounts see_tasks review_charge see_patrols decide_contest amend_finding {_CHECK}",
     "system"),
    ("admin", "系统管理员", "Administrator", False,
     "manage_areas manage_duties manage_classes manage_accounts manage_displays seal verify erase", "system"),
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
_OTHER_ACTS = CASE_VERBS | SPOT_VERBS | LEDGER_VERBS | ASSESSMENT_VERBS | INSPECTION_VERBS | OTHER_VERBS
assert not TASK_VERBS & _OTHER_ACTS, "one verb, one act"
