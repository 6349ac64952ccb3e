"""What oversight writes to the journal."""

from yanlu.oversight import orders

EVENTS = {step.event: step.reason for step in orders.TABLE} | {
    "order.issued": "A unit was given an order of supervision; the row names it and its date.",
    "measure.taken": "The ladder did something about a promise: a reminder, a notice or more.",
    "clock_rules.loaded": "Limits of clocks were loaded.",
    "ladder.loaded": "Rungs of the ladder of supervision were loaded.",
}
