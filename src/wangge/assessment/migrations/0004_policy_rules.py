"""What the database itself holds about policies: what a version says stays, one is in force at a time, none is deleted."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import app_rights, versioned_key

KEPT = """
ALTER TABLE assessment_policy ADD CONSTRAINT assessment_policy_one_in_force
  EXCLUDE USING gist (area WITH =, period WITH =, daterange(begins, ends) WITH &&) WHERE (state = 'approved');
CREATE FUNCTION assessment_policy_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a policy is dropped or ended, never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.id, OLD.area, OLD.area_path, OLD.name, OLD.number, OLD.shipped, OLD.body, OLD.digest, OLD.period, OLD.mode,
      OLD.begins, OLD.author, OLD.drafted_at) IS DISTINCT FROM
     (NEW.id, NEW.area, NEW.area_path, NEW.name, NEW.number, NEW.shipped, NEW.body, NEW.digest, NEW.period, NEW.mode,
      NEW.begins, NEW.author, NEW.drafted_at)
     OR (OLD.state <> 'draft' AND (NEW.state, NEW.approver, NEW.approved_at)
         IS DISTINCT FROM (OLD.state, OLD.approver, OLD.approved_at))
     OR (OLD.ends IS NOT NULL AND (NEW.ends IS NULL OR NEW.ends > OLD.ends)) THEN
    RAISE EXCEPTION 'what a policy says and who approved it stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_policy_kept BEFORE UPDATE OR DELETE ON assessment_policy
  FOR EACH ROW EXECUTE FUNCTION assessment_policy_kept();
"""
UNKEPT = """
DROP TRIGGER assessment_policy_kept ON assessment_policy;
DROP FUNCTION assessment_policy_kept();
ALTER TABLE assessment_policy DROP CONSTRAINT assessment_policy_one_in_force;
"""


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_policies")]
    operations = [
        migrations.RunSQL(KEPT, UNKEPT),
        versioned_key("assessment_policy"),
        app_rights("assessment_policy", "SELECT, INSERT, UPDATE (version, state, ends, approver, approved_at)"),
    ]
