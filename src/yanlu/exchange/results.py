"""What a partner is told of an order: how its matter stands, or stood when something happened.

It is what whoever holds the query code is told, in the fields of ``domain.md`` §3, and less:
texts are masked, names of staff and the resident's own words stay here. Of a confidential matter
and of a report of wrongdoing the partner learns that it was taken in and that it was dealt with.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import translation

from yanlu.cases import promises, states
from yanlu.cases.masking import Known, known_of, masked
from yanlu.cases.matters import Matter, matter_by_code
from yanlu.cases.timeline import Step
from yanlu.dispatch import selectors as dispatch
from yanlu.exchange.models import Message, Order
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.cases.models import Answer, Case

Row = dict[str, Any]

#: What became of a matter of which no more is told.
DEALT_WITH: Final = "dealt_with"
HOUR: Final = 3600


def standing(order: Order) -> Row:
    """How the order's matter stands now."""
    with translation.override(settings.LANGUAGE_CODE):
        view = _View(order, matter_by_code(order.submission.query_code))
        return {**order.details, **_numbers(view), **_told(view)}


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
        view = _View(order, matter, step)
        if view.is_discreet and not _is_end_or_beginning(view, step):
            return None
        about = {"sequence": message.sequence, "event": step.event, "event_at": step.at}
        if view.is_discreet:
            return _numbers(view) | about | _told(view) | {"event": view.state}
        return _numbers(view) | about | _told(view) | _said_with(view, step)


@dataclass(frozen=True)
class _View:
    """The matter of an order as it stood after a step; without one, as it stands."""

    order: Order
    matter: Matter
    step: Step | None = None

    @property
    def is_discreet(self) -> bool:
        case = self.matter.case
        return self.order.submission.is_confidential or bool(case and case.is_sealed)

    @property
    def steps(self) -> list[Step]:
        if self.step is None:
            return self.matter.steps
        return self.matter.steps[: self.matter.steps.index(self.step) + 1]

    @property
    def state(self) -> str:
        """Our state then; of a discreet matter no more than whether it was dealt with."""
        state = self.matter.state
        if self.step is not None:
            state = states.OPENED
            for step in self.steps:
                state = states.after(state, step.event, step.data)
        if not self.is_discreet:
            return state
        return DEALT_WITH if state in states.ENDED else states.OPENED

    def by_then(self, moment: datetime | None) -> datetime | None:
        """The moment, if it had come."""
        is_later = moment and self.step and moment > self.step.at
        return None if is_later else moment

    @cached_property
    def answers(self) -> "list[Answer]":
        """Answers given by then, oldest first."""
        return [one for one in self.matter.answers if self.by_then(one.at)]

    @cached_property
    def _known(self) -> Known:
        return known_of([self.order.submission])

    def masked(self, text: str) -> str:
        """The text without what is known of the resident, and without what looks personal."""
        return masked(text, self.order.submission, self._known)


def _is_end_or_beginning(view: _View, step: Step) -> bool:
    """Of a discreet matter only these are told."""
    return view.state == DEALT_WITH or step.event in {"case.opened", "case.reopened"}


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
        return {"status": view.state}
    return {
        "status": view.state,
        "urgency": case.urgency,
        "our_category": dispatch.category_names({case.category_id or 0}).get(case.category_id or 0),
        "lead_unit": _lead_unit(view),
        "assisting_units": _assisting(case),
        "due_at": case.due_at,
        "is_overdue": promises.is_overdue(case),
        **_moments(view, case),
        **_answer(view),
        **_verdict(view),
    }


def _lead_unit(view: _View) -> str:
    if view.step is None:
        return view.matter.unit_name
    return next((step.unit for step in reversed(view.steps) if step.unit), "")


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
    given = [step.verdict for step in view.steps if step.verdict and step.verdict.was_reached]
    if not given or not view.answers or given[-1].at < view.answers[-1].at:
        return {}
    last = given[-1]
    return {
        "is_solved": last.is_solved,
        "attitude": last.attitude,
        "satisfaction": last.outcome,
    }


def _said_with(view: _View, step: Step) -> Row:
    """The ground or reason that came with the act, and the date that it is about."""
    told: Row = {"until": step.until}
    if remark := step.remark:
        told["reason"] = (remark.reason and remark.reason.text) or (
            remark.ground and remark.ground.name
        )
        told["explanation"] = view.masked(remark.text)
    return told
