"""Running numbers of cases; answers and verdicts that are written once."""

from django.db import migrations

ONCE = """
CREATE SEQUENCE cases_number_seq AS bigint;
CREATE TRIGGER cases_answer_once BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_answer
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER cases_verdict_once BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_verdict
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
"""
UNDO = """
DROP SEQUENCE cases_number_seq;
DROP TRIGGER cases_answer_once ON cases_answer;
DROP TRIGGER cases_verdict_once ON cases_verdict;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("kernel", "0001_initial")]
    operations = [migrations.RunSQL(ONCE, UNDO)]
