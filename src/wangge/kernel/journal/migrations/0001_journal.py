"""Tables of the journal, inserts only."""

from typing import ClassVar

from django.db import migrations, models

from wangge.kernel.journal.migrating import app_rights

REFUSE = """
CREATE SEQUENCE journal_entry_ordinal AS bigint OWNED BY journal_entry.ordinal;

CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal only grows: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_only_grows';
END $$;
CREATE TRIGGER journal_entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_seal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_seal
  FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_content_stays BEFORE DELETE OR TRUNCATE ON journal_content
  FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

CREATE FUNCTION journal_content_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.value IS NOT NULL OR NEW.salt IS NOT NULL
     OR (NEW.subject_id, NEW.seq, NEW.field) IS DISTINCT FROM (OLD.subject_id, OLD.seq, OLD.field) THEN
    RAISE EXCEPTION 'content may be erased, not changed'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_content_only_erased';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER journal_content_only_erased BEFORE UPDATE ON journal_content
  FOR EACH ROW EXECUTE FUNCTION journal_content_only_erased();

ALTER TABLE journal_content ADD CONSTRAINT journal_content_of_entry FOREIGN KEY (subject_id, seq)
  REFERENCES journal_entry (subject_id, seq) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE journal_seal ALTER COLUMN covers TYPE int8multirange USING covers::int8multirange;
ALTER TABLE journal_seal ADD CONSTRAINT journal_seal_covers_once EXCLUDE USING gist (covers WITH &&);
"""

UNDO = """
DROP TRIGGER journal_entry_only_grows ON journal_entry;
DROP TRIGGER journal_seal_only_grows ON journal_seal;
DROP TRIGGER journal_content_stays ON journal_content;
DROP TRIGGER journal_content_only_erased ON journal_content;
DROP FUNCTION journal_refuse();
DROP FUNCTION journal_content_only_erased();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("seq", models.PositiveIntegerField()),
                ("subject_type", models.TextField()),
                ("verb", models.TextField()),
                ("actor", models.UUIDField(null=True)),
                ("duty", models.UUIDField(null=True)),
                ("area", models.UUIDField(null=True)),
                ("channel", models.TextField()),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("form", models.SmallIntegerField()),
                ("data", models.JSONField()),
                ("previous_digest", models.BinaryField(null=True)),
                ("digest", models.BinaryField()),
                ("ordinal", models.BigIntegerField()),
            ],
            options={"db_table": "journal_entry"},
        ),
        migrations.CreateModel(
            name="Content",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id", "seq", "field", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("seq", models.PositiveIntegerField()),
                ("field", models.TextField()),
                ("value", models.TextField(null=True)),
                ("salt", models.BinaryField(null=True)),
            ],
            options={"db_table": "journal_content"},
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("form", models.SmallIntegerField()),
                ("covers", models.TextField()),
                ("count", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("marks", models.BinaryField()),
                ("previous_digest", models.BinaryField(null=True)),
                ("digest", models.BinaryField()),
            ],
            options={"db_table": "journal_seal"},
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("ordinal",), name="journal_entry_ordinal_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("seq__gte", 1)), name="journal_entry_seq_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("previous_digest__isnull", True), ("seq", 1)),
                    models.Q(("previous_digest__isnull", False), ("seq__gt", 1)),
                    _connector="OR",
                ),
                name="journal_entry_chained",
            ),
        ),
        migrations.AddConstraint(
            model_name="content",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("salt__isnull", True), ("value__isnull", True)),
                    models.Q(("salt__isnull", False), ("value__isnull", False)),
                    _connector="OR",
                ),
                name="journal_content_whole_or_erased",
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", 1), ("previous_digest__isnull", True)),
                    models.Q(("number__gt", 1), ("previous_digest__isnull", False)),
                    _connector="OR",
                ),
                name="journal_seal_chained",
            ),
        ),
        migrations.RunSQL(REFUSE, UNDO),
        app_rights("journal_entry", "SELECT, INSERT"),
        app_rights("journal_seal", "SELECT, INSERT"),
        app_rights("journal_content", "SELECT, INSERT, UPDATE (value, salt)"),
    ]
