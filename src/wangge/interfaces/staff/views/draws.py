"""Draws at the desk (盲抽、交叉督查): those on record, drawing, one with its result, drawing it again to compare."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import ruleswords, standing
from wangge.interfaces.web import refusals
from wangge.kernel.places.queries import Atlas, atlas
from wangge.patrols import draws as room
from wangge.patrols.queries import names

SEES = (room.VERB, "see_patrols")
KINDS: dict[str, Promise] = {
    "sample": pgettext_lazy("draw", "Blind sample"), "cross": pgettext_lazy("draw", "Cross-inspection"),
}
OF: dict[str, Promise] = {"grid": pgettext_lazy("draw", "grids"), "community": pgettext_lazy("draw", "communities")}
WHY: dict[str, Promise] = {
    "answers": pgettext_lazy("draw", "answers for it"),
    "bound": pgettext_lazy("draw", "declared a relation to who works there"),
    "": pgettext_lazy("draw", "kept away"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@standing.at_desk(*SEES, writes=(room.VERB,))
def draws(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The list with the form; a POST draws and leads to the result."""
    form = {name: request.POST.get(name, "").strip() for name in ("kind", "area", "of", "count", "label", "again")}
    error: WanggeError | None = None
    if request.method == "POST":
        try:
            one = _draw(form, by)
        except WanggeError as refused:
            error = refused
        else:
            messages.success(request, _("Drawn; seed, inputs and result stand on record."), extra_tags="done")
            return redirect(reverse("staff:drawn", args=[one.id]) + f"?round={one.round}")
    places = atlas()
    context = {
        "room": "draws", "form": form, "kinds": list(KINDS.items()), "of": list(OF.items()),
        "rows": [_row(one, places) for one in room.listing(by)],
        "may_draw": room.VERB in by.may, "areas": ruleswords.area_choices(by, now()),
        "error": refusals.said(error) if error else "",
    }
    return standing.page(request, "staff/draws.html", context, by=by, status=error.status if error else 200)


@require_safe
@standing.at_desk(*SEES)
def drawn(request: HttpRequest, by: Mandate, draw_id: UUID) -> HttpResponse:
    """One draw: who inspects what, who was kept away and why. With `again` it is drawn again and compared."""
    places = atlas()
    one = room.seen(draw_id, _whole("round", request.GET.get("round", "1")), by)
    called = names({UUID(person) for person in one.inputs.get("inspectors", ())} | ({one.by} if one.by else set()))
    context = {
        "room": "draws", "it": one, "row": _row(one, places), "who": called.get(one.by, "") if one.by else "",
        "sample": [_place(code, places) for code in one.result] if one.kind == "sample" else [],
        "crossed": _crossed(one, called, places) if one.kind == "cross" else [],
        "barred": _barred(one, called, places) if one.kind == "cross" else [],
        "of": len(one.inputs["names"] if one.kind == "sample" else one.inputs["areas"]),
        "compared": room.replay(one) if "again" in request.GET else None,
        "may_record": "record_finding" in by.may,
    }
    return standing.page(request, "staff/drawn.html", context, by=by)


def _draw(form: dict[str, str], by: Mandate) -> room.Drawn:
    if form["of"] not in OF:
        raise InvalidInput("There is no such kind of places.", field="of", value=form["of"][:40],
                           expected="one of " + ", ".join(OF))
    count = _whole("count", form["count"]) if form["kind"] == "sample" else 0
    return room.draw(kind=form["kind"], area=form["area"], label=form["label"], count=count, of=form["of"],
                     again=form["again"] == "1", by=by)


def _row(one: room.Drawn, places: Atlas) -> dict[str, Any]:
    return {
        "it": one, "kind": KINDS[one.kind], "place": standing.area_name(places, one.path),
        "address": reverse("staff:drawn", args=[one.id]) + f"?round={one.round}", "n": len(one.result),
        "empty": sum(not who for who in one.result.values()) if one.kind == "cross" else 0,
    }


def _place(code: str, places: Atlas) -> dict[str, str]:
    area = places.by_code(code)
    return {"code": code, "name": standing.ground_name(places, area.path) if area else code}


def _crossed(one: room.Drawn, called: dict[UUID, str], places: Atlas) -> list[dict[str, str]]:
    return [{**_place(code, places), "who": _name(person, called) if person else ""}
            for code, person in one.result.items()]


def _barred(one: room.Drawn, called: dict[UUID, str], places: Atlas) -> list[dict[str, Any]]:
    """Who was kept away from where, and why; a draw of before the reasons were written down says only that."""
    pairs = one.inputs["barred"]
    why = one.inputs.get("why") or [""] * len(pairs)
    return [{**_place(code, places), "who": _name(person, called), "why": WHY[reason]}
            for (person, code), reason in zip(pairs, why, strict=True)]


def _name(person: str, called: dict[UUID, str]) -> str:
    return called.get(UUID(person)) or _("(name erased)")


def _whole(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise InvalidInput("This is not a number.", field=field, value=text[:40], expected="a whole number")
    return int(text)
