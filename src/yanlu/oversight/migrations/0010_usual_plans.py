"""The usual report plans for an installation that runs already."""

import json
from pathlib import Path
from typing import Any

from django.db import migrations

PLANS = Path(__file__).parents[1] / "data" / "report_plans.json"


def load(apps: Any, _editor: Any) -> None:
    if not apps.get_model("dispatch", "DeadlineClass").objects.exists():
        return
    rows = json.loads(PLANS.read_text(encoding="utf-8"))
    plans = apps.get_model("oversight", "ReportPlan")
    plans.objects.bulk_create(plans(**row) for row in rows)


class Migration(migrations.Migration):
    dependencies = [("oversight", "0009_reports")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
