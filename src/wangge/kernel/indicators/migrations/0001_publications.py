"""Published periods and their rows, which nobody changes any more."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import wangge.base.ids
from wangge.kernel.journal.migrating import app_rights, versioned_key

TABLES = ("indicators_publication", "indicators_frozen")
STAY = """
CREATE FUNCTION indicators_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'published figures stay: % of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_stays';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION indicators_refuse();
"""
    for table in TABLES
)
UNDO = "".join(f"DROP TRIGGER {table}_stays ON {table};" for table in TABLES) + "DROP FUNCTION indicators_refuse();"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0001_journal"), ("places", "0002_area_rules")]
    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("path", models.TextField(db_collation="C")),
                ("period", models.TextField()),
                ("timezone", models.TextField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("published_at", models.DateTimeField()),
                ("rows", models.PositiveIntegerField()),
                ("digest", models.TextField()),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"),
                ),
            ],
            options={
                "db_table": "indicators_publication",
                "indexes": [models.Index(fields=["period", "path"], name="indicators_publication_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("area", "period"), name="indicators_publication_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gt", models.F("starts_at")), ("published_at__gte", models.F("ends_at"))
                        ),
                        name="indicators_publication_after_its_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="indicators_publication_digest"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrozenRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grouping", models.TextField()),
                ("key", models.TextField(db_collation="C")),
                ("figures", models.JSONField()),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="frozen",
                        to="indicators.publication",
                    ),
                ),
            ],
            options={
                "db_table": "indicators_frozen",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("publication", "grouping", "key"), name="indicators_frozen_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grouping", "person"), _negated=True), name="indicators_frozen_no_persons"
                    ),
                ],
            },
        ),
        versioned_key("indicators_publication"),
        migrations.RunSQL(STAY, UNDO),
        app_rights("indicators_publication", "SELECT, INSERT, UPDATE (version)"),
        app_rights("indicators_frozen", "SELECT, INSERT"),
    ]
