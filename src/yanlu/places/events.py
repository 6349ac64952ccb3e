"""What places writes to the journal."""

EVENTS = {
    "place.added": "A place was added to the territory.",
    "site.added": "A site was added.",
}
