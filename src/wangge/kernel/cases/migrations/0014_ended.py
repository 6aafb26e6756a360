"""The cases that ended last, for screens and figures of a day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_reminders"),
        ("duties", "0002_duty_rules"),
        ("people", "0002_journaled"),
        ("places", "0003_code_forms"),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)), fields=["-closed_at"], name="cases_case_ended"
            ),
        ),
    ]
