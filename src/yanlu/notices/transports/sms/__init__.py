"""Short messages (短信): by a gateway, in a demo without one on the operator's console."""

from django.conf import settings

from yanlu.notices.transports.gateways import post
from yanlu.notices.transports.message import Message
from yanlu.notices.transports.sms import console


def is_on() -> bool:
    """Whether short messages reach anybody."""
    return bool(settings.YANLU_SMS_URL or settings.YANLU_DEMO)


def send(message: Message) -> str:
    """Send it; the gateway's receipt. Raises `Undelivered`."""
    if not settings.YANLU_SMS_URL:
        return console.send(message)
    content = {"id": message.key, "phone": message.to, "text": message.text}
    return post(settings.YANLU_SMS_URL, settings.YANLU_SMS_SECRET, content)
