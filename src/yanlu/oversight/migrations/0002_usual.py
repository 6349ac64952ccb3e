"""What is written once, and for an installation that runs already the usual limits and ladder."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import migrations

DATA = Path(__file__).parents[1] / "data"
ONCE = """
CREATE TRIGGER oversight_{0}_once BEFORE UPDATE OR DELETE OR TRUNCATE ON oversight_{0}
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
"""


def read(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def load(apps: Any, _editor: Any) -> None:
    if not apps.get_model("dispatch", "DeadlineClass").objects.exists():
        return
    rules, rungs = apps.get_model("oversight", "ClockRule"), apps.get_model("oversight", "Rung")
    rules.objects.bulk_create(
        rules(**{"valid_from": date(2021, 7, 1)} | row) for row in read("clock_rules")
    )
    rungs.objects.bulk_create(
        rungs(clock=one["clock"], urgency=one.get("urgency", ""), **rung)
        for one in read("ladder")
        for rung in one["rungs"]
    )


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial"), ("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(
            ONCE.format("measure"), "DROP TRIGGER oversight_measure_once ON oversight_measure"
        ),
        migrations.RunSQL(
            ONCE.format("orderstep"), "DROP TRIGGER oversight_orderstep_once ON oversight_orderstep"
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
