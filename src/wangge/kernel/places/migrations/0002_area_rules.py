"""What the database itself holds about areas: immutable codes and paths, one boundary at a time, the version."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import versioned_key

VERSION = """
INSERT INTO places_version (one, n) VALUES (true, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);

CREATE FUNCTION places_bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE places_version SET n = greatest(n + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
  RETURN NULL;
END $$;

CREATE TRIGGER places_area_moves_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON places_area
  FOR EACH STATEMENT EXECUTE FUNCTION places_bump_version();
CREATE TRIGGER places_boundary_moves_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON places_boundary
  FOR EACH STATEMENT EXECUTE FUNCTION places_bump_version();
"""
UNVERSION = """
DROP TRIGGER places_boundary_moves_version ON places_boundary;
DROP TRIGGER places_area_moves_version ON places_area;
DROP FUNCTION places_bump_version();
DELETE FROM places_version;
"""

KEPT = """
CREATE FUNCTION places_area_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an area is ended, never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.id, OLD.code, OLD.layer, OLD.kind, OLD.parent_id, OLD.path, OLD.valid_from) IS DISTINCT FROM
     (NEW.id, NEW.code, NEW.layer, NEW.kind, NEW.parent_id, NEW.path, NEW.valid_from) THEN
    RAISE EXCEPTION 'area %: code, layer, kind, parent, path and valid_from never change', OLD.code
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.valid_to IS NOT NULL AND OLD.valid_to IS DISTINCT FROM NEW.valid_to THEN
    RAISE EXCEPTION 'area % has already ended', OLD.code USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER places_area_kept BEFORE UPDATE OR DELETE ON places_area
  FOR EACH ROW EXECUTE FUNCTION places_area_kept();

CREATE FUNCTION places_area_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong text;
BEGIN
  SELECT a.code INTO wrong FROM fresh a LEFT JOIN places_area p ON p.id = a.parent_id
    WHERE a.path <> coalesce(p.path, '') || a.code || '/' LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'area %: its path does not follow from its parent', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER places_area_path AFTER INSERT ON places_area REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION places_area_path();

CREATE FUNCTION places_boundary_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a boundary is ended, never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.id, OLD.area_id, OLD.geometry, OLD.valid_from) IS DISTINCT FROM
     (NEW.id, NEW.area_id, NEW.geometry, NEW.valid_from)
     OR (OLD.valid_to IS NOT NULL AND OLD.valid_to IS DISTINCT FROM NEW.valid_to) THEN
    RAISE EXCEPTION 'a boundary can only be ended, once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER places_boundary_kept BEFORE UPDATE OR DELETE ON places_boundary
  FOR EACH ROW EXECUTE FUNCTION places_boundary_kept();
"""
UNKEPT = """
DROP TRIGGER places_boundary_kept ON places_boundary;
DROP FUNCTION places_boundary_kept();
DROP TRIGGER places_area_path ON places_area;
DROP FUNCTION places_area_path();
DROP TRIGGER places_area_kept ON places_area;
DROP FUNCTION places_area_kept();
"""

ONE_BOUNDARY = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE places_boundary ADD CONSTRAINT places_boundary_one_at_a_time
  EXCLUDE USING gist (area_id WITH =, tstzrange(valid_from, valid_to) WITH &&);
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_areas"), ("journal", "0001_journal")]
    operations = [
        migrations.RunSQL(ONE_BOUNDARY, "ALTER TABLE places_boundary DROP CONSTRAINT places_boundary_one_at_a_time"),
        migrations.RunSQL(VERSION, UNVERSION),
        migrations.RunSQL(KEPT, UNKEPT),
        versioned_key("places_area"),
    ]
