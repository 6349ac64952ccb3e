"""Acts on cases while the work queue is long: ``python -m bench.acting``, in a filled database.

Each act goes through its write door, from the person to the commit, on cases that were not touched
before; one connection. Prints for each act its times in milliseconds and its statements, and what
it took to dispatch a thousand at once, in seconds.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanlu.project.settings")
django.setup()

from django.db import connection  # noqa: E402 - after setup

from yanlu.cases import extending, returning, services  # noqa: E402
from yanlu.cases.models import Case  # noqa: E402
from yanlu.kernel import clock  # noqa: E402
from yanlu.kernel.workdays import local_day  # noqa: E402
from yanlu.people import selectors as people  # noqa: E402
from yanlu.people.models import Account  # noqa: E402

#: Cases that each act is done on, and that are dispatched at once.
MANY, AT_ONCE = 150, 1_000
WHY = "按照规定应当这样处理。"
#: Characters for answers that nobody reads.
COMMON = range(0x4E00, 0x9000)

Act = Callable[[Account, Case], object]


def _answer(who: Account, case: Case) -> object:
    """An answer in words of its own, since one that is like another's is held back."""
    words = Random(case.pk)
    points, facts, appeal = ("".join(map(chr, words.choices(COMMON, k=60))) for _ in range(3))
    form = services.ClosingForm(
        points=points,
        facts=facts,
        appeal=appeal,
        result="solved",
        way="phone",
    )
    return services.answer_case(actor=who, case_id=case.pk, form=form)


def _acts(unit: int) -> list[tuple[str, str, Act]]:
    """The way of a case, act by act: name, by whom, how."""
    team, centre, clerk = "handler-enforcement", "dispatcher", "callback"
    to_team = services.Correction(unit_id=unit)
    return [
        ("dispatch", centre, lambda who, case: services.dispatch_case(
            actor=who, case_id=case.pk, correction=to_team)),
        ("accept", team, lambda who, case: services.accept_case(actor=who, case_id=case.pk)),
        ("contact", team, lambda who, case: services.record_contact(
            actor=who, case_id=case.pk, was_reached=True)),
        ("start", team, lambda who, case: services.start_handling(actor=who, case_id=case.pk)),
        ("ask for more time", team, lambda who, case: extending.ask_extension(
            actor=who, case_id=case.pk, until=_later(case), reason="weather", explanation=WHY)),
        ("refuse it", centre, lambda who, case: extending.refuse_extension(
            actor=who, case_id=case.pk, explanation=WHY)),
        ("answer", team, _answer),
        ("begin callback", clerk, lambda who, case: services.begin_callback(
            actor=who, case_id=case.pk)),
        ("object", clerk, lambda who, case: services.record_callback(
            actor=who, case_id=case.pk, was_reached=True, is_solved=False,
            rating=services.Rating(note=WHY))),
        ("transfer", centre, lambda who, case: returning.transfer_case(
            actor=who, case_id=case.pk, unit=_another(unit), explanation=WHY)),
    ]  # fmt: skip


def main() -> None:
    """Measure, print."""
    (team,) = {role.unit_id for role in _account("handler-enforcement").roles.all()}
    waiting = Case.objects.filter(state="awaiting_dispatch", is_sealed=False)
    in_time = waiting.filter(due_at__gt=clock.now() + timedelta(days=1)).order_by("pk")
    numbers = list(in_time.values_list("pk", flat=True)[:MANY])
    others = waiting.exclude(pk__in=numbers).order_by("pk").values_list("pk", flat=True)
    told: dict[str, Any] = {}
    for name, who, act in _acts(team):
        found = [_once(who, number, act) for number in numbers]
        # Now and then one reads what a process holds for a while: tables, rules, places.
        told[name] = {"ms": [took for took, _ in found], "sql": median(many for _, many in found)}
    at_once = list(others[:AT_ONCE])
    began = time.perf_counter()
    refused = services.dispatch_cases(actor=_account("dispatcher"), case_ids=at_once)
    told["at once"] = {
        "s": time.perf_counter() - began,
        "sent": len(at_once) - len(refused),
        "why": sorted(set(refused.values()))[:3],
    }
    json.dump(told, sys.stdout)


def _once(username: str, number: int, act: Act) -> tuple[float, int]:
    """Milliseconds and statements of an act, with the person read as for a request."""
    who, case = _account(username), Case.objects.get(pk=number)
    statements = []

    def count(execute: Any, sql: str, *more: Any) -> Any:
        if "SAVEPOINT" not in sql:
            statements.append(sql)
        return execute(sql, *more)

    began = time.perf_counter()
    with connection.execute_wrapper(count):
        act(who, case)
    return (time.perf_counter() - began) * 1_000, len(statements)


def _account(username: str) -> Account:
    account = people.account_by_username(username)
    assert account is not None
    return account


def _later(case: Case) -> date:
    """The end of the day on which the case is due: filled limits are short."""
    assert case.due_at is not None
    return local_day(case.due_at)


def _another(unit: int) -> int:
    return next(one.pk for one in people.units() if one.pk != unit and one.level == 3)


if __name__ == "__main__":
    main()
