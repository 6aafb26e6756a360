"""Displays that open by a token, and photos that were cleared for them."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import wangge.base.ids
from wangge.kernel.journal.migrating import app_rights, versioned_key

PHOTOS = """
CREATE FUNCTION wall_clearance_photos() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.retracted_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM cases_case c JOIN cases_class k ON k.id = c.case_class
    JOIN cases_file b ON b.id = NEW.before_id AND b.case_id = c.id AND b.role <> 'after'
    JOIN cases_file a ON a.id = NEW.after_id AND a.case_id = c.id AND a.role = 'after'
    WHERE c.id = NEW.case_id AND k.confidentiality = 'public'
  ) THEN
    RAISE EXCEPTION 'photos are cleared of one case of a public class, from before and from after'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'wall_clearance_photos';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER wall_clearance_photos BEFORE INSERT OR UPDATE OF case_id, before_id, after_id, retracted_at
  ON wall_clearance FOR EACH ROW EXECUTE FUNCTION wall_clearance_photos();
"""
UNDO = "DROP TRIGGER wall_clearance_photos ON wall_clearance; DROP FUNCTION wall_clearance_photos();"


def _key(to: str) -> Any:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0001_journal"), ("cases", "0014_ended"), ("places", "0003_code_forms")]
    operations = [
        migrations.CreateModel(
            name="Clearance",
            fields=[
                ("id", models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("cleared_at", models.DateTimeField()),
                ("retracted_at", models.DateTimeField(null=True)),
                ("after", _key("cases.storedfile")),
                ("before", _key("cases.storedfile")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
            ],
            options={
                "db_table": "wall_clearance",
                "indexes": [
                    models.Index(
                        condition=models.Q(("retracted_at__isnull", True)),
                        fields=["-cleared_at"],
                        name="wall_clearance_shown",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True),
                        name="wall_clearance_two_photos",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Display",
            fields=[
                ("id", models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("digest", models.BinaryField()),
                ("label", models.TextField(blank=True, default="")),
                ("language", models.TextField(choices=[("zh-hans", "zh-hans"), ("en", "en")], default="zh-hans")),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("area", _key("places.area")),
            ],
            options={
                "db_table": "wall_display",
                "constraints": [
                    models.UniqueConstraint(fields=("digest",), name="wall_display_digest_once"),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))), name="wall_display_expires"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ("zh-hans", "en"))), name="wall_display_known_language"
                    ),
                ],
            },
        ),
        migrations.RunSQL(PHOTOS, UNDO),
        versioned_key("wall_clearance"),
        versioned_key("wall_display"),
        app_rights("wall_clearance", "SELECT, INSERT, UPDATE"),
        app_rights("wall_display", "SELECT, INSERT, UPDATE"),
    ]
