"""The demo's gateway: a message stands on the operator's console instead of being sent."""

import sys

from yanlu.notices.transports.message import Message


def send(message: Message) -> str:
    """Show the message; there is no receipt."""
    sys.stdout.write(f"SMS to {message.to}: {message.text}\n")
    sys.stdout.flush()
    return ""
