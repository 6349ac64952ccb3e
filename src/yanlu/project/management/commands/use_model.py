"""``yanlu use_model``: let another model decide, or go back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanlu.dispatch import encoding, routing
from yanlu.dispatch.knowledge import knowledge
from yanlu.dispatch.shelf import previous_version, use_model
from yanlu.dispatch.sorting import task_of
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
        of = parser.add_mutually_exclusive_group()
        of.add_argument("--scheme", help="of --back and --lexicon (default: the main one)")
        of.add_argument("--units", action="store_true", help="the model of units instead")
        of.add_argument("--vectors", action="store_true", help="that of similar matters instead")

    def handle(self, *_: Any, **options: Any) -> None:
        task = _task(options)
        actor = journal.System("command")
        try:
            version = options["version"] or ("" if options["lexicon"] else previous_version(task))
            card = use_model(actor=actor, version=version, task=task)
        except (NotFound, ModelUnusable) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"In use: {card.version if card else f'no model of {task}'}")


def _task(options: dict[str, Any]) -> str:
    if options["units"]:
        return routing.TASK
    if options["vectors"]:
        return encoding.TASK
    return task_of(options["scheme"] or knowledge().sorter.scheme)
