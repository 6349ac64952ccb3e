from django.db import migrations


class Migration(migrations.Migration):
    """Apart from the move: PostgreSQL alters no table with checks of new rows pending."""

    dependencies = [
        ('dispatch', '0011_limits_by_day'),
    ]

    operations = [
        migrations.RemoveField(model_name='deadlineclass', name='amount'),
        migrations.RemoveField(model_name='deadlineclass', name='note'),
        migrations.RemoveField(model_name='deadlineclass', name='unit'),
    ]
