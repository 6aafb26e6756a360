"""Redrawings of a community's grids: what was decided, for when, and when it was carried out."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import wangge.base.ids
from wangge.kernel.journal.migrating import versioned_key


class Migration(migrations.Migration):
    dependencies = [("places", "0003_code_forms"), ("journal", "0002_erased_by_entry")]
    operations = [
        migrations.CreateModel(
            name="Redrawing",
            fields=[
                ("id", models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True,
                                        serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("touched", models.JSONField()),
                ("ended", models.JSONField()),
                ("carried_out_at", models.DateTimeField(null=True)),
                ("community", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                                to="places.area")),
            ],
            options={"db_table": "places_redrawing"},
        ),
        migrations.AddConstraint(
            model_name="redrawing",
            constraint=models.UniqueConstraint(condition=models.Q(("carried_out_at__isnull", True)),
                                               fields=("community",), name="places_redrawing_one_waits"),
        ),
        versioned_key("places_redrawing"),
    ]
