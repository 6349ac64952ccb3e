"""What cases writes to the journal: one event for each verb of the table of states."""

from yanlu.cases import states

EVENTS = {step.event: step.reason for step in states.TABLE} | {
    "submission.joined": "The submission shares the case of others who said the same.",
    "code_tables.loaded": "Reasons and grounds were loaded.",
}
