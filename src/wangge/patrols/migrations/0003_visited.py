"""Which stops of a patrol were visited, and how."""

from django.db import migrations, models

from wangge.kernel.journal.migrating import app_rights


class Migration(migrations.Migration):
    dependencies = [("patrols", "0002_patrol_rules")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="patrol", name="visited", field=models.JSONField(default=dict, db_default={}),
        ),
        app_rights(
            "patrols_patrol",
            "SELECT, INSERT, UPDATE (version, state, tracked, started_at, ended_at, points, visited)",
        ),
    ]
