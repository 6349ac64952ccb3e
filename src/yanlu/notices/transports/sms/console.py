"""The demo's gateway: a message stands on the operator's console instead of being sent."""

import sys


def send(phone: str, text: str) -> None:
    """Show the message."""
    sys.stdout.write(f"SMS to {phone}: {text}\n")
    sys.stdout.flush()
