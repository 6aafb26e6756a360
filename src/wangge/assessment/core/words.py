"""What clauses and their values are called by people, in Chinese and in English. For differences and pages."""

from __future__ import annotations

from wangge.assessment.core.clauses.base import Sentence, post_en, post_zh
from wangge.kernel.duties.catalogue import POSTS

KIND_WORDS: dict[str, Sentence] = {
    "daily_limit": Sentence("每日问题限额", "Daily limit"),
    "city_deductions": Sentence("市考扣分超上限", "City deductions over the cap"),
    "exemption": Sentence("先报免责", "Exemption of what was reported before"),
    "joint_liability": Sentence("捆绑履职、连带责任", "Bundled duty and joint liability"),
    "money_per_unit": Sentence("每档金额", "Money for a unit"),
    "brackets": Sentence("分段金额", "Money in brackets"),
    "ranking": Sentence("排名与骏马旗、蜗牛旗", "Ranking, Steed and Snail flags"),
    "indicator_score": Sentence("指标评分", "Score from indicators"),
    "honours_eligibility": Sentence("评先选优资格", "Eligibility for honours"),
}

KEY_WORDS: dict[str, Sentence] = {
    "title": Sentence("名称", "title"), "zh": Sentence("中文", "Chinese"), "en": Sentence("英文", "English"),
    "text": Sentence("条文", "text"), "approver": Sentence("批准单位", "approved by"), "area": Sentence("区域", "area"),
    "period": Sentence("考核周期", "period"), "moment": Sentence("以何时为准", "which time decides"),
    "valid_from": Sentence("施行日", "in force from"), "valid_to": Sentence("截止日", "in force until"),
    "notice_days": Sentence("公示、申诉工作日", "working days for appeals"),
    "streak": Sentence("连续无扣分月数", "zero-loss streak"), "checks": Sentence("如何计月", "which months count"),
    "since": Sentence("起算月", "first month"), "limit": Sentence("每日限额（个）", "problems a day"),
    "points_each": Sentence("超出每个扣分", "points for each further one"), "sources": Sentence("计入来源", "sources"),
    "area_kind": Sentence("计到哪一级", "kind of area"), "posts": Sentence("岗位", "posts"),
    "cap": Sentence("上限（分）", "cap in points"), "unit": Sentence("每档分数", "points of a unit"),
    "rounding": Sentence("取整", "rounding"), "allotment": Sentence("分摊办法", "how units are allotted"),
    "within_m": Sentence("距离（米）", "metres"), "same_class": Sentence("须同类", "same class"),
    "oldest_days": Sentence("最早几天前", "days before at most"), "roles": Sentence("责任岗位", "posts that answer"),
    "post": Sentence("岗位", "post"), "share": Sentence("承担份额", "share"),
    "holders": Sentence("同岗多人", "several holders"), "reach": Sentence("追责范围", "who is reached"),
    "once_a": Sentence("一人几次", "how often a person is charged"), "handover": Sentence("交接时", "at a handover"),
    "yuan": Sentence("每档金额（元）", "yuan for a unit"), "mode": Sentence("钱的模式", "mode of money"),
    "basis": Sentence("备案文号", "document on file"), "deposit": Sentence("押金（元）", "deposit in yuan"),
    "steps": Sentence("分段", "brackets"), "up_to": Sentence("到第几档", "up to unit"),
    "manner": Sentence("计法", "manner"), "of": Sentence("对象", "of"),
    "daily": Sentence("计入每日超限", "daily points"),
    "full": Sentence("满分", "full score"), "per_point": Sentence("每失一分扣", "taken for a point lost"),
    "excellent": Sentence("优秀线", "excellent from"), "fewest_checks": Sentence("最少检查次数", "fewest inspections"),
    "steed": Sentence("骏马旗名额", "Steed flags"), "snail": Sentence("蜗牛旗名额", "Snail flags"),
    "places": Sentence("小数位", "decimals"), "components": Sentence("组成", "components"),
    "weight": Sentence("权重", "weight"), "terms": Sentence("项", "terms"), "figure": Sentence("指标", "figure"),
    "factor": Sentence("系数", "factor"), "complement": Sentence("取反", "complement"),
    "name": Sentence("名称", "name"),
    "scale": Sentence("满分值", "scale"), "most_units": Sentence("最多档数", "most units"),
    "most_points": Sentence("最多失分", "most points"), "barred_flags": Sentence("不得有的旗", "flags that bar"),
}

VALUE_WORDS: dict[str, Sentence] = {
    "points": Sentence("只计分", "points only"), "performance_pay": Sentence("绩效", "performance pay"),
    "floor": Sentence("不足一档不计", "round down"), "ceiling": Sentence("不足一档按一档", "round up"),
    "half_up": Sentence("四舍五入", "round half up"), "pro_rata": Sentence("按比例", "pro rata"),
    "largest_remainder": Sentence("最大余数", "largest remainder"),
    "order_of_crossing": Sentence("越线先后", "order of crossing"), "quarter": Sentence("季度", "quarter"),
    "month": Sentence("月", "month"), "discovered": Sentence("发现时间", "time of discovery"),
    "occurred": Sentence("发生时间", "time of occurrence"), "city": Sentence("市", "city"),
    "district": Sentence("区", "district"), "subdistrict": Sentence("街道", "subdistrict"),
    "sample": Sentence("盲抽", "blind sample"),
    "bound": Sentence("失分网格的责任人", "who answers for grids that lost points"),
    "everyone": Sentence("全体责任人", "everyone"), "person": Sentence("一人一次", "once a person"),
    "role": Sentence("一岗一次", "once a role"), "each": Sentence("各自全额", "each in full"),
    "split": Sentence("分摊一份", "split one charge"), "units": Sentence("按档分", "units"),
    "money": Sentence("按金额分", "money"), "marginal": Sentence("逐段累计", "marginal"),
    "slab": Sentence("整体套档", "slab"), "grid": Sentence("网格", "grid"), "community": Sentence("社区", "community"),
    "village": Sentence("村", "village"), "zone": Sentence("责任区", "zone"),
    "recorded": Sentence("有检查记录的月", "months with a check"),
    "monthly": Sentence("每月", "every month"), "true": Sentence("是", "yes"), "false": Sentence("否", "no"),
    "deposit": Sentence("押金", "deposit"), "steed": Sentence("骏马旗", "Steed"), "snail": Sentence("蜗牛旗", "Snail"),
}


def key_words(code: str) -> Sentence:
    """A key of a clause or a post; what has no words stays as it is."""
    if code in POSTS:
        return Sentence(post_zh(code), post_en(code))
    return KEY_WORDS.get(code, Sentence(code, code))


def value_words(text: str) -> Sentence:
    """A value in words; numbers and texts stay as they are."""
    if text in POSTS:
        return Sentence(post_zh(text), post_en(text))
    return VALUE_WORDS.get(text, Sentence(text, text))
