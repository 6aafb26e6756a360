"""The versions of the models that read reports."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import wangge.base.ids
from wangge.kernel.journal.migrating import versioned_key


class Migration(migrations.Migration):
    initial = True
    dependencies = [("journal", "0001_journal"), ("places", "0001_areas")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="ReadingModel",
            fields=[
                ("id", models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("trained_at", models.DateTimeField()),
                ("cases", models.PositiveIntegerField()),
                ("classes", models.PositiveIntegerField()),
                ("digest", models.TextField()),
                ("bytes", models.PositiveIntegerField()),
                ("macro_f1", models.DecimalField(decimal_places=4, max_digits=5)),
                ("top3", models.DecimalField(decimal_places=4, max_digits=5)),
                ("calibration_error", models.DecimalField(decimal_places=4, max_digits=5)),
                ("active", models.BooleanField()),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"
                    ),
                ),
            ],
            options={
                "db_table": "reading_model",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("active", True)), fields=("area",), name="reading_model_one_in_use"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="reading_model_digest_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("calibration_error__range", (0, 1)), ("macro_f1__range", (0, 1)), ("top3__range", (0, 1))
                        ),
                        name="reading_model_shares",
                    ),
                ],
            },
        ),
        versioned_key("reading_model"),
    ]
