"""The review meeting in words: the board on the wall of the room, and the booklet that is handed out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wangge.assessment.meeting.booklet import Booklet, Section
from wangge.assessment.meeting.services import pledges
from wangge.assessment.models import Run
from wangge.assessment.running.queries import facts
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.assessing import runpage, words
from wangge.kernel.duties.queries import holders_many
from wangge.kernel.places.queries import Atlas

MOST_LINES = 200
"""So many lines of what was counted are printed; all stand on the pages of the areas."""


def build(run: Run, *, by: Mandate, places: Atlas, now: datetime) -> dict[str, Any]:
    """The context of the board."""
    told = facts(run, run.published or run.revision)
    ranking = runpage.ranking(told, places)
    paths = {one["code"]: place.path for one in ranking if (place := places.by_code(one["code"]))}
    held = holders_many([(path, "secretary") for path in paths.values()], min(run.ends_at, now))
    said = pledges(run)
    mine = [
        {"code": one["code"], "name": one["name"]} for one in ranking
        if one["code"] in paths and by.allows("pledge", paths[one["code"]])
        and all(row.pledge.area_path != paths[one["code"]] for row in said)
    ]
    totals = next((one for one in told["lines"] if one["unit"] == "units"), None)
    return {
        "run": run, "period": words.period_name(run.period), "ground": standing.area_name(places, run.area_path),
        "stage": words.STAGES[run.stage], "stage_kind": words.STAGE_KINDS[run.stage],
        "summed": words.told(totals, places) if totals else "", "streak": told["streak"],
        "total": told["total"],
        "ranking": [
            {**one, "secretary": ", ".join(row.name for row in held.get((paths.get(one["code"], ""), "secretary"), ()))}
            for one in ranking
        ],
        "flags": [
            (name, [one["name"] for one in ranking if one["flag_code"] == code]) for code, name in words.FLAGS.items()
        ],
        "pledges": [{"name": standing.area_name(places, one.pledge.area_path), "speaker": one.speaker,
                     "words": one.words, "at": one.pledge.given_at} for one in said],
        "mine": mine if run.stage in ("notified", "final", "posted") else [],
        "told": told,
    }


def booklet(page: dict[str, Any], *, places: Atlas) -> Booklet:
    """The same as a booklet, with what was counted on each area; no line of any person."""
    run, told = page["run"], page["told"]
    flags = [f"{name}: {', '.join(areas)}" if areas else _("{flag}: withheld").format(flag=name)
             for name, areas in page["flags"]]
    sections: Sequence[Section] = (
        Section(_("The period"), [page["summed"], _("Zero-loss streak: {n} months").format(n=page["streak"])]),
        Section(_("Standing"), flags, [
            (_("Place"), _("Community or village"), _("Score"), _("Why")),
            *((one["place"] or "—", one["name"], one["score"], one["sentence"]) for one in page["ranking"]),
        ], (14, 34, 18, 100)),
        Section(_("Areas"), [], [
            (_("Area"), _("Points of the city"), pgettext("assessment", "Units"), _("Days above the limit")),
            *((row["name"], row["points"], row["units"], str(row["days"])) for row in runpage.areas(told, places)),
        ], (66, 36, 28, 36)),
        Section(_("What was counted"), [
            words.told(one, places) for one in told["lines"] if one["unit"] == "points"
        ][:MOST_LINES]),
        Section(_("Statements of the secretaries"), [
            f"{one['name']} {one['speaker']}: {one['words'] or _('(words erased)')}" for one in page["pledges"]
        ]),
    )
    made = timezone.localtime(run.final_at or run.notified_at or run.assessed_at)
    return Booklet(
        _("{ground}, review of {period}").format(ground=page["ground"], period=page["period"]),
        f"{page['stage']} · {made:%Y-%m-%d %H:%M}", [one for one in sections if one.paragraphs or len(one.table) > 1],
        f"{run.period} · {run.digest[:32]}",
    )
