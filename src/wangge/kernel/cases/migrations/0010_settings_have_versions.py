"""Room for a version of each routing rule, limit and control; whom a ruling passed over; limits that are taken back."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_stage_facts")]
    operations = [
        *(
            migrations.AddField(name, "version", models.PositiveIntegerField(null=True))
            for name in ("control", "routingrule", "stagelimit")
        ),
        migrations.AddField(
            "routingrule", "passed_over", ArrayField(models.UUIDField(), default=list, db_default=[], size=None)
        ),
        migrations.AddField("stagelimit", "active", models.BooleanField(default=True, db_default=True)),
    ]
