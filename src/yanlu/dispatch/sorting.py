"""How messages are sorted into the categories of one scheme: by its words, or by a trained model.

A scheme starts with its lexicon. Once a model has proved better on the district's own messages
(``training``), it sorts instead; what the lexicon thinks is among the facts that it looks at. Which
model is in use stands in ``ModelUse``. If its files are harmed, the one before goes on and the
fault is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yanlu.dispatch.shelf import Learned, in_use
from yanlu.textkit.categories import Lexicon
from yanlu.textkit.classifier import Classifier
from yanlu.textkit.evidence import Candidate
from yanlu.textkit.features import Sample
from yanlu.textkit.model_files import Arrays, Card

#: How much the lexicon's confidence in a category counts beside the words themselves (0.5 was best
#: of 0.3 to 1 on real messages; 0 costs a hundredth of macro F1).
OPINION_WEIGHT = 0.5
#: Candidates that are kept.
KEPT = 5


@dataclass(frozen=True)
class Sorter:
    """Sorts by one scheme."""

    scheme: str
    lexicon: Lexicon
    learned: Learned[Classifier] | None
    faults: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The model's version; empty while the lexicon sorts."""
        return self.learned.card.version if self.learned else ""

    def sort(self, messages: Sequence[tuple[str, str]], k: int = KEPT) -> list[list[Candidate]]:
        """The *k* likeliest categories of each message (title, text), by code, best first."""
        if self.learned is None:
            return [list(self.lexicon.rank(text, title=title, k=k)) for title, text in messages]
        samples = [sample(self.lexicon, title, text) for title, text in messages]
        return self.learned.model.rank(samples, k=k)

    def sure_from(self, automatic_above: float, error_rate: float) -> float:
        """Confidence from which a category needs no person."""
        if self.learned is None:
            return automatic_above
        return self.learned.model.threshold(error_rate)


def task_of(scheme: str) -> str:
    """What the models of a scheme are trained for."""
    return f"categories:{scheme}"


def sample(lexicon: Lexicon, title: str, text: str) -> Sample:
    """A message as a model looks at it: its words, and the lexicon's opinion."""
    opinion = lexicon.believe(text, title=title)
    return Sample(text, title, {key: OPINION_WEIGHT * sure for key, sure in opinion.items()})


def sorter(scheme: str, rows: Iterable[tuple[str, str, float]]) -> Sorter:
    """The sorter of a scheme, whose words are ``rows`` of code, word and weight."""
    learned, faults = in_use(task_of(scheme), read_classifier)
    return Sorter(scheme, Lexicon(rows), learned, faults)


def read_classifier(_card: Card, arrays: Arrays) -> Classifier:
    """A classifier as `yanlu.dispatch.shelf` makes it."""
    return Classifier.from_arrays(arrays)
