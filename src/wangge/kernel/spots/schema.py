"""SQL that the migration takes from the table of acts. The migration freezes the pairs that it was made with; a test
compares what the database holds with `lifecycle.state_pairs()`."""

from __future__ import annotations

from collections.abc import Iterable


def lifecycle_trigger(pairs: Iterable[tuple[str, str]]) -> str:
    """The function and triggers that refuse a change of state outside these pairs; a file begins open."""
    allowed = ", ".join(f"('{source}', '{target}')" for source, target in pairs)
    return f"""
CREATE OR REPLACE FUNCTION spots_spot_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR (OLD.state, NEW.state) NOT IN ({allowed}) THEN
    RAISE EXCEPTION 'no act leads to the state % of a spot file from here', NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'spots_spot_lifecycle';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS spots_spot_begins ON spots_spot;
DROP TRIGGER IF EXISTS spots_spot_moves ON spots_spot;
CREATE TRIGGER spots_spot_begins BEFORE INSERT ON spots_spot FOR EACH ROW
  WHEN (NEW.state <> 'open') EXECUTE FUNCTION spots_spot_lifecycle();
CREATE TRIGGER spots_spot_moves BEFORE UPDATE ON spots_spot FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION spots_spot_lifecycle();
"""


DROP = (
    "DROP TRIGGER spots_spot_begins ON spots_spot; DROP TRIGGER spots_spot_moves ON spots_spot;"
    " DROP FUNCTION spots_spot_lifecycle()"
)
