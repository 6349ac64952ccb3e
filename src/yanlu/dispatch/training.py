"""Learning from what persons confirmed, and putting a model to use: a write door.

What can be learned stands in ``courses``. The newest fifth of the examples is held out, with
whatever nearly repeats it; a model of the older ones is compared on it with what is in use. Only if
it is better a model of all examples takes over.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yanlu.dispatch.shelf import Learned, use_model
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Invalid
from yanlu.textkit import classifier, model_files
from yanlu.textkit.classifier import Classifier, TooFewExamples
from yanlu.textkit.features import Sample
from yanlu.textkit.measures import Figures
from yanlu.textkit.model_files import Card
from yanlu.textkit.near_duplicates import groups_of

#: Examples below which nobody can tell a good model from a lucky one.
FEWEST_EXAMPLES: Final = 200
HELD_OUT: Final = 0.2
SEED: Final = 2021


@dataclass(frozen=True)
class Example:
    """A message and the answer that a person confirmed."""

    title: str
    text: str
    label: str
    at: datetime


@dataclass(frozen=True)
class Trial:
    """How a new model and what is in use sorted the same held-out messages."""

    examples: int
    held_out: int
    new: Figures
    present: Figures
    card: Card | None = None

    @property
    def is_better(self) -> bool:
        """Whether the new model takes over: it leads by more than chance, one standard error."""
        right, count = self.present.accuracy, self.present.samples
        return self.new.macro_f1 - self.present.macro_f1 > math.sqrt(right * (1 - right) / count)


class Course(ABC):
    """What is to be learned: how a model looks at an example, and how well answers are given.

    :param task: as in ``ModelUse``; ``name`` begins the versions of its models.
    :param learned: the model in use, if there is one.
    """

    task: str
    name: str
    learned: Learned[Classifier] | None

    @abstractmethod
    def look(self, examples: Sequence[Any]) -> list[Sample]:
        """The examples as a model looks at them."""

    @abstractmethod
    def measure(self, model: Classifier, examples: Sequence[Any]) -> Figures:
        """How well a new model would answer."""

    @abstractmethod
    def measure_present(self, examples: Sequence[Any]) -> Figures:
        """How well what is in use answers."""


def train(
    course: Course,
    examples: Iterable[Example],
    *,
    actor: journal.Actor,
    is_rehearsal: bool = False,
) -> Trial:
    """Train on these examples; put the model to use if it is better, unless it is a rehearsal.

    :raises Invalid: too few examples, or none that the present model has not seen.
    """
    found = sorted(examples, key=_moment)
    if len(found) < FEWEST_EXAMPLES:
        raise Invalid(
            _("Only %(count)s confirmed messages: at least %(least)s are needed.")
            % {"count": len(found), "least": FEWEST_EXAMPLES}
        )
    older, newer = _split(course, found)
    try:
        model = _fit(course, older)
    except TooFewExamples as error:
        raise Invalid(_("Fewer than two categories have examples enough.")) from error
    trial = Trial(
        len(found), len(newer), course.measure(model, newer), course.measure_present(newer)
    )
    if is_rehearsal or not trial.is_better:
        return trial
    card = _keep(course, found, _fit(course, found), trial)
    use_model(actor=actor, version=card.version)
    return replace(trial, card=card)


def _split(course: Course, examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Older and newer ones; no message stands on both sides, however it is worded.

    A model in use was trained on what came before its end: it is compared on later ones only.
    """
    begin = len(examples) - int(len(examples) * HELD_OUT)
    if course.learned:
        end = datetime.fromisoformat(course.learned.card.period[1])
        seen = sum(example.at <= end for example in examples)
        begin = max(begin, seen)
    if len(examples) - begin < FEWEST_EXAMPLES * HELD_OUT:
        raise Invalid(_("Too few messages were confirmed since the present model was trained."))
    groups = groups_of([one.folded for one in course.look(examples)])
    late = set(groups[begin:].tolist())
    older = [one for one, group in zip(examples[:begin], groups, strict=False) if group not in late]
    return older, list(examples[begin:])


def _fit(course: Course, examples: Sequence[Example]) -> Classifier:
    return classifier.train(course.look(examples), [one.label for one in examples], seed=SEED)


def _keep(course: Course, examples: Sequence[Example], model: Classifier, trial: Trial) -> Card:
    now = clock.now().astimezone(clock.ZONE)
    version = f"{course.name}-{now:%Y%m%d-%H%M%S}"
    figures: dict[str, Any] = {
        "held_out": trial.held_out,
        "new": trial.new.as_json(),
        "before": trial.present.as_json(),
    }
    period = (examples[0].at.isoformat(), examples[-1].at.isoformat())
    card = Card(version, course.task, now.isoformat(), len(examples), period, model.labels, figures)
    return model_files.save(Path(settings.YANLU_MODELS), card, model.as_arrays())


def _moment(example: Example) -> datetime:
    return example.at
