"""Putting open cases together that say the same (并案), and taking them apart (拆分); a write door.

A merged case loses nothing: it keeps its words, unit, promise and parts, only its state says that
it goes on as another. So ``separate_case`` brings back exactly what was. Whoever shares a case is
counted with it in the same transaction (``recount`` in the tests says how).
"""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, joining, states
from yanlu.cases.acting import add_remark, move, sentence, subject, take
from yanlu.cases.models import Case, CoSigner
from yanlu.cases.opening import open_alone, open_part
from yanlu.dispatch import selectors as dispatch
from yanlu.dispatch.services import decide_part
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Letters of a part that still say what it is about.
FEWEST = 4


@transaction.atomic
def merge_case(
    *, actor: "Account", case_id: int, into: str, why: str, version: int | None = None
) -> Case:
    """Let the case go on as the one numbered ``into`` (并案); its resident follows that one.

    No promise is put off by it: the case that goes on is promised no later than this one. Only
    what a patrol found, which was promised to nobody, goes on as a resident's whatever its date.

    :raises Invalid: the two don't fit together, or there is no such case for this dispatcher.
    """
    number = into.strip()
    _lock(Case.objects.filter(number=number).values_list("pk", flat=True).first(), case_id)
    case = take(actor, case_id, "merge", version)
    other = _other(actor, case, number)
    remark = add_remark(case, actor, "merge", text=sentence(why, "why"))
    _count(other.pk, case.co_signer_count + 1)
    journal.record("case.took_in", subject(other.pk), actor=actor, data={"other": case.pk})
    case.merged_into, case.state_before = other, case.state
    return move(case, actor, "merge", {"other": other.pk, "remark": remark.pk})


@transaction.atomic
def separate_case(*, actor: "Account", case_id: int, why: str, version: int | None = None) -> Case:
    """Let a merged case go on by itself again (拆分还原), just as it was before."""
    _lock(Case.objects.filter(pk=case_id).values_list("merged_into", flat=True).first(), case_id)
    case = take(actor, case_id, "separate", version)
    if case.merged_into_id is None:
        raise Conflict(_("This case was not merged."))
    remark = add_remark(case, actor, "separate", text=sentence(why, "why"))
    data = {"other": case.merged_into_id, "state": case.state_before, "remark": remark.pk}
    _count(case.merged_into_id, -case.co_signer_count - 1)
    journal.record(
        "case.let_go", subject(case.merged_into_id), actor=actor, data={"other": case.pk}
    )
    case.merged_into, case.state_before = None, ""
    return move(case, actor, "separate", data)


@transaction.atomic
def part_co_signer(
    *, actor: "Account", case_id: int, submission_id: int, why: str, version: int | None = None
) -> Case:
    """Give a co-signer who says something else after all a case of their own; that case.

    :raises Invalid: nobody who handed this in shares the case.
    """
    case = take(actor, case_id, "part", version)
    row = CoSigner.objects.filter(case=case, submission=submission_id, left_at=None).first()
    if row is None:
        raise Invalid(_("This co-signer does not share the case any more."))
    remark = add_remark(case, actor, "part", text=sentence(why, "why"))
    row.delete()
    case.co_signer_count -= 1
    move(case, actor, "part", {"submission": submission_id, "remark": remark.pk})
    about = journal.Subject("submission", submission_id)
    journal.record("submission.parted", about, actor=actor, data={"case": case.pk})
    return open_alone(dispatch.latest_decision(submission_id))


@transaction.atomic
def split_case(
    *, actor: "Account", case_id: int, words: str, why: str, version: int | None = None
) -> Case:
    """Give another matter that the same words hold a case of its own (拆分); that case.

    It is promised for no later than this one, and its resident follows both by one code.

    :raises Invalid: the words don't stand in what was said.
    """
    case = take(actor, case_id, "split", version)
    part = words.strip()
    if len(part) < FEWEST or part not in case.said or part == case.said.strip():
        raise Invalid(_("Copy the words of the other matter from what was said."), "words")
    remark = add_remark(case, actor, "split", text=sentence(why, "why"))
    new = open_part(case, part, decide_part(actor=actor, decision_id=case.decision_id, text=part))
    move(case, actor, "split", {"other": new.pk, "remark": remark.pk})
    return new


@transaction.atomic
def leave_case(*, actor: "Account", submission_id: int) -> None:
    """Take one's support back (撤回附议). The words stay on record, and no longer count.

    :raises NotFound: this person did not co-sign by this submission.
    :raises Conflict: the case has ended, or the support was taken back before.
    """
    rows = CoSigner.objects.filter(submission=submission_id, submission__account=actor.pk)
    known = rows.select_related("case").first()
    if known is None:
        raise NotFound(_("You support no matter by this code."))
    _lock(known.case.merged_into_id, known.case_id)
    row = rows.select_related("case__merged_into").get()
    case = row.case.merged_into or row.case
    if row.left_at or case.state in states.ENDED:
        raise Conflict(_("The matter has ended, or you took your support back before."))
    row.left_at = clock.now()
    row.save(update_fields=["left_at"])
    for number in {row.case_id, case.pk}:
        _count(number, -1)
    about = journal.Subject("submission", submission_id)
    journal.record("submission.left", about, actor=actor, data={"case": case.pk})


def _other(actor: "Account", case: Case, number: str) -> Case:
    """The case that goes on, if these two may be put together."""
    other = Case.objects.select_related("submission").filter(number=number).first()
    if other is None or states.DISPATCHER not in access.parties(actor, other):
        raise Invalid(_("You have no case by this number."), "into")
    if other.pk == case.pk:
        raise Invalid(_("A case can't be merged into itself."), "into")
    if other.state in states.ENDED:
        raise Invalid(_("That case has ended or was merged itself."), "into")
    if access.merged_cases(case):
        raise Invalid(
            _("Others were merged into this case. Merge that one into this one instead."), "into"
        )
    if joining.stays_apart(case) or joining.stays_apart(other):
        raise Invalid(
            _("Confidential matters, petitions and reports of wrongdoing stay by themselves.")
        )
    if joining.APART_URGENCY == case.urgency != other.urgency:
        raise Invalid(_("Danger must not wait behind another matter."), "into")
    if joining.leads(case, other):
        raise Invalid(
            _(
                "That case is promised for later, or is a patrol's. Merge that one into this one:"
                " no resident is put off."
            ),
            "into",
        )
    return other


def _lock(*case_ids: int | None) -> None:
    """Lock both, always in one order: who merges the other way round waits, then is refused."""
    known = [number for number in case_ids if number is not None]
    list(Case.objects.select_for_update().filter(pk__in=known).order_by("pk").values_list("pk"))


def _count(case_id: int, more: int) -> None:
    Case.objects.filter(pk=case_id).update(co_signer_count=F("co_signer_count") + more)
