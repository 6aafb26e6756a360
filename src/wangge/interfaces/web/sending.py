"""Photos over HTTP: taken from a form, and sent to who may see them."""

from __future__ import annotations

from typing import BinaryIO, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from wangge.base.errors import InvalidInput
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.files import FileBytes, store_file

MOST = 6
"""The most photos of one form."""


def keep(request: HttpRequest, by: Mandate) -> list[UUID]:
    """Store the form's new photos; their ids after those that an earlier, refused sending stored already."""
    kept = [_id(text) for text in request.POST.getlist("kept")]
    new = [upload for upload in request.FILES.getlist("photos") if upload.size]
    if len(kept) + len(new) > MOST:
        raise InvalidInput(
            "These are too many photos.", field="photos", value=len(kept) + len(new), expected=f"at most {MOST}"
        )
    kept.extend(
        store_file(file_id=new_id(), content=cast("BinaryIO", upload), declared_type=upload.content_type, by=by).id
        for upload in new
    )
    return kept


def photo(request: HttpRequest, found: FileBytes) -> HttpResponse:
    """The bytes with their type, never sniffed, never run, kept by the reader's own browser only."""
    tag = f'"{found.tag}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    answer = HttpResponse(found.path.read_bytes(), content_type=found.media_type)
    answer["ETag"] = tag
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(answer, private=True, max_age=3600)
    return answer


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput("This is not the id of a photo.", field="kept", value=text, expected="an id") from error
