"""``yanlu train_categories``: learn from confirmed cases, and take over if that is better."""

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanlu.dispatch.courses import codes_by_name, train_categories, train_units
from yanlu.dispatch.knowledge import knowledge
from yanlu.dispatch.training import Example, Trial
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Invalid, NotFound
from yanlu.project.examples import read_labelled

NOT_BETTER = 1


class Command(BaseCommand):
    """Leaves with 1 when what is in use stays in use."""

    help = (
        "Train a model of categories or units; it takes over only if it measures better"
        " (exit 1: it did not)"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--scheme", help="code of the scheme (default: the main one)")
        what.add_argument("--units", action="store_true", help="units instead of categories")
        parser.add_argument(
            "--file", type=Path, metavar="FILE.csv",
            help="learn from this table instead (text or title and body, label: code or name)",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="measure, keep nothing")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["units"] and options["file"]:
            raise CommandError("units are learned from confirmed cases only")
        try:
            trial = _train(options)
        except (Invalid, NotFound) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(told(trial))
        if not trial.is_better:
            raise SystemExit(NOT_BETTER)


def _train(options: dict[str, Any]) -> Trial:
    actor, is_rehearsal = journal.System("command"), options["dry_run"]
    if options["units"]:
        return train_units(actor=actor, is_rehearsal=is_rehearsal)
    scheme = options["scheme"] or knowledge().sorter.scheme
    examples = _examples(scheme, options["file"]) if options["file"] else None
    return train_categories(
        actor=actor, scheme=scheme, examples=examples, is_rehearsal=is_rehearsal
    )


def told(trial: Trial) -> str:
    """Both sides' figures, and what follows."""
    lines = [
        f"{trial.examples:,} messages, the newest {trial.held_out:,} held out",
        "",
        "             macro F1  accuracy  calibration error  coverage at 95 %",
    ]
    for name, figures in (("new model", trial.new), ("in use", trial.present)):
        lines.append(
            f"{name:<11}  {figures.macro_f1:8.4f}  {figures.accuracy:8.4f}"
            f"  {figures.calibration_error:17.4f}  {figures.coverage:16.4f}"
        )
    if trial.card:
        outcome = f"The new model is in use: {trial.card.version}"
    elif trial.is_better:
        outcome = "The new model is better; nothing was kept."
    else:
        outcome = "The new model is not better; what is in use stays."
    return "\n".join([*lines, "", outcome])


def _examples(scheme: str, path: Path) -> list[Example]:
    """Rows whose label is a category; those without a moment count as old, in their order."""
    codes = codes_by_name(scheme)
    begin = clock.now() - timedelta(days=3650)
    found = [
        Example(row.title, row.text, codes[row.label], row.at or begin + timedelta(seconds=number))
        for number, row in enumerate(read_labelled(path))
        if row.label in codes
    ]
    if not found:
        raise CommandError(f"{path}: no label is a category of the scheme {scheme!r}")
    return found
