"""The open cases by how long they stand at their stage."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_ended'),
        ('duties', '0002_duty_rules'),
        ('people', '0002_journaled'),
        ('places', '0003_code_forms'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'verifying', 'registered', 'dispatched', 'handling', 'handled', 'suspended'])), fields=['stage_since'], name='cases_case_longest'),
        ),
    ]
