"""Many cases from one: for plans and times that a small table does not show."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

_COPY = """
WITH made AS MATERIALIZED (SELECT n, gen_random_uuid() AS id FROM generate_series(1, %s) n),
entries AS (
  INSERT INTO journal_entry SELECT r.* FROM made CROSS JOIN journal_entry e CROSS JOIN LATERAL jsonb_populate_record(
    e, jsonb_build_object('subject_id', made.id, 'ordinal', nextval('journal_entry_ordinal'))) r
  WHERE e.subject_id = %s)
INSERT INTO cases_case SELECT r.* FROM made CROSS JOIN cases_case c CROSS JOIN LATERAL jsonb_populate_record(
    c, jsonb_build_object('id', made.id, 'number', left(c.number, 6) || lpad(n::text, 14, '0'), 'origin', 'simulated')
    || {changes}) r
WHERE c.id = %s
"""


def multiply(template: UUID, count: int, changes: str) -> None:
    """Put `count` copies of a case with its entries beside it, marked as simulated; their chains do not verify.

    `changes` is an SQL expression of jsonb: the columns in which the copies differ, by their number `n` from 1.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COPY.format(changes=changes), [count, template, template])
