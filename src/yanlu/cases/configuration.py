"""The write door of the code tables; for single changes there is the editor (``admin.py``)."""

from typing import Any

from django.db import transaction

from yanlu.cases.models import Ground, Reason
from yanlu.kernel import journal
from yanlu.kernel.pictures import forget_all


@transaction.atomic
def load_code_tables(
    *,
    actor: journal.Actor,
    reasons: dict[str, list[dict[str, str]]],
    grounds: list[dict[str, Any]],
) -> None:
    """Add reasons (by table) and grounds for not accepting."""
    Reason.objects.bulk_create(
        Reason(table=table, **row) for table, rows in reasons.items() for row in rows
    )
    Ground.objects.bulk_create(Ground(**row) for row in grounds)
    journal.record(
        "code_tables.loaded",
        journal.Subject("case_configuration", 1),
        actor=actor,
        data={"tables": sorted(reasons), "grounds": len(grounds)},
    )
    forget_all()
