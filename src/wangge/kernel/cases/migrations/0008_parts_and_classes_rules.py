"""What the database itself holds about parts: kept for ever under their code; a change moves the reference data."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import versioned_key

KEPT = """
CREATE FUNCTION cases_part_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a part is marked as removed, never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.id, OLD.code, OLD.class_code) IS DISTINCT FROM (NEW.id, NEW.code, NEW.class_code) THEN
    RAISE EXCEPTION 'part %: its code and class never change', OLD.code USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cases_part_kept BEFORE UPDATE OR DELETE ON cases_part
  FOR EACH ROW EXECUTE FUNCTION cases_part_kept();
"""
UNKEPT = "DROP TRIGGER cases_part_kept ON cases_part; DROP FUNCTION cases_part_kept();"

MOVES = """
CREATE FUNCTION cases_parts_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE fresh bigint := nextval('cases_reference_seq');
BEGIN
  UPDATE cases_reference_version SET n = fresh, parts = fresh;
  RETURN NULL;
END $$;
CREATE TRIGGER cases_part_moves_reference AFTER INSERT OR UPDATE OR DELETE ON cases_part
  FOR EACH STATEMENT EXECUTE FUNCTION cases_parts_moved();
CREATE TRIGGER cases_crosswalk_moves_reference AFTER INSERT OR UPDATE OR DELETE ON cases_crosswalk
  FOR EACH STATEMENT EXECUTE FUNCTION cases_reference_moved();
"""
UNMOVES = """
DROP TRIGGER cases_crosswalk_moves_reference ON cases_crosswalk;
DROP TRIGGER cases_part_moves_reference ON cases_part;
DROP FUNCTION cases_parts_moved();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_parts_and_classes"), ("journal", "0002_erased_by_entry")]
    operations = [
        migrations.RunSQL(KEPT, UNKEPT),
        migrations.RunSQL(MOVES, UNMOVES),
        versioned_key("cases_part"),
        versioned_key("cases_class_set"),
    ]
