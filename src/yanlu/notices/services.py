"""The write door of notices."""

from django.conf import settings

from yanlu.kernel.errors import OperatorError
from yanlu.notices.transports.sms import console


def can_send_sms() -> bool:
    """Whether short messages reach anybody: so far in the demo alone, on its console."""
    return bool(settings.YANLU_DEMO)


def send_sms(*, phone: str, text: str) -> None:
    """Send a short message.

    :raises OperatorError: no gateway; ask :func:`can_send_sms` first.
    """
    if not can_send_sms():
        raise OperatorError("there is no SMS gateway: phone codes can't be sent")
    console.send(phone, text)
