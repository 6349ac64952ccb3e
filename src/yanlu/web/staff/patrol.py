"""On patrol (巡查): what a grid worker finds, opened from a phone, and what waits for a check."""

import secrets
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from yanlu.cases import files, patrols, states
from yanlu.cases import selectors as cases
from yanlu.dispatch import catalogue
from yanlu.intake.photos import MAX_COUNT
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yanlu.kernel.journal import digest
from yanlu.people import access, roles
from yanlu.people import selectors as people
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY
from yanlu.web.labels import in_language
from yanlu.web.onward import go_on
from yanlu.web.staff import choices
from yanlu.web.staff.fields import StaffForm, long_text, number_of
from yanlu.web.staff.gates import at_work, staff_only, staff_page
from yanlu.web.staff.hand_in import PhotosField

if TYPE_CHECKING:
    from yanlu.cases.models import Case
    from yanlu.dispatch.models import CatalogueItem
    from yanlu.people.models import Account

DAY = 24 * 3600
#: Fields that may differ when the same finding is sent twice.
PASSING = frozenset({"key", "photos"})


class PatrolForm(StaffForm):
    """What was found, where, and photos of it. ``key`` makes a second press harmless."""

    item = number_of(gettext_lazy("What is it?"))
    text = long_text(gettext_lazy("What do you see?"), rows=3, max_length=2000)
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    place = number_of(gettext_lazy("Community"), required=False)
    address = forms.CharField(label=gettext_lazy("More exactly"), required=False, max_length=200)
    key = forms.CharField(max_length=40)

    def __init__(self, data: Any, uploads: Any, account: "Account", initial: Any = None) -> None:
        super().__init__(data, uploads, initial=initial, auto_id="id_%s")
        self.choose("item", [(str(item.pk), item.name) for item in catalogue.items()])
        self.choose("place", [("", _("Where your position is")), *patrolled(account)])

    def finding(self, account: "Account") -> patrols.Finding:
        """As the write door takes it in."""
        seen = self.cleaned_data
        said = {name: value for name, value in seen.items() if name not in PASSING}
        uploads = [[file.name, file.size] for file in seen["photos"]]
        return patrols.Finding(
            item_id=seen["item"],
            text=seen["text"],
            place_id=seen["place"],
            lat=seen["lat"],
            lon=seen["lon"],
            address=seen["address"],
            key=f"patrol:{account.pk}:{seen['key']}",
            digest=digest(said, uploads),
        )

    def renew_key(self) -> None:
        """Let the next press of the button open another case."""
        self.data = {**self.data.dict(), "key": _new_key()}  # type: ignore[attr-defined]

    def groups(self) -> "list[tuple[str, list[CatalogueItem]]]":
        """The catalogue by group, each group where its first item stands."""
        rows = groupby(catalogue.items(), key=lambda row: in_language(row.group, row.group_en))
        return [(name, list(items)) for name, items in rows]


def patrolled(account: "Account") -> choices.Grouped:
    """Communities in the territory that the person patrols, by subdistrict."""
    tree = territory()
    tops = access.places_of(account, {roles.GRID_WORKER})
    nodes = {number for top in tops for number in tree.within(top)}
    found = [node for node in tree.of_level(COMMUNITY) if node.id in nodes]
    rows = groupby(found, key=lambda node: tree.nodes[node.parent_id or node.id])
    return [
        (choices.place_name(area), [(str(node.id), choices.place_name(node)) for node in within])
        for area, within in rows
    ]


@staff_only(roles.GRID_WORKER)
@require_http_methods(["GET", "POST"])
def patrol(request: HttpRequest) -> HttpResponse:
    """The form, what waits to be checked, and what the person found before."""
    account = at_work(request)
    if request.method == "GET":
        initial = {"key": _new_key(), "place": request.GET.get("place", "")}
        return _page(request, PatrolForm(None, None, account, initial))
    form = PatrolForm(request.POST, request.FILES, account)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        case = patrols.open_patrol(
            actor=account, finding=form.finding(account), files=form.cleaned_data["photos"]
        )
    except Invalid as error:
        form.refuse(error)
        return _page(request, form, status=422)
    except NotAllowed as error:
        form.add_error(None, str(error.message))
        return _page(request, form, status=403)
    except Conflict:
        form.renew_key()
        form.add_error(
            None,
            _("This was opened before, as it was then. Press the button again to open another."),
        )
        return _page(request, form, status=409)
    messages.success(request, _told(case))
    said = form.cleaned_data
    query = urlencode({"place": said["place"] or "", "done": said["key"]})
    return go_on(request, f"{reverse('staff:patrol')}?{query}")


@staff_only()
@require_safe
@cache_control(private=True, max_age=DAY, immutable=True)
def check_photo(request: HttpRequest, check_id: int, size: str) -> HttpResponse:
    """The photo of a check on site, or its thumbnail.

    :raises NotFound: hidden or missing.
    """
    check = files.check_photo(at_work(request), check_id)
    if size not in {"large", "small"}:
        raise NotFound(_("There is no such photo, or it is not yours to see."))
    name = check.file if size == "large" else check.thumbnail
    return HttpResponse(default_storage.open(name), content_type="image/jpeg")


def _page(request: HttpRequest, form: PatrolForm, status: int = 200) -> HttpResponse:
    account = at_work(request)
    context = {
        "here": "patrol",
        "form": form,
        "groups": form.groups(),
        "chosen": str(form["item"].value() or ""),
        "max_photos": MAX_COUNT,
        "done": request.GET.get("done", ""),
        "to_check": cases.to_check(account),
        "found": cases.found_by(account),
        "owed": states.OWED,
    }
    return staff_page(request, "staff/patrol.html", context, status=status)


def _told(case: "Case") -> str:
    """What became of it, in one line."""
    if case.state != states.DISPATCHED:
        return _("%s is opened and waits for a dispatcher.") % case.number
    unit = people.unit(case.lead_unit_id) if case.lead_unit_id else None
    name = choices.unit_name(unit) if unit else ""
    return _("%(number)s is opened and dispatched: %(unit)s") % {
        "number": case.number,
        "unit": name,
    }


def _new_key() -> str:
    return secrets.token_urlsafe(16)
