"""What dispatch does when words come in."""

from typing import TYPE_CHECKING

from yanlu.dispatch.services import decide_submissions
from yanlu.kernel.followers import Follower

if TYPE_CHECKING:
    from yanlu.kernel.models import Entry


def decide(entries: "list[Entry]") -> None:
    """Decide on every submission received."""
    decide_submissions([entry.subject_id for entry in entries])


DECIDE = Follower("dispatch.decide", frozenset({"submission.received"}), decide)
