"""What dispatch can learn from Decisions that a person made or agreed with.

The categories of each scheme, and the units beside the rules. Reports of wrongdoing are never
learned from.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from yanlu.dispatch import routing
from yanlu.dispatch.knowledge import Knowledge, knowledge
from yanlu.dispatch.models import Category, CategoryScheme, Decision
from yanlu.dispatch.proposals import matter_of
from yanlu.dispatch.services import BY_PERSON
from yanlu.dispatch.shelf import in_use
from yanlu.dispatch.sorting import Sorter, read_classifier, sample, task_of
from yanlu.dispatch.training import Course, Example, Trial, train
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import NotFound
from yanlu.textkit import measures
from yanlu.textkit.categories import Lexicon
from yanlu.textkit.classifier import FEWEST, Classifier
from yanlu.textkit.features import Sample
from yanlu.textkit.measures import Figures

#: Examples that are learned from: the newest; what was said years ago is said otherwise today.
MOST_EXAMPLES: Final = 50_000


def train_categories(
    *,
    actor: journal.Actor,
    scheme: str,
    examples: Sequence[Example] | None = None,
    is_rehearsal: bool = False,
) -> Trial:
    """Learn a scheme's categories from these examples, or from what was confirmed.

    :raises NotFound: no such scheme.
    :raises Invalid: see ``training.train``.
    """
    course = _Categories(scheme)
    found = confirmed_examples(scheme) if examples is None else examples
    return train(course, _with_room(scheme, found), actor=actor, is_rehearsal=is_rehearsal)


def train_units(*, actor: journal.Actor, is_rehearsal: bool = False) -> Trial:
    """Learn from what was confirmed to which unit a matter goes.

    :raises Invalid: see ``training.train``.
    """
    known = knowledge()
    handled = _handled(known)
    counts = Counter(one.label for one in handled)
    enough = [one for one in handled if counts[one.label] >= FEWEST]
    return train(_Units(known), enough, actor=actor, is_rehearsal=is_rehearsal)


def confirmed_examples(scheme: str) -> list[Example]:
    """What persons confirmed in this scheme, newest first."""
    codes = dict(Category.objects.filter(scheme__code=scheme).values_list("pk", "code"))
    rows = _confirmed().filter(Q(category__in=codes) | Q(also__has_key=scheme))
    columns = "submission__title", "submission__text", "submission__received_at"
    return [
        Example(title, text, codes[also.get(scheme, category)], at)
        for title, text, at, also, category in rows.values_list(*columns, "also", "category")[
            :MOST_EXAMPLES
        ]
        if also.get(scheme, category) in codes
    ]


def schemes() -> list[str]:
    """Codes of all category schemes."""
    return list(CategoryScheme.objects.order_by("pk").values_list("code", flat=True))


def codes_by_name(scheme: str) -> dict[str, str]:
    """The code of each category by its name and by its code; of two of a name the upper one."""
    rows = Category.objects.filter(scheme__code=scheme).order_by("-code")
    pairs = list(rows.values_list("code", "name"))
    return {name: code for code, name in pairs} | {code: code for code, _name in pairs}


def _confirmed() -> QuerySet[Decision]:
    """Decisions in force that a person made or agreed with, newest first."""
    by_person = Q(method=BY_PERSON) | Q(confirmation__isnull=False)
    found = Decision.objects.filter(by_person, decision=None, part="").exclude(kind="report")
    return found.order_by("-submission__received_at")


class _Categories(Course):
    """The categories of one scheme."""

    def __init__(self, scheme: str) -> None:
        self._sorter = _sorter(scheme)
        self.task, self.name = task_of(scheme), scheme
        self.learned = self._sorter.learned

    def look(self, examples: Sequence[Example]) -> list[Sample]:
        return [sample(self._sorter.lexicon, one.title, one.text) for one in examples]

    def measure(self, model: Classifier, examples: Sequence[Example]) -> Figures:
        truth = [one.label for one in examples]
        return measures.measure(model.labels, model.believe(self.look(examples)), truth)

    def measure_present(self, examples: Sequence[Example]) -> Figures:
        """A finer category counts for the one above it that was asked."""
        truth, above = [one.label for one in examples], _above(self._sorter.scheme)
        names = sorted(set(truth))
        number = {name: place for place, name in enumerate(names)}
        believed = np.zeros((len(examples), len(names)))
        for row, found in enumerate(self._sorter.sort([(e.title, e.text) for e in examples])):
            for candidate in found:
                code: str | None = candidate.key
                while code and code not in number:
                    code = above.get(code)
                if code:
                    believed[row, number[code]] += candidate.confidence
        return measures.measure(names, believed, truth)


def _sorter(scheme: str) -> Sorter:
    known = knowledge()
    if known.sorter.scheme == scheme:
        return known.sorter
    if scheme in known.others:
        return known.others[scheme]
    if not Category.objects.filter(scheme__code=scheme).exists():
        raise NotFound(_("There is no such category scheme."))
    learned, faults = in_use(task_of(scheme), read_classifier)
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


def _above(scheme: str) -> dict[str, str | None]:
    """Each category's code with that of the one above it."""
    return dict(Category.objects.filter(scheme__code=scheme).values_list("code", "parent__code"))


@dataclass(frozen=True)
class _Handled(Example):
    """A message and what the confirmed unit is for; what the machine proposed for it.

    ``is_ruled``: a rule said so by itself, which wins whatever a model says.
    """

    sample: Sample
    proposed: str
    is_ruled: bool


class _Units(Course):
    """To which unit a matter goes, by its words, category and place."""

    task = name = routing.TASK

    def __init__(self, known: Knowledge) -> None:
        self.learned = known.router

    def look(self, examples: Sequence[_Handled]) -> list[Sample]:
        return [one.sample for one in examples]

    def measure(self, model: Classifier, examples: Sequence[_Handled]) -> Figures:
        """Together with the rules, which win where they say so."""
        names = sorted({*model.labels, *_names(examples)})
        believed = np.zeros((len(examples), len(names)))
        columns = [names.index(label) for label in model.labels]
        believed[:, columns] = model.believe(self.look(examples))
        for row, one in enumerate(examples):
            if one.is_ruled:
                believed[row] = _certain(names, one.proposed)
        return measures.measure(names, believed, [one.label for one in examples])

    def measure_present(self, examples: Sequence[_Handled]) -> Figures:
        names = _names(examples)
        believed = np.array([_certain(names, one.proposed) for one in examples])
        return measures.measure(names, believed, [one.label for one in examples])


def _names(examples: Sequence[_Handled]) -> list[str]:
    return sorted({name for one in examples for name in (one.label, one.proposed) if name})


def _certain(names: Sequence[str], answer: str) -> "np.typing.NDArray[np.float64]":
    return np.array([float(name == answer) for name in names])


def _handled(known: Knowledge) -> list[_Handled]:
    """Confirmed Decisions with a unit, as a model of units learns from them."""
    offices = {office.id: routing.label_of(office) for office in known.offices}
    specific = {line.id for line in known.rules if line.is_specific}
    rows = _confirmed().filter(unit__isnull=False).select_related("submission").defer("reasons")
    found = list(rows[:MOST_EXAMPLES])
    first = _first_proposed([row.submission_id for row in found])
    return [
        _Handled(
            title=row.submission.title,
            text=row.submission.text,
            label=offices[row.unit_id],
            at=row.submission.received_at,
            sample=_sample(known, row),
            proposed=offices.get(first[row.submission_id][0], ""),
            is_ruled=first[row.submission_id][1] in specific,
        )
        for row in found
        if row.unit_id in offices and row.submission_id in first
    ]


def _sample(known: Knowledge, decision: Decision) -> Sample:
    said = decision.submission
    matter = matter_of(
        known,
        decision.category_id,
        decision.place_id,
        kind=decision.kind,
        urgency=decision.urgency,
        received_at=said.received_at.astimezone(clock.ZONE),
    )
    return routing.sample(known, said.title, said.text, matter)


def _first_proposed(submission_ids: Iterable[int]) -> dict[int, tuple[Any, Any]]:
    """Unit and rule of the machine's own Decision on each submission."""
    rows = Decision.objects.filter(submission__in=list(submission_ids), replaces=None, part="")
    columns = rows.exclude(method=BY_PERSON).values_list("submission_id", "unit_id", "rule_id")
    return {number: (unit, rule) for number, unit, rule in columns}
