"""Reading what a case promises."""

from dataclasses import dataclass

from yanlu.oversight import clocks
from yanlu.oversight.explaining import Step, explain
from yanlu.oversight.models import Measure, Promise


@dataclass(frozen=True)
class Line:
    """A promise with how its date came about, and what was done when it was late."""

    promise: Promise
    owed_by: str
    steps: list[Step]
    measures: list[Measure]


def explained(case_id: int) -> list[Line]:
    """The promises of a case: what is open first, then what was kept, the latest first."""
    rows = Promise.objects.filter(case=case_id).select_related("unit", "rule")
    measures = Measure.objects.filter(case=case_id).order_by("pk")
    return [
        Line(
            one,
            clocks.BY_CODE[one.clock].owed_by,
            explain(one),
            [measure for measure in measures if measure.promise_id == one.pk],
        )
        for one in sorted(rows, key=lambda one: (one.ended_at is not None, -one.pk))
    ]
