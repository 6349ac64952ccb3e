"""What insight writes to the journal."""

EVENTS = {
    "pool.withdrawn": "A resident took their words out of the data pool.",
    "pool.erased": "The pool's file of the day was written anew without what was withdrawn.",
    "statistics.released": "Open statistics of a month were released; a digest binds them.",
}
