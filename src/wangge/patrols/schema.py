"""SQL that the database holds beside the tables: states change by the table, facts stay, what is barred is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def lifecycle(table: str, begins: str, pairs: Iterable[tuple[str, str]], facts: Sequence[str]) -> str:
    """A trigger that refuses another first state, a change outside the pairs, a change of these columns, deletion."""
    allowed = ", ".join(f"('{source}', '{target}')" for source, target in pairs)
    columns = ", ".join(f'"{name}"' for name in facts)
    old, new = (", ".join(f'{row}."{name}"' for name in facts) for row in ("OLD", "NEW"))
    assert columns
    return f"""
CREATE FUNCTION {table}_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'this is on record and stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> '{begins}' THEN
      RAISE EXCEPTION 'it begins as {begins}' USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_lifecycle';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({allowed}) THEN
    RAISE EXCEPTION 'no act leads from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_lifecycle';
  END IF;
  IF ({old}) IS DISTINCT FROM ({new}) THEN
    RAISE EXCEPTION 'what was said first stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {table}_moves BEFORE INSERT OR UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_moves();
"""


def drop(table: str) -> str:
    """Undo `lifecycle`."""
    return f"DROP TRIGGER {table}_moves ON {table}; DROP FUNCTION {table}_moves();"


TRACK = """
CREATE FUNCTION patrols_track_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'a point of a track stays until it is deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM patrols_patrol p WHERE p.id = NEW.patrol AND p.state = 'started' AND p.tracked
      AND NEW.at BETWEEN p.started_at AND p.planned_to + interval '1 hour') THEN
    RAISE EXCEPTION 'points are kept only within a started patrol with a track'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'patrols_track_within';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER patrols_track_held BEFORE INSERT OR UPDATE ON patrols_track_point
  FOR EACH ROW EXECUTE FUNCTION patrols_track_held();
"""
UNTRACK = "DROP TRIGGER patrols_track_held ON patrols_track_point; DROP FUNCTION patrols_track_held();"

SWITCHED = """
CREATE FUNCTION patrols_require(wanted text, place text, moment timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM patrols_switch s WHERE s.function = wanted AND starts_with(place, s.path)
      AND s.state = 'on' AND s.begins <= moment AND s.expires > moment) THEN
    RAISE EXCEPTION 'the function % is switched off', wanted
      USING ERRCODE = 'check_violation', CONSTRAINT = 'patrols_switched_off';
  END IF;
  RETURN true;
END $$;
CREATE FUNCTION patrols_observed_within() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.patrol IS NULL THEN
    IF NOT EXISTS (SELECT FROM patrols_switch s WHERE s.id = NEW.switch AND s.function = 'forced_check_in'
        AND starts_with(NEW.path, s.path) AND s.state = 'on' AND s.begins <= NEW.seen_at AND s.expires > NEW.seen_at)
    THEN
      RAISE EXCEPTION 'a check without a patrol is switched off'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'patrols_switched_off';
    END IF;
  ELSIF NOT EXISTS (SELECT FROM patrols_patrol p WHERE p.id = NEW.patrol AND p.person = NEW.observer
      AND p.state = 'started' AND starts_with(NEW.path, p.path)
      AND NEW.seen_at BETWEEN p.started_at AND p.planned_to + interval '1 hour') THEN
    RAISE EXCEPTION 'an observation is made within a started patrol of its observer'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'patrols_observation_within';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER patrols_observed_within BEFORE INSERT ON patrols_observation
  FOR EACH ROW EXECUTE FUNCTION patrols_observed_within();
"""
UNSWITCHED = """
DROP TRIGGER patrols_observed_within ON patrols_observation;
DROP FUNCTION patrols_observed_within();
DROP FUNCTION patrols_require(text, text, timestamptz);
"""
