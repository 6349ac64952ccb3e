"""Learning categories from what persons confirmed, and putting a model to use: a write door.

Examples are Decisions that a person made or agreed with. The newest fifth is held out, with
whatever nearly repeats it; a model of the older ones is compared on it with what is in use. Only if
it is better a model of all examples takes over. Reports of wrongdoing are never learned from.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanlu.dispatch.knowledge import knowledge
from yanlu.dispatch.models import Category, CategoryScheme, Decision, ModelUse
from yanlu.dispatch.services import BY_PERSON
from yanlu.dispatch.sorting import Sorter, in_use, sample, task_of
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Invalid, NotFound
from yanlu.kernel.pictures import forget_all
from yanlu.textkit import measures, model_files
from yanlu.textkit.categories import Lexicon
from yanlu.textkit.classifier import FEWEST, Classifier, TooFewExamples, train
from yanlu.textkit.measures import Figures
from yanlu.textkit.model_files import Card
from yanlu.textkit.near_duplicates import groups_of

SUBJECT = journal.Subject("models", 1)
#: Examples below which nobody can tell a good model from a lucky one.
FEWEST_EXAMPLES: Final = 200
#: Examples that are learned from: the newest; what was said years ago is said otherwise today.
MOST_EXAMPLES: Final = 50_000
HELD_OUT: Final = 0.2
SEED: Final = 2021


@dataclass(frozen=True)
class Example:
    """A message and the code of the category that a person confirmed."""

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


def confirmed_examples(scheme: str) -> list[Example]:
    """What persons confirmed in this scheme, oldest first."""
    confirmed = Q(method=BY_PERSON) | Q(confirmation__isnull=False)
    rows = (
        Decision.objects.filter(confirmed, decision=None, category__scheme__code=scheme)
        .exclude(kind="report")
        .order_by("-submission__received_at")
        .values_list(
            "submission__title", "submission__text", "category__code", "submission__received_at"
        )[:MOST_EXAMPLES]
    )
    return [Example(*row) for row in reversed(rows)]


def schemes() -> list[str]:
    """Codes of all category schemes."""
    return list(CategoryScheme.objects.order_by("pk").values_list("code", flat=True))


def codes_by_name(scheme: str) -> dict[str, str]:
    """The code of each category by its name and by its code; of two of a name the upper one."""
    rows = Category.objects.filter(scheme__code=scheme).order_by("-code")
    pairs = list(rows.values_list("code", "name"))
    return {name: code for code, name in pairs} | {code: code for code, _name in pairs}


def train_categories(
    *,
    actor: journal.Actor,
    scheme: str,
    examples: Sequence[Example] | None = None,
    is_rehearsal: bool = False,
) -> Trial:
    """Train on these examples (or on what was confirmed); put the model to use if it is better.

    :raises NotFound: no such scheme.
    :raises Invalid: too few examples, or none that the present model has not seen.
    """
    sorter = _sorter(scheme)
    found = sorted(confirmed_examples(scheme) if examples is None else examples, key=_moment)
    found = _with_room(scheme, found)
    if len(found) < FEWEST_EXAMPLES:
        raise Invalid(
            _("Only %(count)s confirmed messages: at least %(least)s are needed.")
            % {"count": len(found), "least": FEWEST_EXAMPLES}
        )
    older, newer = _split(found, sorter)
    try:
        model = _train(sorter, older)
    except TooFewExamples as error:
        raise Invalid(_("Fewer than two categories have examples enough.")) from error
    trial = Trial(
        len(found),
        len(newer),
        new=_measure(sorter, newer, model),
        present=_measure_present(sorter, newer),
    )
    if is_rehearsal or not trial.is_better:
        return trial
    card = _keep(scheme, found, _train(sorter, found), trial)
    use_model(actor=actor, version=card.version)
    return Trial(len(found), len(newer), trial.new, trial.present, card)


@transaction.atomic
def use_model(*, actor: journal.Actor, version: str, task: str = "") -> Card | None:
    """Let this model decide from now on; an empty version gives the task back to its lexicon.

    :raises NotFound: no such model.
    :raises model_files.ModelUnusable: its files are harmed.
    """
    card = None
    if version:
        if not (settings.YANLU_MODELS / f"{version}{model_files.CARD}").is_file():
            raise NotFound(_("There is no such model."))
        card, _arrays = model_files.load(settings.YANLU_MODELS, version)
        task = card.task
    ModelUse.objects.create(task=task, version=version, used_by=actor.ref, used_at=clock.now())
    journal.record("model.used", SUBJECT, actor=actor, data={"task": task, "version": version})
    forget_all()
    return card


def previous_version(task: str) -> str:
    """The version that was in use before the present one; empty for the lexicon.

    :raises NotFound: the task never changed hands.
    """
    versions = list(
        ModelUse.objects.filter(task=task).order_by("-pk").values_list("version", flat=True)
    )
    if not versions:
        raise NotFound(_("There is nothing to go back to."))
    return next((version for version in versions if version != versions[0]), "")


def _sorter(scheme: str) -> Sorter:
    known = knowledge()
    if known.sorter.scheme == scheme:
        return known.sorter
    if scheme in known.others:
        return known.others[scheme]
    if not Category.objects.filter(scheme__code=scheme).exists():
        raise NotFound(_("There is no such category scheme."))
    learned, faults = in_use(task_of(scheme))
    return Sorter(scheme, Lexicon([]), learned, faults)


def _with_room(scheme: str, examples: Sequence[Example]) -> list[Example]:
    """Categories with too few examples give theirs to the one above; what is left over goes."""
    above = dict(Category.objects.filter(scheme__code=scheme).values_list("code", "parent__code"))
    labels = [example.label for example in examples]
    for _level in range(len(set(above.values())) + 1):
        counts = Counter(labels)
        raised = [
            above.get(label) or label if counts[label] < FEWEST else label for label in labels
        ]
        if raised == labels:
            break
        labels = raised
    counts = Counter(labels)
    return [
        Example(one.title, one.text, label, one.at)
        for one, label in zip(examples, labels, strict=True)
        if label in above and counts[label] >= FEWEST
    ]


def _split(examples: Sequence[Example], sorter: Sorter) -> tuple[list[Example], list[Example]]:
    """Older and newer ones; no message stands on both sides, however it is worded.

    A model in use was trained on what came before its end: it is compared on later ones only.
    """
    begin = len(examples) - int(len(examples) * HELD_OUT)
    if sorter.learned:
        end = datetime.fromisoformat(sorter.learned.card.period[1])
        seen = sum(example.at <= end for example in examples)
        begin = max(begin, seen)
    if len(examples) - begin < FEWEST_EXAMPLES * HELD_OUT:
        raise Invalid(_("Too few messages were confirmed since the present model was trained."))
    groups = groups_of([sample(sorter.lexicon, e.title, e.text).folded for e in examples])
    late = set(groups[begin:].tolist())
    older = [one for one, group in zip(examples[:begin], groups, strict=False) if group not in late]
    return older, list(examples[begin:])


def _train(sorter: Sorter, examples: Sequence[Example]) -> Classifier:
    samples = [sample(sorter.lexicon, one.title, one.text) for one in examples]
    return train(samples, [one.label for one in examples], seed=SEED)


def _measure(sorter: Sorter, examples: Sequence[Example], model: Classifier) -> Figures:
    """Figures of a new model on these examples."""
    samples = [sample(sorter.lexicon, one.title, one.text) for one in examples]
    return measures.measure(model.labels, model.believe(samples), [one.label for one in examples])


def _measure_present(sorter: Sorter, examples: Sequence[Example]) -> Figures:
    """Figures of what is in use; a finer category counts for the one above it that was asked."""
    truth, above = [one.label for one in examples], _above(sorter.scheme)
    names = sorted(set(truth))
    number = {name: place for place, name in enumerate(names)}
    believed = np.zeros((len(examples), len(names)))
    for row, found in enumerate(sorter.sort([(one.title, one.text) for one in examples])):
        for candidate in found:
            code: str | None = candidate.key
            while code and code not in number:
                code = above.get(code)
            if code:
                believed[row, number[code]] += candidate.confidence
    return measures.measure(names, believed, truth)


def _above(scheme: str) -> dict[str, str | None]:
    """Each category's code with that of the one above it."""
    return dict(Category.objects.filter(scheme__code=scheme).values_list("code", "parent__code"))


def _keep(scheme: str, examples: Sequence[Example], model: Classifier, trial: Trial) -> Card:
    now = clock.now().astimezone(clock.ZONE)
    version = f"{scheme}-{now:%Y%m%d-%H%M%S}"
    figures: dict[str, Any] = {
        "held_out": trial.held_out,
        "new": trial.new.as_json(),
        "before": trial.present.as_json(),
    }
    period = (examples[0].at.isoformat(), examples[-1].at.isoformat())
    card = Card(
        version, task_of(scheme), now.isoformat(), len(examples), period, model.labels, figures
    )
    return model_files.save(Path(settings.YANLU_MODELS), card, model.as_arrays())


def _moment(example: Example) -> datetime:
    return example.at
