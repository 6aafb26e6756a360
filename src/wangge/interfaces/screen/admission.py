"""Who looks: a display by the token in its cookie, or a person by a duty that sees the cases of its ground."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import wraps
from typing import NamedTuple

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from wangge.base.clock import now
from wangge.base.errors import NotFound, Unauthenticated
from wangge.base.mandate import Mandate
from wangge.interfaces.web.access import Who, open_to
from wangge.kernel.cases import reference
from wangge.kernel.duties import mandates
from wangge.kernel.places import queries as places_of
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas
from wangge.kernel.wall.displays import Admitted, admit

COOKIE = "display"
CHANNEL = "screen"


class Looking(NamedTuple):
    """One look: under which mandate, at which area, when."""

    by: Mandate
    area: AreaInfo
    places: Atlas
    now: datetime
    display: bool


View = Callable[..., HttpResponseBase]


def looking(view: View) -> View:
    """A view of the screen: `view(request, looking, …)`, in the language of the display, for who may look.

    Raises `Unauthenticated` for who shows neither a display's token nor a duty, `Forbidden` for a duty that sees no
    cases. A person chooses an area of their ground by its code; a display shows its own.
    """

    @open_to(Who.DISPLAY, "see")
    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        with ExitStack() as stack:
            return view(request, _look(request, stack), *args, **kwargs)

    return shown


def _look(request: HttpRequest, stack: ExitStack) -> Looking:
    moment = now()
    plain = request.COOKIES.get(COOKIE, "")
    found = _admitted(request, plain, moment) if plain and "area" not in request.GET else None
    if found is not None:
        stack.enter_context(places_of.PRESENT.fixed(found.places))
        stack.enter_context(reference.PRESENT.fixed(found.reference))
        stack.enter_context(translation.override(found.language))
        places = atlas()
        return Looking(found.by, places.by_path[found.by.scope_path], places, moment, True)
    if not request.user.is_authenticated:
        raise Unauthenticated("Open the screen by the link of a display, or sign in.", field="token",
                              expected="the link of a display")  # fmt: skip
    by = mandates.for_person(getattr(request.user, "person_id", None), channel=CHANNEL, at=moment, verb="see")
    places = atlas()
    return Looking(by, _area(request.GET.get("area", ""), by, places), places, moment, False)


def _admitted(request: HttpRequest, plain: str, moment: datetime) -> Admitted | None:
    """The display of a token; None where it has ended and somebody is signed in at this browser."""
    try:
        return admit(plain, now=moment)
    except Unauthenticated:
        if request.user.is_authenticated:
            return None
        raise


def _area(code: str, by: Mandate, places: Atlas) -> AreaInfo:
    area = places.by_code(code) if code else places.by_path.get(by.scope_path or places.default_root)
    if area is None or not area.path.startswith(by.scope_path):
        raise NotFound("There is no such place on your ground.", field="area", value=code,
                       expected="the code of an area")  # fmt: skip
    return area
