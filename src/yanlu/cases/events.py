"""What cases writes to the journal: one event for each verb of the table of states."""

from yanlu.cases import states

EVENTS = {step.event: step.reason for step in states.TABLE} | {
    "submission.joined": "The submission shares the case of others who said the same.",
    "submission.left": "A resident took the support back; the words stay.",
    "submission.parted": "The submission gets a case of its own after all.",
    "case.conference_changed": "A joint conference about the case is changed.",
    "case.conference_cancelled": "A joint conference about the case is called off.",
    "conference.convened": "A joint conference was convened, with cases, units and time.",
    "conference.changed": "Time, place, agenda or units of a joint conference changed.",
    "conference.cancelled": "A joint conference was called off.",
    "conference.held": "Minutes, resolution and tasks of a joint conference were recorded.",
    "case.took_in": "Another case was merged into this one.",
    "case.let_go": "A case that was merged into this one goes on by itself again.",
    "case.alarmed": "People on duty were told of a danger.",
    "code_tables.loaded": "Reasons and grounds were loaded.",
}
