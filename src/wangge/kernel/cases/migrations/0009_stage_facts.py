"""When stages that have ended should have ended: what the figures of a period are counted from."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_parts_and_classes_rules")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        *(
            migrations.AddField(model_name="case", name=name, field=models.DateTimeField(null=True))
            for name in ("accepted_at", "register_due_at", "dispatch_due_at", "inspect_due_at")
        ),
    ]
