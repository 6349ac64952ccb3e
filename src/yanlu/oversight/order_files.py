"""Reading orders: the list, one with all that was said about it, and its paper."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yanlu.kernel import clock
from yanlu.kernel.official import Block, Heading, OfficialDocument, Paragraph
from yanlu.kernel.workdays import local_day
from yanlu.oversight import access, orders
from yanlu.oversight.models import Kind, Order, OrderStep
from yanlu.places.selectors import territory
from yanlu.places.territory import DISTRICT

if TYPE_CHECKING:
    from yanlu.people.models import Account

PAGE = 50
#: Which orders are listed: what is owed, what was replied to, what is done, the key items.
VIEWS = ("owed", "late", "replied", "key", "done")
#: Titles of the papers, as offices head them.
TITLES = {
    Kind.ORDER: "督办单",
    Kind.LISTED: "挂牌督办通知书",
    Kind.INTERVIEW: "约谈通知书",
    Kind.BULLETIN: "通报",
    Kind.RECTIFICATION: "整改通知书",
    Kind.KEY_ITEM: "区委重点督办事项交办单",
}


@dataclass(frozen=True)
class OrderFile:
    """An order as its page shows it."""

    order: Order
    steps: list[OrderStep]
    allowed: list[orders.Step]
    may_see_case: bool


def order_file(account: "Account", order_id: int) -> OrderFile:
    """The order with its steps and what this person may do.

    :raises NotFound: hidden or missing.
    """
    order = access.get_order(account, order_id)
    held = access.parties(account, order)
    return OrderFile(
        order=order,
        steps=list(order.steps.select_related("by").order_by("pk")),
        allowed=[
            step
            for step in orders.TABLE
            if order.state in step.sources and step.who & held and step.is_of(order.kind)
        ],
        may_see_case=access.sees_case(account, order),
    )


def listed(account: "Account", view: str, page: int = 1) -> tuple[list[Order], bool]:
    """A page of the orders that this person may see, and whether more follow."""
    rows = access.visible(account).select_related("unit", "case")
    conditions: dict[str, dict[str, Any]] = {
        "owed": {"state__in": orders.OWED},
        "late": {"state__in": orders.OWED, "due_at__lt": clock.now()},
        "replied": {"state": orders.REPLIED},
        "key": {"kind": Kind.KEY_ITEM},
        "done": {"state__in": orders.ENDED},
    }
    ordered = rows.filter(**conditions[view]).order_by(
        *(["-ended_at", "-pk"] if view == "done" else ["due_at", "pk"])
    )
    found = list(ordered[(page - 1) * PAGE : page * PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def paper(account: "Account", order_id: int) -> tuple[str, bytes]:
    """The order as an official document (GB/T 9704), and a name for its file.

    :raises NotFound: hidden or missing.
    """
    order = access.get_order(account, order_id)
    day = local_day(order.due_at)
    body: list[Block] = [
        Heading("督办事由"),
        *[Paragraph(line) for line in order.grounds.splitlines() if line.strip()],
        Heading("督办要求"),
        *[Paragraph(line) for line in order.demand.splitlines() if line.strip()],
        Heading("回复时限"),
        Paragraph(f"请于{day.year}年{day.month}月{day.day}日前在本系统回复办理情况。"),
    ]
    content = OfficialDocument(
        title=f"关于{order.subject}的{TITLES[Kind(order.kind)]}",
        number=order.number,
        addressee=order.unit.name,
        body=body,
        signature=signature(),
        day=local_day(order.issued_at),
    ).to_docx()
    return f"{order.number}.docx", content


def signature() -> str:
    """Who signs the papers of oversight: the district's 督查室."""
    district = territory().of_level(DISTRICT)
    return f"{district[0].name}督查室" if district else ""
