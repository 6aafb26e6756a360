"""A run as a page shows it: its steps, what was counted, what fell on which area, standings, and whom it names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from wangge.assessment.core.amounts import points_text, units_text, yuan_text
from wangge.assessment.models import Appeal, Run
from wangge.assessment.policies.queries import stated
from wangge.assessment.running import queries
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.assessing import words
from wangge.interfaces.staff.rows import english
from wangge.kernel.people.models import Organisation
from wangge.kernel.places.queries import Atlas

MOST_PEOPLE = 500


def build(run: Run, *, by: Mandate, places: Atlas) -> dict[str, Any]:
    """The context of a run's page, for what the reader may see of it."""
    told = queries.facts(run)
    policy = stated(run.policy.body)
    totals = next((one for one in told["lines"] if one["unit"] == "units"), None)
    holders = people(run, by, places)
    return {
        "run": run,
        "period": words.period_name(run.period),
        "ground": standing.area_name(places, run.area_path),
        "stage": words.STAGES[run.stage],
        "stage_kind": words.STAGE_KINDS[run.stage],
        "steps": words.steps(run),
        "told": told,
        "summed": words.told(totals, places) if totals else "",
        "areas": areas(told, places),
        "ranking": ranking(told, places),
        "scores": scores(told, places),
        "gaps": [words.told(one, places) for one in told["gaps"]],
        "people": holders,
        "cut": len(holders) >= MOST_PEOPLE,
        "appeals": appeals(run, by),
        "acts": acts(run, by),
        "policy_title": policy.title.english if english() else policy.title.zh,
        "mode": words.MODES[run.policy.mode],
        "points_only": run.policy.mode == "points",
    }


def areas(told: Mapping[str, Any], places: Atlas) -> list[dict[str, Any]]:
    """What each area lost and how many units fell on it; its days above the limit."""
    days: dict[str, list[Mapping[str, Any]]] = {}
    for one in told["daily"]:
        days.setdefault(one["area"], []).append(one)
    rows = []
    for code in sorted({*told["by_area"], *days}):
        lost = told["by_area"].get(code, {"points": "0.00", "units": "0"})
        rows.append({"code": code, "name": named(code, places), "points": lost["points"], "units": lost["units"],
                     "days": len(days.get(code, ())), "extra": sum(int(one["extra"]) for one in days.get(code, ()))})
    return rows


def ranking(told: Mapping[str, Any], places: Atlas) -> list[dict[str, Any]]:
    """The standing, the best first, with flags and the sentence of each."""
    return [
        {"name": named(one["area"], places), "place": one["place"], "score": one["score"] or "—",
         "checks": one["checks"], "points": one["points"], "flag": words.FLAGS.get(one["flag"], ""),
         "flag_code": one["flag"], "sentence": words.told(one, places), "code": one["area"]}
        for one in told["ranking"]
    ]


def scores(told: Mapping[str, Any], places: Atlas) -> list[dict[str, Any]]:
    """Scores from figures, each with its subject's name and its sentence; a unit's name takes one statement."""
    units = names_of_codes({one["subject"] for one in told["scores"] if places.by_code(one["subject"]) is None})
    return [
        {"name": units.get(one["subject"]) or named(one["subject"], places), "score": one["score"],
         "sentence": words.told(one, places)}
        for one in told["scores"]
    ]


def names_of_codes(codes: Collection[str]) -> dict[str, str]:
    """The names of organisations by their codes, in the page's language."""
    if not codes:
        return {}
    found = Organisation.objects.filter(code__in=codes).values_list("code", "name", "name_en")
    return {code: (name_en if english() else name) or name for code, name, name_en in found}


def people(run: Run, by: Mandate, places: Atlas, *, below: str = "") -> list[dict[str, Any]]:
    """Whom the lines name that the reader sees, who lost most first. Their lines stand on a page of their own."""
    rows = queries.lines_below(run, by)
    if below:
        rows = rows.filter(area_path__startswith=below)
    sums: dict[UUID, list[int]] = {}
    posts: dict[UUID, set[tuple[str, str]]] = {}
    for one in rows.values("holder", "post", "area_path").annotate(
            lost=Sum("points"), units=Sum("ticks"), money=Sum("fen")):
        posts.setdefault(one["holder"], set()).add((one["post"], one["area_path"]))
        held = sums.setdefault(one["holder"], [0, 0, 0])
        for place, amount in enumerate((one["lost"], one["units"], one["money"])):
            held[place] += amount
    found = sorted(sums.items(), key=lambda pair: (-pair[1][0], pair[0]))[:MOST_PEOPLE]
    names = queries.names_of(sums)
    return [
        {
            "id": holder, "name": names.get(holder) or _("(name erased)"), "posts": _posts(posts[holder], places),
            "points": points_text(lost), "units": units_text(units), "yuan": yuan_text(money),
            "own": queries.is_own(holder, by),
        }
        for holder, (lost, units, money) in found
    ]


def _posts(held: Collection[tuple[str, str]], places: Atlas) -> str:
    return "; ".join(sorted({
        f"{standing.area_name(places, path)} {standing.post_name(post)}".strip() for post, path in held
    }))


def appeals(run: Run, by: Mandate) -> list[dict[str, Any]]:
    """The appeals of a run, open ones first; by whom is told to reviewers and those above only."""
    if not {"review_charge", "settle_run", "see_accounts"} & by.may:
        return []
    rows = Appeal.objects.filter(run=run).select_related("finding").order_by("-state", "filed_at")
    return [appeal(one, by) for one in rows]


def appeal(one: Appeal, by: Mandate) -> dict[str, Any]:
    """One appeal in words."""
    state, kind = words.appeal_state(one)
    return {
        "it": one, "finding": f"{one.finding.source}/{one.finding.ref}", "source": words.SOURCES[one.finding.source],
        "points": points_text(one.finding.points), "state": state, "kind": kind,
        "may_review": one.state == "open" and "review_charge" in by.may and by.actor is not None
        and by.actor not in (one.appellant, one.holder, one.first_reviewer),
    }


def acts(run: Run, by: Mandate) -> list[dict[str, Any]]:
    """What the reader may do with the run now: the code, the words of the button, what it means."""
    table = (
        ("notify", "provisional", "give_notice", _("Give notice"),
         _("Those whom it names see their statement and can appeal for the policy's working days.")),
        ("drop", "provisional", "assess", _("Give up this statement"),
         _("Nobody has seen it. The period can be assessed anew.")),
        ("finish", "notified", "settle_run", _("Make it final"),
         _("Possible once the time for appeals is over and none is open.")),
        ("post", "final", "settle_run", _("Put it into the books"),
         _("Each holder gets one posting of points, and of money where the policy takes any. It bears your name.")),
        ("correct", "posted", "settle_run", _("Reckon anew and correct"),
         _("The published statement stays; what differs is booked now by counter-entries.")),
    )
    return [
        {"code": code, "name": name, "hint": hint, "primary": code != "drop"}
        for code, stage, verb, name, hint in table if run.stage == stage and by.allows(verb, run.area_path)
    ]


def area(run: Run, code: str, *, by: Mandate, places: Atlas) -> dict[str, Any]:
    """An area's own statement: what was found there, what counted, what it costs, and whom it names."""
    told = queries.facts(run)
    place = places.by_code(code)
    path = place.path if place else ""
    inside = {one.code for one in places.below(path)} if place else {code}
    return {
        "run": run, "period": words.period_name(run.period), "stage": words.STAGES[run.stage],
        "stage_kind": words.STAGE_KINDS[run.stage], "name": named(code, places), "code": code,
        "lines": [one for one in ({**line, "said": words.told(line, places)} for line in told["lines"])
                  if one["about"] in inside and one["unit"] != "fen"],
        "findings": [{**one, "said": words.told(one, places)} for one in told["findings"] if one["area"] in inside],
        "rank": next((one for one in ranking(told, places) if one["code"] == code), None),
        "people": people(run, by, places, below=path) if path else [],
    }


def named(code: str, places: Atlas) -> str:
    """An area's name, or its code where it is no more."""
    found = places.by_code(code)
    return standing.area_name(places, found.path) if found else code
