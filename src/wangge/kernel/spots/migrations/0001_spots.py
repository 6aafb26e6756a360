"""Spot files with their cases, campaigns and remedies; the rule by which they open; the mark of the job."""

from __future__ import annotations

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import wangge.base.ids
from wangge.kernel.journal.migrating import versioned_key
from wangge.kernel.spots.schema import DROP, lifecycle_trigger

PAIRS = (
    ('open', 'resolved'),
    ('open', 'under_remedy'),
    ('reopened', 'resolved'),
    ('reopened', 'under_remedy'),
    ('resolved', 'reopened'),
    ('under_remedy', 'open'),
    ('under_remedy', 'watching'),
    ('watching', 'reopened'),
    ('watching', 'resolved'),
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('journal', '0001_journal'),
        ('cases', '0006_waiting'),
        ('duties', '0002_duty_rules'),
        ('people', '0002_journaled'),
        ('places', '0002_area_rules'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('only', models.BooleanField(default=True, primary_key=True, serialize=False)),
                ('ordinal', models.BigIntegerField()),
            ],
            options={
                'db_table': 'spots_mark',
                'constraints': [models.CheckConstraint(condition=models.Q(('only', True)), name='spots_mark_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Spot',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('number', models.TextField()),
                ('state', models.TextField(choices=[('open', 'open'), ('under_remedy', 'under_remedy'), ('watching', 'watching'), ('resolved', 'resolved'), ('reopened', 'reopened')])),
                ('path', models.TextField(db_collation='C')),
                ('lon_e7', models.IntegerField()),
                ('lat_e7', models.IntegerField()),
                ('metres', models.PositiveSmallIntegerField()),
                ('hold_days', models.PositiveSmallIntegerField()),
                ('opened_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
                ('reopens', models.PositiveSmallIntegerField(default=0)),
                ('rebounds', models.PositiveSmallIntegerField(default=0)),
                ('area', models.ForeignKey(db_column='area', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('case_class', models.ForeignKey(db_column='case_class', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.caseclass')),
            ],
            options={
                'db_table': 'spots_spot',
            },
        ),
        migrations.CreateModel(
            name='Remedy',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('seq', models.PositiveIntegerField()),
                ('kind', models.TextField()),
                ('planned_on', models.DateField()),
                ('begun_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('outcome', models.TextField(null=True)),
                ('judged_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                ('post', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='duties.post')),
                ('spot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remedies', to='spots.spot')),
            ],
            options={
                'db_table': 'spots_remedy',
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='cases.case')),
                ('seq', models.PositiveIntegerField()),
                ('spot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='spots.spot')),
            ],
            options={
                'db_table': 'spots_member',
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('seq', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('organisation', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                ('spot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='spots.spot')),
            ],
            options={
                'db_table': 'spots_campaign',
            },
        ),
        migrations.CreateModel(
            name='SpotRule',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('needed', models.PositiveSmallIntegerField()),
                ('metres', models.PositiveSmallIntegerField()),
                ('days', models.PositiveSmallIntegerField()),
                ('hold_days', models.PositiveSmallIntegerField()),
                ('active', models.BooleanField()),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
            ],
            options={
                'db_table': 'spots_rule',
            },
        ),
        migrations.AddIndex(
            model_name='spot',
            index=models.Index(fields=['path', '-opened_at', '-id'], name='spots_spot_by_place'),
        ),
        migrations.AddIndex(
            model_name='spot',
            index=models.Index(fields=['-opened_at', '-id'], name='spots_spot_newest'),
        ),
        migrations.AddIndex(
            model_name='spot',
            index=models.Index(fields=['case_class', 'path'], name='spots_spot_by_class'),
        ),
        migrations.AddIndex(
            model_name='spot',
            index=django.contrib.postgres.indexes.GistIndex(models.Func('lon_e7', 'lat_e7', function='point'), name='spots_spot_at'),
        ),
        migrations.AddConstraint(
            model_name='spot',
            constraint=models.UniqueConstraint(fields=('number',), name='spots_spot_number_once'),
        ),
        migrations.AddConstraint(
            model_name='spot',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'under_remedy', 'watching', 'resolved', 'reopened'])), name='spots_spot_known_state'),
        ),
        migrations.AddConstraint(
            model_name='spot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', False), ('state', 'resolved')), models.Q(models.Q(('state', 'resolved'), _negated=True), ('resolved_at__isnull', True)), _connector='OR'), name='spots_spot_resolved_when'),
        ),
        migrations.AddIndex(
            model_name='remedy',
            index=models.Index(condition=models.Q(('finished_at__isnull', False), ('outcome__isnull', True)), fields=['finished_at'], name='spots_remedy_watched'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('relief_point', 'parking', 'works', 'other'))), name='spots_remedy_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('post__isnull', False)), models.Q(('organisation__isnull', False), ('post__isnull', True)), _connector='OR'), name='spots_remedy_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('judged_at__isnull', True), ('outcome__isnull', True)), models.Q(('judged_at__isnull', False), ('outcome__in', ('held', 'rebounded', 'dropped'))), _connector='OR'), name='spots_remedy_outcome_and_time'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['held', 'rebounded']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='spots_remedy_judged_when_finished'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True), ('outcome__isnull', True)), fields=('spot',), name='spots_remedy_one_under_way'),
        ),
        migrations.AddConstraint(
            model_name='spotrule',
            constraint=models.UniqueConstraint(fields=('area',), name='spots_rule_once'),
        ),
        migrations.AddConstraint(
            model_name='spotrule',
            constraint=models.CheckConstraint(condition=models.Q(('days__range', (1, 365)), ('hold_days__range', (1, 365)), ('metres__range', (5, 500)), ('needed__range', (2, 50))), name='spots_rule_bounds'),
        ),
        migrations.RunSQL("CREATE SEQUENCE spots_number_seq AS bigint", "DROP SEQUENCE spots_number_seq"),
        versioned_key("spots_spot"),
        versioned_key("spots_rule"),
        migrations.RunSQL(lifecycle_trigger(PAIRS), DROP),
    ]
