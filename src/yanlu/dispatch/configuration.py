"""The write door of what dispatch goes by: schemes, cues, limits and rules, loaded as a whole.

For single changes there is the editor (``admin.py``).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from yanlu.dispatch.models import (
    Admission,
    CatalogueItem,
    Category,
    CategoryScheme,
    CueList,
    DeadlineClass,
    DeadlineLimit,
    Policy,
    Rule,
)
from yanlu.kernel import journal
from yanlu.kernel.errors import Invalid
from yanlu.kernel.pictures import forget_all

#: Since when the usual limits hold: the day on which the Shanghai rules came into force.
SINCE = date(2021, 7, 1)
SUBJECT = journal.Subject("dispatch_configuration", 1)


class Loaded(NamedTuple):
    """What a scheme was given: categories that are new, and words that categories lacked."""

    categories: int
    words: int
    became_main: bool


@transaction.atomic
def load_schemes(*, actor: journal.Actor, schemes: Sequence[dict[str, Any]]) -> dict[str, Loaded]:
    """Add category schemes, and to those that exist what they lack; parents stand before children.

    Nothing is taken away, and what a district edited stays: names, and weights of known words.
    The first main scheme stays the main one, since the rules go by it. Returns what each scheme
    was given, by its code.

    :raises Invalid: a category hangs below one that is not there.
    """
    given = {row["code"]: _load_scheme(row) for row in schemes}
    if grown := [code for code, loaded in given.items() if any(loaded)]:
        _record("categories.loaded", actor, grown)
    return given


def _load_scheme(row: dict[str, Any]) -> Loaded:
    scheme, __ = CategoryScheme.objects.get_or_create(
        code=row["code"], defaults={"name": row["name"], "name_en": row["name_en"]}
    )
    becomes_main = row["is_main"] and not CategoryScheme.objects.filter(is_main=True).exists()
    if becomes_main:
        scheme.is_main = True
        scheme.save(update_fields=["is_main"])
    known = {category.code: category for category in scheme.categories.all()}
    before = len(known)
    words = sum(_load_category(scheme, known, category) for category in row["categories"])
    return Loaded(len(known) - before, words, becomes_main)


def _load_category(scheme: CategoryScheme, known: dict[str, Category], row: dict[str, Any]) -> int:
    """Add a category or the words that it lacks; how many words."""
    code, above = row["code"], row.get("parent")
    if above and above not in known:
        raise Invalid(
            _("Category %(code)s: there is no %(parent)s above it.")
            % {"code": code, "parent": above}
        )
    category = known.get(code) or Category(
        scheme=scheme,
        parent=known[above] if above else None,
        code=code,
        name=row["name"],
        name_en=row.get("name_en", ""),
    )
    missing = {
        word: weight for word, weight in row.get("words", {}).items() if word not in category.words
    }
    if missing or category.pk is None:
        category.words |= missing
        category.save()
    known[code] = category
    return len(missing)


@transaction.atomic
def load_cues(*, actor: journal.Actor, cues: dict[str, dict[str, list[str]]]) -> None:
    """Add the words that hint at urgencies and kinds: group → value → words."""
    CueList.objects.bulk_create(
        CueList(group=group, value=value, words=words)
        for group, lists in cues.items()
        for value, words in lists.items()
    )
    _record("cues.loaded", actor, sorted(cues))


@transaction.atomic
def load_deadlines(*, actor: journal.Actor, classes: Sequence[dict[str, Any]]) -> None:
    """Add deadline classes, each with the limit that holds for it, from ``valid_from`` on."""
    for row in classes:
        named = {name: row[name] for name in ("code", "name", "name_en")}
        limit = {name: row[name] for name in ("amount", "unit", "note")}
        DeadlineLimit.objects.create(
            deadline_class=DeadlineClass.objects.create(**named),
            valid_from=row.get("valid_from", SINCE),
            **limit,
        )
    _record("deadlines.loaded", actor, [row["code"] for row in classes])


@transaction.atomic
def load_admissions(*, actor: journal.Actor, matters: Mapping[str, str]) -> None:
    """Add to the list of what a neighbourhood may be given: code of the category → ground."""
    numbers = dict(Category.objects.filter(scheme__is_main=True).values_list("code", "pk"))
    Admission.objects.bulk_create(
        Admission(category_id=numbers[code], ground=ground) for code, ground in matters.items()
    )
    _record("admissions.loaded", actor, list(matters))


@transaction.atomic
def load_catalogue(*, actor: journal.Actor, items: Sequence[dict[str, Any]]) -> None:
    """Add to the catalogue of matters: categories and deadline classes by code.

    ``grid_category`` is of the scheme ``grid``; everything else as ``CatalogueItem`` has it.
    """
    main = dict(Category.objects.filter(scheme__is_main=True).values_list("code", "pk"))
    grid = dict(Category.objects.filter(scheme__code="grid").values_list("code", "pk"))
    deadlines = dict(DeadlineClass.objects.values_list("code", "pk"))
    named = ("category", "grid_category", "deadline_class")
    CatalogueItem.objects.bulk_create(
        CatalogueItem(
            category_id=main[row["category"]],
            grid_category_id=grid[row["grid_category"]] if row["grid_category"] else None,
            deadline_class_id=deadlines[row["deadline_class"]],
            **{field: value for field, value in row.items() if field not in named},
        )
        for row in items
    )
    _record("catalogue.loaded", actor, len(items))


@transaction.atomic
def load_rules(*, actor: journal.Actor, rules: Sequence[dict[str, Any]]) -> None:
    """Add the dispatch table: categories and deadline classes by code, places by number."""
    categories = dict(Category.objects.filter(scheme__is_main=True).values_list("code", "pk"))
    deadlines = dict(DeadlineClass.objects.values_list("code", "pk"))
    Rule.objects.bulk_create(
        Rule(
            order=row["order"],
            name=row["name"],
            name_en=row["name_en"],
            category_id=categories[row["category"]] if row["category"] else None,
            kind=row["kind"] or "",
            urgency=row["urgency"] or "",
            place_id=row["place"],
            weekdays=row["weekdays"] or "",
            from_hour=row["from_hour"],
            to_hour=row["to_hour"],
            function=row["target_function"],
            level=row["level"],
            deadline_class_id=deadlines[row["deadline_class"]],
            reason=row["reason"],
            reason_en=row["reason_en"],
        )
        for row in rules
    )
    _record("rules.loaded", actor, len(rules))


@transaction.atomic
def set_policy(
    *, actor: journal.Actor, automatic_above: float, joins_repeats: bool | None = None
) -> None:
    """Set the confidence from which dispatch acts alone (above 1: never).

    :param joins_repeats: whether the same words at the same place join one case; ``None`` leaves
        it as it is.
    """
    chosen: dict[str, Any] = {"automatic_above": automatic_above}
    if joins_repeats is not None:
        chosen["joins_repeats"] = joins_repeats
    Policy.objects.update_or_create(pk=1, defaults=chosen)
    _record("policy.set", actor, automatic_above)


def _record(verb: str, actor: journal.Actor, what: Any) -> None:
    journal.record(verb, SUBJECT, actor=actor, data={"what": what})
    forget_all()
