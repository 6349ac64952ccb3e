"""What was handed in is never altered and never deleted."""

from django.db import migrations

VERBATIM = """
CREATE TRIGGER intake_submission_verbatim BEFORE UPDATE OR DELETE OR TRUNCATE ON intake_submission
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(VERBATIM, "DROP TRIGGER intake_submission_verbatim ON intake_submission")
    ]
