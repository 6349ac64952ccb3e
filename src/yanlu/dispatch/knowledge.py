"""What a Decision is made from, read into memory once and used for thousands of texts."""

from dataclasses import dataclass

from yanlu.dispatch.models import Category, CueList, DeadlineClass, Policy, Rule
from yanlu.dispatch.offices import Office, Offices
from yanlu.dispatch.routing import TASK
from yanlu.dispatch.rules import Line, Table
from yanlu.dispatch.shelf import Learned, in_use
from yanlu.dispatch.sorting import Sorter, read_classifier, sorter
from yanlu.kernel.journal import digest
from yanlu.kernel.pictures import Picture
from yanlu.people import selectors as people
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, SUBDISTRICT, Territory
from yanlu.textkit.categories import Lexicon
from yanlu.textkit.classifier import Classifier
from yanlu.textkit.toponyms import Gazetteer, Toponym
from yanlu.textkit.urgency import KindLexicon, UrgencyLexicon

#: Cues of a kind are few and telling; two of them make it likely.
CUE_WEIGHT = 2.0
#: No confidence reaches this: without a policy a person always confirms.
NEVER = 2.0


@dataclass(frozen=True)
class Subject:
    """A category as dispatch needs it: ``lineage`` holds it and its parents."""

    id: int
    code: str
    name: str
    lineage: frozenset[int]


@dataclass(frozen=True)
class Knowledge:
    """An unchanging picture of lexicons, places, units and rules; ``version`` names it."""

    version: str
    sorter: Sorter
    others: dict[str, Sorter]
    router: Learned[Classifier] | None
    router_faults: tuple[str, ...]
    gazetteer: Gazetteer
    urgencies: UrgencyLexicon
    kinds: KindLexicon
    subjects: dict[int, Subject]
    by_code: dict[tuple[str, str], Subject]
    offices: Offices
    rules: Table
    deadlines: dict[str, int]
    automatic_above: float
    category_above: float
    joins_repeats: bool
    territory: Territory


def _read() -> Knowledge:
    categories = list(Category.objects.select_related("scheme"))
    main, others = _sorters(categories)
    router, router_faults = in_use(TASK, read_classifier)
    cues = list(CueList.objects.all())
    lines = [_line(rule) for rule in Rule.objects.filter(is_active=True)]
    places = territory()
    policy = Policy.objects.first() or Policy(automatic_above=NEVER)
    subjects = _subjects(categories)
    return Knowledge(
        version=main.version or f"lexicon-{digest(_words(categories), list(map(str, lines)))[:10]}",
        sorter=main,
        others=others,
        router=router,
        router_faults=router_faults,
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
        subjects=subjects,
        by_code={(c.scheme.code, c.code): subjects[c.pk] for c in categories},
        offices=Offices(
            (
                Office(unit.pk, unit.name, unit.function, unit.level, unit.place_id)
                for unit in people.units()
            ),
            places,
        ),
        rules=Table(lines),
        deadlines=dict(DeadlineClass.objects.values_list("code", "pk")),
        automatic_above=policy.automatic_above,
        joins_repeats=policy.joins_repeats,
        category_above=main.sure_from(policy.automatic_above, policy.error_rate),
        territory=places,
    )


def _sorters(categories: list[Category]) -> tuple[Sorter, dict[str, Sorter]]:
    """The sorter of the main scheme, and those of the others that have words or a model."""
    schemes = {category.scheme.code: category.scheme.is_main for category in categories}
    found = {
        code: sorter(code, _words([c for c in categories if c.scheme.code == code]))
        for code in schemes
    }
    main = next((code for code, is_main in schemes.items() if is_main), None)
    others = {
        code: one
        for code, one in found.items()
        if code != main
        and (one.learned or any(c.words for c in categories if c.scheme.code == code))
    }
    return found[main] if main else Sorter("", Lexicon([]), None), others


def _words(categories: list[Category]) -> list[tuple[str, str, float]]:
    return sorted((c.code, word, weight) for c in categories for word, weight in c.words.items())


#: The present picture: a process may decide by rules from up to 15 seconds before an edit.
knowledge = Picture(_read, stale=15)


def _subjects(categories: list[Category]) -> dict[int, Subject]:
    parents = {category.pk: category.parent_id for category in categories}

    def lineage(category_id: int | None) -> set[int]:
        return {category_id} | lineage(parents.get(category_id)) if category_id else set()

    return {c.pk: Subject(c.pk, c.code, c.name, frozenset(lineage(c.pk))) for c in categories}


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
