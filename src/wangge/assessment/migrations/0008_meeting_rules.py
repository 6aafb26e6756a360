"""A statement on file stays as it is."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import app_rights, versioned_key

STAY = """
CREATE FUNCTION assessment_pledge_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.id, OLD.run_id, OLD.area, OLD.area_path, OLD.speaker, OLD.given_at)
     IS DISTINCT FROM (NEW.id, NEW.run_id, NEW.area, NEW.area_path, NEW.speaker, NEW.given_at) THEN
    RAISE EXCEPTION 'a statement on file stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_pledge_kept BEFORE UPDATE OR DELETE ON assessment_pledge
  FOR EACH ROW EXECUTE FUNCTION assessment_pledge_kept();
"""
UNDO = "DROP TRIGGER assessment_pledge_kept ON assessment_pledge; DROP FUNCTION assessment_pledge_kept();"


class Migration(migrations.Migration):
    dependencies = [("assessment", "0007_meeting")]
    operations = [
        migrations.RunSQL(STAY, UNDO),
        versioned_key("assessment_pledge"),
        app_rights("assessment_pledge", "SELECT, INSERT, UPDATE (version)"),
    ]
