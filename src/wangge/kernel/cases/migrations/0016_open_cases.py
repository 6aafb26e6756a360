"""What the lists of open cases are read and counted from: indexes that hold open cases alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0015_longest'),
        ('duties', '0003_interests'),
        ('people', '0002_journaled'),
        ('places', '0005_residents'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='cases_case_stage_due',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'verifying', 'registered', 'dispatched', 'handling', 'handled', 'suspended'])), fields=['path', 'state', 'stage_due_at'], include=('merged_into',), name='cases_case_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'verifying', 'registered', 'dispatched', 'handling', 'handled', 'suspended'])), fields=['-reported_at', '-id'], include=('path', 'state', 'merged_into', 'stage_due_at', 'lon_e7', 'lat_e7'), name='cases_case_open_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'verifying', 'registered', 'dispatched', 'handling', 'handled', 'suspended'])), fields=['stage_due_at', 'id'], name='cases_case_open_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'verifying', 'registered', 'dispatched', 'handling', 'handled', 'suspended']), models.Q(('tier', 'grid'), _negated=True)), fields=['reported_at'], name='cases_case_risen'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'verifying', 'registered', 'dispatched', 'handling', 'handled', 'suspended']), ('reminders__gt', 0)), fields=['reported_at'], name='cases_case_reminded'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'verifying', 'registered', 'dispatched', 'handling', 'handled', 'suspended']), ('organisation__isnull', False)), fields=['organisation'], name='cases_case_at_unit'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'verifying', 'registered', 'dispatched', 'handling', 'handled', 'suspended']), ('post__isnull', False)), fields=['post', 'post_path'], name='cases_case_at_post'),
        ),
    ]
