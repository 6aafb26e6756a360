"""Content goes only where an erase entry of the same subject names it; checked when the transaction ends."""

from typing import ClassVar

from django.db import migrations

NAMED = """
CREATE FUNCTION journal_content_erased_by_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM journal_entry e WHERE e.subject_id = NEW.subject_id AND e.seq > NEW.seq AND e.verb = 'erase'
      AND e.data->'erased' @> jsonb_build_array(jsonb_build_array(NEW.seq, NEW.field))
  ) THEN
    RAISE EXCEPTION 'no entry says that this content was erased'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_content_erased_by_entry';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_content_erased_by_entry AFTER UPDATE ON journal_content
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_content_erased_by_entry();
"""
UNDO = """
DROP TRIGGER journal_content_erased_by_entry ON journal_content;
DROP FUNCTION journal_content_erased_by_entry();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0001_journal")]
    operations: ClassVar = [migrations.RunSQL(NAMED, UNDO)]
