"""The write door of dispatch: Decisions, by the machine in batches, by a person one at a time.

A person's Decision is part of an act on a case, which fails with it: no savepoint in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.dispatch import catalogue
from yanlu.dispatch.knowledge import Knowledge, knowledge
from yanlu.dispatch.models import CatalogueItem, Category, Confirmation, Decision
from yanlu.dispatch.offices import Office
from yanlu.dispatch.proposals import (
    DEFAULT_KIND,
    LOCATED,
    Candidate,
    Proposal,
    Said,
    matter_of,
    propose_all,
)
from yanlu.intake import selectors as intake
from yanlu.intake.services import subject
from yanlu.kernel import clock, journal
from yanlu.kernel.bulk import insert_rows
from yanlu.kernel.errors import Invalid, NotFound
from yanlu.people import selectors as people

MACHINE = journal.System("dispatch")
#: ``Decision.method`` of what a person decided.
BY_PERSON = "person"
#: And of what a grid worker on patrol found in the catalogue: nothing is learned from it.
BY_CATALOGUE = "catalogue"
#: Deadline class when no rule says one.
ORDINARY = "ordinary"


def decide_submissions(submission_ids: Sequence[int]) -> list[Decision]:
    """Make the machine's Decision for each submission that has none yet, all in one go."""
    with transaction.atomic():
        locked = intake.lock_received(submission_ids)
        earlier = Decision.objects.filter(submission__in=[received.pk for received in locked])
        decided = set(earlier.values_list("submission_id", flat=True))
        known = knowledge()
        new = [received for received in locked if received.pk not in decided]
        homes = people.home_places({one.account_id for one in new if one.account_id})
        proposals = propose_all(known, [_said(one, homes) for one in new])
        numbers = [received.pk for received in new]
        decisions = list(map(_draft, repeat(known), numbers, proposals))
        insert_rows(decisions)
        journal.record_all([_made(decision) for decision in decisions], actor=MACHINE)
    return decisions


@dataclass(frozen=True)
class _Answers:
    """What a corrected Decision says."""

    category_id: int | None
    place_id: int | None
    urgency: str
    kind: str


@transaction.atomic(savepoint=False)
def correct_decision(
    *,
    actor: journal.Actor,
    decision_id: int,
    unit_id: int | None = None,
    category_id: int | None = None,
    place_id: int | None = None,
    urgency: str | None = None,
    kind: str | None = None,
    deadline_class_id: int | None = None,
    also: Mapping[str, int] | None = None,
) -> Decision:
    """A person's Decision in place of an earlier one; if nothing differs, that one, confirmed.

    Where the correction names no unit or deadline class, the rules are asked again. ``also`` sets
    categories of other schemes, by the scheme's code.

    :raises Invalid: an unknown urgency or kind, a category that is not of its scheme.
    """
    old = Decision.objects.filter(pk=decision_id).first()
    if old is None:
        raise NotFound(_("There is no such decision."))
    answers = _Answers(
        category_id or old.category_id,
        place_id or old.place_id,
        urgency or old.urgency,
        kind or old.kind,
    )
    changed = answers != _Answers(old.category_id, old.place_id, old.urgency, old.kind)
    named = (unit_id or old.unit_id, deadline_class_id or old.deadline_class_id)
    also = old.also | dict(also or {})
    _check_schemes(also)
    if (changed, named, also) == (False, (old.unit_id, old.deadline_class_id), old.also):
        confirm_decisions(actor=actor, made=[old])
        return old
    (received,) = intake.lock_received([old.submission_id])
    ruled = _ruled(answers, received) if changed else named
    return _replace(
        old,
        actor,
        answers,
        also=also,
        unit_id=unit_id or ruled[0] or old.unit_id,
        deadline_class_id=deadline_class_id or ruled[1],
    )


@transaction.atomic(savepoint=False)
def decide_part(*, actor: journal.Actor, decision_id: int, text: str) -> Decision:
    """The machine's Decision on a part of the words, which a person found to be another matter.

    A person confirms it, however sure it is.
    """
    whole = Decision.objects.get(pk=decision_id)
    (received,) = intake.lock_received([whole.submission_id])
    homes = people.home_places({received.account_id} if received.account_id else set())
    said = replace(_said(received, homes), title="", text=text)
    known = knowledge()
    decision = _draft(known, received.pk, propose_all(known, [said])[0])
    decision.part, decision.is_automatic, decision.made_by = text, False, actor.ref
    decision.place_id = decision.place_id or whole.place_id
    decision.save()
    journal.record_all([_made(decision)], actor=actor)
    return decision


@transaction.atomic(savepoint=False)
def correct_by_item(*, actor: journal.Actor, decision_id: int, item_id: int) -> Decision:
    """A person's Decision in place of an earlier one, by an item of the catalogue.

    :raises Invalid: no such item in use, or danger would wait by it.
    """
    old = Decision.objects.filter(pk=decision_id).first()
    if old is None:
        raise NotFound(_("There is no such decision."))
    intake.lock_received([old.submission_id])
    item = catalogue.item(item_id)
    if not catalogue.is_in_time(item, old.urgency):
        raise Invalid(_("Danger is not made to wait: this item takes more time."), "item")
    new = _by_item(
        item,
        old.place_id,
        actor,
        submission_id=old.submission_id,
        kind=old.kind,
        method=BY_PERSON,
        replaces=old,
        also=old.also | _also(item),
    )
    new.reasons = _before_others(new.reasons, old.reasons)
    return _recorded(new, actor, "decision.corrected")


@transaction.atomic(savepoint=False)
def decide_by_item(*, actor: journal.Actor, submission_id: int, item_id: int) -> Decision:
    """The first Decision on what somebody found and named: the machine then makes none.

    It dispatches without another person where the item names a unit for the place.

    :raises Invalid: no such item in use.
    """
    (received,) = intake.lock_received([submission_id])
    item = catalogue.item(item_id)
    new = _by_item(
        item,
        received.place_id,
        actor,
        submission_id=submission_id,
        kind=DEFAULT_KIND,
        method=BY_CATALOGUE,
        also=_also(item),
    )
    new.is_automatic = new.unit_id is not None
    if received.lat is not None and received.place_id:
        place = knowledge().territory.nodes[received.place_id]
        located = Candidate(place.id, place.name, LOCATED, ("point:",))
        new.reasons |= {"place": [located.as_json()]}
    return _recorded(new, actor, "decision.made")


def _by_item(
    item: CatalogueItem, place_id: int | None, actor: journal.Actor, **more: Any
) -> Decision:
    """What the item says of a matter at this place, not saved."""
    office = catalogue.office_of(item, place_id)
    return Decision(
        item=item,
        category_id=item.category_id,
        place_id=place_id,
        urgency=item.urgency,
        unit_id=office.id if office else None,
        level=office.level if office else None,
        deadline_class_id=item.deadline_class_id,
        confidence=1.0,
        reasons=_item_reasons(item, office),
        made_by=actor.ref,
        made_at=clock.now(),
        is_automatic=False,
        **more,
    )


def _also(item: CatalogueItem) -> dict[str, int]:
    grid = item.grid_category
    return {grid.scheme.code: grid.pk} if grid else {}


def _item_reasons(item: CatalogueItem, office: Office | None) -> dict[str, list[dict[str, Any]]]:
    """Every answer of the item names it; the unit's also the legal ground."""
    named = (f"catalogue:{item.name}",)
    ground = (*named, f"ground:{item.ground}")
    answers = {
        "category": Candidate(item.category_id, item.category.name, 1.0, named),
        "urgency": Candidate(item.urgency, item.urgency, 1.0, named),
    }
    if office:
        answers["unit"] = Candidate(office.id, office.name, 1.0, ground)
    if grid := item.grid_category:
        answers[f"scheme:{grid.scheme.code}"] = Candidate(grid.pk, grid.name, 1.0, named)
    return {axis: [answer.as_json()] for axis, answer in answers.items()}


def _before_others(
    first: Mapping[str, list[dict[str, Any]]], others: Mapping[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """Candidates of both, each once."""
    merged = dict(others)
    for axis, (best, *_rest) in first.items():
        merged[axis] = [best, *(one for one in others.get(axis, []) if one["id"] != best["id"])]
    return merged


def _recorded(decision: Decision, actor: journal.Actor, verb: str) -> Decision:
    decision.save()
    journal.record(verb, subject(decision.submission_id), actor=actor, data=_summary(decision))
    return decision


def _check_schemes(also: Mapping[str, int]) -> None:
    """Refuse a category that is not of the scheme that it is to stand for."""
    found = Category.objects.filter(pk__in=also.values()).values_list("scheme__code", "pk")
    if set(found) != set(also.items()):
        raise Invalid(_("Unknown category."), "also")


def confirm_decisions(*, actor: journal.Actor, made: Sequence[Decision]) -> None:
    """Note once that a person agrees; what a person decided needs no second word.

    Within the caller's transaction, who holds the lock on what the Decisions are about.
    """
    known = set(Confirmation.objects.filter(decision__in=made).values_list("decision", flat=True))
    new = [one for one in made if one.method != BY_PERSON and one.pk not in known]
    now = clock.now()
    Confirmation.objects.bulk_create(
        Confirmation(decision=one, confirmed_by=actor.ref, confirmed_at=now) for one in new
    )
    journal.record_all([_agreed(one) for one in new], actor=actor)


def _agreed(decision: Decision) -> journal.Event:
    about, data = subject(decision.submission_id), {"decision": decision.pk}
    return journal.Event("decision.confirmed", about, data)


def _ruled(answers: _Answers, received: intake.Received) -> tuple[int | None, int]:
    """Unit and deadline class that the rules give to the corrected answers."""
    known = knowledge()
    matter = matter_of(
        known,
        answers.category_id,
        answers.place_id,
        kind=answers.kind,
        urgency=answers.urgency,
        received_at=received.received_at.astimezone(clock.ZONE),
    )
    line = known.rules.first_match(matter)
    if line is None:
        return None, known.deadlines[ORDINARY]
    office = known.offices.in_charge(line, answers.place_id)
    return office.id if office else None, line.deadline_class_id


def _replace(
    old: Decision,
    actor: journal.Actor,
    answers: _Answers,
    **more: Any,
) -> Decision:
    if answers.urgency not in dict(Decision._meta.get_field("urgency").flatchoices):
        raise Invalid(_("Unknown urgency."), "urgency")
    if answers.kind not in dict(Decision._meta.get_field("kind").flatchoices):
        raise Invalid(_("Unknown kind."), "kind")
    office = knowledge().offices.get(more["unit_id"])
    new = Decision.objects.create(
        submission_id=old.submission_id,
        level=office.level if office else None,
        confidence=1.0,
        is_automatic=False,
        reasons=old.reasons,
        part=old.part,
        method=BY_PERSON,
        made_by=actor.ref,
        made_at=clock.now(),
        replaces=old,
        **vars(answers),
        **more,
    )
    journal.record(
        "decision.corrected", subject(old.submission_id), actor=actor, data=_summary(new)
    )
    return new


def _draft(known: Knowledge, submission_id: int, proposal: Proposal) -> Decision:
    line = proposal.line
    return Decision(
        submission_id=submission_id,
        category_id=_best(proposal.category),
        place_id=_best(proposal.place),
        urgency=proposal.matter.urgency,
        kind=proposal.matter.kind,
        unit_id=_best(proposal.unit),
        level=proposal.level,
        deadline_class_id=line.deadline_class_id if line else known.deadlines[ORDINARY],
        rule_id=line.id if line else None,
        confidence=proposal.confidence,
        is_automatic=proposal.is_automatic,
        reasons=proposal.reasons(),
        method=known.version,
        made_by=MACHINE.ref,
        made_at=clock.now(),
    )


def _said(received: intake.Received, homes: Mapping[int, int]) -> Said:
    return Said(
        title=received.title,
        text=received.text,
        address=received.address,
        kind=received.kind,
        place_id=received.place_id,
        has_point=received.lat is not None,
        home_id=homes.get(received.account_id or 0),
        received_at=received.received_at.astimezone(clock.ZONE),
    )


def _best(candidates: Sequence[Any]) -> int | None:
    return int(candidates[0].id) if candidates else None


def _made(decision: Decision) -> journal.Event:
    return journal.Event("decision.made", subject(decision.submission_id), _summary(decision))


def _summary(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.pk,
        "category": decision.category_id,
        "place": decision.place_id,
        "unit": decision.unit_id,
        "urgency": decision.urgency,
        "kind": decision.kind,
        "confidence": round(decision.confidence, 3),
        "automatic": decision.is_automatic,
        "method": decision.method,
    } | catalogue.told(decision)
