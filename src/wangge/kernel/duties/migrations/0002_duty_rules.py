"""What the database itself holds about duties: one regular holder a seat, no rewriting, calendars move the version."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import versioned_key

SEATS = """
ALTER TABLE duties_assignment ADD CONSTRAINT duties_assignment_single_seat EXCLUDE USING gist
  (area_id WITH =, post_id WITH =, valid WITH &&)
  WHERE (single_seat AND kind = 'regular' AND upper_inf(recorded));
ALTER TABLE duties_assignment ADD CONSTRAINT duties_assignment_held_once EXCLUDE USING gist
  (person_id WITH =, area_id WITH =, post_id WITH =, kind WITH =, valid WITH &&)
  WHERE (person_id IS NOT NULL AND upper_inf(recorded));
"""
NO_SEATS = """
ALTER TABLE duties_assignment DROP CONSTRAINT duties_assignment_held_once;
ALTER TABLE duties_assignment DROP CONSTRAINT duties_assignment_single_seat;
"""

KEPT = """
CREATE FUNCTION duties_assignment_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a duty is ended or corrected, never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.id, OLD.post_id, OLD.person_id, OLD.organisation_id, OLD.area_id, OLD.area_path, OLD.kind,
      lower(OLD.valid), lower(OLD.recorded)) IS DISTINCT FROM
     (NEW.id, NEW.post_id, NEW.person_id, NEW.organisation_id, NEW.area_id, NEW.area_path, NEW.kind,
      lower(NEW.valid), lower(NEW.recorded))
     OR (NOT upper_inf(OLD.valid) AND OLD.valid <> NEW.valid)
     OR (NOT upper_inf(OLD.recorded) AND OLD.recorded <> NEW.recorded) THEN
    RAISE EXCEPTION 'a duty is ended once and never rewritten; correct it by a new row'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER duties_assignment_kept BEFORE UPDATE OR DELETE ON duties_assignment
  FOR EACH ROW EXECUTE FUNCTION duties_assignment_kept();

CREATE FUNCTION duties_assignment_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM fresh d JOIN places_area a ON a.id = d.area_id JOIN duties_post p ON p.code = d.post_id
    WHERE d.area_path <> a.path OR d.single_seat <> p.single_seat
  ) THEN
    RAISE EXCEPTION 'a duty repeats the path of its area and the seats of its post'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER duties_assignment_true AFTER INSERT ON duties_assignment REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION duties_assignment_true();
"""
UNKEPT = """
DROP TRIGGER duties_assignment_true ON duties_assignment;
DROP FUNCTION duties_assignment_true();
DROP TRIGGER duties_assignment_kept ON duties_assignment;
DROP FUNCTION duties_assignment_kept();
"""

VERSION = """
CREATE TRIGGER duties_calendar_moves_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON duties_calendar
  FOR EACH STATEMENT EXECUTE FUNCTION places_bump_version();
CREATE TRIGGER duties_calendar_day_moves_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON duties_calendar_day
  FOR EACH STATEMENT EXECUTE FUNCTION places_bump_version();
"""
UNVERSION = """
DROP TRIGGER duties_calendar_day_moves_version ON duties_calendar_day;
DROP TRIGGER duties_calendar_moves_version ON duties_calendar;
"""


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_duties"), ("places", "0002_area_rules"), ("people", "0002_journaled")]
    operations = [
        migrations.RunSQL(SEATS, NO_SEATS),
        migrations.RunSQL(KEPT, UNKEPT),
        migrations.RunSQL(VERSION, UNVERSION),
        versioned_key("duties_assignment"),
        versioned_key("duties_calendar"),
    ]
