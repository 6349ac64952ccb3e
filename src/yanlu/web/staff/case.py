"""One case: what was said, what was made of it, what happened, and what can be done now."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from yanlu.cases import states
from yanlu.cases.access import get_case
from yanlu.cases.files import CaseFile, case_file
from yanlu.cases.sharing import candidates
from yanlu.cases.timeline import Step
from yanlu.exchange.selectors import orders_of_case
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yanlu.people.services import open_identity
from yanlu.places.selectors import territory
from yanlu.textkit.privacy import mask
from yanlu.web.papers import paper_page
from yanlu.web.staff import acts, catalogue, explain
from yanlu.web.staff.forms import ActForm, IdentityForm
from yanlu.web.staff.gates import at_work, staff_only, staff_page
from yanlu.web.staff.queue import FilterForm, first_view

#: Who has to act, for those who can only look on.
WAITS_FOR = (
    (states.TO_DISPATCH, _("It waits for a dispatcher.")),
    (states.TO_HANDLE, _("It waits for the unit in charge.")),
    (states.TO_VERIFY, _("It waits for the callback, or for the resident's own word.")),
    ({states.MERGED}, _("It goes on as another case.")),
    ({states.DISPUTED}, _("It waits for whoever is above unit and dispatcher.")),
    ({states.SUSPENDED}, _("It is suspended and is taken up again by itself on its day.")),
    (states.TO_REVIEW, _("It waits for a unit above the one that decided.")),
    (states.OPEN_TO_REVIEW, _("It waits for the resident, who may ask for a review.")),
    ({states.FINAL}, _("It is decided for good.")),
    (states.ENDED, _("It has ended. The resident may still open it again.")),
)

UNPROCESSABLE = 422
#: Acts of the resident, who stays unnamed to whoever reads the words masked.
TOLD_BY_RESIDENT = frozenset(
    {
        "submission.received",
        "submission.left",
        "case.approved",
        "case.rejected",
        "case.reopened",
        "case.petition_begun",
        "case.review_asked",
        "case.second_review_asked",
    }
)


@staff_only()
@require_GET
def case_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """The case with every act that the person may do."""
    typed = request.GET.get("shared", "")
    page = int(typed) if typed.isdecimal() and len(typed) < 9 else 1
    return _shown(request, case_file(at_work(request), case_id, max(page, 1)))


@staff_only()
@require_GET
def alike(request: HttpRequest, case_id: int) -> HttpResponse:
    """Open cases that likely say the same, for whoever may put them together; part of the page."""
    case = get_case(at_work(request), case_id)
    found = candidates(at_work(request), case_id)
    return render(request, "staff/parts/alike.html", {"case": case, "alike": found})


@staff_only()
@require_GET
def paper(request: HttpRequest, case_id: int, name: str) -> HttpResponse:
    """A paper of a petition, to be printed."""
    file = case_file(at_work(request), case_id)
    return paper_page(request, file.petition, name, file.case, back=_address(request, case_id))


@staff_only()
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, case_id: int, verb: str) -> HttpResponse:
    """Carry out an act. Whatever is refused, what was typed stays on the page.

    Reloading the page of a refused act leads back to the case.
    """
    if request.method == "GET":
        return redirect(_address(request, case_id))
    chosen = acts.BY_VERB.get(verb)
    if chosen is None:
        raise NotFound(_("There is no such act."))
    file = case_file(at_work(request), case_id)
    form = chosen.form(request.POST, file, verb, request.FILES)
    if request.POST.get("version") != str(file.case.version):
        return _overtaken(request, case_id, chosen, form)
    if not form.is_valid():
        return _shown(request, file, refused=form, status=UNPROCESSABLE)
    try:
        acts.perform(chosen, actor=at_work(request), form=form)
    except (Invalid, NotAllowed) as error:
        form.refuse(error)
        return _shown(request, file, refused=form, status=UNPROCESSABLE)
    except Conflict:
        return _overtaken(request, case_id, chosen, form)
    messages.success(request, str(chosen.done))
    is_out = chosen.verb == "step_back"
    return redirect(reverse("staff:queue") if is_out else _address(request, case_id))


@staff_only()
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show who the resident is, this once; the reason and the look are in the journal."""
    if request.method == "GET":
        return redirect(_address(request, case_id))
    file = case_file(at_work(request), case_id)
    if not file.may_open_identity or file.submission.identity_id is None:
        raise NotAllowed(_("Who handed this in is not yours to see."))
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _shown(request, file, identity_form=form, status=UNPROCESSABLE)
    try:
        opened = open_identity(
            actor=at_work(request),
            identity_id=file.submission.identity_id,
            reason=form.cleaned_data["reason"],
        )
    except Invalid as error:
        form.refuse(error)
        return _shown(request, file, identity_form=form, status=UNPROCESSABLE)
    return _shown(request, file, opened=opened)


def _overtaken(request: HttpRequest, case_id: int, chosen: acts.Act, form: ActForm) -> HttpResponse:
    """Somebody acted meanwhile: the case as it is now, and below it what was typed.

    Where the act still fits, it can be sent again by somebody who has now seen the news.
    """
    file = case_file(at_work(request), case_id)
    still_fits = chosen in acts.allowed(file)
    typed = request.POST.copy()
    typed["version"] = str(file.case.version)
    again = chosen.form(typed, file, chosen.verb)
    return _shown(
        request,
        file,
        refused=again if still_fits else None,
        overtaken=_Overtaken(file, chosen, again, still_fits=still_fits),
        status=409,
    )


class _Overtaken:
    """What a person is told when somebody was faster."""

    def __init__(
        self, file: CaseFile, chosen: acts.Act, form: ActForm, *, still_fits: bool
    ) -> None:
        self.act = chosen
        self.still_fits = still_fits
        self.last: Step | None = file.timeline[-1] if file.timeline else None
        self.typed = [
            (field.label, field.value())
            for field in form.visible_fields()
            if field.widget_type in ("text", "textarea") and field.value()
        ]


def _shown(
    request: HttpRequest,
    file: CaseFile,
    *,
    refused: ActForm | None = None,
    identity_form: IdentityForm | None = None,
    opened: Any = None,
    overtaken: _Overtaken | None = None,
    status: int = 200,
) -> HttpResponse:
    query, said = _query(request), file.submission
    context = catalogue.context_of(file, request.GET.get("catalogue", "")) | {
        "here": "queue",
        "owed": states.OWED,
        "file": file,
        "case": file.case,
        "submission": said,
        "answers_about": explain.of_case(file),
        "sure": explain.sure(file.decision.confidence),
        "percent": f"{file.decision.confidence:.0%}",
        "is_undecided": file.case.state in states.TO_DISPATCH,
        "steps": list(reversed(file.timeline)),
        "is_idle": all(act.tone == "quiet" for act in acts.allowed(file)),
        "acts": _act_forms(file, refused, request.GET.get("into", "")[:20]),
        "may_part": acts.BY_VERB["part"] in acts.allowed(file),
        "may_merge": acts.BY_VERB["merge"] in acts.allowed(file),
        "may_convene": "convene" in {step.verb for step in file.allowed},
        "waits_for": _waits_for(file),
        "map": _map(file),
        "address": mask(said.address).text if file.is_masked else said.address,
        "several": explain.several(file),
        "named": [] if file.is_masked else explain.addresses(file),
        "told_by_resident": TOLD_BY_RESIDENT,
        "hides_origin": _hides_origin(file),
        "orders": [] if _hides_origin(file) else orders_of_case(file.case),
        "query": query,
        "queue_query": query or f"view={first_view(at_work(request))}",
        "identity_form": identity_form or IdentityForm(),
        "opened": opened,
        "overtaken": overtaken,
        "is_refused": status == UNPROCESSABLE,
    }
    return staff_page(request, "staff/case.html", context, status=status)


def _hides_origin(file: CaseFile) -> bool:
    """Whether the number in another system would tell who it was to whoever must not know."""
    return file.is_masked and (file.submission.is_confidential or file.case.is_sealed)


def _waits_for(file: CaseFile) -> Any:
    """Who has to act, for who can only look on."""
    if file.case.patrol_by_id and file.case.state in states.TO_VERIFY:
        return _("It waits for another grid worker's check on site.")
    if file.case.patrol_by_id and file.case.state in states.ENDED - {states.MERGED}:
        return _("It has ended.")
    return next((why for held, why in WAITS_FOR if file.case.state in held), "")


def _act_forms(file: CaseFile, refused: ActForm | None, into: str) -> list[dict[str, Any]]:
    """Each act with its form; the one that was refused, else the first, stands open.

    ``into``: number of the case that was chosen to be merged into.
    """
    allowed = acts.allowed(file)
    first = acts.BY_VERB["merge"] if into else _first(file, allowed)
    forms = []
    for chosen in allowed:
        is_refused = (
            refused is not None
            and isinstance(refused, chosen.form)
            and (refused.auto_id == f"{chosen.verb}-%s")
        )
        if chosen.is_beside and not is_refused:
            continue
        form = (refused if is_refused else None) or chosen.form(None, file, chosen.verb)
        if into and chosen is first:
            form.initial["into"] = into
        is_open = is_refused if refused else chosen is first
        forms.append({"act": chosen, "form": form, "is_open": is_open})
    return forms


def _first(file: CaseFile, allowed: list[acts.Act]) -> acts.Act | None:
    """What usually comes next, if anything: once the resident was reached, no further contact."""
    reached = file.case.contacted_at is not None
    usual = [act for act in allowed if act.tone != "quiet"]
    return next((act for act in usual if not (reached and act.verb == "contact")), None)


def _map(file: CaseFile) -> dict[str, Any] | None:
    """The resident's point, the boundary of where it is, and where its neighbours' are; WGS-84.

    The point leads to a door, so whoever reads the words masked sees the boundary alone.
    """
    node = territory().get(file.case.place_id)
    said = file.submission
    point = [said.lon, said.lat] if said.lat is not None and not file.is_masked else None
    boundary = node.boundary if node else None
    around = f"{reverse('boundaries')}?level={node.level}&within={node.parent_id}" if node else ""
    return {"point": point, "boundary": boundary, "around": around} if point or boundary else None


def _query(request: HttpRequest) -> str:
    """The queue that the person came from, as an address spells it."""
    known = ("view", *FilterForm.base_fields)
    return urlencode({name: request.GET[name] for name in known if request.GET.get(name)})


def _address(request: HttpRequest, case_id: int) -> str:
    query = _query(request)
    return reverse("staff:case", args=[case_id]) + (f"?{query}" if query else "")
