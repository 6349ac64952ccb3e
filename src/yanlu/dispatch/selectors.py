"""Reading what dispatch knows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import get_language

from yanlu.dispatch import encoding
from yanlu.dispatch.knowledge import knowledge
from yanlu.dispatch.models import (
    Admission,
    Category,
    CategoryScheme,
    DeadlineClass,
    DeadlineLimit,
    Decision,
)
from yanlu.dispatch.proposals import Proposal, Said, explain_rules, propose
from yanlu.dispatch.rules import Line
from yanlu.dispatch.shelf import Learned
from yanlu.kernel import clock
from yanlu.kernel.calendars import deadline
from yanlu.kernel.errors import OperatorError
from yanlu.kernel.pictures import Picture
from yanlu.kernel.workdays import local_day
from yanlu.places.selectors import territory

#: Classes of the limits of single steps and procedures, which nobody chooses for a whole matter.
OF_A_STEP = frozenset(
    {"rehandling", "return_window", "suspension", "petition", "petition_notice",
     "petition_extension", "petition_window", "petition_review"}
)  # fmt: skip


@dataclass(frozen=True)
class Option:
    """A line of a list to choose from, in the reader's language."""

    id: int
    code: str
    name: str
    parent_id: int | None = None


@dataclass(frozen=True)
class Explanation:
    """A dry run: the proposal and every rule that was asked, with what did not fit."""

    proposal: Proposal
    rules: list[tuple[Line, str]]
    deadline_class: str


@dataclass(frozen=True)
class Decider:
    """What answers one question: a trained model, or none; and what is wrong with later ones.

    :param question: name of the category scheme; empty for the unit.
    :param macro_f1: on the messages held out when it was trained, 0 to 1.
    """

    question: str
    version: str
    examples: int
    macro_f1: float
    faults: tuple[str, ...]


@dataclass(frozen=True)
class _Books:
    """Lists to choose from, and what a neighbourhood may be given."""

    categories: dict[int, Category]
    deadline_classes: dict[int, DeadlineClass]
    limits: dict[str, list[DeadlineLimit]]
    admitted: frozenset[int]


def _read_books() -> _Books:
    return _Books(
        categories={row.pk: row for row in Category.objects.select_related("scheme")},
        deadline_classes={row.pk: row for row in DeadlineClass.objects.order_by("pk")},
        limits=_read_limits(),
        admitted=frozenset(Admission.objects.values_list("category", flat=True)),
    )


def _read_limits() -> dict[str, list[DeadlineLimit]]:
    """Limits of each class, the latest first."""
    found: dict[str, list[DeadlineLimit]] = {}
    for row in DeadlineLimit.objects.select_related("deadline_class").order_by("-valid_from"):
        found.setdefault(row.deadline_class.code, []).append(row)
    return found


_books = Picture(_read_books, stale=15)


def deciders() -> list[Decider]:
    """Who decides at present: on the main scheme first, then the others, last on the unit."""
    known = knowledge()
    names = {scheme.code: localized(scheme) for scheme in CategoryScheme.objects.all()}
    sorters = [known.sorter, *known.others.values()]
    return [
        *(_decider(names.get(one.scheme, ""), one.learned, one.faults) for one in sorters),
        _decider("", known.router, known.router_faults),
    ]


def finder() -> encoding.Status:
    """What finds similar matters at present, and what is wrong with what should."""
    return encoding.status()


def _decider(question: str, learned: Learned[Any] | None, faults: tuple[str, ...]) -> Decider:
    if learned is None:
        return Decider(question, "", 0, 0.0, faults)
    figures = learned.card.figures.get("new", {})
    return Decider(
        question, learned.card.version, learned.card.examples, figures.get("macro_f1", 0.0), faults
    )


def categories(scheme: str = "") -> list[Option]:
    """Categories of a scheme (none named: the main one), parents before their children."""
    rows = [
        row
        for row in _books().categories.values()
        if (row.scheme.code == scheme if scheme else row.scheme.is_main)
    ]
    return [
        Option(row.pk, row.code, localized(row), row.parent_id)
        for row in sorted(rows, key=lambda row: row.code)
    ]


def other_schemes() -> dict[str, str]:
    """Names of the schemes beside the main one that have categories, by code."""
    schemes = {row.scheme.code: row.scheme for row in _books().categories.values()}
    return {code: localized(one) for code, one in schemes.items() if not one.is_main}


def category_names(ids: set[int]) -> dict[int, str]:
    """Names by number, in the reader's language."""
    rows = _books().categories
    return {number: localized(rows[number]) for number in ids if number in rows}


def category_family(category_id: int) -> list[int]:
    """The category and all below it."""
    below = [row.pk for row in _books().categories.values() if row.parent_id == category_id]
    return [category_id, *(number for one in below for number in category_family(one))]


def main_scheme() -> str:
    """Code of the scheme that drives dispatch; empty while there is none."""
    return CategoryScheme.objects.filter(is_main=True).values_list("code", flat=True).first() or ""


def category_codes(scheme: str) -> dict[tuple[str, str], str]:
    """Code of each category of a scheme by the code above it (empty: none) and its name."""
    rows = Category.objects.filter(scheme__code=scheme)
    return {
        (above or "", name): code
        for above, name, code in rows.values_list("parent__code", "name", "code")
    }


def is_admitted(category_id: int | None) -> bool:
    """Whether a neighbourhood may be given the category: it, or one above it, is on the list."""
    return not _books().admitted.isdisjoint(lineage(category_id))


def lineage(category_id: int | None) -> frozenset[int]:
    """A category and all above it."""
    known = _books().categories
    found = set()
    while category_id in known:
        found.add(category_id)
        category_id = known[category_id].parent_id
    return frozenset(found)


def top_category(category_id: int | None) -> int | None:
    """The category at the top of the tree that this one stands in."""
    return category_under(None, category_id)


def category_under(above_id: int | None, category_id: int | None) -> int | None:
    """Which of those right below a category (``None``: at the top) this one is or belongs to.

    The category above itself stays itself.
    """
    known = _books().categories
    while category_id in known and category_id != above_id:
        over = known[category_id].parent_id
        if over in (None, above_id):
            break
        category_id = over
    return category_id


def top_categories() -> dict[int, int]:
    """Of every category the one at the top of its tree, as :func:`top_category` tells it."""
    return {number: top_category(number) or number for number in _books().categories}


def category_paths() -> dict[int, str]:
    """Of every category its scheme and the codes from the top down to it: ``seven/01/0103``."""
    known = _books().categories
    paths: dict[int, str] = {}
    for number, row in known.items():
        codes, above = [row.code], row.parent_id
        while above in known:
            codes.append(known[above].code)
            above = known[above].parent_id
        paths[number] = "/".join((row.scheme.code, *reversed(codes)))
    return paths


def deadline_classes() -> list[Option]:
    """Classes of limits that a matter may take in all."""
    rows = _books().deadline_classes.values()
    return [Option(row.pk, row.code, localized(row)) for row in rows if row.code not in OF_A_STEP]


def limit(code: str, start: datetime) -> DeadlineLimit:
    """The limit of this class for what begins then.

    :raises OperatorError: the district has none, though Yanlu needs it.
    """
    rows = _books().limits.get(code)
    if not rows:
        raise OperatorError(f"no limit of a deadline class {code!r}: add it in the editor")
    day = local_day(start)
    return next((row for row in rows if row.valid_from <= day), rows[-1])


def ending(code: str, start: datetime) -> datetime:
    """When the limit of this class ends that begins then."""
    found = limit(code, start)
    return deadline(start, found.amount, found.unit)


def decision(decision_id: int) -> Decision:
    """One Decision with its reasons."""
    return Decision.objects.get(pk=decision_id)


def decisions(ids: list[int]) -> list[Decision]:
    """These Decisions, in order, without their reasons."""
    found = Decision.objects.filter(pk__in=ids).select_related("deadline_class", "item")
    return list(found.defer("reasons").order_by("pk"))


class Placed(NamedTuple):
    """What a Decision says a matter is, and where."""

    place_id: int | None
    category_id: int | None
    kind: str


def placed(ids: Collection[int]) -> dict[int, Placed]:
    """What these Decisions say, by number."""
    rows = Decision.objects.filter(pk__in=ids).values_list("pk", *Placed._fields)
    return {number: Placed._make(row) for number, *row in rows}


def latest_placed(submission_ids: Collection[int]) -> dict[int, Placed]:
    """What the Decisions in force say of these submissions."""
    rows = Decision.objects.filter(submission__in=submission_ids).order_by("submission", "-pk")
    latest = rows.distinct("submission").values_list("submission", *Placed._fields)
    return {number: Placed._make(row) for number, *row in latest}


def latest_decision(submission_id: int) -> Decision:
    """The Decision in force on a submission that was decided on."""
    return Decision.objects.filter(submission=submission_id).latest("pk")


def dry_run(
    text: str,
    title: str = "",
    place_id: int | None = None,
    lat: float | None = None,
    lon: float | None = None,
    at: datetime | None = None,
) -> Explanation:
    """What dispatch would decide, with every step; nothing is written."""
    has_point = lat is not None and lon is not None
    if has_point and place_id is None:
        place_id = territory().locate(lat, lon)  # type: ignore[arg-type]
    known = knowledge()
    said = Said(
        title=title,
        text=text,
        place_id=place_id,
        has_point=has_point,
        received_at=at or clock.now(),
    )
    proposal = propose(known, said)
    line = proposal.line
    named = _books().deadline_classes.get(line.deadline_class_id) if line else None
    return Explanation(
        proposal=proposal,
        rules=explain_rules(known, proposal.matter),
        deadline_class=localized(named) if named else "",
    )


def localized(row: Category | CategoryScheme | DeadlineClass) -> str:
    """The row's name in the reader's language; English where there is one."""
    return (row.name_en or row.name) if get_language() == "en" else row.name
