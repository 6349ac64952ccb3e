"""Frozen figures are written once; the usual weights for an installation that runs already."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import migrations

WEIGHTS = Path(__file__).parents[1] / "data" / "score_weights.json"


def load(apps: Any, _editor: Any) -> None:
    if not apps.get_model("dispatch", "DeadlineClass").objects.exists():
        return
    rows = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    weights = apps.get_model("oversight", "ScoreWeight")
    weights.objects.bulk_create(weights(valid_from=date(2021, 7, 1), **row) for row in rows)


class Migration(migrations.Migration):
    dependencies = [("oversight", "0007_scores")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER oversight_snapshot_once BEFORE UPDATE OR DELETE OR TRUNCATE"
            " ON oversight_snapshot FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();",
            "DROP TRIGGER oversight_snapshot_once ON oversight_snapshot",
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
