"""What a partner is told of an order: how its matter stands, or stood when something happened.

It is what whoever holds the query code is told, in the fields of ``domain.md`` §3, and less:
texts are masked, names of staff and the resident's own words stay here. Of a confidential matter
and of a report of wrongdoing the partner learns that it was taken in and that it was dealt with.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Max
from django.utils import translation

from yanlu.cases import promises, states
from yanlu.cases.masking import Known, known_of, masked
from yanlu.cases.matters import Matter, matter_by_code
from yanlu.cases.standing import standings
from yanlu.cases.timeline import Step
from yanlu.dispatch import selectors as dispatch
from yanlu.exchange.models import Message, Order
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.cases.models import Answer, Case, Verdict

Row = dict[str, Any]

#: What became of a matter of which no more is told.
DEALT_WITH: Final = "dealt_with"
HOUR: Final = 3600


def present(orders: list[Order]) -> list[Row]:
    """How the matters of these orders stand now, with what the partner said of them itself."""
    submissions = [order.submission for order in orders]
    with translation.override(settings.LANGUAGE_CODE):
        known = known_of(submissions)
        views = [
            _View(order, one.matter, one.matter.state, one.matter.unit_name, one.answers,
                  one.verdict, known)
            for order, one in zip(orders, standings(submissions), strict=True)
        ]  # fmt: skip
        return [{**view.order.details, **_numbers(view), **_told(view)} for view in views]


def result(message: Message) -> Row | None:
    """What a message says: how the matter stood when it happened.

    ``None``: it is not the partner's to know (any more).
    """
    order = message.order
    with translation.override(settings.LANGUAGE_CODE):
        matter = matter_by_code(order.submission.query_code)
        step = next((one for one in matter.steps if one.number == message.entry), None)
        if step is None:
            return None
        view = _then(order, matter, _told_by_then(message))
        about = {"sequence": message.sequence, "event": step.event, "event_at": step.at}
        if not view.is_discreet:
            return _numbers(view) | about | _told(view) | _said_with(view, step)
        if view.status != DEALT_WITH and step.event not in {"case.opened", "case.reopened"}:
            return None
        return _numbers(view) | about | {"event": view.status, "status": view.status}


@dataclass(frozen=True)
class _View:
    """The matter of an order as it stands, or stood ``at`` a moment; ``answers`` until then."""

    order: Order
    matter: Matter
    state: str
    unit: str
    answers: "list[Answer]"
    verdict: "Verdict | None"
    known: Known
    at: datetime | None = None

    @property
    def is_discreet(self) -> bool:
        case = self.matter.case
        return self.order.submission.is_confidential or bool(case and case.is_sealed)

    @property
    def status(self) -> str:
        """The state; of a discreet matter no more than whether it was dealt with."""
        if not self.is_discreet:
            return self.state
        return DEALT_WITH if self.state in states.ENDED else states.OPENED

    def by_then(self, moment: datetime | None) -> datetime | None:
        """The moment, if it had come."""
        is_later = moment and self.at and moment > self.at
        return None if is_later else moment

    def masked(self, text: str) -> str:
        """The text without what is known of the resident, and without what looks personal."""
        return masked(text, self.order.submission, self.known)


def _told_by_then(message: Message) -> int:
    """The last journal row that the partner was told of by this message: its own, as a rule.

    A row that was parked is told after later ones, and must not take the partner back.
    """
    told = Message.objects.filter(order=message.order_id, sequence__lte=message.sequence)
    last: int = told.aggregate(last=Max("entry"))["last"]
    return last


def _then(order: Order, matter: Matter, last: int) -> _View:
    """How the matter stood after this row of the journal."""
    steps = [step for step in matter.steps if step.number <= last]
    state, at = states.OPENED, steps[-1].at
    for step in steps:
        state = states.after(state, step.event, step.data)
    said = [step.verdict for step in steps if step.verdict and step.verdict.was_reached]
    return _View(
        order=order,
        matter=matter,
        state=state,
        unit=next((step.unit for step in reversed(steps) if step.unit), ""),
        answers=[answer for answer in matter.answers if answer.at <= at],
        verdict=said[-1] if said else None,
        known=known_of([order.submission]),
        at=at,
    )


def _numbers(view: _View) -> Row:
    """The numbers of both sides."""
    case = view.matter.case
    return {
        "number": view.order.number,
        "original_number": view.order.original_number,
        "our_number": case.number if case else "",
    }


def _told(view: _View) -> Row:
    case = view.matter.case
    if case is None or view.is_discreet:
        return {"status": view.status}
    return {
        "status": view.status,
        "urgency": case.urgency,
        "our_category": dispatch.category_names({case.category_id or 0}).get(case.category_id or 0),
        "lead_unit": view.unit,
        "assisting_units": _assisting(case),
        "due_at": case.due_at,
        "is_overdue": promises.is_overdue(case),
        **_moments(view, case),
        **_answer(view),
        **_verdict(view),
    }


def _assisting(case: "Case") -> str:
    names = people.unit_names({assist.unit_id for assist in case.assists.all()})
    return "、".join(names.values())


def _moments(view: _View, case: "Case") -> Row:
    """When things were done, and how many hours they took: from the first dispatch to the answer,
    and from opening to the end."""
    dispatched, answered = view.by_then(case.dispatched_at), view.by_then(case.answered_at)
    ended = view.by_then(case.ended_at)
    return {
        "dispatched_at": dispatched,
        "contacted_at": view.by_then(case.contacted_at),
        "answered_at": answered,
        "closed_at": ended,
        "handling_hours": _hours(dispatched, answered),
        "whole_hours": _hours(case.opened_at, ended),
    }


def _hours(start: datetime | None, end: datetime | None) -> float | None:
    return round((end - start).total_seconds() / HOUR, 1) if start and end else None


def _answer(view: _View) -> Row:
    """The last answer; who shares the case is told its main points alone."""
    if not view.answers:
        return {}
    last = view.answers[-1]
    told: Row = {"result": last.result, "handling": view.masked(last.points)}
    if not view.matter.is_shared:
        told |= {
            "facts_found": last.facts_found,
            "facts": view.masked(last.facts),
            "appeal_recognised": last.appeal_recognised,
            "appeal": view.masked(last.appeal),
        }
    return told


def _verdict(view: _View) -> Row:
    """What the resident said of the last answer, in ticks; their own words stay here."""
    last = view.verdict
    if last is None or not view.answers or last.at < view.answers[-1].at:
        return {}
    return {
        "is_solved": last.is_solved,
        "attitude": last.attitude,
        "satisfaction": last.outcome,
    }


def _said_with(view: _View, step: Step) -> Row:
    """The ground or reason that came with an act of an office, and the date that it is about."""
    told: Row = {"until": step.until}
    act = states.BY_EVENT.get(step.event)
    is_residents = act is not None and states.RESIDENT in act.who
    if (remark := step.remark) and not is_residents:
        told["reason"] = (remark.reason and remark.reason.text) or (
            remark.ground and remark.ground.name
        )
        told["explanation"] = view.masked(remark.text)
    return told
