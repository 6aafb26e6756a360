"""From bytes and query strings to typed values, with every fault named: field, value, and what would be right.

The types are msgspec structs that refuse unknown fields; OpenAPI is generated from the same structs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, TypeVar, cast

import msgspec
from django.http import HttpRequest

from wangge.base.errors import InvalidInput, MalformedInput, TooLarge
from wangge.interfaces.api.errors import UnsupportedType

T = TypeVar("T")
MOST_JSON = 256 * 1024
"""The most bytes of a JSON body: the longest texts that a report may hold fit many times over."""

_AT = re.compile(r"^(.*?)(?: - at `\$\.?(.*)`)?$", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(.+?)`( of length [^,]+| [<>]=? [^,]+)?(?:, got `.+`)?$")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`$")
_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d")
_STEPS = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def body(request: HttpRequest, decoder: msgspec.json.Decoder[T]) -> T:
    """The JSON body as the decoder's type. Raises 400, 413, 415 or 422 problems."""
    check_type(request, "application/json")
    return decode(read(request, MOST_JSON), decoder)


def check_type(request: HttpRequest, *accepted: str) -> None:
    """Refuse another content type than these; none at all is taken for the first."""
    given = (request.content_type or accepted[0]).lower()
    if given not in accepted:
        raise UnsupportedType(
            f"This path does not read {given}.", field="Content-Type", value=given, expected=" or ".join(accepted)
        )


def read(request: HttpRequest, most: int) -> bytes:
    """The body, refused before it is read where its length is known to be too much."""
    if declared_length(request) > most:
        raise too_large(most)
    data = stream(request).read(most + 1)
    if len(data) > most:
        raise too_large(most)
    return data


def declared_length(request: HttpRequest) -> int:
    """The Content-Length, 0 where there is none."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def is_chunked(request: HttpRequest) -> bool:
    """Whether the body comes in chunks, its length unknown."""
    coding = str(request.META.get("HTTP_TRANSFER_ENCODING", ""))
    return "chunked" in coding.lower() and not request.META.get("CONTENT_LENGTH")


def stream(request: HttpRequest) -> BinaryIO:
    """The body as a stream, also where it comes in chunks of unknown number (Django reads none of those)."""
    if is_chunked(request):
        return cast("BinaryIO", request.META["wsgi.input"])
    return cast("BinaryIO", request)


def too_large(most: int, field: str = "body") -> TooLarge:
    """The error for a body of more than `most` bytes."""
    return TooLarge("The body is too large.", field=field, expected=f"at most {most} bytes")


def decode(data: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """JSON bytes as the decoder's type. NUL is refused anywhere in them, since no text may hold it."""
    try:
        value = decoder.decode(data)
    except msgspec.ValidationError as error:
        raise invalid(error, _plain(data)) from error
    except UnicodeDecodeError as error:
        raise MalformedInput("The body is not UTF-8.", field="body", expected="JSON in UTF-8") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise MalformedInput(f"The body is not JSON: {error}.", field="body", expected="a JSON object") from error
    if b"\\u0000" in data:
        refuse_nul(_plain(data))
    return value


def query(request: HttpRequest, kind: type[T]) -> T:
    """The query string as a struct; lists are separated by commas or repeated. Raises `InvalidInput`."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}  # type: ignore[arg-type]
    given: dict[str, Any] = {}
    for name, values in request.GET.lists():
        if name not in fields:
            raise InvalidInput(
                f"There is no parameter “{name}”.",
                field=name,
                expected=("one of " + ", ".join(fields)) if fields else "no parameter",
            )
        if _takes_list(fields[name]):
            given[name] = [part for value in values if value for part in str(value).split(",")]
        elif len(values) > 1:
            raise InvalidInput(f"“{name}” is given {len(values)} times.", field=name, expected="one value")
        else:
            given[name] = _said(fields[name], values[0])
    refuse_nul(given)
    try:
        value = msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error, given) from error
    for name in fields:
        moment = getattr(value, fields[name].name)
        if isinstance(moment, datetime):
            setattr(value, fields[name].name, utc(moment, name))
    return value


def utc(moment: datetime, field: str) -> datetime:
    """The moment in UTC: a database knows fewer offsets than ISO 8601 allows. Raises `InvalidInput`."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(
            "This time is out of range.",
            field=field,
            value=moment.isoformat(),
            expected="a time in the years 1 to 9999",
        ) from None


def _said(field: msgspec.structs.FieldInfo, text: str) -> str:
    """The text of a parameter. “null” leaves none out, and a number is no time, though msgspec takes both."""
    name = field.encode_name
    if field.default is None and text.lower() == "null":
        raise InvalidInput(f"“{name}” has no value.", field=name, value=text, expected="a value, or no such parameter")
    if "datetime" in str(field.type) and not _DATE.match(text):
        raise InvalidInput(f"“{name}” is no time.", field=name, value=text, expected="ISO 8601 with an offset")
    return text


def _takes_list(field: msgspec.structs.FieldInfo) -> bool:
    return "tuple" in str(field.type)


def refuse_nul(value: Any) -> None:
    """Raise `InvalidInput` naming the first field that holds the character NUL."""
    for field, text in _texts(value, ""):
        if "\0" in text:
            raise InvalidInput(f"“{field}” holds the character NUL.", field=field, expected="text without NUL")


def invalid(error: msgspec.ValidationError, given: Any) -> InvalidInput:
    """msgspec's complaint as a problem: the dotted path of the field, what was there, what would be right."""
    found = _AT.match(str(error))
    message, path = (found.group(1), found.group(2) or "") if found else (str(error), "")
    value = _follow(given, path)
    if unknown := _UNKNOWN.match(message):
        path = f"{path}.{unknown.group(1)}".lstrip(".")
        return _named(f"There is no field “{path}”.", path, None, "only the documented fields")
    if missing := _MISSING.match(message):
        path = f"{path}.{missing.group(1)}".lstrip(".")
        return _named(f"The field “{path}” is missing.", path, None, "a value")
    wanted = _EXPECTED.match(message)
    expected = (wanted.group(1) + (wanted.group(2) or "")) if wanted else None
    return _named(f"{message.replace('`', '')}.", path or "body", value, expected)


def _named(detail: str, field: str, value: object, expected: str | None) -> InvalidInput:
    return InvalidInput(
        detail, field=field, value=value, expected=expected, extra={"errors": [{"field": field, "detail": detail}]}
    )


def _plain(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None


def _follow(value: Any, path: str) -> Any:
    for index, name in _STEPS.findall(path):
        try:
            value = value[int(index)] if index else value[name]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path or "body", value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield "body", name
            yield from _texts(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{index}]")
