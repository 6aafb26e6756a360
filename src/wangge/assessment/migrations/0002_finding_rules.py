"""What the database itself holds about findings: what was found never changes, nothing is deleted."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import versioned_key

KEPT = """
CREATE FUNCTION assessment_finding_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a finding is voided or merged, never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.id, OLD.source, OLD.ref, OLD.area, OLD.area_path, OLD.class_code, OLD.lon_e7, OLD.lat_e7, OLD.occurred_at,
      OLD.discovered_at, OLD.found_points) IS DISTINCT FROM
     (NEW.id, NEW.source, NEW.ref, NEW.area, NEW.area_path, NEW.class_code, NEW.lon_e7, NEW.lat_e7, NEW.occurred_at,
      NEW.discovered_at, NEW.found_points)
     OR NEW.points > OLD.points
     OR (OLD.merged_into IS NOT NULL AND NEW.merged_into IS DISTINCT FROM OLD.merged_into) THEN
    RAISE EXCEPTION 'what was found stays; its points are only cut, a duplicate is merged once'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_finding_kept BEFORE UPDATE OR DELETE ON assessment_finding
  FOR EACH ROW EXECUTE FUNCTION assessment_finding_kept();
"""
UNKEPT = """
DROP TRIGGER assessment_finding_kept ON assessment_finding;
DROP FUNCTION assessment_finding_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_findings"), ("journal", "0002_erased_by_entry")]
    operations = [migrations.RunSQL(KEPT, UNKEPT), versioned_key("assessment_finding")]
