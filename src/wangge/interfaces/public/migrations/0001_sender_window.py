"""The counter of anonymous sending: unlogged, since it may be lost."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SenderWindow",
            fields=[
                ("sender", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("started", models.DateTimeField()),
                ("n", models.PositiveIntegerField()),
            ],
            options={"db_table": "public_sender_window"},
        ),
        migrations.RunSQL("ALTER TABLE public_sender_window SET UNLOGGED", migrations.RunSQL.noop),
    ]
