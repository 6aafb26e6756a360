"""The mapping file: which column of a table means what. Documented in docs/guides/import.md.

A mapping is TOML: `source` names the system, `root` the area under which the cases are filed, `timezone` and
`time_format` say how times are written, `[columns]` names the columns, and `[states]`, `[sources]` and
`[organisations]` translate values.
"""

from __future__ import annotations

import csv
import lzma
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from wangge.base.errors import InvalidInput, MalformedInput
from wangge.kernel.cases.reporting import SOURCES

MOST_BYTES = 64 * 1024
STATES = ("open", "closed", "void")


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Column names; only `id`, `created` and `description` must be there."""

    id: str
    created: str
    description: tuple[str, ...]
    closed: str | None = None
    due: str | None = None
    status: str | None = None
    class_: str | None = msgspec.field(name="class", default=None)
    organisation: str | None = None
    address: str | None = None
    lon: str | None = None
    lat: str | None = None
    area_name: str | None = None
    source: str | None = None


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole mapping. `class_scheme` says in which numbering the codes of classes are.

    `states` maps a status to open, closed or void; what it does not name is refused.
    """

    source: str
    root: str
    timezone: str
    time_format: str
    columns: Columns
    crs: str = "wgs84"
    encoding: str = "utf-8"
    delimiter: str = ","
    class_scheme: str | None = None
    states: dict[str, str] = {}
    sources: dict[str, str] = {}
    organisations: dict[str, str] = {}


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file. Raises `MalformedInput` or `InvalidInput` naming the key."""
    if path.stat().st_size > MOST_BYTES:  # a few keys of very many parts would take the parser hours
        raise InvalidInput(f"{path.name} is too large.", field="mapping", expected=f"at most {MOST_BYTES} bytes")
    try:
        mapping = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Mapping)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedInput(f"{path.name} is not TOML: {error}", field="mapping") from error
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{path.name}: {error}", field="mapping", expected="see docs/guides/import.md") from error
    for status, state in mapping.states.items():
        if state not in STATES:
            raise InvalidInput(
                f"“{status}” maps to no state.",
                field=f"states.{status}",
                value=state,
                expected="one of " + ", ".join(STATES),
            )
    for method, source in mapping.sources.items():
        if source not in SOURCES:
            raise InvalidInput(
                f"“{method}” maps to no source.",
                field=f"sources.{method}",
                value=source,
                expected="one of " + ", ".join(SOURCES),
            )
    return mapping


def read_rows(path: Path, mapping: Mapping) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with their line numbers; `.xz` is unpacked on the way. Raises `InvalidInput` when a
    column that the mapping names is missing, `MalformedInput` when the file is no text."""
    line = 1
    with _open(path, mapping) as stream:
        try:
            reader = csv.reader(stream, delimiter=mapping.delimiter)
            header = next(reader, [])
            _check_columns(path.name, header, mapping)
            for values in reader:
                line = reader.line_num
                yield line, dict(zip(header, values, strict=False))
        except (UnicodeDecodeError, csv.Error, lzma.LZMAError, EOFError) as error:
            raise MalformedInput(f"{path.name}, after line {line}: {error}", field="file") from error


def _check_columns(name: str, header: list[str], mapping: Mapping) -> None:
    wanted = [column for column in msgspec.structs.asdict(mapping.columns).values() if isinstance(column, str)]
    missing = [column for column in (*wanted, *mapping.columns.description) if column not in header]
    if missing:
        raise InvalidInput(
            f"{name} has no column “{missing[0]}”.",
            field="columns",
            value=missing[0],
            expected="one of " + ", ".join(header),
        )


def _open(path: Path, mapping: Mapping) -> IO[str]:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding=mapping.encoding, newline="")
    return path.open("r", encoding=mapping.encoding, newline="")
