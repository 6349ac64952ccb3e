"""``yanlu explain "text"``: what dispatch would decide, and why."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from yanlu.dispatch import catalogue, selectors, similar
from yanlu.dispatch.proposals import Candidate, Proposal
from yanlu.places.selectors import place_by_code, territory

if TYPE_CHECKING:
    from yanlu.dispatch.models import CatalogueItem


class Command(BaseCommand):
    """Nothing is written."""

    help = "Say what dispatch would make of a text, with words, rules, catalogue and neighbours"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="what a resident might say")
        parser.add_argument("--title", default="")
        parser.add_argument("--place", help="official code of the place that the resident chose")

    def handle(self, *_: Any, **options: Any) -> None:
        place = place_by_code(options["place"]) if options["place"] else None
        if options["place"] and place is None:
            raise CommandError(f"there is no place {options['place']}")
        found = selectors.dry_run(
            options["text"], options["title"], place_id=place.id if place else None
        )
        for axis, candidates in found.proposal.answers().items():
            self.stdout.write(axis)
            for candidate in candidates or ():
                self.stdout.write(_line(candidate))
        self.stdout.write("rules")
        for line, mismatch in found.rules:
            self.stdout.write(f"  {line.order} {line.name}: {mismatch or 'fits'}")
        self.stdout.write("catalogue")
        for item in _items(options["title"], options["text"], found.proposal):
            self.stdout.write(_item(item, found.proposal))
        self.stdout.write("similar open matters")
        for matter in similar.similar_open(options["text"], place.id if place else None):
            self.stdout.write(_neighbour(matter))
        alone = "alone" if found.proposal.is_automatic else "a person confirms"
        self.stdout.write(f"confidence {found.proposal.confidence:.0%}: {alone}")


def _items(title: str, text: str, proposal: Proposal) -> "list[CatalogueItem]":
    """Items of the catalogue that a dispatcher would be offered."""
    likeliest = [
        int(candidates[0].id)
        for axis, candidates in proposal.answers().items()
        if candidates and (axis == "category" or axis.startswith("scheme:"))
    ]
    return catalogue.fitting(f"{title}\n{text}", likeliest, proposal.matter.urgency)


def _item(item: "CatalogueItem", proposal: Proposal) -> str:
    """What naming the item would set, and its legal ground."""
    place_id = int(proposal.place[0].id) if proposal.place else None
    office = catalogue.office_of(item, place_id)
    unit = office.name if office else "no unit"
    return f"  {item.code} {item.name}: {unit}, {item.deadline_class.name}  ({item.ground})"


def _line(candidate: Candidate) -> str:
    spoken = (reason.replace(":", " ", 1).replace("\t", " ") for reason in candidate.because)
    because = ", ".join(reason.strip() for reason in spoken)
    return f"  {candidate.confidence:4.0%} {candidate.name}  ({because})"


def _neighbour(matter: similar.Similar) -> str:
    """Only words that were typed are told of it."""
    day, where = f"{matter.submission.received_at:%Y-%m-%d}", territory().label(matter.place_id)
    return f"  {matter.score:4.0%} {day} {where}  ({', '.join(matter.common)})"
