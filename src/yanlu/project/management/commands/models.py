"""``yanlu models``: which trained models there are, and which decide."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from yanlu.dispatch import encoding
from yanlu.dispatch.knowledge import knowledge
from yanlu.textkit import model_files
from yanlu.textkit.model_files import Card, ModelUnusable

FAULTY = 1


class Command(BaseCommand):
    """Leaves with 1 when a model can't be read."""

    help = "List the trained models, their figures, and which are in use (exit 1: one is harmed)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", nargs="?", help="show the whole card of this model")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["version"]:
            card, _arrays = model_files.load(settings.YANLU_MODELS, options["version"])
            self.stdout.write(json.dumps(vars(card), ensure_ascii=False, indent=1, default=dict))
            return
        known = knowledge()
        sorters = [known.sorter, *known.others.values()]
        in_use = {sorter.version for sorter in sorters}
        if known.router:
            in_use.add(known.router.card.version)
        faults = [fault for sorter in sorters for fault in sorter.faults]
        faults += known.router_faults
        finder = encoding.status()
        in_use.add(finder.model.version)
        faults += finder.faults
        for found in model_files.cards(settings.YANLU_MODELS):
            if isinstance(found, ModelUnusable):
                faults.append(str(found))
            else:
                self.stdout.write(_line(found, is_used=found.version in in_use))
        for sorter in sorters:
            if not sorter.version:
                self.stdout.write(f"* {sorter.scheme or 'no scheme'}: lexicon")
        if known.router is None:
            self.stdout.write("* units: the rules alone")
        for fault in dict.fromkeys(faults):
            self.stderr.write(f"harmed: {fault}")
        if faults:
            raise SystemExit(FAULTY)


def _line(card: Card, *, is_used: bool) -> str:
    measured = card.figures.get("new")
    told = f"  macro F1 {measured['macro_f1']:.4f} held out" if measured else ""
    return (
        f"{'*' if is_used else ' '} {card.version}  {card.task}  made {card.made_at[:16]}"
        f"  {card.examples:,} examples  {len(card.labels)} labels{told}"
    )
