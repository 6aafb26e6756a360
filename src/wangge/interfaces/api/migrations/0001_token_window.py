"""The counter of the rate limit: unlogged, since it may be lost, with room on its pages for updates in place."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="TokenWindow",
            fields=[
                ("token", models.UUIDField(primary_key=True, serialize=False)),
                ("started", models.DateTimeField()),
                ("n", models.PositiveIntegerField()),
            ],
            options={"db_table": "api_token_window"},
        ),
        migrations.RunSQL(
            ["ALTER TABLE api_token_window SET UNLOGGED", "ALTER TABLE api_token_window SET (fillfactor = 30)"],
            migrations.RunSQL.noop,
        ),
    ]
