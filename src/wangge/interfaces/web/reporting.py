"""The form of a report, as residents and staff fill it in. The form makes the key: sent twice, it is one report."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest
from django.utils.translation import gettext as _

from wangge.base.errors import InvalidInput
from wangge.base.geometry import Point, parse_point
from wangge.base.mandate import Mandate
from wangge.kernel.cases.files import store_file
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.tracking import request_digest

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
    case_class: str = ""
    kept: list[UUID] = field(default_factory=list)


TEXTS = ("description", "address", "lon", "lat", "contact_phone", "case_class")


def empty() -> Form:
    """A form with a key of its own."""
    return Form(key=str(uuid4()))


def read(request: HttpRequest) -> Form:
    """What was sent."""
    given = request.POST
    texts = {name: given.get(name, "").replace("\r\n", "\n") for name in TEXTS}
    kept = [found for text in given.getlist("kept")[:MOST_PHOTOS] if (found := _uuid(text))]
    key = _uuid(given.get("key", "")) or uuid4()
    return Form(key=str(key), kept=kept, **texts)


def renewed(form: Form) -> Form:
    """The same words under a new key: the old one has been used for another report."""
    return replace(form, key=str(uuid4()), kept=[])


def keep(request: HttpRequest, form: Form, by: Mandate) -> None:
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


def report_of(form: Form, *, sender: str, source: str = "resident") -> NewReport:
    """The report that the form makes. `sender` is who sends: the key of one does not stand for another's report."""
    said = [form.description, form.address, form.lon, form.lat, form.contact_phone, *map(str, sorted(form.kept))]
    if form.case_class:
        said.append(form.case_class)
    return NewReport(
        description=form.description,
        address=form.address,
        point=_point(form),
        crs="wgs84",
        contact_phone=form.contact_phone,
        case_class=form.case_class or None,
        files=tuple(form.kept),
        source=source,
        key=f"form:{form.key}",
        digest=request_digest(sender, json.dumps(said, ensure_ascii=False).encode()),
    )


def _point(form: Form) -> Point | None:
    if not form.lon.strip() or not form.lat.strip():
        return None
    return parse_point(form.lon.strip(), form.lat.strip())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
