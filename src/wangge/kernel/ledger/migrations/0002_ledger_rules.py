"""What the database itself holds of double entry: zero sums, lines at once, floors, nothing rewritten."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import app_rights, versioned_key

ONLY_GROWS = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger only grows: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_only_grows';
END $$;
CREATE TRIGGER ledger_leg_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_leg
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_posting_only_grows BEFORE DELETE OR TRUNCATE ON ledger_posting
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_posting_kept BEFORE UPDATE ON ledger_posting FOR EACH ROW
  WHEN (to_jsonb(OLD) - 'version' IS DISTINCT FROM to_jsonb(NEW) - 'version') EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_account_only_grows BEFORE DELETE OR TRUNCATE ON ledger_account
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_account_kept BEFORE UPDATE ON ledger_account FOR EACH ROW
  WHEN (to_jsonb(OLD) - '{version,area_id,area_path}'::text[]
        IS DISTINCT FROM to_jsonb(NEW) - '{version,area_id,area_path}'::text[])
  EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_level_follows BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_level
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse();
"""

BEGINS = """
ALTER TABLE ledger_posting ADD CONSTRAINT ledger_posting_has_legs FOREIGN KEY (id, first_line)
  REFERENCES ledger_leg (posting_id, line) DEFERRABLE INITIALLY DEFERRED;
"""

ACCOUNT = """
CREATE FUNCTION ledger_account_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM places_area WHERE id = NEW.area_id AND path = NEW.area_path) THEN
    RAISE EXCEPTION 'an account repeats the path of its area'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_true';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_account_true AFTER INSERT OR UPDATE OF area_id, area_path ON ledger_account
  FOR EACH ROW EXECUTE FUNCTION ledger_account_true();

CREATE FUNCTION ledger_account_level() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO ledger_level (account_id, balance, held, floor)
    SELECT id, 0, 0, floor FROM fresh WHERE floor IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_account_level AFTER INSERT ON ledger_account REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_account_level();
"""

# What a posting refers to is of the right kind and does not come after it, on either line of time.
TARGET = """
CREATE FUNCTION ledger_posting_target() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad uuid;
BEGIN
  SELECT f.id INTO bad
  FROM fresh f JOIN ledger_posting t ON t.id = coalesce(f.resolves_id, f.reverses_id)
  WHERE (f.kind IN ('settle', 'release') AND t.kind <> 'hold')
     OR (f.kind = 'reverse' AND t.kind NOT IN ('post', 'settle'))
     OR f.at < t.at OR f.recorded_at < t.recorded_at
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'posting % refers to one of another kind or of a later time', bad
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_target';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_target AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_target();
"""

# Accounts with a floor are locked in the order of their ids, so that two batches never wait for each other in a ring;
# then their levels move, and the check on `ledger_level` refuses what would go below.
LEGS = """
CREATE FUNCTION ledger_leg_double_entry() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE bad uuid;
BEGIN
  SELECT posting_id INTO bad FROM fresh GROUP BY posting_id HAVING min(line) <> 1 OR max(line) <> count(*) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the lines of posting % do not come at once, numbered from 1', bad
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_leg_at_once';
  END IF;

  SELECT f.posting_id INTO bad FROM fresh f LEFT JOIN ledger_account a ON a.id = f.account_id
  GROUP BY f.posting_id, a.unit HAVING sum(f.amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the lines of posting % do not sum to zero', bad
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_leg_zero_sum';
  END IF;

  WITH referring AS (
    SELECT p.id, p.kind, coalesce(p.resolves_id, p.reverses_id) AS target
    FROM (SELECT DISTINCT posting_id FROM fresh) f JOIN ledger_posting p ON p.id = f.posting_id
    WHERE p.kind IN ('settle', 'release', 'reverse')
  ), given AS (
    SELECT f.posting_id, f.line, f.account_id, f.amount FROM fresh f JOIN referring r ON r.id = f.posting_id
  ), due AS (
    SELECT r.id, l.line, l.account_id, CASE r.kind WHEN 'reverse' THEN -l.amount ELSE l.amount END
    FROM referring r JOIN ledger_leg l ON l.posting_id = r.target
  )
  SELECT posting_id INTO bad FROM (
    (TABLE given EXCEPT TABLE due) UNION ALL (TABLE due EXCEPT TABLE given)
  ) differing LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the lines of posting % are not those of what it refers to', bad
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_leg_as_its_target';
  END IF;

  PERFORM FROM ledger_account a
  WHERE a.floor IS NOT NULL AND a.id IN (SELECT account_id FROM fresh) ORDER BY a.id FOR NO KEY UPDATE OF a;
  UPDATE ledger_level v SET balance = v.balance + m.taken, held = v.held + m.held
  FROM (
    SELECT f.account_id,
      sum(CASE WHEN p.kind IN ('post', 'settle', 'reverse') THEN f.amount ELSE 0 END) AS taken,
      sum(CASE WHEN f.amount > 0 THEN 0 WHEN p.kind = 'hold' THEN -f.amount
               WHEN p.kind IN ('settle', 'release') THEN f.amount ELSE 0 END) AS held
    FROM fresh f JOIN ledger_posting p ON p.id = f.posting_id GROUP BY f.account_id
  ) m
  WHERE v.account_id = m.account_id;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_leg_double_entry AFTER INSERT ON ledger_leg REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_leg_double_entry();
"""

UNDO = """
DROP TRIGGER ledger_leg_double_entry ON ledger_leg;
DROP TRIGGER ledger_posting_target ON ledger_posting;
DROP TRIGGER ledger_account_level ON ledger_account;
DROP TRIGGER ledger_account_true ON ledger_account;
DROP TRIGGER ledger_level_follows ON ledger_level;
DROP TRIGGER ledger_account_kept ON ledger_account;
DROP TRIGGER ledger_account_only_grows ON ledger_account;
DROP TRIGGER ledger_posting_kept ON ledger_posting;
DROP TRIGGER ledger_posting_only_grows ON ledger_posting;
DROP TRIGGER ledger_leg_only_grows ON ledger_leg;
ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_has_legs;
DROP FUNCTION ledger_leg_double_entry();
DROP FUNCTION ledger_posting_target();
DROP FUNCTION ledger_account_level();
DROP FUNCTION ledger_account_true();
DROP FUNCTION ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledger"), ("journal", "0001_journal")]
    operations = [
        migrations.RunSQL(ONLY_GROWS + BEGINS + ACCOUNT + TARGET + LEGS, UNDO),
        versioned_key("ledger_account"),
        versioned_key("ledger_posting"),
        app_rights("ledger_account", "SELECT, INSERT, UPDATE (version, area_id, area_path)"),
        app_rights("ledger_posting", "SELECT, INSERT, UPDATE (version)"),
        app_rights("ledger_leg", "SELECT, INSERT"),
        app_rights("ledger_level", "SELECT"),
    ]
