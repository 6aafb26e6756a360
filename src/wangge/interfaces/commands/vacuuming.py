"""After erasing: the dead rows that still hold the words are removed, and the planner's samples of them replaced.

What PostgreSQL frees within a page is overwritten by later rows, not zeroed, and the write-ahead log holds changes
until its segments are recycled: neither is in a dump, a backup or an answer, and the disk's encryption covers them.
"""

from __future__ import annotations

import psycopg
from django.db import connection
from psycopg import sql

from wangge.settings import databases

#: Where words, names, digests of requests and search terms lie; last, the samples that analysing has just replaced.
TABLES = (
    "journal_content", "cases_search", "cases_report", "cases_file", "people_person", "people_account", "pg_statistic",
)


def sweep() -> bool:
    """Vacuum and analyse these tables, connected as their owner. False if the database could not be reached so."""
    known = databases.of_role("owner")
    try:
        with psycopg.connect(
            dbname=connection.settings_dict["NAME"], user=known["USER"], password=known["PASSWORD"],
            host=known["HOST"], port=known["PORT"], autocommit=True, **known["OPTIONS"],
        ) as owner:
            owner.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.SQL(", ").join(map(sql.Identifier, TABLES))))
    except psycopg.OperationalError:
        return False
    return True
