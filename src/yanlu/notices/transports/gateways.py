"""Gateways that take a message as signed JSON and answer with a receipt, by whatever provider."""

from typing import Any

from yanlu.kernel.doors import Door, Failed
from yanlu.notices.transports.message import Rejected, Undelivered


def post(address: str, secret: str, content: dict[str, str]) -> str:
    """Hand the message to the gateway; its number for it, empty if it gave none.

    :raises Undelivered: it did not take it.
    """
    try:
        answer = Door(address, secret).post("/messages", content)
    except Failed as failure:
        kind = Rejected if failure.is_refusal else Undelivered
        raise kind(failure.fault) from failure
    return _receipt(answer)


def _receipt(answer: Any) -> str:
    given = answer.get("receipt", "") if isinstance(answer, dict) else ""
    text = str(given)[:80]
    return text if text.isprintable() else ""
