"""What the serving role may do in the database: read and write rows, but not rewrite the record.

The tables here are append-only for it; triggers refuse the same to everybody else.
"""

from __future__ import annotations

from django.db import connection
from psycopg import sql

from wangge.settings import databases

#: Tables where the serving role has less than SELECT, INSERT, UPDATE, DELETE.
RESTRICTED = {
    "django_migrations": "SELECT",
    "journal_entry": "SELECT, INSERT",
    "journal_seal": "SELECT, INSERT",
    # Erasing empties value and salt; the row, and with it the digest, stays.
    "journal_content": "SELECT, INSERT, UPDATE (value, salt)",
    # Erasing locks the state row of a subject, whatever it is; triggers refuse the change itself.
    "indicators_publication": "SELECT, INSERT, UPDATE (version)",
    "indicators_frozen": "SELECT, INSERT",
    # Postings and legs only grow; what an account with a floor has is written by the trigger on legs alone.
    "ledger_account": "SELECT, INSERT, UPDATE (version, area_id, area_path)",
    "ledger_posting": "SELECT, INSERT, UPDATE (version)",
    "ledger_leg": "SELECT, INSERT",
    "ledger_level": "SELECT",
    # A shift is on record as it was closed; it is taken over once.
    "desk_shift": "SELECT, INSERT, UPDATE (version, taker_id, taken_at)",
    # What a policy says stays; it is approved, dropped or ended.
    "assessment_policy": "SELECT, INSERT, UPDATE (version, state, ends, approver, approved_at)",
    # Statements and their lines stay; a run goes forward, an appeal is decided once.
    "assessment_revision": "SELECT, INSERT",
    "assessment_inspection": "SELECT, INSERT, UPDATE (version)",
    "assessment_pledge": "SELECT, INSERT, UPDATE (version)",
    "assessment_document": "SELECT, INSERT, UPDATE (version)",
    "assessment_employment": "SELECT, INSERT, UPDATE",
    "assessment_invoice": "SELECT, INSERT, UPDATE (version, state, approved_by, deducted, paid_at)",
    "assessment_line": "SELECT, INSERT",
    "assessment_run": "SELECT, INSERT, UPDATE (version, stage, revision, published, digest, notified_at, appeal_until,"
                      " final_at, posted_at)",
    "assessment_appeal": "SELECT, INSERT, UPDATE (version, state, first_reviewer, first_points, second_reviewer,"
                         " second_points, outcome, decided_at)",
    # What was said first stays; a track is kept or deleted, never rewritten.
    "patrols_patrol": "SELECT, INSERT, UPDATE (version, state, tracked, started_at, ended_at, points, visited)",
    "patrols_track_point": "SELECT, INSERT, DELETE",
    "patrols_observation": "SELECT, INSERT, UPDATE (version, state, contested_at, decider, decided_at)",
    "patrols_switch": "SELECT, INSERT, UPDATE (version, state, approver, decided_at, ended_at)",
    "inspections_contest": "SELECT, INSERT, UPDATE (version, state, points, decider, decided_at)",
    "inspections_rectification": "SELECT, INSERT, UPDATE (version, state, done_by, done_at, checked_by, checked_at)",
    # What the record names is never deleted, only ended, closed or emptied.
    **dict.fromkeys(
        ("wall_display", "wall_clearance", "signals_settled", "signals_threshold",
         "places_redrawing", "duties_interest",
         "places_area", "places_boundary", "people_person", "people_organisation", "people_account", "people_api_token",
         "duties_assignment", "cases_case", "cases_report", "cases_class", "cases_routing_rule", "cases_part",
         "cases_stage_limit", "cases_control",
         "cases_class_set", "assessment_finding", "tasks_task", "desk_kept"),
        "SELECT, INSERT, UPDATE",
    ),
}


def apply() -> bool:
    """Grant, connected as the owner. False where one role does both (an external database with one URL)."""
    app, owner = databases.of_role("app")["USER"], databases.of_role("owner")["USER"]
    if app == owner:
        return False
    role = sql.Identifier(app)
    with connection.cursor() as cursor:
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
        ):
            cursor.execute(sql.SQL(statement).format(role=role))
        present = set(connection.introspection.table_names(cursor))
        for table, rights in RESTRICTED.items():
            if table in present:
                name = sql.Identifier(table)
                cursor.execute(sql.SQL("REVOKE ALL ON {name} FROM {role}").format(name=name, role=role))
                cursor.execute(
                    sql.SQL("GRANT {rights} ON {name} TO {role}").format(rights=sql.SQL(rights), name=name, role=role)
                )
    return True
