"""Forms of codes that areas declare; a change moves the version of the places."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import wangge.base.ids

VERSION = """
CREATE TRIGGER places_code_form_moves_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON places_code_form
  FOR EACH STATEMENT EXECUTE FUNCTION places_bump_version();
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0002_area_rules")]
    operations = [
        migrations.CreateModel(
            name="CodeForm",
            fields=[
                ("id", models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.TextField(choices=[("region", "region"), ("grid", "grid"), ("case", "case")]),
                ),
                ("last", models.PositiveSmallIntegerField()),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"
                    ),
                ),
            ],
            options={
                "db_table": "places_code_form",
                "constraints": [
                    models.UniqueConstraint(fields=("area", "kind"), name="places_code_form_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("region", "grid", "case"))),
                        name="places_code_form_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last__range", (2, 9))), name="places_code_form_last"
                    ),
                ],
            },
        ),
        migrations.RunSQL(VERSION, "DROP TRIGGER places_code_form_moves_version ON places_code_form"),
    ]
