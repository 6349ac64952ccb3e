"""Orders are fetched from partners that are asked for them, page by page.

A page counts as fetched once the partner took our word on each of its orders; until then it is
fetched again, which changes nothing.
"""

import logging
import time
from typing import Any, Final
from urllib.parse import urlencode

from yanlu.exchange.incoming import Row, json_row
from yanlu.exchange.models import Partner, Way
from yanlu.exchange.services import Received, receive_orders
from yanlu.kernel import clock
from yanlu.kernel.doors import Door, Failed
from yanlu.kernel.holds import alone

log = logging.getLogger(__name__)

#: Orders that are asked for at a time, and the most that are taken at once.
PAGE: Final = 100
MOST: Final = 1_000
#: Characters of a cursor at most.
MAX_CURSOR: Final = 200
#: Seconds after which a run leaves the rest to the next one.
RUN: Final = 40.0


def pull_due() -> int:
    """Fetch from every partner that is asked; how many new orders came."""
    partners = Partner.objects.filter(is_active=True, is_asked=True).exclude(address="")
    return sum(_pull_from(partner) for partner in partners)


def _pull_from(partner: Partner) -> int:
    """Fetch until there is nothing more, the time is up, or it fails."""
    taken, until, fault = 0, time.monotonic() + RUN, ""
    with alone(f"orders of {partner.pk}") as is_alone:
        try:
            while is_alone and time.monotonic() < until:
                received = _pull_page(partner)
                taken += len(received.taken) if received else 0
                if received is None:
                    break
        except Failed as failure:
            fault = failure.fault
            log.warning("orders not fetched", extra={"partner": partner.code, "fault": fault})
        if is_alone:
            partner.asked_at, partner.fault = clock.now(), fault
            partner.save(update_fields=["asked_at", "fault"])
    return taken


def _pull_page(partner: Partner) -> Received | None:
    """Take the next page in and tell the partner what became of it; ``None`` at the end.

    :raises Failed: the partner did not give it, gave what is none, or did not take our word.
    """
    door = Door(partner.address, partner.secret)
    asked = urlencode({"after": partner.cursor, "limit": PAGE})
    rows, cursor = _page(door.get(f"/orders?{asked}"))
    if not rows:
        return None
    received = receive_orders(actor=partner, partner=partner, way=Way.PULL, rows=rows)
    door.post("/receipts", _receipts(received, cursor))
    if cursor == partner.cursor:
        raise Failed("cursor-stands")
    partner.cursor = cursor
    partner.save(update_fields=["cursor"])
    return received


def _page(answer: Any) -> tuple[list[Row], str]:
    """The orders of an answer, ``{"orders": [{…}, …], "next": "…"}``, and the next cursor."""
    orders = answer.get("orders") if isinstance(answer, dict) else None
    if not isinstance(orders, list) or len(orders) > MOST:
        raise Failed("no-orders")
    if not all(isinstance(order, dict) for order in orders):
        raise Failed("no-orders")
    cursor = str(answer.get("next") or "")
    if len(cursor) > MAX_CURSOR or not cursor.isprintable():
        raise Failed("no-orders")
    return [json_row(place, order) for place, order in enumerate(orders, 1)], cursor


def _receipts(received: Received, cursor: str) -> dict[str, Any]:
    """What became of each order of a page."""
    return {
        "next": cursor,
        "taken": received.taken,
        "known": received.known,
        "refused": [
            {"number": one.number, "field": one.field, "reason": str(one.reason)}
            for one in received.refusals
        ],
    }
