"""The write door of what dispatch goes by: schemes, cues, limits and rules, loaded as a whole.

For single changes there is the editor (``admin.py``).
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from yanlu.dispatch.models import (
    Category,
    CategoryScheme,
    CueList,
    DeadlineClass,
    Policy,
    Rule,
)
from yanlu.kernel import journal
from yanlu.kernel.pictures import forget_all

SUBJECT = journal.Subject("dispatch_configuration", 1)


@transaction.atomic
def load_schemes(*, actor: journal.Actor, schemes: Sequence[dict[str, Any]]) -> None:
    """Add category schemes with their categories and words; parents stand before children."""
    for row in schemes:
        scheme = CategoryScheme.objects.create(
            code=row["code"], name=row["name"], name_en=row["name_en"], is_main=row["is_main"]
        )
        made: dict[str | None, Category | None] = {None: None}
        for category in row["categories"]:
            made[category["code"]] = Category.objects.create(
                scheme=scheme,
                parent=made[category.get("parent")],
                code=category["code"],
                name=category["name"],
                name_en=category["name_en"],
                words=category.get("words", {}),
            )
    _record("categories.loaded", actor, [row["code"] for row in schemes])


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
    """Add deadline classes."""
    DeadlineClass.objects.bulk_create(DeadlineClass(**row) for row in classes)
    _record("deadlines.loaded", actor, [row["code"] for row in classes])


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
def set_policy(*, actor: journal.Actor, automatic_above: float) -> None:
    """Set the confidence from which dispatch acts alone (above 1: never)."""
    Policy.objects.update_or_create(pk=1, defaults={"automatic_above": automatic_above})
    _record("policy.set", actor, automatic_above)


def _record(verb: str, actor: journal.Actor, what: Any) -> None:
    journal.record(verb, SUBJECT, actor=actor, data={"what": what})
    forget_all()
