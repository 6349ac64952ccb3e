"""What the kernel and the editor of configuration write to the journal."""

EVENTS = {
    "configuration.added": "A line of configuration was added in the editor.",
    "configuration.changed": "A line of configuration was changed in the editor.",
    "configuration.removed": "A line of configuration was removed in the editor.",
}
