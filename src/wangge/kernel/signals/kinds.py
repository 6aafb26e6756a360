"""The signals as one table: what each says, what it does not say, and its thresholds with default and bounds.

A signal goes to a person, who looks. It takes no points, opens no case and says nothing of a resident; whoever reports
is never named, and counted only as a share of many. Pages, the API and the command line tell each rule from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from wangge.kernel.cases.guards import REFUSALS_TO_MEETING
from wangge.kernel.indicators.quiet import USUAL_DAYS


class Threshold(NamedTuple):
    """A whole number that a rule reads: its code, what it is called, its default, the least and the most."""

    code: str
    name: str
    name_en: str
    default: int
    least: int
    most: int


class Kind(NamedTuple):
    """A signal. `rule` and `not_meant` are sentences; a rule's `{code}` stands for the threshold of that code."""

    code: str
    name: str
    name_en: str
    rule: str
    rule_en: str
    not_meant: str
    not_meant_en: str
    thresholds: tuple[Threshold, ...] = ()

    def told(self, values: Mapping[str, int], *, english: bool) -> str:
        """The rule with its thresholds."""
        return (self.rule_en if english else self.rule).format(**values)


_T = Threshold
_ROWS = (
    Kind(
        "photo", "同一张照片", "The same photo",
        "同一张照片(保存后的文件逐字节相同)在本期又被用到，合计用于 {uses} 处或更多。",
        "The same photo, byte for byte as it is kept, was used again in the period, in {uses} places or more.",
        "不表示造假：同一现场报了两次、合并的案件也会这样。另拍一张、裁剪过或重新压缩的照片认不出来。",
        "It does not say that anything was forged: one scene reported twice looks the same. A photo taken anew,"
        " cropped or compressed again is not found.",
        (_T("uses", "用到几处", "Uses", 2, 2, 50),),
    ),
    Kind(
        "fast", "上报即办结", "Reported and solved at once",
        "上报后 {seconds} 秒内就处置完毕（自行处置、导入的案件不计）。",
        "Handled within {seconds} seconds of the report; neither self-disposed nor imported.",
        "不表示没有处置：人在现场、补录系统外已办的事也会这样。",
        "It does not say that nothing was done: whoever stood there, or entered later what was done, looks the same.",
        (_T("seconds", "几秒内", "Seconds", 120, 10, 3600),),
    ),
    Kind(
        "month_end", "月末集中结案", "Closed at the end of the month",
        "某个网格或单位在月末 {days} 天里结案不少于 {closings} 件，日均是当月其余各天的 {times} 倍以上。",
        "A grid or a unit closed {closings} cases or more in the last {days} days of a month, a day at least {times}"
        " times as many as on its own other days.",
        "不表示结案不实：集中整治、月末验收也会这样。",
        "It does not say that cases were closed untruly: a campaign, or inspections at the month's end, look the same.",
        (_T("days", "月末几天", "Days", 3, 1, 10), _T("closings", "结案数", "Closings", 10, 5, 1000),
         _T("times", "倍数", "Times", 3, 2, 50)),
    ),
    Kind(
        "silent", "静默网格", "Silent grids",
        "连续 {days} 天没有上报，而这段时间一直有能上报的人在岗（与“研判”同一口径）。",
        "No report for {days} days though somebody who may report was on duty all that time, by the rule of Insight.",
        "不表示有人偷懒：也可能确实没有问题。不设上报数量要求。",
        "It does not say that anybody was idle: perhaps there was nothing. Nobody has to report a number.",
        (_T("days", "几天", "Days", USUAL_DAYS, 1, 90),),
    ),
    Kind(
        "few", "数据靠少数人", "Figures that hang on few",
        "本期上报不少于 {reports} 件，其中至少 {percent}% 出自 {reporters} 名以内的上报人（只算占比，不显示是谁）。",
        "Of {reports} reports or more in the period, at least {percent} % came from {reporters} reporters or fewer. A"
        " share only; who they are is not shown.",
        "不评价任何上报人，也不表示上报不实：只说明这里的数字受几个人影响大。",
        "It judges no reporter and says of no report that it is untrue: the figures of this place hang on few people.",
        (_T("reports", "上报数", "Reports", 20, 10, 1000), _T("percent", "占比(%)", "Percent", 80, 50, 100),
         _T("reporters", "上报人数", "Reporters", 2, 1, 5)),
    ),
    Kind(
        "rebound", "同一处回潮", "The same spot again",
        "治理后在管控期内又出现，或同类问题在同一处多次出现而建了回潮点档案（天数以回潮点档案为准，默认 30 天）。",
        "Cases came back to a spot within its days after a remedy, or opened its file again; the days are those of the"
        " spot's file, 30 unless its rule says otherwise.",
        "不表示上次处置不实：源头未除、季节性问题也会反复。",
        "It does not say that the work was not done: where the cause stays, the problem returns.",
    ),
    Kind(
        "refusal", "部门推诿", "Refused between departments",
        "同一案件被部门退回 {refusals} 次或更多，最近一次在本期。第 {meeting} 次退回时系统已发起联席会商。",
        "Departments gave the same case back {refusals} times or more, the last time in the period. The joint meeting"
        " is called at refusal {meeting}.",
        "不表示退回不当：派错了，就应当退回。",
        "It does not say that a refusal was wrong: what was sent to the wrong one is to be given back.",
        (_T("refusals", "退回次数", "Refusals", REFUSALS_TO_MEETING, 1, 20),),
    ),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {one.code: one for one in _ROWS}
THRESHOLDS: Mapping[str, Threshold] = {
    f"{kind.code}.{one.code}": one for kind in _ROWS for one in kind.thresholds
}
"""By signal and code, such as `fast.seconds`."""
assert len(KINDS) == len(_ROWS)


class Thresholds(NamedTuple):
    """The thresholds in force somewhere, by `fast.seconds`; and which of them were set there or above."""

    values: Mapping[str, int]
    set: frozenset[str] = frozenset()

    def of(self, kind: str) -> dict[str, int]:
        """Those of one signal by their own codes, and what its sentence names beside them."""
        own = {one.code: self.values[f"{kind}.{one.code}"] for one in KINDS[kind].thresholds}
        return own | ({"meeting": REFUSALS_TO_MEETING} if kind == "refusal" else {})


DEFAULTS = Thresholds({name: one.default for name, one in THRESHOLDS.items()})
