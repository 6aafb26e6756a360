"""The indicators, each once: code, names, formula in words, and the conditions that count it.

A ratio is `numerator` / `denominator` over a base of `bases`; a case of the numerator is one of the denominator.
The definitions are the usual ones of the field (domain reference, 1.6); what each leaves out stands in its formula.
`docs/indicators.md` is compared with this table by a test.
"""

from __future__ import annotations

from typing import NamedTuple

from wangge.kernel.indicators import bases as b

SETS: dict[str, tuple[str, str]] = {
    "deadlines": ("时限", "Deadlines"),
    "intake": ("受理立案", "Intake"),
    "handling": ("派遣处置", "Dispatch and handling"),
    "result": ("结果", "Results"),
    "aside": ("单列", "Counted apart"),
}
"""Which indicators are shown together."""


class Indicator(NamedTuple):
    """One row. `numerator` None: the figure is a median of seconds over the cases of the denominator."""

    code: str
    set: str
    name: str
    name_en: str
    base: str
    over: str
    over_en: str
    counts: str
    counts_en: str
    denominator: str
    numerator: str | None
    good: str = "high"
    """Whether a high or a low figure is the good one; `none` where neither is."""

    @property
    def formula(self) -> str:
        """The formula in Chinese words, with who is counted."""
        over = f" ÷ {self.over}" if self.numerator else ""
        return f"{self.counts}{over}。统计口径：{b.BASES[self.base].name}"

    @property
    def formula_en(self) -> str:
        """The formula in English words, with who is counted."""
        over = f" ÷ {self.over_en}" if self.numerator else ""
        return f"{self.counts_en}{over}. Of cases {b.BASES[self.base].name_en}"


_ALL = "TRUE"
_I = Indicator

_ROWS: tuple[Indicator, ...] = (
    _I("disposal", "deadlines", "处置率", "Handled", "due", "应处置数", "due cases", "处置数", "handled cases",
       _ALL, f"({b.DONE_AT}) IS NOT NULL"),
    _I("disposal_on_time", "deadlines", "按期处置率", "Handled on time", "due", "应处置数", "due cases",
       "按期处置数", "cases handed back by their due time", _ALL, f"({b.DONE_AT}) <= c.due_at"),
    _I("closing", "deadlines", "结案率", "Closed", "due", "应结案数", "due cases",
       "结案数（不含强制结案）", "closed cases, not by force", _ALL, b.CLOSED),
    _I("closing_on_time", "deadlines", "按期结案率", "Closed on time", "due", "应结案数", "due cases",
       "按期结案数（以部门处置完毕回复的时刻为准）",
       "closed cases, not by force, that were handed back by their due time", _ALL,
       f"{b.CLOSED} AND ({b.DONE_AT}) <= c.due_at"),
    _I("closing_late", "deadlines", "超期结案率", "Closed late", "due", "应结案数", "due cases",
       "超期结案数", "closed cases, not by force, that were handed back after their due time",
       _ALL, f"{b.CLOSED} AND ({b.DONE_AT}) > c.due_at", "low"),
    _I("extension", "deadlines", "延期率", "Extended", "due", "应结案数", "due cases",
       "批准过延期的案件数", "cases with an extension granted", _ALL, "c.extensions > 0", "low"),
    _I("unclosed", "deadlines", "未结案率", "Not ended", "reported", "上报数", "reported cases",
       "尚未结案也未作废数", "cases neither closed nor void", _ALL, "c.state NOT IN ('closed', 'void')", "low"),

    _I("first_answer_on_time", "intake", "第一时间响应率", "First answer in time", "reported",
       "已有人答复或已过30分钟的上报数", "reported cases that were answered or have waited 30 minutes",
       "30分钟内有人答复数（不含导入、自行处置）",
       "cases that a person other than the reporter answered within 30 minutes; neither imported nor self-disposed",
       b.TO_ANSWER, b.ANSWERED_IN_TIME),
    _I("first_answer_time", "intake", "第一时间响应时长（中位数）", "Time to the first answer (median)", "reported",
       "已有人答复数", "answered cases",
       "从上报到第一次有人答复的时间的中位数（日历时间，与时限无关）",
       "The median time from report to the first answer by a person, in calendar time, apart from any limit",
       b.ANSWERED, None, "low"),
    _I("valid_report", "intake", "有效上报率", "Valid reports", "reported", "上报数", "reported cases",
       "未作废数", "cases that are not void", _ALL, "c.state <> 'void'"),
    _I("acceptance_accurate", "intake", "准确受理率", "Accepted rightly", "accepted", "受理数", "accepted cases",
       "受理后未作废数", "cases not voided after all", _ALL, "c.state <> 'void'"),
    _I("registering", "intake", "立案率", "Registered", "accepted", "有效受理数（受理后未作废）",
       "accepted cases that are not void", "已立案数", "cases registered by now", "c.state <> 'void'",
       b.REGISTERED_NOW),
    _I("verifying_on_time", "intake", "按期核实率", "Verified on time", "accepted",
       "应核实数（公众上报，已核实或已到核实时限）",
       "reports of the public that were verified or should have been by now",
       "按时核实数", "cases verified within the limit of the stage", b.TO_VERIFY, b.VERIFIED_IN_TIME),
    _I("registering_on_time", "intake", "按时立案率", "Registered on time", "registered",
       "立案数（立案时限已知）", "registered cases with a known limit of that stage", "按时立案数",
       "cases registered within the limit of the stage", "c.register_due_at IS NOT NULL",
       "c.registered_at <= c.register_due_at"),
    _I("registering_accurate", "intake", "准确立案率", "Registered rightly", "registered", "立案数", "registered cases",
       "立案后未作废数", "cases not voided after all", _ALL, "c.state <> 'void'"),

    _I("dispatch_on_time", "handling", "按期派遣率", "Dispatched on time", "registered",
       "应派遣数（已派遣或已到派遣时限）", "cases that were dispatched or should have been by now",
       "按时派遣数", "cases dispatched within the limit of the stage", b.TO_DISPATCH, b.DISPATCHED_IN_TIME),
    _I("dispatch_accurate", "handling", "准确派遣率", "Dispatched rightly", "registered", "已派遣数",
       "dispatched cases", "从未退回数", "cases that were never returned", "c.dispatched_at IS NOT NULL",
       "c.returns = 0"),
    _I("returned", "handling", "退回率", "Returned", "registered", "已派遣数", "dispatched cases",
       "退回过的案件数", "cases returned at least once", "c.dispatched_at IS NOT NULL", "c.returns > 0", "low"),
    _I("rework", "handling", "返工率", "Reworked", "handled", "处置案件数", "cases handed back",
       "返工过的案件数（按案件，不按次数）", "cases sent back for rework at least once", _ALL, "c.reworks > 0", "low"),
    _I("inspecting_on_time", "handling", "按期核查率", "Inspected on time", "handled",
       "应核查数（已核查或已到核查时限）", "cases that were inspected or should have been by now",
       "按时核查数", "cases inspected within the limit of the stage", b.TO_INSPECT, b.INSPECTED_IN_TIME),

    *(_I(f"ended_in_{tier}", "result", f"{name}结案占比", f"Ended in the {tier}", "closed",
         "结案数（不含导入案件）", "closed cases, not imported", f"在{level}结案数（{saying}）",
         f"cases closed while the {tier} held them", "c.origin <> 'imported'", f"c.tier = '{tier}'", good)
      for tier, name, level, saying, good in (
          ("grid", "网格", "网格", "小事不出网格", "high"),
          ("community", "社区", "社区", "大事不出社区", "none"),
          ("subdistrict", "街道", "街道", "难事不出街道", "none"),
      )),
    _I("recurrence", "result", "复发率", "Came back", "closed", "有类别和位置的结案数",
       "closed cases with a class and a position", "结案后30天内、50米内又有同类案件上报的案件数",
       "cases after whose closing one of the same class was reported within 30 days and 50 m",
       b.WATCHED, b.CAME_BACK, "low"),
    _I("satisfaction", "result", "满意率", "Content", "closed", "已评价数", "rated cases",
       "评为非常满意或满意数", "cases rated content or very content", "c.satisfaction IS NOT NULL",
       "c.satisfaction >= 2"),

    _I("forced", "aside", "强制结案率", "Closed by force", "closed", "结案数", "closed cases",
       "强制结案数", "cases closed by force", _ALL, "c.forced", "low"),
    _I("exempt", "aside", "申诉免责率", "Exempt by appeal", "due_all", "应结案数（含挂账、免责）",
       "due cases, suspended and exempt ones included", "申诉成功、不计超期的案件数",
       "cases whose appeal against the overdue mark was granted", _ALL, "c.timeout_exempt", "none"),
    _I("suspended", "aside", "挂账率", "Suspended", "due_all", "应结案数（含挂账、免责）",
       "due cases, suspended and exempt ones included", "挂账中的案件数", "cases suspended now", _ALL,
       "c.state = 'suspended'", "low"),
    _I("self_disposed", "aside", "自处置上报占比", "Self-disposed", "reported", "上报数", "reported cases",
       "自行处置上报数", "cases put right by who found them", _ALL, "c.self_disposed", "none"),
    _I("self_disposed_closed", "aside", "自处置结案率", "Self-disposed, closed", "reported", "自行处置上报数",
       "self-disposed cases", "自行处置已结案数", "cases of these that are closed", "c.self_disposed",
       "c.state = 'closed'"),
    _I("self_disposed_void", "aside", "自处置作废率", "Self-disposed, void", "reported", "自行处置上报数",
       "self-disposed cases", "自行处置作废数", "cases of these that are void", "c.self_disposed",
       "c.state = 'void'", "low"),
)  # fmt: skip

INDICATORS: dict[str, Indicator] = {one.code: one for one in _ROWS}
assert len(INDICATORS) == len(_ROWS), "one row for an indicator"
assert all(one.base in b.BASES and one.set in SETS for one in _ROWS)
