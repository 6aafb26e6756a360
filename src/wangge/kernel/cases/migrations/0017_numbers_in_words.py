"""Numbers in words are searched by three neighbours: the terms that are on file are made anew from what was written."""

from typing import Any

from django.db import migrations

from wangge.kernel.cases.reporting import search_terms

BATCH = 5_000
_READ = """
SELECT s.case_id, c.number, t.field, t.value FROM (
  SELECT case_id FROM cases_search WHERE case_id > %s AND cardinality(terms) > 0 ORDER BY case_id LIMIT %s
) s JOIN cases_case c ON c.id = s.case_id
JOIN journal_content t ON t.subject_id = s.case_id AND t.seq = 1 AND t.field IN ('description', 'address')
WHERE t.value IS NOT NULL
"""
_LAST = "SELECT max(case_id::text) FROM (SELECT case_id FROM cases_search WHERE case_id > %s ORDER BY case_id LIMIT %s) s"


def anew(apps: Any, editor: Any) -> None:
    """Batch by batch, in the order of ids."""
    last = "00000000-0000-0000-0000-000000000000"
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(_READ, [last, BATCH])
            found: dict[Any, dict[str, str]] = {}
            for case, number, field, value in cursor.fetchall():
                found.setdefault((case, number), {})[field] = value
            cursor.executemany(
                "UPDATE cases_search SET terms = %s WHERE case_id = %s",
                [(search_terms(texts, number), case) for (case, number), texts in found.items()],
            )
            cursor.execute(_LAST, [last, BATCH])
            row = cursor.fetchone()
            if row is None or row[0] is None:
                return
            last = row[0]


class Migration(migrations.Migration):

    dependencies = [("cases", "0016_open_cases")]

    operations = [migrations.RunPython(anew, migrations.RunPython.noop)]
