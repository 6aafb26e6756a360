"""What the screen of the command centre shows: photos to clear or take back, and the displays that it hangs on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import ruleswords, standing
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import refusals
from wangge.kernel.places.queries import Atlas, atlas
from wangge.kernel.wall import clearing
from wangge.kernel.wall import displays as hanging

DAYS = (1, 30, 90, 365)


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk(clearing.VERB, hanging.VERB)
def wall(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page, for who clears photos or hangs displays; a POST does one thing."""
    if request.method != "POST":
        return _page(request, by)
    try:
        done = _DOES.get(request.POST.get("do", ""), _unknown)(request, by)
    except WanggeError as error:
        return _page(request, by, error=error)
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, done, extra_tags="done")
    return redirect("staff:wall")


def _page(request: HttpRequest, by: Mandate, *, error: WanggeError | None = None, fresh: str = "") -> HttpResponse:
    """The page; `fresh` is the link of a display just made, which only this answer ever holds."""
    places, moment = atlas(), now()
    clears, hangs = clearing.VERB in by.may, hanging.VERB in by.may
    context = {
        "room": "wall",
        "clears": clears,
        "offers": [_offer(one, places) for one in clearing.offers(by=by, now=moment)] if clears else [],
        "hangs": hangs,
        "displays": [_display(one, places) for one in hanging.displays(by=by, now=moment)] if hangs else [],
        "areas": ruleswords.area_choices(by, moment) if hangs else [],
        "days": DAYS,
        "sees": "see" in by.may,
        "fresh": fresh,
        "error": refusals.said(error) if error else "",
    }
    answer = standing.page(request, "staff/wall.html", context, by=by, status=error.status if error else 200)
    if fresh:
        answer["Cache-Control"] = "no-store"
    return answer


def _offer(one: clearing.Offer, places: Atlas) -> dict[str, Any]:
    known = english()
    return {
        "number": one.number,
        "title": (one.class_name_en if known else one.class_name) or one.class_name,
        "place": standing.ground_name(places, one.path),
        "closed_at": one.closed_at,
        "cleared_at": one.cleared_at,
        "photos": [
            {"id": photo, "name": name, "alt": alt, "small": reverse("staff:photo", args=[photo]) + "?size=small",
             "full": reverse("staff:photo", args=[photo])}
            for photo, name, alt in (
                (one.before, "before", _("Photo: what was found")), (one.after, "after", _("Photo: what was done")),
            )
        ],
    }  # fmt: skip


def _display(one: hanging.Issued, places: Atlas) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label or _("without a name"),
        "area": standing.area_name(places, one.area_path),
        "expires_at": one.expires_at,
        "revoked_at": one.revoked_at,
        "alive": one.alive,
    }


def _clear(request: HttpRequest, by: Mandate) -> str:
    if request.POST.get("looked") != "1":
        raise InvalidInput("Look at both photos first.", field="looked", expected="that you looked at both")
    clearing.clear_photos(
        case=request.POST.get("case", ""), before=_id(request, "before"), after=_id(request, "after"), by=by
    )
    return _("The screen shows these photos from now on, for a week after closing.")


def _retract(request: HttpRequest, by: Mandate) -> str:
    clearing.retract_photos(case=request.POST.get("case", ""), by=by)
    return _("The screen shows these photos no more.")


def _issue(request: HttpRequest, by: Mandate) -> HttpResponse:
    days = request.POST.get("days", "")
    _made, plain = hanging.issue_display(
        area_code=request.POST.get("area", ""), days=int(days) if days.isascii() and days.isdigit() else 0, by=by,
        label=request.POST.get("label", ""), language=request.POST.get("language", ""),
    )  # fmt: skip
    return _page(request, by, fresh=f"{request.build_absolute_uri(reverse('screen:screen'))}#{plain}")


def _revoke(request: HttpRequest, by: Mandate) -> str:
    hanging.revoke_display(display_id=_id(request, "display"), by=by)
    return _("The display shows nothing more from its next look on.")


def _unknown(request: HttpRequest, by: Mandate) -> str:
    raise InvalidInput("There is no such action.", field="do", value=request.POST.get("do"),
                       expected="one of " + ", ".join(_DOES))  # fmt: skip


_DOES: dict[str, Callable[[HttpRequest, Mandate], str | HttpResponse]] = {
    "clear": _clear, "retract": _retract, "issue": _issue, "revoke": _revoke,
}


def _id(request: HttpRequest, field: str) -> UUID:
    given = request.POST.get(field, "")
    try:
        return UUID(given)
    except ValueError as error:
        raise InvalidInput("This is not an id.", field=field, value=given, expected="one of the list") from error
