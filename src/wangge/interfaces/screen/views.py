"""The screen: its page, the door for a display's token, and what the page asks for again and again."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe
from django_vite.templatetags.django_vite import vite_asset_url

from wangge.base.clock import now, to_us
from wangge.base.errors import Forbidden, Unauthenticated
from wangge.interfaces.screen.admission import COOKIE, Looking, looking
from wangge.interfaces.screen.words import words
from wangge.interfaces.web import sending
from wangge.interfaces.web.access import Who, open_to
from wangge.interfaces.web.ground import drawable
from wangge.kernel.wall.clearing import read_shown
from wangge.kernel.wall.displays import admit
from wangge.kernel.wall.sharing import Body, past, present

PATH = "/screen/"


@never_cache
@require_safe
@ensure_csrf_cookie
@open_to(Who.ANYONE)
def screen(request: HttpRequest) -> HttpResponse:
    """The page. Without a token it says how to open it; with one in the address the page itself takes it out."""
    try:
        answer = _shown(request)
    except (Unauthenticated, Forbidden):
        answer = render(request, "screen/screen.html", {"look": None, "words": words()})
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    assert isinstance(answer, HttpResponse)
    return answer


@looking
def _shown(request: HttpRequest, look: Looking) -> HttpResponse:
    english = not (get_language() or "zh").startswith("zh")
    context = {
        "look": look,
        "name": (look.area.name_en if english else look.area.name) or look.area.name,
        "asked": "" if look.display else f"?area={look.area.code}",
        "words": words(),
    }
    return render(request, "screen/screen.html", context)


@never_cache
@require_POST
@open_to(Who.LINK)
def enter(request: HttpRequest) -> HttpResponse:
    """The token of a link becomes a cookie that scripts do not read, for this door only, as long as the token lives."""
    found = admit(request.POST.get("token", ""), now=now())
    answer = HttpResponse(status=204)
    answer.set_cookie(
        COOKIE, request.POST["token"], path=PATH, expires=found.expires_at, httponly=True, secure=settings.TLS,
        samesite="Strict",
    )  # fmt: skip
    return answer


@require_safe
@looking
def figures(request: HttpRequest, look: Looking) -> HttpResponse:
    """What is shown now; 304 while nothing has changed. Its headers say the time and the build of the page."""
    return _sent(request, look, present(look.area, places=look.places, by=look.by, now=look.now))


@require_safe
@looking
def replay(request: HttpRequest, look: Looking) -> HttpResponse:
    """A past day, in frames."""
    day = request.GET.get("day", "").replace("\0", "")
    return _sent(request, look, past(look.area, day, places=look.places, by=look.by, now=look.now))


@require_safe
@looking
def areas(request: HttpRequest, look: Looking) -> HttpResponse:
    """The ground as it is drawn."""
    tag = f'"{look.places.version}-{look.area.path}-{get_language()}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    answer = JsonResponse(drawable(look.places, look.area.path))
    answer["ETag"] = tag
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


@require_safe
@looking
def photo(request: HttpRequest, look: Looking, clearance: UUID, side: str) -> HttpResponse:
    """A cleared photo, asked for anew each time: what was taken back is gone."""
    answer = sending.photo(request, read_shown(clearance, side, by=look.by))
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _sent(request: HttpRequest, look: Looking, found: Body) -> HttpResponse:
    tag = f'"{found.tag}"'
    same = request.headers.get("If-None-Match") == tag
    answer = HttpResponse(status=304) if same else HttpResponse(found.body, content_type="application/json")
    answer["ETag"] = tag
    answer["Server-Time"] = str(to_us(look.now) // 1000)
    answer["Screen-Build"] = vite_asset_url("src/screen.ts")
    patch_cache_control(answer, private=True, no_cache=True)
    return answer
