"""What members take along of a joint conference: a calendar file, and the minutes for the record.

Neither holds anything of the residents but what the conference itself wrote down.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Calendar, Event

from yanlu.cases import access
from yanlu.cases.models import Conference
from yanlu.kernel import clock
from yanlu.kernel.errors import NotFound
from yanlu.kernel.official import Block, Heading, OfficialDocument, Paragraph, Table
from yanlu.places.selectors import territory
from yanlu.places.territory import DISTRICT

if TYPE_CHECKING:
    from yanlu.people.models import Account


def calendar_file(account: "Account", conference_id: int) -> bytes:
    """The conference as an entry for a calendar (RFC 5545), by number and subject only.

    A later file of the same conference takes the place of an earlier one, also when called off.

    :raises NotFound: hidden or missing.
    """
    conference = access.get_conference(account, conference_id)
    event = Event()
    event.add("uid", str(conference.uid))
    event.add("sequence", conference.version - 1)
    event.add("dtstamp", clock.now().astimezone(UTC))
    event.add("dtstart", conference.starts_at.astimezone(UTC))
    event.add("dtend", conference.ends_at.astimezone(UTC))
    about = {"number": conference.number, "subject": conference.subject}
    event.add("summary", _("Joint conference %(number)s: %(subject)s") % about)
    event.add("location", conference.venue)
    event.add("status", "CANCELLED" if conference.cancelled_at else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Yanlu//Joint conferences//ZH")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def minutes(account: "Account", conference_id: int) -> bytes:
    """The minutes (纪要) as an official document, in Chinese like all of them.

    :raises NotFound: hidden or missing, or not recorded yet.
    """
    conference = access.get_conference(account, conference_id)
    if conference.recorded_at is None:
        raise NotFound(gettext_lazy("There are no minutes of this conference yet."))
    district = territory().of_level(DISTRICT)
    return OfficialDocument(
        title="联席会议纪要",
        number=conference.number,
        body=list(_body(conference)),
        signature=f"{district[0].name}联席会议" if district else "",
        day=conference.recorded_at.astimezone(clock.ZONE).date(),
    ).to_docx()


def _body(conference: Conference) -> Iterator[Block]:
    yield Paragraph(
        f"{_day_and_time(conference.starts_at)}，{conference.chair}在{conference.venue}主持召开"
        f"联席会议，研究“{conference.subject}”。纪要如下。"
    )
    yield Heading("会议议程")
    yield from _lines(conference.agenda)
    yield Heading("讨论情况")
    yield from _lines(conference.minutes)
    seats = list(conference.seats.select_related("unit").order_by("unit"))
    for seat in seats:
        if seat.said:
            yield Paragraph(f"{seat.unit.name}：{seat.said}")
    yield Heading("议定事项")
    yield from _lines(conference.resolution)
    for item in conference.items.select_related("case", "unit").order_by("case"):
        if item.unit:
            yield Paragraph(f"案件{item.case.number}由{item.unit.name}主办，不得再退回。")
    yield from _tasks(conference)
    yield Paragraph(_named(s.unit.name for s in seats if s.is_present), label="出席：")
    if absent := _named(seat.unit.name for seat in seats if not seat.is_present):
        yield Paragraph(absent, label="缺席：")


def _tasks(conference: Conference) -> Iterator[Block]:
    tasks = conference.tasks.select_related("unit", "case").order_by("due_at", "pk")
    if tasks:
        yield Heading("任务分工")
        yield Table(
            head=("案件", "责任单位", "任务", "完成时限"),
            rows=[
                (task.case.number, task.unit.name, task.task, _day(task.due_at)) for task in tasks
            ],
            widths=(18, 17, 26, 17),
        )


def _lines(text: str) -> Iterator[Block]:
    yield from (Paragraph(line.strip()) for line in text.splitlines() if line.strip())


def _named(names: Iterable[str]) -> str:
    return "、".join(names)


def _day(at: datetime | None) -> str:
    local = at.astimezone(clock.ZONE) if at else None
    return f"{local.year}年{local.month}月{local.day}日" if local else ""


def _day_and_time(at: datetime) -> str:
    return f"{_day(at)}{at.astimezone(clock.ZONE):%H:%M}"
