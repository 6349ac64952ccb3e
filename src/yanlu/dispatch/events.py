"""What dispatch writes to the journal."""

EVENTS = {
    "decision.made": "Dispatch worked out what, where, how urgent and whose.",
    "decision.corrected": "A person decided otherwise than the Decision before.",
    "decision.confirmed": "A person agreed with the Decision as it stood.",
    "model.used": "Another trained model decides from now on, or the lexicon again.",
    "categories.loaded": "Category schemes were loaded.",
    "cues.loaded": "Words that hint at urgencies and kinds were loaded.",
    "deadlines.loaded": "Deadline classes were loaded.",
    "admissions.loaded": "The list of what a neighbourhood may be given was loaded.",
    "catalogue.loaded": "Items were added to the catalogue of matters.",
    "rules.loaded": "The dispatch table was loaded.",
    "policy.set": "The confidence from which dispatch acts alone was set.",
}
