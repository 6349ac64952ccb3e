"""A message on its way out, and what may come of it."""

from dataclasses import dataclass

from yanlu.kernel.errors import YanluError


@dataclass(frozen=True)
class Message:
    """What goes out to ``to``, an address in the way's own terms.

    ``key`` is the same when the same message is sent again, so that who takes it can tell.
    """

    key: str
    to: str
    subject: str
    text: str
    link: str = ""


class Undelivered(YanluError):
    """The message was not taken; ``fault`` says why in one word: ``timeout``, ``http-500``."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Rejected(Undelivered):
    """The message or its address is wrong: sending the same again can't help."""
