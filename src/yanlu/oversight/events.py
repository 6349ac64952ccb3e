"""What oversight writes to the journal."""

from yanlu.oversight import orders, reports

EVENTS = {step.event: step.reason for step in (*orders.TABLE, *reports.TABLE)} | {
    "report.received": "A unit's member said that a report has come; the row names the unit.",
    "report_plans.loaded": "Plans of reports were loaded.",
    "inspection.made": "Somebody looked on site at a closed case that was drawn by chance.",
    "order.issued": "A unit was given an order of supervision; the row names it and its date.",
    "measure.taken": "The ladder did something about a promise: a reminder, a notice or more.",
    "clock_rules.loaded": "Limits of clocks were loaded.",
    "ladder.loaded": "Rungs of the ladder of supervision were loaded.",
    "score_weights.loaded": "Weights of the scorecards were loaded.",
    "snapshot.frozen": "Figures were frozen as they were told; the row binds them by a digest.",
    "appeal.lodged": "A unit's head objected to its score of a period.",
    "appeal.upheld": "The score stands as it was reckoned.",
    "appeal.corrected": "Another score stands beside the one that was reckoned.",
}
