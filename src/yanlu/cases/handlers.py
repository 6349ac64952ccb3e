"""What cases do when a Decision is made."""

from typing import TYPE_CHECKING

from yanlu.cases.opening import open_cases
from yanlu.kernel.followers import Follower

if TYPE_CHECKING:
    from yanlu.kernel.models import Entry


def open_decided(entries: "list[Entry]") -> None:
    """Open a case for each submission that was decided on."""
    open_cases([entry.data["decision"] for entry in entries])


OPEN = Follower("cases.open", frozenset({"decision.made"}), open_decided)
