"""What was settled of signals, and thresholds that areas set."""

import django.db.models.deletion
from django.db import migrations, models

import wangge.base.ids
from wangge.kernel.journal.migrating import app_rights, versioned_key


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('journal', '0002_erased_by_entry'),
        ('people', '0002_journaled'),
        ('places', '0005_residents'),
        ('tasks', '0001_tasks'),
    ]

    operations = [
        migrations.CreateModel(
            name='SetThreshold',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('name', models.TextField()),
                ('value', models.PositiveIntegerField()),
                ('active', models.BooleanField()),
                ('area', models.ForeignKey(db_column='area', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
            ],
            options={
                'db_table': 'signals_threshold',
                'constraints': [models.UniqueConstraint(fields=('area', 'name'), name='signals_threshold_once'), models.CheckConstraint(condition=models.Q(models.Q(('name', 'photo.uses'), ('value__range', (2, 50))), models.Q(('name', 'fast.seconds'), ('value__range', (10, 3600))), models.Q(('name', 'month_end.days'), ('value__range', (1, 10))), models.Q(('name', 'month_end.closings'), ('value__range', (5, 1000))), models.Q(('name', 'month_end.times'), ('value__range', (2, 50))), models.Q(('name', 'silent.days'), ('value__range', (1, 90))), models.Q(('name', 'few.reports'), ('value__range', (10, 1000))), models.Q(('name', 'few.percent'), ('value__range', (50, 100))), models.Q(('name', 'few.reporters'), ('value__range', (1, 5))), models.Q(('name', 'refusal.refusals'), ('value__range', (1, 20))), _connector='OR'), name='signals_threshold_bounds')],
            },
        ),
        migrations.CreateModel(
            name='Settled',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('kind', models.TextField()),
                ('key', models.TextField()),
                ('path', models.TextField(db_collation='C')),
                ('latest', models.DateTimeField()),
                ('outcome', models.TextField(choices=[('looked', 'looked'), ('explained', 'explained'), ('passed', 'passed')])),
                ('post', models.TextField()),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(db_column='person', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('task', models.ForeignKey(db_column='task', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
            ],
            options={
                'db_table': 'signals_settled',
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='signals_settled_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['photo', 'fast', 'month_end', 'silent', 'few', 'rebound', 'refusal'])), name='signals_settled_known_kind'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['looked', 'explained']), ('task__isnull', True)), models.Q(('outcome', 'passed'), ('task__isnull', False)), _connector='OR'), name='signals_settled_outcome')],
            },
        ),
        versioned_key("signals_settled"),
        versioned_key("signals_threshold"),
        app_rights("signals_settled", "SELECT, INSERT, UPDATE"),
        app_rights("signals_threshold", "SELECT, INSERT, UPDATE"),
    ]
