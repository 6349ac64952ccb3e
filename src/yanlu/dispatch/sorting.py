"""How messages are sorted into the categories of one scheme: by its words, or by a trained model.

A scheme starts with its lexicon. Once a model has proved better on the district's own messages
(``training``), it sorts instead; what the lexicon thinks is among the facts that it looks at. Which
model is in use stands in ``ModelUse``. If its files are harmed, the one before goes on and the
fault is shown.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yanlu.dispatch.models import ModelUse
from yanlu.textkit import model_files
from yanlu.textkit.categories import Lexicon
from yanlu.textkit.classifier import Classifier
from yanlu.textkit.evidence import Candidate
from yanlu.textkit.features import Sample
from yanlu.textkit.model_files import Card, ModelUnusable

log = logging.getLogger(__name__)

#: Categories of the lexicon whose confidence a model looks at, and how much it counts beside the
#: words themselves (0.5 was best of 0.3 to 1 on real messages; 0 costs a hundredth of macro F1).
OPINIONS, OPINION_WEIGHT = 40, 0.5
#: Candidates that are kept.
KEPT = 5


@dataclass(frozen=True)
class Learned:
    """A trained model with its card."""

    card: Card
    classifier: Classifier


@dataclass(frozen=True)
class Sorter:
    """Sorts by one scheme."""

    scheme: str
    lexicon: Lexicon
    learned: Learned | None
    faults: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The model's version; empty while the lexicon sorts."""
        return self.learned.card.version if self.learned else ""

    def sort(self, messages: Sequence[tuple[str, str]]) -> list[list[Candidate]]:
        """The likeliest categories of each message (title, text), by code, best first."""
        if self.learned is None:
            return [list(self.lexicon.rank(text, title=title, k=KEPT)) for title, text in messages]
        samples = [sample(self.lexicon, title, text) for title, text in messages]
        return self.learned.classifier.rank(samples, k=KEPT)

    def sure_from(self, automatic_above: float, error_rate: float) -> float:
        """Confidence from which a category needs no person."""
        if self.learned is None:
            return automatic_above
        return self.learned.classifier.threshold(error_rate)


def task_of(scheme: str) -> str:
    """What the models of a scheme are trained for."""
    return f"categories:{scheme}"


def sample(lexicon: Lexicon, title: str, text: str) -> Sample:
    """A message as a model looks at it: its words, and the lexicon's opinion."""
    opinion = lexicon.rank(text, title=title, k=OPINIONS)
    return Sample(text, title, {one.key: OPINION_WEIGHT * one.confidence for one in opinion})


def sorter(scheme: str, rows: Iterable[tuple[str, str, float]]) -> Sorter:
    """The sorter of a scheme, whose words are ``rows`` of code, word and weight."""
    learned, faults = in_use(task_of(scheme))
    return Sorter(scheme, Lexicon(rows), learned, faults)


def in_use(task: str) -> tuple[Learned | None, tuple[str, ...]]:
    """The last model put to use that can be used, and what is wrong with those after it."""
    faults: list[str] = []
    for use in ModelUse.objects.filter(task=task).order_by("-pk"):
        if not use.version:
            break
        try:
            return _load(settings.YANLU_MODELS, use.version), tuple(faults)
        except ModelUnusable as fault:
            log.warning("a model can't be used, the one before goes on: %s", fault)
            faults.append(str(fault))
    return None, tuple(faults)


@lru_cache(maxsize=8)
def _load(folder: Path, version: str) -> Learned:
    card, arrays = model_files.load(folder, version)
    try:
        return Learned(card, Classifier.from_arrays(arrays))
    except (KeyError, ValueError) as error:
        raise ModelUnusable(f"{version} is no model of this version of Yanlu: {error}") from error
