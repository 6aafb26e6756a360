"""SQL that migrations take from the transition table. A migration freezes the pairs that it was made with;
a test compares what the database holds with `lifecycle.state_pairs()`."""

from __future__ import annotations

from collections.abc import Iterable


def lifecycle_trigger(pairs: Iterable[tuple[str, str]], *, parts: bool = True) -> str:
    """The function and triggers that refuse a change of state outside these pairs.

    A live case begins as reported; imported and simulated histories may begin further on, and so may the part of
    a case that is shared (`parts`: the table knows such). Where a case was born never changes.
    """
    whole = " AND NEW.parent IS NULL" if parts else ""
    allowed = ", ".join(f"('{source}', '{target}')" for source, target in pairs)
    return f"""
CREATE OR REPLACE FUNCTION cases_case_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    RAISE EXCEPTION 'a live case begins as reported, not as %', NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_case_lifecycle';
  END IF;
  IF OLD.born_path IS DISTINCT FROM NEW.born_path THEN
    RAISE EXCEPTION 'where a case was born never changes'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_case_born_path_stays';
  END IF;
  IF OLD.state <> NEW.state AND NEW.origin = 'live'
     AND (OLD.state, NEW.state) NOT IN ({allowed}) THEN
    RAISE EXCEPTION 'no act leads from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_case_lifecycle';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS cases_case_begins ON cases_case;
DROP TRIGGER IF EXISTS cases_case_moves ON cases_case;
CREATE TRIGGER cases_case_begins BEFORE INSERT ON cases_case FOR EACH ROW
  WHEN (NEW.origin = 'live' AND NEW.state <> 'reported'{whole}) EXECUTE FUNCTION cases_case_lifecycle();
CREATE TRIGGER cases_case_moves BEFORE UPDATE ON cases_case FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.born_path IS DISTINCT FROM NEW.born_path)
  EXECUTE FUNCTION cases_case_lifecycle();
"""


def reference_triggers(tables: Iterable[str]) -> str:
    """One row whose number moves with every change of reference data, and the triggers that move it.

    The number comes from a sequence, so that one which was rolled back never comes again with other data.
    """
    triggers = "".join(
        f"""
CREATE TRIGGER {table}_moves_reference AFTER INSERT OR UPDATE OR DELETE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION cases_reference_moved();
"""
        for table in tables
    )
    return f"""
CREATE SEQUENCE cases_reference_seq AS bigint;
INSERT INTO cases_reference_version ("only", n) VALUES (true, nextval('cases_reference_seq'));
CREATE FUNCTION cases_reference_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE cases_reference_version SET n = nextval('cases_reference_seq');
  RETURN NULL;
END $$;
{triggers}"""
