"""The write door of what oversight goes by; for single changes there is the editor."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from yanlu.kernel import journal
from yanlu.kernel.pictures import forget_all
from yanlu.oversight.models import ClockRule, ReportPlan, Rung, ScoreWeight

#: What a district usually goes by (``domain.md`` §2 and §4): a start for its own.
USUAL = Path(__file__).parent / "data"
#: Since when the usual limits hold: the day on which the Shanghai rules came into force.
SINCE = date(2021, 7, 1)
SUBJECT = journal.Subject("oversight_configuration", 1)


def usual(name: str) -> Any:
    """``clock_rules``, ``ladder``, ``score_weights`` or ``report_plans``."""
    return json.loads((USUAL / f"{name}.json").read_text(encoding="utf-8"))


@transaction.atomic
def load_clock_rules(*, actor: journal.Actor, rules: Sequence[dict[str, Any]]) -> None:
    """Add limits of clocks."""
    ClockRule.objects.bulk_create(ClockRule(**{"valid_from": SINCE} | row) for row in rules)
    _record("clock_rules.loaded", actor, len(rules))


@transaction.atomic
def load_ladder(*, actor: journal.Actor, ladder: Sequence[dict[str, Any]]) -> None:
    """Add rungs of the ladder, by clock and urgency."""
    rungs = [
        Rung(clock=one["clock"], urgency=one.get("urgency", ""), **rung)
        for one in ladder
        for rung in one["rungs"]
    ]
    Rung.objects.bulk_create(rungs)
    _record("ladder.loaded", actor, len(rungs))


@transaction.atomic
def load_score_weights(*, actor: journal.Actor, weights: Sequence[dict[str, Any]]) -> None:
    """Add weights of the scorecards."""
    ScoreWeight.objects.bulk_create(ScoreWeight(**{"valid_from": SINCE} | row) for row in weights)
    _record("score_weights.loaded", actor, len(weights))


@transaction.atomic
def load_report_plans(*, actor: journal.Actor, plans: Sequence[dict[str, Any]]) -> None:
    """Add reports that draw themselves up."""
    ReportPlan.objects.bulk_create(ReportPlan(**row) for row in plans)
    _record("report_plans.loaded", actor, len(plans))


def _record(verb: str, actor: journal.Actor, many: int) -> None:
    journal.record(verb, SUBJECT, actor=actor, data={"many": many})
    forget_all()
