from django.db import migrations

#: What happened before there were notices is no news: the follower begins with what comes now.
BEGIN = """
INSERT INTO kernel_position (follower, done_id)
SELECT 'cases.tell', max(id) FROM kernel_journal HAVING count(*) > 0
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_conferences'),
        ('kernel', '0002_names'),
        ('notices', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
