"""Photos in and out."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router

from wangge.base.errors import Forbidden
from wangge.interfaces.api import schemas
from wangge.interfaces.api.auth import SEEING, first_that_may
from wangge.interfaces.api.decoding import declared_length, query, stream, too_large
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.kernel.cases import files
from wangge.kernel.duties.mandates import Standing

router = Router(tags=["Files"])
_IMAGES = {kind: {"type": "string", "format": "binary"} for kind in ("image/jpeg", "image/png", "image/webp")}
_SENDING = frozenset({"report", "attach", "handle", "inspect", "comment"})


@router.put(
    "/files/{file_id}",
    operation_id="store_file",
    summary="Send a photo",
    openapi_extra=operation(body=_IMAGES, gives={200: schemas.StoredOut}, refuses=(400, 403, 413, 422, 503)),
)
def store(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A JPEG, PNG or WebP of at most 15 MB and 50 megapixels, under an id that you made. Its content says what it is.

    It is turned upright and redrawn without any metadata. Sending it twice is sending it once.
    """
    if declared_length(request) > files.MOST_BYTES:
        raise too_large(files.MOST_BYTES, "file")
    standing: Standing = request.auth  # type: ignore[attr-defined]
    by = next((one for one in standing.mandates() if one.may & _SENDING), None)
    if by is None:
        raise Forbidden("None of your duties sends photos.", field="file", expected="a post that reports or handles")
    row = files.store_file(file_id=file_id, content=stream(request), declared_type=request.content_type, by=by)
    return json(
        schemas.StoredOut(
            id=row.id,
            media_type=row.media_type,
            bytes=row.bytes,
            width=row.width,
            height=row.height,
            digest_received=row.digest_received,
            digest_kept=row.digest_kept,
        )
    )


@router.get(
    "/files/{file_id}",
    operation_id="get_file",
    summary="A photo",
    openapi_extra=operation(query=schemas.FileQuery, gives={200: None}, media=_IMAGES, refuses=(403, 404, 422)),
)
def fetch(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """The photo, or its thumbnail of at most 480 pixels, for who may see its case."""
    given = query(request, schemas.FileQuery)
    found = first_that_may(
        request.auth,  # type: ignore[attr-defined]
        SEEING | _SENDING,
        lambda by: files.read_file(file_id, thumb=given.thumb, by=by),
    )
    answer = FileResponse(found.path.open("rb"), content_type=found.media_type)
    answer["ETag"] = f'"{found.tag}"'
    answer["Cache-Control"] = "private, max-age=86400"
    return answer
