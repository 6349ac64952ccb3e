"""What is watched. Nobody but ``oversight`` imports this package."""

from yanlu.oversight.models.clocks import ClockRule, Promise
from yanlu.oversight.models.ladder import Means, Measure, Rung
from yanlu.oversight.models.orders import Kind, Order, OrderStep, Way
from yanlu.oversight.models.records import Record, Turn
from yanlu.oversight.models.reports import (
    Inspection,
    Receipt,
    Report,
    ReportKind,
    ReportPlan,
)
from yanlu.oversight.models.scores import (
    Appeal,
    Group,
    RateCode,
    ScorePolicy,
    ScoreWeight,
    Snapshot,
)

__all__ = [
    "Appeal", "ClockRule", "Group", "Inspection", "Kind", "Means", "Measure", "Order", "OrderStep",
    "Promise", "RateCode", "Receipt", "Record", "Report", "ReportKind", "ReportPlan", "Rung",
    "ScorePolicy", "ScoreWeight", "Snapshot", "Turn", "Way",
]  # fmt: skip
