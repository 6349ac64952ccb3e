"""What notices write to the journal."""

EVENTS = {
    "notice.given": "A notice of rights was put into somebody's inbox.",
    "notice.sent": "A notice of rights reached the gateway; the row binds its text by a digest.",
    "notice.failed": "A notice of rights could not be sent by this way and is given up on it.",
    "notice_texts.loaded": "Texts of notices were loaded.",
}
