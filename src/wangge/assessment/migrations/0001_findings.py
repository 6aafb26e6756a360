import django.db.models.deletion
from django.db import migrations, models

import wangge.base.ids


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0002_area_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='FindingRow',
            fields=[
                ('id', models.UUIDField(default=wangge.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('source', models.TextField(choices=[('city', 'city'), ('district', 'district'), ('subdistrict', 'subdistrict'), ('sample', 'sample'), ('self', 'self')])),
                ('ref', models.TextField()),
                ('area_path', models.TextField(db_collation='C')),
                ('class_code', models.TextField(blank=True, default='')),
                ('lon_e7', models.IntegerField(null=True)),
                ('lat_e7', models.IntegerField(null=True)),
                ('occurred_at', models.DateTimeField()),
                ('discovered_at', models.DateTimeField()),
                ('found_points', models.PositiveIntegerField()),
                ('points', models.PositiveIntegerField()),
                ('area', models.ForeignKey(db_column='area', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('merged_into', models.ForeignKey(db_column='merged_into', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='assessment.findingrow')),
            ],
            options={
                'db_table': 'assessment_finding',
                'indexes': [models.Index(fields=['discovered_at', 'area_path'], name='assessment_finding_discovered'), models.Index(fields=['occurred_at', 'area_path'], name='assessment_finding_occurred')],
                'constraints': [models.UniqueConstraint(fields=('source', 'ref'), name='assessment_finding_ref_once'), models.CheckConstraint(condition=models.Q(('source__in', ('city', 'district', 'subdistrict', 'sample', 'self'))), name='assessment_finding_known_source'), models.CheckConstraint(condition=models.Q(('ref__regex', '^[^\\s=]{1,64}$')), name='assessment_finding_ref_form'), models.CheckConstraint(condition=models.Q(('points__lte', models.F('found_points')), ('found_points__lte', 1000000000)), name='assessment_finding_never_raised'), models.CheckConstraint(condition=models.Q(('occurred_at__lte', models.F('discovered_at'))), name='assessment_finding_occurred_before'), models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='assessment_finding_not_itself'), models.CheckConstraint(condition=models.Q(models.Q(('lat_e7__isnull', True), ('lon_e7__isnull', True)), models.Q(('lat_e7__isnull', False), ('lon_e7__isnull', False)), _connector='OR'), name='assessment_finding_point')],
            },
        ),
    ]
