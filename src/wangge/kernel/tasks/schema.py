"""SQL that the migration takes from the table of acts. The migration freezes the pairs that it was made with; a test
compares what the database holds with `lifecycle.state_pairs()`."""

from __future__ import annotations

from collections.abc import Iterable


def lifecycle_trigger(pairs: Iterable[tuple[str, str]]) -> str:
    """The function and triggers that refuse a change of state outside these pairs; a task begins issued."""
    allowed = ", ".join(f"('{source}', '{target}')" for source, target in pairs)
    return f"""
CREATE OR REPLACE FUNCTION tasks_task_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR (OLD.state, NEW.state) NOT IN ({allowed}) THEN
    RAISE EXCEPTION 'no act leads to the state % of a task from here', NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_task_lifecycle';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS tasks_task_begins ON tasks_task;
DROP TRIGGER IF EXISTS tasks_task_moves ON tasks_task;
CREATE TRIGGER tasks_task_begins BEFORE INSERT ON tasks_task FOR EACH ROW
  WHEN (NEW.state <> 'issued') EXECUTE FUNCTION tasks_task_lifecycle();
CREATE TRIGGER tasks_task_moves BEFORE UPDATE ON tasks_task FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION tasks_task_lifecycle();
"""


DROP = (
    "DROP TRIGGER tasks_task_begins ON tasks_task; DROP TRIGGER tasks_task_moves ON tasks_task;"
    " DROP FUNCTION tasks_task_lifecycle()"
)
