"""The watch board, the lists behind its numbers, and why a case is due when it is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanlu.cases.access import get_case
from yanlu.kernel.errors import Invalid, NotAllowed, NotFound
from yanlu.oversight import board, ordering
from yanlu.oversight.deadlines import explained
from yanlu.web.staff.gates import at_work, staff_only, staff_page


@staff_only()
@require_GET
def watch_board(request: HttpRequest) -> HttpResponse:
    """What is due, late, silent or sent to and fro, by unit and level."""
    account = at_work(request)
    if not board.may_watch(account):
        raise NotAllowed(_("Your role does not reach this page."))
    silent = _silent(request)
    context = {
        "here": "watch",
        "levels": board.board(account, silent=silent, whole=_number(request, "whole")),
        "whats": board.WHATS,
        "silent": silent,
        "silences": board.SILENCES,
    }
    return staff_page(request, "staff/watch.html", context)


@staff_only()
@require_GET
def watched_cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a number of the board."""
    account, what = at_work(request), request.GET.get("what", "")
    if what not in board.WHATS:
        raise NotFound(_("There is no such list."))
    silent, page = _silent(request), _number(request, "page") or 1
    unit, level = _number(request, "unit"), _number(request, "level")
    rows, more = board.cases_behind(
        account, what, silent=silent, unit_id=unit, level=level, page=page
    )
    context: dict[str, Any] = {
        "here": "watch",
        "what": what,
        "silent": silent,
        "unit": unit,
        "level": level,
        "rows": rows,
        "next": page + 1 if more else 0,
        "may_order": ordering.may_order(account),
        "back": request.get_full_path(),
    }
    return staff_page(request, "staff/watched.html", context)


@staff_only()
@require_POST
def order_at_once(request: HttpRequest, case_id: int) -> HttpResponse:
    """An order about a case with one click, in the words that the rules give for it."""
    try:
        order = ordering.order_at_once(actor=at_work(request), case_id=case_id)
    except (Invalid, NotAllowed) as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("%(number)s is given to the unit.") % {"number": order.number})
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, None) and back.startswith("/staff/")
    return redirect(back if is_ours else "staff:watch")


@staff_only()
@require_GET
def deadlines(request: HttpRequest, case_id: int) -> HttpResponse:
    """Every date that is owed in a case, and how it comes about, step by step."""
    case = get_case(at_work(request), case_id)
    context = {"here": "queue", "case": case, "lines": explained(case.pk)}
    return staff_page(request, "staff/deadlines.html", context)


def _silent(request: HttpRequest) -> int:
    asked = _number(request, "silent")
    return asked if asked in board.SILENCES else board.SILENT


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None
