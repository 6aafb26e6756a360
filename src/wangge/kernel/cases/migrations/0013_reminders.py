"""How often a case was reminded of, and when last."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_settings_on_record")]
    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.AddField(model_name="case", name="reminders", field=models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(model_name="case", name="reminded_at", field=models.DateTimeField(null=True)),
    ]
