"""Lists of a place are read from its own newest cases in each state, and one's own reports from theirs."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0002_lifecycle")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["path", "state", "-reported_at", "-id"], name="cases_case_by_place"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(reporter__isnull=False),
                fields=["reporter", "-reported_at", "-id"],
                name="cases_case_by_reporter",
            ),
        ),
        migrations.RemoveIndex(model_name="case", name="cases_case_below"),
    ]
