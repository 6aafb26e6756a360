"""An inspection on record stays."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import app_rights, versioned_key

STAY = """
CREATE FUNCTION assessment_inspection_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an inspection on record stays' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER assessment_inspection_kept BEFORE UPDATE OR DELETE ON assessment_inspection
  FOR EACH ROW EXECUTE FUNCTION assessment_inspection_kept();
"""
UNDO = """
DROP TRIGGER assessment_inspection_kept ON assessment_inspection;
DROP FUNCTION assessment_inspection_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("assessment", "0011_inspections")]
    operations = [
        migrations.RunSQL(STAY, UNDO),
        versioned_key("assessment_inspection"),
        app_rights("assessment_inspection", "SELECT, INSERT, UPDATE (version)"),
    ]
