"""Parts from a CSV file. A second run changes nothing; a row that is refused stands in the error report.

Columns by name: `code`, `lon` and `lat` must be there; `name`, `owner`, `supervisor`, `keeper` (codes or names of
organisations), `state`, `initial_date`, `changed_date` and `note` may be. The attribute names of the national data
format are read as well (`ALIASES`). A part that the file does not name stays as it is.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from wangge.base.errors import InvalidInput, MalformedInput, WanggeError
from wangge.base.geometry import parse_point
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after
from wangge.kernel.cases.models import Part
from wangge.kernel.cases.parts.rules import NewPart
from wangge.kernel.cases.parts.services import Grounds, put_checked
from wangge.kernel.people.models import Organisation
from wangge.kernel.places.queries import AreaInfo

COLUMNS = (
    "code", "name", "lon", "lat", "owner", "supervisor", "keeper", "state", "initial_date", "changed_date", "note",
)  # fmt: skip
NEEDED = ("code", "lon", "lat")
ALIASES: Mapping[str, str] = {
    "ObjID": "code", "ObjName": "name", "DeptCode1": "supervisor", "DeptCode2": "owner", "DeptCode3": "keeper",
    "ObjState": "state", "ORDate": "initial_date", "CHDate": "changed_date", "Note": "note",
    "标识码": "code", "名称": "name", "经度": "lon", "纬度": "lat", "权属单位": "owner", "主管部门": "supervisor",
    "养护单位": "keeper", "状态": "state", "初始时间": "initial_date", "变更时间": "changed_date", "备注": "note",
}  # fmt: skip
"""Other names of the columns: those of the national data format, and Chinese ones."""
STATE_WORDS = {"": "intact", "完好": "intact", "破损": "damaged", "丢失": "lost", "废弃": "removed", "移除": "removed"}
BATCH = 2000


class Fault(NamedTuple):
    """A line of the error report: the row made or changed no part."""

    line: int
    code: str
    field: str | None
    value: str | None
    reason: str
    expected: str


class Outcome(msgspec.Struct):
    """What an import did. `absent` parts stand in the register on the same ground, but not in the file."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    absent: int = 0
    faults: list[Fault] = msgspec.field(default_factory=list)


def import_parts(
    file: Path, *, by: Mandate, crs: str = "wgs84", progress: Callable[[int], None] = lambda count: None
) -> Outcome:
    """Import a table, each batch in one transaction. `progress` is told how many rows were read."""
    outcome, seen, roots = Outcome(), dict[str, int](), set[str]()
    units = _units()
    rows = _rows(file)
    while batch := list(islice(rows, BATCH)):
        parts = []
        for line, row in batch:
            try:
                part = _part(row, crs, units)
                if part.code in seen:
                    raise InvalidInput(
                        f"This code stands in line {seen[part.code]} already.",
                        field="code",
                        value=part.code,
                        expected="each code once",
                    )
                seen[part.code] = line
                parts.append((line, part))
            except WanggeError as error:
                outcome.faults.append(_fault(line, row.get("code", ""), error))
        _put(parts, by, outcome, roots)
        progress(len(batch))
    held = (code for root in roots for code in _codes(root))
    outcome.absent = sum(code not in seen for code in held)
    return outcome


def _put(parts: list[tuple[int, NewPart]], by: Mandate, outcome: Outcome, roots: set[str]) -> None:
    grounds = Grounds(by)
    passed: list[tuple[NewPart, AreaInfo | None]] = []
    for (line, part), area in zip(parts, grounds.locate([part for _, part in parts]), strict=True):
        try:
            passed.append((grounds.check(part, area), area))
        except WanggeError as error:
            outcome.faults.append(_fault(line, part.code, error))
            continue
        if area is not None:
            roots.add(area.path.partition("/")[0] + "/")
    if passed:
        done = put_checked(passed, by=by)
        outcome.created += done.count("created")
        outcome.changed += done.count("changed")
        outcome.unchanged += done.count("unchanged")


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    line = 1
    with file.open("r", encoding="utf-8-sig", newline="") as stream:
        try:
            reader = csv.reader(stream)
            header = [ALIASES.get(name.strip(), name.strip()) for name in next(reader, [])]
            missing = [name for name in NEEDED if name not in header]
            if missing:
                raise InvalidInput(
                    f"{file.name} has no column “{missing[0]}”.",
                    field="file",
                    value=", ".join(header)[:100],
                    expected=", ".join(COLUMNS),
                )
            for values in reader:
                line = reader.line_num
                if any(value.strip() for value in values):
                    yield line, {name: value.strip() for name, value in zip(header, values, strict=False)}
        except (UnicodeDecodeError, csv.Error) as error:
            raise MalformedInput(f"{file.name}, after line {line}: {error}", field="file") from error


def _part(row: Mapping[str, str], crs: str, units: Mapping[str, UUID]) -> NewPart:
    state = row.get("state", "")
    return NewPart(
        code=row.get("code", ""),
        name=row.get("name", ""),
        point=parse_point(row.get("lon", ""), row.get("lat", ""), crs),
        crs=crs,
        owner=_unit(row, "owner", units),
        supervisor=_unit(row, "supervisor", units),
        keeper=_unit(row, "keeper", units),
        state=STATE_WORDS.get(state, state),
        initial_on=_day(row, "initial_date"),
        changed_on=_day(row, "changed_date"),
        note=row.get("note", ""),
    )


def _day(row: Mapping[str, str], field: str) -> date | None:
    text = row.get(field, "")
    try:
        return date.fromisoformat(text.replace("/", "-")) if text else None
    except ValueError as error:
        raise InvalidInput("This is no date.", field=field, value=text, expected="such as 2024-01-31") from error


def _unit(row: Mapping[str, str], field: str, units: Mapping[str, UUID]) -> UUID | None:
    text = row.get(field, "")
    if text and text not in units:
        raise InvalidInput(
            "This organisation is not known.", field=field, value=text, expected="the code or name of an organisation"
        )
    return units[text] if text else None


def _units() -> dict[str, UUID]:
    """Organisations by code and by name; a name that two share names neither."""
    codes: dict[str, UUID] = {}
    names: dict[str, list[UUID]] = {}
    for one in Organisation.objects.all():
        codes[one.code] = one.id
        names.setdefault(one.name, []).append(one.id)
    return {name: ids[0] for name, ids in names.items() if len(ids) == 1} | codes


def _codes(root: str) -> Iterator[str]:
    held = Part.objects.filter(path__gte=root, path__lt=after(root)).exclude(state="removed")
    return held.values_list("code", flat=True).iterator()


def _fault(line: int, code: str, error: WanggeError) -> Fault:
    value = None if error.value is None else str(error.value)
    return Fault(line, code, error.field, value, error.detail, error.expected or "")
