"""What intake writes to the journal."""

EVENTS = {
    "submission.received": "Words came in; the row binds them by their digest.",
}
