"""What partners are told: whatever the resident is told, as messages in the journal's order."""

from typing import TYPE_CHECKING

from django.db.models import Max

from yanlu.cases.selectors import submissions_behind
from yanlu.cases.timeline import TOLD
from yanlu.exchange.models import Message, Order
from yanlu.kernel import clock

if TYPE_CHECKING:
    from yanlu.kernel.models import Entry

#: That the order arrived is told by how it came; who takes support back has nothing more to hear.
EVENTS = TOLD - {"submission.received", "submission.left"}


def queue_results(entries: "list[Entry]") -> None:
    """Queue a message for each order that these journal rows concern; twice does no harm."""
    if not Order.objects.exists():
        return
    concerned = _concerned(entries)
    orders = {order for order, _entry in concerned}
    if not orders:
        return
    # Numbers are given under the orders' locks.
    list(Order.objects.select_for_update().filter(pk__in=orders).order_by("pk").values_list("pk"))
    messages = Message.objects.filter(order__in=orders)
    last = dict(messages.values_list("order").annotate(Max("sequence")))
    known = set(messages.values_list("order", "entry"))
    queued, now = [], clock.now()
    for order, entry in concerned:
        if (order, entry.id) not in known:
            last[order] = last.get(order, 0) + 1
            queued.append(
                Message(
                    order_id=order,
                    entry=entry.id,
                    event=entry.verb,
                    sequence=last[order],
                    queued_at=now,
                    next_at=now,
                )
            )
    Message.objects.bulk_create(queued)


def _concerned(entries: "list[Entry]") -> "list[tuple[int, Entry]]":
    """Each row with each order that it is about: the case's own and those that share it."""
    cases = {entry.subject_id for entry in entries if entry.subject_type == "case"}
    behind = submissions_behind(cases)
    said = [
        (number, entry)
        for entry in entries
        for number in (
            behind.get(entry.subject_id, ())
            if entry.subject_type == "case"
            else (entry.subject_id,)
        )
    ]
    numbers = {number for number, _entry in said}
    rows = Order.objects.filter(submission__in=numbers).values_list("submission", "pk")
    orders: dict[int, list[int]] = {}
    for submission, order in rows:
        orders.setdefault(submission, []).append(order)
    return [(order, entry) for number, entry in said for order in orders.get(number, ())]
