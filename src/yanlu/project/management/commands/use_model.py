"""``yanlu use_model``: let another model decide, or go back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanlu.dispatch.knowledge import knowledge
from yanlu.dispatch.routing import TASK
from yanlu.dispatch.sorting import task_of
from yanlu.dispatch.training import previous_version, use_model
from yanlu.kernel import journal
from yanlu.kernel.errors import NotFound
from yanlu.textkit.model_files import ModelUnusable


class Command(BaseCommand):
    """Recorded in the journal; running processes follow within 15 seconds."""

    help = "Let this model decide from now on; --back: the one before it; --lexicon: none"

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("version", nargs="?", help="as `yanlu models` lists it")
        which.add_argument("--back", action="store_true", help="what was in use before")
        which.add_argument("--lexicon", action="store_true", help="words with weights, no model")
        parser.add_argument("--scheme", help="of --back and --lexicon (default: the main one)")
        parser.add_argument("--units", action="store_true", help="the model of units instead")

    def handle(self, *_: Any, **options: Any) -> None:
        scheme = options["scheme"] or knowledge().sorter.scheme
        task = TASK if options["units"] else task_of(scheme)
        actor = journal.System("command")
        try:
            version = options["version"] or ("" if options["lexicon"] else previous_version(task))
            card = use_model(actor=actor, version=version, task=task)
        except (NotFound, ModelUnusable) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"In use: {card.version if card else f'no model of {task}'}")
