"""What is watched. Nobody but ``oversight`` imports this package."""

from yanlu.oversight.models.clocks import ClockRule, Promise
from yanlu.oversight.models.ladder import Means, Measure, Rung
from yanlu.oversight.models.orders import Kind, Order, OrderStep, Way

__all__ = [
    "ClockRule", "Kind", "Means", "Measure", "Order", "OrderStep", "Promise", "Rung", "Way",
]  # fmt: skip
