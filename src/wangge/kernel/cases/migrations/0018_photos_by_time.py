"""Photos of a period, for those that were used twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_numbers_in_words")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("case__isnull", False)), fields=["stored_at"], name="cases_file_attached"
            ),
        ),
    ]
