"""Errors, drawn as a tree.

YanluError
├── Refused               a person's act can't be carried out; the message is for that person
│   ├── Invalid           what was handed in breaks a rule; names the field
│   ├── NotFound          missing or hidden: the two are never told apart
│   ├── NotAllowed        seen, but this person may not do that
│   ├── Conflict          somebody else was faster; look again
│   └── TooMany           a limit on how often was reached; says when to come back
├── Failed                another system did not take it; see `yanlu.kernel.doors`
├── JournalBroken         the journal does not prove itself
└── OperatorError         the installation can't run like this; carries an exit code
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise


class YanluError(Exception):
    """Whatever Yanlu raises on purpose."""


class Refused(YanluError):
    """A person's act can't be carried out; ``message`` is written for that person."""

    code = "refused"

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(message)
        self.message = message


class Invalid(Refused):
    """What was handed in breaks a rule; ``field`` names where, empty for the whole."""

    code = "invalid"

    def __init__(self, message: "str | Promise", field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotFound(Refused):
    """The object is missing or hidden from this person; the two are never told apart."""

    code = "not_found"


class NotAllowed(Refused):
    """The object may be seen, but this act is not this person's."""

    code = "not_allowed"


class Conflict(Refused):
    """Somebody else acted first, so that the act no longer fits."""

    code = "conflict"


class TooMany(Refused):
    """A limit on how often was reached; ``retry_after`` seconds until the next try."""

    code = "too_many"

    def __init__(self, message: "str | Promise", retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class JournalBroken(YanluError):
    """A row or a seal of the journal does not prove itself; the message names it."""


class OperatorError(YanluError):
    """The installation can't run like this; the message is one line for its operator."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
