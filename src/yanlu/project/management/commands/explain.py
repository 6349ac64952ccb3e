"""``yanlu explain "text"``: what dispatch would decide, and why."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanlu.dispatch import selectors
from yanlu.dispatch.proposals import Candidate
from yanlu.places.selectors import place_by_code


class Command(BaseCommand):
    """Nothing is written."""

    help = "Say what dispatch would make of a text, with words, rules and confidence"

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
        alone = "alone" if found.proposal.is_automatic else "a person confirms"
        self.stdout.write(f"confidence {found.proposal.confidence:.0%}: {alone}")


def _line(candidate: Candidate) -> str:
    because = ", ".join(reason.replace(":", " ", 1).strip() for reason in candidate.because)
    return f"  {candidate.confidence:4.0%} {candidate.name}  ({because})"
