from datetime import date
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def move(apps: Any, schema_editor: Any) -> None:
    """What a class said of its limit until now holds since the Shanghai rules of 2021-07-01."""
    limits = apps.get_model("dispatch", "DeadlineLimit").objects
    limits.bulk_create(
        limits.model(
            deadline_class=row, valid_from=date(2021, 7, 1), amount=row.amount, unit=row.unit,
            note=row.note,
        )
        for row in apps.get_model("dispatch", "DeadlineClass").objects.all()
    )  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0010_petitions'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeadlineLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('amount', models.PositiveIntegerField()),
                ('unit', models.CharField(choices=[('hours', 'hours'), ('working_hours', 'working hours'), ('working_days', 'working days'), ('days', 'days')], max_length=16)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('deadline_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='limits', to='dispatch.deadlineclass')),
            ],
            options={
                'verbose_name': 'limit of a deadline class',
                'verbose_name_plural': 'limits of deadline classes',
                'ordering': ('deadline_class', 'valid_from'),
                'constraints': [models.UniqueConstraint(fields=('deadline_class', 'valid_from'), name='deadline_limit_once')],
            },
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
