"""What dispatch does when words come in."""

from yanlu.dispatch.services import decide_submissions
from yanlu.kernel.followers import Follower
from yanlu.kernel.journal import Entry


def decide(entries: list[Entry]) -> None:
    """Decide on every submission received."""
    decide_submissions([entry.subject_id for entry in entries])


DECIDE = Follower("dispatch.decide", frozenset({"submission.received"}), decide)
