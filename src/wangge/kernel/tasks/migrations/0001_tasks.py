"""Tasks: directives and calls; the table, the numbers, the trigger of the lifecycle."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import wangge.base.ids
from wangge.kernel.journal.migrating import versioned_key
from wangge.kernel.tasks.schema import DROP, lifecycle_trigger

PAIRS = (
    ('declined', 'issued'),
    ('declined', 'withdrawn'),
    ('issued', 'declined'),
    ('issued', 'replied'),
    ('issued', 'taken'),
    ('issued', 'withdrawn'),
    ('replied', 'done'),
    ('replied', 'taken'),
    ('replied', 'withdrawn'),
    ('taken', 'declined'),
    ('taken', 'issued'),
    ('taken', 'replied'),
    ('taken', 'withdrawn'),
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0009_stage_facts'),
        ('duties', '0002_duty_rules'),
        ('people', '0002_journaled'),
        ('places', '0003_code_forms'),
    ]

    operations = [
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('number', models.TextField()),
                ('kind', models.TextField()),
                ('state', models.TextField(choices=[('issued', 'issued'), ('taken', 'taken'), ('replied', 'replied'), ('declined', 'declined'), ('done', 'done'), ('withdrawn', 'withdrawn')])),
                ('path', models.TextField(db_collation='C')),
                ('post_path', models.TextField(db_collation='C', null=True)),
                ('from_post', models.TextField()),
                ('from_path', models.TextField(db_collation='C')),
                ('key', models.UUIDField(null=True)),
                ('issued_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField(null=True)),
                ('replied_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('overdue_since', models.DateTimeField(null=True)),
                ('overdues', models.PositiveSmallIntegerField(default=0)),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('returns', models.PositiveSmallIntegerField(default=0)),
                ('area', models.ForeignKey(db_column='area', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('case', models.ForeignKey(db_column='case', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('from_organisation', models.ForeignKey(db_column='from_organisation', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                ('from_person', models.ForeignKey(db_column='from_person', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('organisation', models.ForeignKey(db_column='organisation', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                ('post', models.ForeignKey(db_column='post', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='duties.post')),
                ('replier', models.ForeignKey(db_column='replier', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'db_table': 'tasks_task',
                'indexes': [models.Index(fields=['path', '-issued_at', '-id'], name='tasks_task_by_place'), models.Index(fields=['-issued_at', '-id'], name='tasks_task_newest'), models.Index(fields=['post', 'post_path'], name='tasks_task_to_post'), models.Index(condition=models.Q(('organisation__isnull', False)), fields=['organisation'], name='tasks_task_to_unit'), models.Index(fields=['from_post', 'from_path'], name='tasks_task_from'), models.Index(condition=models.Q(('case__isnull', False)), fields=['case'], name='tasks_task_of_case'), models.Index(condition=models.Q(('overdue_since__isnull', True), ('state__in', ['issued', 'taken'])), fields=['due_at'], name='tasks_task_falls_due')],
                'constraints': [models.UniqueConstraint(fields=('number',), name='tasks_task_number_once'), models.UniqueConstraint(fields=('key',), name='tasks_task_key_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['directive', 'call'])), name='tasks_task_known_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['issued', 'taken', 'replied', 'declined', 'done', 'withdrawn'])), name='tasks_task_known_state'), models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('post__isnull', False), ('post_path__isnull', False)), models.Q(('organisation__isnull', False), ('post__isnull', True), ('post_path__isnull', True)), _connector='OR'), name='tasks_task_one_addressee'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['done', 'withdrawn'])), models.Q(('state__in', ['issued', 'taken', 'replied', 'declined']), ('ended_at__isnull', True)), _connector='OR'), name='tasks_task_ended_when'), models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('issued_at'))), name='tasks_task_due_after_issue')],
            },
        ),
        migrations.RunSQL("CREATE SEQUENCE tasks_number_seq AS bigint", "DROP SEQUENCE tasks_number_seq"),
        versioned_key("tasks_task"),
        migrations.RunSQL(lifecycle_trigger(PAIRS), DROP),
    ]
