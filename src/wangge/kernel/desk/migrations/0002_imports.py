"""Files that are taken in behind the page."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wangge.base.ids


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0001_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('duty', models.UUIDField()),
                ('kind', models.TextField()),
                ('name', models.TextField()),
                ('language', models.TextField()),
                ('options', models.JSONField(default=dict)),
                ('content', models.BinaryField(null=True)),
                ('size', models.PositiveIntegerField()),
                ('state', models.TextField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed')], default='waiting')),
                ('begun', models.PositiveSmallIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('told', models.JSONField(default=list)),
                ('refused', models.JSONField(default=list)),
                ('more_refused', models.PositiveIntegerField(default=0)),
                ('error', models.TextField(blank=True, default='')),
                ('sent_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'desk_import',
                'indexes': [models.Index(fields=['account', '-sent_at'], name='desk_import_own')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('waiting', 'running', 'done', 'failed'))), name='desk_import_known_state'), models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', False), ('ended_at__isnull', True), ('state__in', ('waiting', 'running'))), models.Q(('content__isnull', True), ('ended_at__isnull', False), ('state__in', ('done', 'failed'))), _connector='OR'), name='desk_import_file_until_worked')],
            },
        ),
    ]
