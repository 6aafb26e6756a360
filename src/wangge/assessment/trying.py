"""A run that posts nothing: any policy over any period, what an appeal would change, what differs from a published one.

The seam for posting is `charges` of the statement: each has a key that names it for good.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wangge.assessment.core.amounts import milli
from wangge.assessment.core.clauses import COUNTED
from wangge.assessment.core.correcting import Published, appealed, corrections, net, published
from wangge.assessment.core.files import read_policy
from wangge.assessment.core.inputs import Checks, Figures
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.results import Statement
from wangge.assessment.core.run import run
from wangge.assessment.core.telling import tell
from wangge.assessment.gathering import gather
from wangge.assessment.tables import moment, number, read_table, whole
from wangge.base.errors import InvalidInput, MalformedInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.places.queries import atlas

SHIPPED = Path(__file__).parent / "data" / "default.yaml"
CHECKS = ("source", "area_code", "at", "checks")
FIGURES = ("subject", "figure", "value")


def shipped() -> Policy:
    """The policy that ships."""
    return read_policy(SHIPPED)


def try_policy(
    policy: Policy, period: str, *, by: Mandate, area: str = "", checks: Sequence[Checks] = (),
    figures: Sequence[Figures] = (), appeals: Mapping[str, int] | None = None,
    previous: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The facts of a run. `appeals` gives by finding the milli that it would be cut to; `previous` is a statement that
    was kept as facts. With either, `corrections` and `refunds` say what the current period would get.
    """
    inputs, names = gather(policy, period, by=by, area=area, checks=checks, figures=figures)
    statement = run(policy, inputs)
    before = published(previous) if previous is not None else None
    if appeals:
        before = before if before is not None else _kept(statement)
        statement = run(policy, appealed(inputs, appeals))
    facts = tell(statement, names)
    if before is not None:
        entries = corrections(before, _kept(statement))
        facts["corrections"] = [
            {**one._asdict(), "fen": str(one.fen), "person": names.get(one.holder, one.holder), "said": list(one.said)}
            for one in entries
        ]
        facts["refunds"] = [
            {"person": names.get(holder, holder), "holder": holder, "fen": str(-amount)}
            for holder, amount in net(entries).items()
        ]
    return facts


def _kept(statement: Statement) -> list[Published]:
    return published(tell(statement, {}))


def read_checks(file: Path) -> list[Checks]:
    """Inspections from a table `source,area_code,at,checks`."""
    found, places = [], atlas()
    for line, row in read_table(file, CHECKS):
        area = places.by_code(row["area_code"])
        if area is None:
            raise NotFound(f"Line {line}: there is no area with this code.", field="area_code",
                           value=row["area_code"], expected="the code of an area")
        at = moment(row["at"], ZoneInfo(places.timezone(area.path)), "at")
        if at is None or row["source"] not in COUNTED:
            raise InvalidInput(f"Line {line}: an inspection has a source and a time.", field="source",
                               value=row["source"], expected="one of " + ", ".join(COUNTED) + ", and a time")
        found.append(Checks(row["source"], area.path, at, whole(row["checks"], "checks")))
    return found


def read_figures(file: Path) -> list[Figures]:
    """Figures from a table `subject,figure,value`; the values are counts."""
    counts: dict[str, dict[str, int]] = {}
    for line, row in read_table(file, FIGURES):
        held = counts.setdefault(row["subject"], {})
        if not row["subject"] or not row["figure"] or row["figure"] in held:
            raise InvalidInput(f"Line {line}: each figure of a subject stands once.", field="figure",
                               value=row["figure"], expected="a subject and a figure of its own")
        held[row["figure"]] = whole(row["value"], "value")
    return [Figures(subject, held) for subject, held in counts.items()]


def read_appeals(texts: Sequence[str]) -> dict[str, int]:
    """`city/17=0.70`, several: to what each finding would be cut."""
    found = {}
    for text in texts:
        key, sign, points = text.partition("=")
        if not sign:
            raise InvalidInput("This is no appeal.", field="appeal", value=text, expected="such as city/17=0.70")
        found[key] = milli(number(points, "appeal"), "appeal")
    return found


def read_statement(file: Path) -> Mapping[str, Any]:
    """A statement from the last line of a file, as an earlier run printed it."""
    try:
        lines = file.read_text(encoding="utf-8").strip().splitlines()
        found = json.loads(lines[-1])
    except OSError as error:
        raise InvalidInput("The statement cannot be read.", field="previous", value=file,
                           expected="a file with the output of an earlier run") from error
    except (ValueError, IndexError) as error:
        raise MalformedInput("This is no statement.", field="previous", value=file,
                             expected="the last line of an earlier run with --json") from error
    if not isinstance(found, dict):
        raise MalformedInput("This is no statement.", field="previous", value=file, expected="one JSON object")
    return found
