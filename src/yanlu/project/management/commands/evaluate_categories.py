"""``yanlu evaluate_categories``: train on one table, test on another."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanlu.dispatch.sorting import sample
from yanlu.project.demo import reference
from yanlu.project.examples import read_labelled
from yanlu.textkit.classifier import TooFewExamples, train
from yanlu.textkit.features import Sample
from yanlu.textkit.measures import PRECISION, Figures, measure


class Command(BaseCommand):
    """Nothing is kept: neither the model nor a word of the tables.

    The lexicon that comes along gives its opinion, as a district's own does in its models.
    """

    help = "Train on one table of messages with labels, measure on another; keep nothing"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--train", type=Path, required=True, metavar="A.csv")
        parser.add_argument("--test", type=Path, required=True, metavar="B.csv")
        parser.add_argument("--json", action="store_true", help="figures as JSON")
        parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")

    def handle(self, *_: Any, **options: Any) -> None:
        samples, labels = _read(options["train"])
        unseen, truth = _read(options["test"])
        began = time.perf_counter()
        try:
            model = train(samples, labels, seed=options["seed"])
        except TooFewExamples as error:
            raise CommandError(str(error)) from error
        trained = time.perf_counter()
        figures = measure(model.labels, model.believe(unseen), truth)
        seconds = {"train": trained - began, "test": time.perf_counter() - trained}
        if options["json"]:
            self.stdout.write(
                json.dumps(figures.as_json() | {"seconds": seconds}, ensure_ascii=False)
            )
        else:
            self.stdout.write(told(figures, seconds))


def told(figures: Figures, seconds: dict[str, float]) -> str:
    """The figures as a table."""
    lines = [
        f"messages               {figures.samples:,}",
        f"macro F1               {figures.macro_f1:.4f}",
        f"accuracy               {figures.accuracy:.4f}",
        f"among the first three  {figures.top3:.4f}",
        f"calibration error      {figures.calibration_error:.4f}",
        f"coverage at {PRECISION:.0%}        {figures.coverage:.4f}",
        f"seconds                training {seconds['train']:.1f}, test {seconds['test']:.2f}",
        "",
        "precision  recall      F1  messages  label",
    ]
    lines += [
        f"{one.precision:9.3f}  {one.recall:6.3f}  {one.f1:6.3f}  {one.support:8,}  {label}"
        for label, one in sorted(figures.labels.items())
    ]
    return "\n".join(lines)


def _read(path: Path) -> tuple[list[Sample], list[str]]:
    """Messages as a model sees them, and their labels."""
    lexicon = reference.lexicon()
    rows = read_labelled(path)
    samples = [sample(lexicon, row.title, row.text) for row in rows]
    return samples, [row.label for row in rows]
