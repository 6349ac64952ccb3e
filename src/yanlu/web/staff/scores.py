"""Scorecards: units of one kind side by side, what other weights would do, and appeals."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yanlu.cases import states
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yanlu.oversight import appealing, scoreboard
from yanlu.oversight.access import NO_SUCH_SCORE
from yanlu.oversight.appealing import Objection
from yanlu.oversight.rates import BY_CODE
from yanlu.oversight.scoreboard import Sheet
from yanlu.oversight.scoring import Card
from yanlu.people.selectors import unit as unit_of
from yanlu.web.staff.fields import StaffForm, long_text
from yanlu.web.staff.gates import at_work, staff_only, staff_page

GROUPS = {
    "department": gettext_lazy("Departments"),
    "subdistrict": gettext_lazy("Subdistricts"),
    "neighbourhood": gettext_lazy("Neighbourhoods and villages"),
}
HEAVIEST = 100


class AppealForm(StaffForm):
    """What a head objects to."""

    reason = long_text(gettext_lazy("What is wrong with the score"), max_length=2000)


class DecideForm(StaffForm):
    """What a supervisor decides; a score of its own corrects the one that was reckoned."""

    score = forms.CharField(
        label=gettext_lazy("Corrected score"), required=False, max_length=6,
        help_text=gettext_lazy("From 0 to 100; leave empty to uphold the score."),
    )  # fmt: skip
    decision = long_text(gettext_lazy("Reason for the decision"), max_length=2000)


@staff_only()
@require_GET
def scores_page(request: HttpRequest) -> HttpResponse:
    """A group's cards of a period."""
    account = at_work(request)
    if not scoreboard.may_see(account):
        raise NotAllowed(_("Your role does not reach this page."))
    groups = scoreboard.groups(account)
    asked = request.GET.get("group", "")
    group = asked if asked in groups else groups[0]
    period = scoreboard.period_of(request.GET.get("period", ""))
    sheet = scoreboard.sheet(account, group, period, _weights(request))
    context = {
        "here": "scores",
        "sheet": sheet,
        "group": group,
        "group_label": GROUPS[group],
        "groups": [(code, GROUPS[code]) for code in groups],
        "periods": scoreboard.periods(),
        "period_code": scoreboard.code_of(period),
        "weights": [(code, sheet.rules.weights.get(code, 0)) for code in BY_CODE],
        "lines": [_line(request, card, sheet) for card in sheet.cards],
    }
    return staff_page(request, "staff/scores.html", context)


@staff_only()
@require_GET
def cases_page(request: HttpRequest) -> HttpResponse:
    """The cases behind a number, as far as the person sees them."""
    code, unit = request.GET.get("rate", ""), unit_of(_number(request, "unit") or 0)
    if code not in BY_CODE or unit is None:
        raise NotFound(NO_SUCH_SCORE)
    period = scoreboard.period_of(request.GET.get("period", ""))
    is_part, page = request.GET.get("part", "") == "1", _number(request, "page") or 1
    found = scoreboard.cases_behind(
        at_work(request), code, period, unit.pk, is_part=is_part, page=page
    )
    context = {
        "here": "scores",
        "found": found,
        "unit": unit,
        "code": code,
        "period": period,
        "period_code": scoreboard.code_of(period),
        "is_part": is_part,
        "group": appealing.group_of(unit.pk),
        "owed": states.OWED,
        "next": page + 1 if found.has_more else 0,
    }
    return staff_page(request, "staff/score_cases.html", context)


@staff_only()
@require_POST
def lodge(request: HttpRequest) -> HttpResponse:
    """A head objects to the unit's score of a period."""
    unit = unit_of(_number(request, "unit") or 0)
    if unit is None:
        raise NotFound(NO_SUCH_SCORE)
    period = scoreboard.period_of(_said(request, "period"))
    objection = Objection(unit.pk, period, _said(request, "reason"))

    def appeal() -> None:
        appealing.lodge_appeal(actor=at_work(request), objection=objection)

    _do(request, appeal, _("Your appeal waits for a supervisor."))
    return _back(appealing.group_of(unit.pk), _said(request, "period"))


@staff_only()
@require_POST
def decide(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """A supervisor upholds a score or puts another beside it."""
    score, decision = _said(request, "score").strip(), _said(request, "decision")

    def settle() -> None:
        actor = at_work(request)
        if score:
            appealing.correct_score(
                actor=actor, appeal_id=appeal_id, score=score, decision=decision
            )
        else:
            appealing.uphold_score(actor=actor, appeal_id=appeal_id, decision=decision)

    _do(request, settle, _("The appeal is decided."))
    return _back(_said(request, "group"), _said(request, "period"))


def _do(request: HttpRequest, act: Callable[[], None], done: str) -> None:
    """Act, and say at the top of the page what came of it."""
    try:
        act()
    except (Invalid, Conflict, NotAllowed) as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, done)


def _line(request: HttpRequest, card: Card, sheet: Sheet) -> dict[str, Any]:
    """A card with the forms that this person has in it."""
    account, key = at_work(request), f"unit-{card.unit_id}"
    is_over = sheet.is_over and not sheet.is_preview
    may_appeal = scoreboard.may_appeal(account, card, is_over=is_over)
    may_decide = card.appeal is not None and scoreboard.may_decide(account, card.appeal)
    return {
        "card": card,
        "appeal_form": AppealForm(auto_id=f"{key}-%s") if may_appeal else None,
        "decide_form": DecideForm(auto_id=f"{key}-%s") if may_decide else None,
    }


def _weights(request: HttpRequest) -> dict[str, int] | None:
    """Weights to try out, if any were sent."""
    asked = {code: _number(request, f"w_{code}") for code in BY_CODE}
    if all(weight is None for weight in asked.values()):
        return None
    return {code: min(weight, HEAVIEST) for code, weight in asked.items() if weight}


def _back(group: str, period: str) -> HttpResponse:
    query = urlencode({"group": group, "period": period})
    return redirect(f"{reverse('staff:scores')}?{query}")


def _said(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.GET.get(name) or request.POST.get(name) or ""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None
