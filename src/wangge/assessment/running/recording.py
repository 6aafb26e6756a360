"""From a statement to rows: a run's revision with its lines, and the entry that keeps their digests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from wangge.assessment.core.results import Statement
from wangge.assessment.models import Revision, Run, StatementLine
from wangge.assessment.running.lines import OwnLine, own_lines
from wangge.base.clock import to_us
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, append

SUBJECT = "run"
LINES = (
    "encode(sha256(convert_to(coalesce(string_agg(concat_ws(chr(31), l.number, l.key, l.holder, l.holder_kind, l.post,"
    " l.place, l.area_path, l.clause, l.points, l.ticks, l.fen, l.arithmetic, l.sentence, l.sentence_en,"
    " l.findings::text), chr(30) ORDER BY l.number), ''), 'UTF8')), 'hex')"
)
"""SHA-256 over the rows `assessment_line l` of a revision, in their order."""


def write_revision(run: Run, statement: Statement, reason: str, *, by: Mandate) -> str:
    """Insert the run's present revision and its lines; returns the digest of the lines."""
    Revision.objects.bulk_create([Revision(
        run=run, number=run.revision, reason=reason, inputs=statement.inputs.frozen, facts=statement.facts,
        inputs_digest=statement.inputs.digest, digest=statement.digest, made_at=by.at,
    )])
    paths = {place.code: place.path for place in statement.inputs.places}
    units = {str(duty.organisation_id) for duty in statement.inputs.duties if duty.person_id is None}
    StatementLine.objects.bulk_create(
        [_row(run, number, one, paths, units) for number, one in enumerate(own_lines(statement), start=1)],
        batch_size=1000,
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {LINES} FROM assessment_line l WHERE l.run_id = %s AND l.revision = %s",
                       [run.id, run.revision])
        return str(cursor.fetchone()[0])


def _row(run: Run, number: int, one: OwnLine, paths: dict[str, str], units: set[str]) -> StatementLine:
    kind = "organisation" if one.holder in units else "person"
    return StatementLine(
        run=run, revision=run.revision, number=number, key=one.key, holder=UUID(one.holder), holder_kind=kind,
        post=one.post, place=one.place, area_path=paths.get(one.duty_area.split(", ")[0], run.area_path),
        clause=one.clause, points=one.points, ticks=one.ticks, fen=one.fen, arithmetic=one.arithmetic,
        sentence=one.said.zh, sentence_en=one.said.en, findings=list(one.findings),
    )


def told_of(run: Run, statement: Statement, lines: str, reason: str) -> dict[str, Any]:
    """What an entry says of a revision."""
    return {"revision": run.revision, "reason": reason, "digest": statement.digest,
            "inputs": statement.inputs.digest, "lines": lines}


def first_entry(run: Run, told: dict[str, Any], *, by: Mandate) -> None:
    """The entry of a new run."""
    append([Act(run.id, SUBJECT, "assess", run.area_id, {
        **told, "path": run.area_path, "period": run.period, "timezone": run.timezone, "policy": str(run.policy_id),
        "starts_at": to_us(run.starts_at), "ends_at": to_us(run.ends_at), "assessed_at": to_us(run.assessed_at),
    })], by=by)


def advance(run: Run, verb: str, data: dict[str, Any], *, by: Mandate) -> Run:
    """The next entry of a run, and its row."""
    [written] = append([Act(run.id, SUBJECT, verb, run.area_id, data, version=run.version)], by=by)
    run.version = written.seq
    run.save(force_update=True, update_fields=[
        "version", "stage", "revision", "published", "digest", "notified_at", "appeal_until", "final_at", "posted_at",
    ])
    return run
