"""Reporting a problem without an account. The form makes the key: sent twice, it is one report."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wangge.base.errors import InvalidInput, KeyReused, WanggeError
from wangge.base.geometry import Point, parse_point
from wangge.base.mandate import Mandate
from wangge.interfaces.public import ground, sender
from wangge.interfaces.web import refusals
from wangge.interfaces.web.ground import drawable
from wangge.kernel.cases.files import store_file
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.tracking import request_digest
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import AreaInfo, atlas

MOST_PHOTOS = 3


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the form, as typed. `kept` are photos that an earlier, refused sending stored."""

    key: str
    description: str = ""
    address: str = ""
    lon: str = ""
    lat: str = ""
    contact_phone: str = ""
    kept: list[UUID] = field(default_factory=list)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form; a POST makes the report and leads to its receipt."""
    root = ground.served(atlas())
    with timezone.override(ZoneInfo(root.timezone or "Asia/Shanghai")):
        if request.method != "POST":
            return _shown(request, Form(key=str(uuid4())), root)
        form = _read(request)
        by = mandates.public(root.path)
        try:
            sender.count(request)
            _keep(request, form, by)
            receipt = report_case(report=_report(form), by=by)
        except KeyReused as error:
            return _shown(request, _renewed(form), root, error)
        except WanggeError as error:
            return _shown(request, form, root, error)
    return redirect("public:story", code=receipt.tracking_code)


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """The grids of the ground, for the small map."""
    places = atlas()
    root = ground.served(places)
    tag = f'"{places.version}-{root.code}-{translation.get_language()}"'
    answer = (
        HttpResponse(status=304)
        if request.headers.get("If-None-Match") == tag
        else JsonResponse(drawable(places, root.path))
    )
    answer["ETag"] = tag
    patch_cache_control(answer, public=True, max_age=300)
    return answer


def _read(request: HttpRequest) -> Form:
    given = request.POST
    texts = {
        name: given.get(name, "").replace("\r\n", "\n")
        for name in ("description", "address", "lon", "lat", "contact_phone")
    }
    kept = [found for text in given.getlist("kept")[:MOST_PHOTOS] if (found := _uuid(text))]
    key = _uuid(given.get("key", "")) or uuid4()
    return Form(key=str(key), kept=kept, **texts)


def _keep(request: HttpRequest, form: Form, by: Mandate) -> None:
    """Store new photos under ids that follow from key and content, so that sending again stores nothing new."""
    for upload in request.FILES.getlist("photos"):
        if not upload.size:
            continue
        if len(form.kept) >= MOST_PHOTOS:
            raise InvalidInput(_("Three photos are enough."), field="photos", expected="at most 3")
        data = upload.read()
        file_id = uuid5(UUID(form.key), hashlib.sha256(data).hexdigest())
        if file_id not in form.kept:
            store_file(file_id=file_id, content=data, declared_type=upload.content_type, by=by)
            form.kept.append(file_id)


def _report(form: Form) -> NewReport:
    said = [form.description, form.address, form.lon, form.lat, form.contact_phone, *map(str, sorted(form.kept))]
    return NewReport(
        description=form.description,
        address=form.address,
        point=_point(form),
        crs="wgs84",
        contact_phone=form.contact_phone,
        files=tuple(form.kept),
        key=f"form:{form.key}",
        digest=request_digest("public", json.dumps(said, ensure_ascii=False).encode()),
    )


def _point(form: Form) -> Point | None:
    if not form.lon.strip() or not form.lat.strip():
        return None
    return parse_point(form.lon.strip(), form.lat.strip())


def _renewed(form: Form) -> Form:
    """The same words under a new key: the old one has been used for another report."""
    return Form(str(uuid4()), form.description, form.address, form.lon, form.lat, form.contact_phone, [])


def _shown(request: HttpRequest, form: Form, root: AreaInfo, error: WanggeError | None = None) -> HttpResponse:
    context = {
        "form": form,
        "most": MOST_PHOTOS,
        "place_name": ground.name(root, refusals.english()),
        "error": {"words": refusals.said(error), "field": error.field} if error else None,
    }
    answer = render(request, "public/report.html", context, status=error.status if error else 200)
    return refusals.with_wait(answer, error)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
