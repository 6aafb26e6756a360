"""Following a report by its code: steps, who answers by post, by when; adding words and photos."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wangge.base.clock import now
from wangge.base.errors import WanggeError
from wangge.interfaces.public import ground, sender
from wangge.interfaces.public.telling import tell
from wangge.interfaces.web import refusals, sending
from wangge.interfaces.web.access import Who, open_to
from wangge.kernel.cases import files, following
from wangge.kernel.cases.tracking import read_code
from wangge.kernel.places.queries import atlas


@never_cache
@require_safe
@open_to(Who.ANYONE)
def track(request: HttpRequest) -> HttpResponse:
    """The form for the code; with one, the way to its page."""
    typed = request.GET.get("code", "").strip()
    error: WanggeError | None = None
    if typed:
        try:
            return redirect("public:story", code=following.follow(typed).code)
        except WanggeError as refused:
            error = refused
    context = {
        "typed": typed,
        "place_name": ground.name(ground.served(atlas()), refusals.english()),
        "error": {"words": refusals.said(error)} if error else None,
    }
    return render(request, "public/track.html", context, status=error.status if error else 200)


@never_cache
@require_safe
@open_to(Who.CODE)
def story(request: HttpRequest, code: str) -> HttpResponse:
    """How the report stands."""
    return _shown(request, code)


@never_cache
@require_POST
@open_to(Who.CODE)
def say(request: HttpRequest, code: str) -> HttpResponse:
    """Words and photos from whoever holds the code."""
    try:
        sender.count(request)
        kept = sending.keep(request, following.sender(code))
        following.add(code, note=request.POST.get("note", ""), files=kept)
    except WanggeError as error:
        return _shown(request, code, error)
    return redirect("public:story", code=code)


@never_cache
@require_POST
@open_to(Who.CODE)
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """How content the reporter is; who is not may have the case opened again."""
    given = request.POST.get("satisfaction", "")
    try:
        sender.count(request)
        if given == "again":
            following.dissent(code, request.POST.get("reason", ""))
        else:
            following.rate(code, int(given) if given in ("1", "2", "3") else 0)
    except WanggeError as error:
        return _shown(request, code, error, at="rate")
    return redirect("public:story", code=code)


@require_safe
@open_to(Who.CODE)
def photo(request: HttpRequest, code: str, file_id: UUID) -> HttpResponse:
    """A photo of the report or of the finished work."""
    found = files.read_public(file_id, read_code(code), thumb=request.GET.get("size") == "small")
    return sending.photo(request, found)


def _shown(request: HttpRequest, code: str, error: WanggeError | None = None, at: str = "say") -> HttpResponse:
    """The page; a refusal stands in the panel `at` that it belongs to, on top where that is gone."""
    places = atlas()
    followed = following.follow(code)
    root = places.root(followed.case.path)
    with timezone.override(ZoneInfo(places.timezone(followed.case.path))):
        told = tell(followed, places, now=now())
        panel = at if at == "say" or told.may_rate or told.may_dissent else "top"
        context = {
            "story": told,
            "note": request.POST.get("note", ""),
            "reason": request.POST.get("reason", ""),
            "place_name": ground.name(root, refusals.english()),
            "error": {"words": refusals.said(error), "at": panel} if error else None,
        }
        answer = render(request, "public/story.html", context, status=error.status if error else 200)
    answer["Referrer-Policy"] = "no-referrer"  # the code is a secret and stands in the address
    answer["X-Robots-Tag"] = "noindex"
    return refusals.with_wait(answer, error)
