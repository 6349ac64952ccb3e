"""Home, looking up, one matter and all of one's own."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yanlu.cases import petitions, services
from yanlu.cases.matters import Matter, matter_by_code, matters_of, published
from yanlu.cases.merging import leave_case
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from yanlu.web import visitors
from yanlu.web.accounts.gate import resident_only
from yanlu.web.papers import paper_page
from yanlu.web.resident import held
from yanlu.web.resident.forms import AskForm, CodeForm, RatingForm, ReopenForm

if TYPE_CHECKING:
    from yanlu.people.models import Account

MINUTES_10 = 600
RECENT = 3
#: Matters looked up by code that are listed again.
SHOWN = 10
#: What a resident may ask of the petition procedure.
ASKS = {
    "begin_petition": petitions.begin_petition,
    "ask_review": petitions.ask_review,
    "ask_second_review": petitions.ask_second_review,
}


@cache_control(private=True, no_cache=True)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and the ways on."""
    account = held.account(request)
    answered, _more = published()
    context = {
        "mine": matters_of(account)[:RECENT] if account else [],
        "answered": answered[:RECENT],
        "form": CodeForm(),
        "tab": "home",
    }
    return render(request, "resident/home.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """A matter by its code, without signing in."""
    form = CodeForm(request.POST or None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            code = form.cleaned_data["code"]
            try:
                open_by_code(request, code)
            except (NotFound, TooMany) as error:
                form.add_error("code", str(error.message))
                status = 404 if isinstance(error, NotFound) else 429
            else:
                return redirect("matter", code=code)
    return render(request, "resident/look_up.html", {"form": form, "tab": "look_up"}, status=status)


@never_cache
@require_safe
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about one matter, for whoever holds its code."""
    return _matter_page(request, open_by_code(request, code))


@require_POST
@resident_only
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """The resident's word on the answer."""
    form = RatingForm(request.POST)

    def act(actor: "Account", case_id: int) -> None:
        is_solved = form.cleaned_data["is_solved"]
        services.rate_answer(
            actor=actor, case_id=case_id, is_solved=is_solved, rating=form.rating()
        )

    thanks = _("Thank you. Your word counts, and it is recorded.")
    return _take_word(request, code, {"rating": form}, act, thanks)


@require_POST
@resident_only
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """The resident says that it is not over."""
    form = ReopenForm(request.POST)

    def act(actor: "Account", case_id: int) -> None:
        services.reopen_case(actor=actor, case_id=case_id, why=form.cleaned_data["why"])

    thanks = _("Opened again. A person looks at what is still missing.")
    return _take_word(request, code, {"reopening": form}, act, thanks)


@require_POST
@resident_only
def ask(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """The resident asks for a written decision, or for a review of one."""
    service = ASKS.get(verb)
    if service is None:
        raise NotFound(_("There is no such act."))
    form = AskForm(request.POST)

    def act(actor: "Account", case_id: int) -> None:
        service(actor=actor, case_id=case_id, why=form.cleaned_data["why"])

    thanks = _("Received. The dates stand on this page.")
    return _take_word(request, code, {"asking": form}, act, thanks)


@never_cache
@require_safe
def paper(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """A paper of a petition, to be printed."""
    shown = open_by_code(request, code)
    petition = None if shown.is_shared else shown.petition
    return paper_page(request, petition, name, shown.case, back=reverse("matter", args=[code]))


@require_POST
@resident_only
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Take one's support of a neighbour's matter back."""
    shown = open_by_code(request, code)
    try:
        leave_case(actor=held.account(request), submission_id=shown.submission.pk)  # type: ignore[arg-type]
    except Conflict as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("You support it no more. Your words stay on record."))
    return redirect("matter", code=shown.code)


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The resident's own matters; without signing in, those whose codes this session holds."""
    account = held.account(request)
    found = matters_of(account) if account else []
    known = {one.code for one in found}
    strange = [code for code in held.codes(request) if code not in known][:SHOWN]
    others = [matter_by_code(code, account) for code in strange]
    under_way = [one for one in found if not one.may_rate and not (one.case and one.case.ended_at)]
    context = {
        "matters": found,
        "parts": [
            (_("Your word is asked"), [one for one in found if one.may_rate]),
            (_("Under way"), under_way),
            (_("Ended"), [one for one in found if one.case and one.case.ended_at]),
        ],
        "others": others,
        "tab": "mine",
    }
    return render(request, "resident/mine.html", context)


def open_by_code(request: HttpRequest, code: str) -> Matter:
    """The matter; guesses are counted, matters of one's own are not.

    :raises NotFound: no such code.
    :raises TooMany: too many codes tried from one address.
    """
    account, who = held.account(request), visitors.address(request)
    try:
        found = matter_by_code(code, account, request.GET.get("case", ""))
    except NotFound:
        visitors.limit("look-up", who, most=60, seconds=MINUTES_10)
        raise
    if not found.is_mine and found.code not in held.codes(request):
        visitors.limit("look-up", who, most=60, seconds=MINUTES_10)
    held.keep(request, found.code)
    return found


def _take_word(
    request: HttpRequest,
    code: str,
    forms: Mapping[str, Form],
    act: "Callable[[Account, int], None]",
    thanks: str,
) -> HttpResponse:
    """Let the resident act on the matter; what does not fit is said in the form."""
    shown = open_by_code(request, code)
    (form,) = forms.values()
    if shown.case is None or not form.is_valid():
        return _matter_page(request, shown, forms)
    try:
        act(held.account(request), shown.case.pk)  # type: ignore[arg-type]
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _matter_page(request, shown, forms)
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, thanks)
    return redirect(reverse("matter", args=[shown.code]) + shown.which)


def _matter_page(
    request: HttpRequest, shown: Matter, refused: Mapping[str, Form] | None = None
) -> HttpResponse:
    """The page of a matter; a form that was refused stands in it as it was filled in."""
    forms = refused or {}
    context = {
        "matter": shown,
        "steps": list(reversed(shown.steps)),
        "answer": shown.answers[-1] if shown.answers else None,
        "rating": forms.get("rating", RatingForm()) if shown.may_rate else None,
        "reopening": forms.get("reopening", ReopenForm()) if shown.may_reopen else None,
        "asking": forms.get("asking", AskForm()) if shown.may else None,
        "is_asking": "asking" in forms,
        "tab": "mine" if shown.is_mine else "look_up",
    }
    return render(request, "resident/matter.html", context, status=422 if refused else 200)
