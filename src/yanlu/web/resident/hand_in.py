"""Handing in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yanlu.cases.matters import matter_by_code
from yanlu.dispatch import selectors as dispatch
from yanlu.intake.photos import MAX_COUNT
from yanlu.intake.services import receive_submission
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, OperatorError, TooMany
from yanlu.oversight import clocks, limits
from yanlu.web import visitors
from yanlu.web.labels import KIND_WORDS
from yanlu.web.onward import go_on
from yanlu.web.resident import held, similar
from yanlu.web.resident.forms import OPEN, HandInForm, new_token

#: Whoever is not signed in; an anonymous matter must not lead back to an account either.
VISITOR = journal.System("web")
ORDINARY = "ordinary"
MINUTES_10 = 600


@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """The form, and what is made of it.

    A browser may keep the page for its back button, with what was typed and the same token.
    """
    if request.method == "POST":
        return _receive(request)
    return _page(request, HandInForm(initial=_initial(request)))


@never_cache
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The query code, large, and what happens next; only right after handing in."""
    if code not in held.codes(request):
        return redirect("matter", code=code)
    matter = matter_by_code(code, held.account(request))
    context = {
        "matter": matter,
        "contact_by": limits.usually_due(clocks.CONTACT, matter.submission.kind, clock.now()),
        "usually_by": _usual_end(),
        "tab": "hand_in",
    }
    return render(request, "resident/receipt.html", context)


def _receive(request: HttpRequest) -> HttpResponse:
    form = HandInForm(request.POST)
    files = [file for file in request.FILES.getlist("photos") if file]
    if not form.is_valid():
        return _page(request, form, status=422)
    if _may_look_first(request, form) and (choices := _choices(request)):
        return _page(request, form, choices=choices, must_look=True)
    try:
        code = _take_in(request, form, files)
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _page(request, form, status=422)
    except Conflict:
        form.renew_token()
        form.add_error(
            None,
            _("You have handed in from this page before. Press the button again to hand in anew."),
        )
        return _page(request, form, status=409)
    except TooMany as error:
        form.add_error(None, str(error.message))
        response = _page(request, form, status=429)
        response["Retry-After"] = str(error.retry_after)
        return response
    return go_on(request, reverse("receipt", kwargs={"code": code}))


def _take_in(request: HttpRequest, form: HandInForm, files: Sequence[Any]) -> str:
    """Hand over to intake; the query code."""
    visitors.limit("hand-in", visitors.address(request), most=60, seconds=MINUTES_10)
    words = form.words(held.account(request), files, visitors.channel(request))
    submission, _is_new = receive_submission(
        actor=words.account or VISITOR, words=words, files=files
    )
    held.keep(request, submission.query_code)
    return submission.query_code


def _may_look_first(request: HttpRequest, form: HandInForm) -> bool:
    """Whether others' matters are a step of their own: without script they were not shown yet.

    Never where that would cost somebody the photos, which a browser does not keep.
    """
    return not ("HX-Request" in request.headers or request.FILES or form.cleaned_data["looked"])


def _choices(request: HttpRequest) -> list[similar.Choice]:
    """Others' matters that are alike; none for who looks too often."""
    try:
        return similar.choices_for(request)
    except TooMany:
        return []


def _page(
    request: HttpRequest,
    form: HandInForm,
    status: int = 200,
    choices: list[similar.Choice] | None = None,
    *,
    must_look: bool = False,
) -> HttpResponse:
    if choices is None and request.method == "POST":
        choices = _choices(request)
    context = similar.context_of(choices or []) | {
        "must_look": must_look,
        "form": form,
        "kinds": KIND_WORDS.items(),
        "max_photos": MAX_COUNT,
        "photos_lost": bool(request.FILES) and "HX-Request" not in request.headers,
        "tab": "hand_in",
    }
    return render(request, "resident/hand_in.html", context, status=status)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """A fresh token, the resident's own community, and the kind that a link asked for."""
    kind = request.GET.get("kind", "")
    account = held.account(request)
    return {
        "token": new_token(),
        "who": OPEN,
        "kind": kind if kind in KIND_WORDS else "",
        "place": account.home_place_id if account else None,
    }


def _usual_end() -> datetime | None:
    """When an ordinary matter handed in now would have to be settled; unknown in an empty
    installation."""
    try:
        return dispatch.ending(ORDINARY, clock.now())
    except OperatorError:
        return None
