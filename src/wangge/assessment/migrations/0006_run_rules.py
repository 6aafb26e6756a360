"""What the database itself holds about runs: statements and lines stay, a run goes forward only, nothing is deleted."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import app_rights, versioned_key

KEPT = """
CREATE FUNCTION assessment_finding_stays_void() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a finding that was voided stays void' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER assessment_finding_stays_void BEFORE UPDATE ON assessment_finding
  FOR EACH ROW WHEN (OLD.void AND NOT NEW.void) EXECUTE FUNCTION assessment_finding_stays_void();
"""
UNKEPT = """
DROP TRIGGER assessment_finding_stays_void ON assessment_finding;
DROP FUNCTION assessment_finding_stays_void();
"""
STAY = """
CREATE FUNCTION assessment_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'statements stay: % of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_stays';
END $$;
CREATE TRIGGER assessment_revision_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON assessment_revision
  FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse();
CREATE TRIGGER assessment_line_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON assessment_line
  FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse();
CREATE FUNCTION assessment_run_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stages constant text[] := ARRAY['provisional', 'notified', 'final', 'posted'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a run is dropped, never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.id, OLD.area, OLD.area_path, OLD.period, OLD.timezone, OLD.starts_at, OLD.ends_at, OLD.policy, OLD.assessed_at)
     IS DISTINCT FROM
     (NEW.id, NEW.area, NEW.area_path, NEW.period, NEW.timezone, NEW.starts_at, NEW.ends_at, NEW.policy, NEW.assessed_at)
     OR NEW.revision < OLD.revision
     OR (OLD.published IS NOT NULL AND NEW.published IS DISTINCT FROM OLD.published)
     OR (NEW.stage <> OLD.stage AND NOT (
       (NEW.stage = 'dropped' AND OLD.stage = 'provisional')
       OR array_position(stages, NEW.stage) = array_position(stages, OLD.stage) + 1)) THEN
    RAISE EXCEPTION 'a run goes forward only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_run_kept BEFORE UPDATE OR DELETE ON assessment_run
  FOR EACH ROW EXECUTE FUNCTION assessment_run_kept();
CREATE FUNCTION assessment_appeal_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'open' AND (OLD.version = NEW.version OR OLD.state <> NEW.state)
     OR (OLD.first_reviewer IS NOT NULL AND (NEW.first_reviewer, NEW.first_points)
         IS DISTINCT FROM (OLD.first_reviewer, OLD.first_points)) THEN
    RAISE EXCEPTION 'what was decided about an appeal stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_appeal_kept BEFORE UPDATE OR DELETE ON assessment_appeal
  FOR EACH ROW EXECUTE FUNCTION assessment_appeal_kept();
"""
UNDO = """
DROP TRIGGER assessment_revision_stays ON assessment_revision;
DROP TRIGGER assessment_line_stays ON assessment_line;
DROP FUNCTION assessment_refuse();
DROP TRIGGER assessment_run_kept ON assessment_run;
DROP FUNCTION assessment_run_kept();
DROP TRIGGER assessment_appeal_kept ON assessment_appeal;
DROP FUNCTION assessment_appeal_kept();
"""
RIGHTS = {
    "assessment_run": "SELECT, INSERT, UPDATE (version, stage, revision, published, digest, notified_at, appeal_until,"
                      " final_at, posted_at)",
    "assessment_appeal": "SELECT, INSERT, UPDATE (version, state, first_reviewer, first_points, second_reviewer,"
                         " second_points, outcome, decided_at)",
    "assessment_revision": "SELECT, INSERT",
    "assessment_line": "SELECT, INSERT",
}


class Migration(migrations.Migration):
    dependencies = [("assessment", "0005_runs")]
    operations = [
        migrations.RunSQL(KEPT, UNKEPT),
        migrations.RunSQL(STAY, UNDO),
        versioned_key("assessment_run"),
        versioned_key("assessment_appeal"),
        *(app_rights(table, rights) for table, rights in RIGHTS.items()),
    ]
