"""Reports in: one, and many by lines."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

import msgspec
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, MalformedInput, WanggeError
from wangge.base.geometry import parse_point
from wangge.base.mandate import Mandate
from wangge.interfaces.api import schemas
from wangge.interfaces.api.auth import identify, standing_at, within
from wangge.interfaces.api.decoding import body, check_type, declared_length, decode, stream, too_large, utc
from wangge.interfaces.api.describing import operation
from wangge.interfaces.api.door import json
from wangge.interfaces.web import problems
from wangge.kernel.cases.files import sender_of
from wangge.kernel.cases.intake import Receipt, report_case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.tracking import request_digest
from wangge.kernel.duties.mandates import Standing

router = Router(tags=["Cases"])
"""Reports and cases share it: the methods of one path must stand together, and /cases/bulk before /cases/{case}."""
LINES = ("application/x-ndjson", "application/jsonl", "text/plain")
MOST_LINE = 64 * 1024
"""The most bytes of one line of a bulk request."""
MOST_BULK = 256 * 1024 * 1024
"""The most bytes of all its lines."""
GROUP = 100
"""Lines that are counted by one statement, which reads the token and its duties anew."""

FOLLOW = ("get_case", "get_timeline", "trace_case", "prove_case", "act_on_case")
"""Operations that take the id of a case that another has answered with."""

_ONE = msgspec.json.Decoder(schemas.NewCase)
_LINE = msgspec.json.Decoder(schemas.BulkCase)
_ENCODER = msgspec.json.Encoder()
_KEY_FORM = re.compile(r"[!-~]{1,200}")
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "Your own name for this report. Sending it again with the same key is sending it once.",
}


@router.post(
    "/cases",
    operation_id="report_case",
    summary="Report a problem",
    openapi_extra=operation(
        takes=schemas.NewCase,
        gives={201: schemas.Receipt, 200: schemas.Receipt},
        headers=(_KEY,),
        links=FOLLOW,
        refuses=(400, 403, 409, 413, 415, 422, 503),
    ),
)
def report(request: HttpRequest) -> HttpResponse:
    """A report becomes a case in its grid. 201 for a new case, 200 where this key and body came before.

    The same key with another body or sender is refused (422). Without a key, sending twice is two cases.
    """
    given = body(request, _ONE)
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None and not _KEY_FORM.fullmatch(key):
        raise InvalidInput(
            "This is no idempotency key.",
            field="Idempotency-Key",
            value=key,
            expected="1 to 200 characters of ASCII without blanks",
        )
    receipt = _report(given, key, request.auth)  # type: ignore[attr-defined]
    answer = json(_receipt(receipt), 201 if receipt.created else 200)
    answer["Location"] = f"/api/v1/cases/{receipt.case_id}"
    return answer


@router.post(
    "/cases/bulk",
    operation_id="report_cases",
    summary="Report many problems",
    openapi_extra=operation(
        body={kind: {"type": "string", "description": "One BulkCase a line"} for kind in LINES},
        gives={200: None},
        media={"application/x-ndjson": {"type": "string", "description": "One BulkLine a line"}},
        refuses=(400, 403, 413, 415),
    ),
)
def bulk(request: HttpRequest) -> StreamingHttpResponse:
    """Newline-delimited JSON in, one result line for each line, in order, as each is committed.

    Each line carries its own `key`; a refused line does not stop the others. Blank lines are skipped.
    At most 256 MB at once. Each line counts as a request of the token; those beyond its limit are refused (429).
    """
    check_type(request, *LINES)
    standing: Standing = request.auth  # type: ignore[attr-defined]
    standing.mandate(verb="report")
    results = _results(_spooled(request), request.META["HTTP_AUTHORIZATION"])
    return StreamingHttpResponse(results, content_type="application/x-ndjson")


def _spooled(request: HttpRequest) -> IO[bytes]:
    """The body in a temporary file: a server may drop what is left of it once the answer has begun."""
    if declared_length(request) > MOST_BULK:
        raise too_large(MOST_BULK)
    kept = tempfile.SpooledTemporaryFile(max_size=1024 * 1024)  # noqa: SIM115 -- the answer closes it
    source = stream(request)
    while piece := source.read(MOST_LINE):
        if kept.tell() + len(piece) > MOST_BULK:
            kept.close()
            raise too_large(MOST_BULK)
        kept.write(piece)
    if not kept.tell():
        kept.close()
        raise MalformedInput("There are no lines.", field="body", expected="one report a line")
    kept.seek(0)
    return kept


def _report(given: schemas.NewCase, key: str | None, standing: Standing) -> Receipt:
    if given.occurred_at is not None:
        standing = standing_at(standing, utc(given.occurred_at, "occurred_at"), field="occurred_at")
    by = standing.mandate(verb="report")
    return report_case(report=_new_report(given, key, by), by=by)


def _new_report(given: schemas.NewCase, key: str | None, by: Mandate) -> NewReport:
    where = given.location
    contact = given.contact
    return NewReport(
        description=given.description,
        address=given.address,
        point=parse_point(where.lon, where.lat, where.crs) if where else None,
        crs=where.crs if where else None,
        area_code=given.area_code or None,
        case_class=given.case_class or None,
        contact_name=contact.name if contact else "",
        contact_phone=contact.phone if contact else "",
        files=tuple(given.files),
        source=given.source or "grid_worker",
        key=key,
        digest=request_digest(sender_of(by), _body_of(given)) if key is not None else None,
    )


def _body_of(given: schemas.NewCase) -> bytes:
    """What the key stands for: the fields of a report, the same for a single one and for a line of many."""
    return _ENCODER.encode({name: getattr(given, name) for name in schemas.NewCase.__struct_fields__})


def _receipt(receipt: Receipt) -> schemas.Receipt:
    return schemas.Receipt(
        id=receipt.case_id,
        number=receipt.number,
        version=receipt.version,
        state=receipt.state,
        tracking_code=receipt.tracking_code,
        reported_at=receipt.reported_at,
        place=schemas.Landed(receipt.area_path, receipt.area_name, receipt.outside),
    )


def _results(lines: IO[bytes], header: str) -> Iterator[bytes]:
    with lines:
        for result in _answered(lines, header):
            yield _ENCODER.encode(result) + b"\n"


def _answered(lines: IO[bytes], header: str) -> Iterator[schemas.BulkLine]:
    """A result for each line; who stands behind the header, and how much is left to it, is asked for each group."""
    given = ((number, *line) for number, line in enumerate(_lines(lines), start=1) if line[0].strip())
    while group := list(islice(given, GROUP)):
        standing, left, refusal = _counted(header, len(group))
        for place, (number, line, whole) in enumerate(group):
            if standing is not None and place < left:
                yield _result(number, line, whole, standing)
            elif refusal is not None:
                yield _refused(number, None, refusal)


def _counted(header: str, lines: int) -> tuple[Standing | None, int, WanggeError | None]:
    """The asker as of now, how many of these lines the minute still takes, and what is said of the others."""
    standing: Standing | None = None
    left = lines
    try:
        standing, rate = identify(header, at=now(), requests=lines)
        left = max(0, lines - max(0, rate.used - rate.limit))
        within(rate)
    except WanggeError as error:
        return standing, left, error
    return standing, left, None


def _lines(source: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each line, and whether it is whole: of one that is too long only the beginning is held."""
    while line := source.readline(MOST_LINE + 1):
        whole = line.endswith(b"\n") or len(line) <= MOST_LINE
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = source.readline(MOST_LINE + 1)
            whole = whole and not rest
        yield line, whole


def _result(number: int, line: bytes, whole: bool, standing: Standing) -> schemas.BulkLine:
    key: str | None = None
    try:
        if not whole:
            raise InvalidInput("The line is too long.", field="line", expected=f"at most {MOST_LINE} bytes")
        given = decode(line, _LINE)
        key = given.key
        moment = now()
        receipt = _report(given, key, dataclasses.replace(standing, at=moment, recorded_at=moment))
    except WanggeError as error:
        return _refused(number, key, error)
    return schemas.BulkLine(
        line=number,
        status=201 if receipt.created else 200,
        key=key,
        id=receipt.case_id,
        number=receipt.number,
        version=receipt.version,
        state=receipt.state,
        tracking_code=receipt.tracking_code,
    )


def _refused(number: int, key: str | None, error: WanggeError) -> schemas.BulkLine:
    found: dict[str, Any] = problems.document(error)
    kept = {name: found[name] for name in ("type", "title", "detail", "field", "value", "expected") if name in found}
    return schemas.BulkLine(line=number, status=error.status, key=key, **kept)
