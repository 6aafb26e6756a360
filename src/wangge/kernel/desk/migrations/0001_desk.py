"""What is kept at the desk, and shifts that were handed over."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wangge.base.ids
from wangge.kernel.journal.migrating import versioned_key


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('journal', '0002_erased_by_entry'),
        ('duties', '0002_duty_rules'),
        ('people', '0002_journaled'),
        ('places', '0003_code_forms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Layout',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                'db_table': 'desk_layout',
            },
        ),
        migrations.CreateModel(
            name='Kept',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('kind', models.TextField(choices=[('view', 'view'), ('reply', 'reply')])),
                ('area_path', models.TextField(blank=True, db_collation='C', default='')),
                ('act', models.TextField(blank=True, default='')),
                ('text', models.TextField()),
                ('filter', models.TextField(blank=True, default='')),
                ('active', models.BooleanField(default=True)),
                ('area', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='duties.post')),
            ],
            options={
                'db_table': 'desk_kept',
                'indexes': [models.Index(condition=models.Q(('active', True), ('owner__isnull', True)), fields=['area_path'], name='desk_kept_shared')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('view', 'reply'))), name='desk_kept_known_kind'), models.CheckConstraint(condition=models.Q(models.Q(('area__isnull', True), ('area_path', ''), ('owner__isnull', False), ('post__isnull', True)), models.Q(('area__isnull', False), ('owner__isnull', True)), _connector='OR'), name='desk_kept_own_or_shared'), models.CheckConstraint(condition=models.Q(models.Q(('act', ''), ('kind', 'view')), models.Q(('filter', ''), ('kind', 'reply'), models.Q(('act', ''), _negated=True)), _connector='OR'), name='desk_kept_of_its_kind'), models.UniqueConstraint(condition=models.Q(('active', True)), fields=('kind', 'owner', 'area', 'post', 'act', 'text'), name='desk_kept_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('area_path', models.TextField(db_collation='C')),
                ('begins', models.DateTimeField()),
                ('ends', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('facts', models.JSONField()),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('giver', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='duties.post')),
                ('taker', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'db_table': 'desk_shift',
                'indexes': [models.Index(fields=['area', 'post', '-ends'], name='desk_shift_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gt', models.F('begins'))), name='desk_shift_lasts'), models.CheckConstraint(condition=models.Q(models.Q(('taken_at__isnull', True), ('taker__isnull', True)), models.Q(('taken_at__gte', models.F('ends')), ('taker__isnull', False), models.Q(('taker', models.F('giver')), _negated=True)), _connector='OR'), name='desk_shift_taken_by_another'), models.UniqueConstraint(fields=('area', 'post', 'begins'), name='desk_shift_begins_once')],
            },
        ),
        versioned_key("desk_kept"),
        versioned_key("desk_shift"),
    ]
