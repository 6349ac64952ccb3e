"""What a Decision is made from, read into memory once and used for thousands of texts."""

from dataclasses import dataclass

from yanlu.dispatch.models import Category, CueList, DeadlineClass, Policy, Rule
from yanlu.dispatch.rules import Line
from yanlu.kernel.journal import digest
from yanlu.kernel.pictures import Picture
from yanlu.people import selectors as people
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, SUBDISTRICT, Territory
from yanlu.textkit.categories import Lexicon
from yanlu.textkit.toponyms import Gazetteer, Toponym
from yanlu.textkit.urgency import KindLexicon, UrgencyLexicon

#: Cues of a kind are few and telling; two of them make it likely.
CUE_WEIGHT = 2.0


@dataclass(frozen=True)
class Subject:
    """A category as dispatch needs it: ``lineage`` holds it and its parents."""

    id: int
    name: str
    lineage: frozenset[int]


@dataclass(frozen=True)
class Office:
    """A unit as rules see it."""

    id: int
    name: str
    function: str
    level: int
    place_id: int


@dataclass(frozen=True)
class Knowledge:
    """An unchanging picture of lexicons, places, units and rules; ``version`` names it."""

    version: str
    lexicon: Lexicon
    gazetteer: Gazetteer
    urgencies: UrgencyLexicon
    kinds: KindLexicon
    subjects: dict[int, Subject]
    offices: list[Office]
    lines: list[Line]
    deadlines: dict[str, int]
    automatic_above: float
    territory: Territory


def _read() -> Knowledge:
    categories = list(Category.objects.filter(scheme__is_main=True))
    word_rows = [(str(c.pk), word, weight) for c in categories for word, weight in c.words.items()]
    cues = list(CueList.objects.all())
    lines = [_line(rule) for rule in Rule.objects.filter(is_active=True)]
    places = territory()
    return Knowledge(
        version=f"lexicon-{digest(sorted(word_rows), [str(line) for line in lines])[:10]}",
        lexicon=Lexicon(word_rows),
        gazetteer=_gazetteer(places),
        urgencies=UrgencyLexicon(
            [(cue.value, word) for cue in cues if cue.group == "urgency" for word in cue.words]
        ),
        kinds=KindLexicon(
            [
                (cue.value, word, CUE_WEIGHT)
                for cue in cues
                if cue.group == "kind"
                for word in cue.words
            ]
        ),
        subjects=_subjects(categories),
        offices=[
            Office(unit.pk, unit.name, unit.function, unit.level, unit.place_id)
            for unit in people.units()
        ],
        lines=lines,
        deadlines=dict(DeadlineClass.objects.values_list("code", "pk")),
        automatic_above=automatic_above(),
        territory=places,
    )


#: The present picture: a process may decide by rules from up to 15 seconds before an edit.
knowledge = Picture(_read, stale=15)


def automatic_above() -> float:
    """Confidence from which a Decision dispatches alone; never without a policy."""
    policy = Policy.objects.first()
    return policy.automatic_above if policy else 2.0


def _subjects(categories: list[Category]) -> dict[int, Subject]:
    parents = {category.pk: category.parent_id for category in categories}

    def lineage(category_id: int | None) -> set[int]:
        return {category_id} | lineage(parents.get(category_id)) if category_id else set()

    return {c.pk: Subject(c.pk, c.name, frozenset(lineage(c.pk))) for c in categories}


def _gazetteer(places: Territory) -> Gazetteer:
    return Gazetteer(
        Toponym(str(node.id), node.name, node.aliases, node.level, node.path)
        for node in places.nodes.values()
        if node.level in (SUBDISTRICT, COMMUNITY)
    )


def _line(rule: Rule) -> Line:
    return Line(
        id=rule.pk,
        order=rule.order,
        name=rule.name,
        category_id=rule.category_id,
        kind=rule.kind,
        urgency=rule.urgency,
        place_id=rule.place_id,
        weekdays=rule.weekdays,
        hours=(rule.from_hour, rule.to_hour)
        if rule.from_hour is not None and rule.to_hour is not None
        else None,
        unit_id=rule.unit_id,
        function=rule.function,
        level=rule.level,
        deadline_class_id=rule.deadline_class_id,
        reason=rule.reason,
    )
