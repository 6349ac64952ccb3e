"""Who must not see a case (回避): named in it, complained of, or related to somebody in it.

Whoever is recused finds no trace of the case: not in the queue, in counts, in searches or by its
address. A unit that is complained of is neither put in charge nor asked to assist. Lifted, the
row is gone; the journal remembers both.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.cases.acting import add_remark, move, sentence, take
from yanlu.cases.models import Case, Recusal, RecusalGround
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Invalid, NotAllowed
from yanlu.kernel.pictures import Picture
from yanlu.people import selectors as people
from yanlu.textkit.matcher import Matcher, fold

if TYPE_CHECKING:
    from yanlu.people.models import Account

SYSTEM = journal.System("cases")
#: A report of wrongdoing keeps units out that its words name; they may be the ones complained of.
REPORT = "report"


@transaction.atomic
def step_back(
    *, actor: "Account", case_id: int, explanation: str, version: int | None = None
) -> Case:
    """Take oneself out of a case that one is related to; somebody else of the unit goes on."""
    case = take(actor, case_id, "step_back", version)
    remark = add_remark(case, actor, "step_back", text=sentence(explanation, "explanation"))
    _keep_out(case, RecusalGround.RELATED, account_id=actor.pk)
    return move(case, actor, "step_back", {"remark": remark.pk})


@transaction.atomic
def recuse(
    *,
    actor: "Account",
    case_id: int,
    ground: str,
    explanation: str,
    account: int | None = None,
    unit: int | None = None,
    version: int | None = None,
) -> Case:
    """Keep a person or a whole unit out of the case (责令回避).

    :raises Invalid: nobody or both named, or the unit in charge, which has to be replaced first.
    """
    case = take(actor, case_id, "recuse", version)
    if (account is None) == (unit is None):
        raise Invalid(_("Name a person or a unit."), "account")
    if unit is not None and unit == case.lead_unit_id and case.given_at:
        raise Invalid(_("This unit is in charge: transfer the case to another one first."), "unit")
    if ground not in RecusalGround.values:
        raise Invalid(_("Choose the ground."), "ground")
    remark = add_remark(case, actor, "recuse", text=sentence(explanation, "explanation"))
    _keep_out(case, ground, account_id=account, unit_id=unit)
    case.assists.filter(unit=unit, done_at=None).update(waived_at=remark.at)
    data = {"unit": unit, "account": account, "ground": ground, "remark": remark.pk}
    return move(case, actor, "recuse", data)


@transaction.atomic
def readmit(
    *,
    actor: "Account",
    case_id: int,
    recusal: int,
    explanation: str,
    version: int | None = None,
) -> Case:
    """Lift a recusal that rests on a mistake, such as another person of the same name."""
    case = take(actor, case_id, "readmit", version)
    row = Recusal.objects.filter(case=case, pk=recusal).first()
    if row is None:
        raise Invalid(_("Choose who is let in again."), "recusal")
    remark = add_remark(case, actor, "readmit", text=sentence(explanation, "explanation"))
    data = {"unit": row.unit_id, "account": row.account_id, "remark": remark.pk}
    row.delete()
    return move(case, actor, "readmit", data)


def check_free(case: Case, unit_ids: Iterable[int]) -> None:
    """Refuse to let a unit handle or assist that must not see the case.

    :raises NotAllowed: one of the units was kept out.
    """
    kept_out = {row.unit_id for row in case.recusals.all()}
    if not kept_out.isdisjoint(unit_ids):
        raise NotAllowed(_("This unit is kept out of the case and can't be given it."))


def recuse_named(cases: Iterable[Case], texts: Iterable[str]) -> None:
    """Keep members of staff out of cases whose words name them, within the caller's transaction.

    Out of a report of wrongdoing also the units that it names.
    """
    now, known = clock.now(), _named()
    rows, events = [], []
    for case, text in zip(cases, texts, strict=True):
        for one in known.find(text, with_units=case.kind == REPORT):
            rows.append(Recusal(case=case, at=now, ground=RecusalGround.NAMED, **one))
            about = journal.Subject("case", case.pk)
            data = {
                "unit": one.get("unit_id"),
                "account": one.get("account_id"),
                "ground": RecusalGround.NAMED,
            }
            events.append(journal.Event("case.recused", about, data))
    Recusal.objects.bulk_create(rows)
    journal.record_all(events, actor=SYSTEM)


class _Names:
    """Names of staff and units, found in a text in one pass."""

    def __init__(self) -> None:
        staff, units = people.staff_by_name(), {unit.name: unit.pk for unit in people.units()}
        self._who = {
            fold(name): [{"account_id": number} for number in numbers]
            for name, numbers in staff.items()
        }
        self._units = {fold(name): [{"unit_id": number}] for name, number in units.items()}
        self._matcher = Matcher([*self._who, *self._units]) if staff or units else None

    def find(self, text: str, *, with_units: bool) -> list[dict[str, int]]:
        """Whom the text names, as columns of a recusal."""
        if self._matcher is None:
            return []
        words = {self._matcher.words[hit.word] for hit in self._matcher.find(fold(text))}
        found = [one for word in sorted(words) for one in self._who.get(word, [])]
        units = [one for word in sorted(words) for one in self._units.get(word, [])]
        return [*found, *units] if with_units else found


_named = Picture(_Names, stale=30)


def _keep_out(
    case: Case, ground: str, *, account_id: int | None = None, unit_id: int | None = None
) -> None:
    who = {"account": account_id, "unit": unit_id}
    if not Recusal.objects.filter(case=case, **who).exists():
        row = Recusal(case=case, ground=ground, at=clock.now())
        row.account_id, row.unit_id = account_id, unit_id
        row.save()
