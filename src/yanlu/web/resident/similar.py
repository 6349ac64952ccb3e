"""What others said already, shown while a resident writes; "me too" (附议) joins it.

A choice travels as a signed token that lives as long as a person may need to write, so nobody can
second a matter that was not shown to them.
"""

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yanlu.cases.alike import AlikeMatter, open_alike, open_matter
from yanlu.intake.services import MAX_TEXT
from yanlu.kernel.errors import TooMany
from yanlu.places.selectors import territory
from yanlu.web import visitors
from yanlu.web.resident import held

SALT = "yanlu.seconds"
#: Seconds for which a choice holds, and looks a minute by one visitor: one every two seconds.
LIVES, MOST, MINUTE = 4 * 3600, 30, 60


@dataclass(frozen=True)
class Choice:
    """A matter that may be seconded, with the token that says so."""

    matter: AlikeMatter
    token: str
    is_chosen: bool


def make_token(submission_id: int) -> str:
    """A token by which a form seconds this submission."""
    return signing.dumps(submission_id, salt=SALT)


def read_token(token: str) -> int | None:
    """The submission that a token seconds; ``None`` when it is forged or too old."""
    try:
        found = signing.loads(token, salt=SALT, max_age=LIVES)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None


@never_cache
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """The part of the form that shows them; as it is for who asks too often."""
    try:
        choices = choices_for(request)
    except TooMany:
        return HttpResponse(status=204)
    return render(request, "resident/similar.html", context_of(choices) | {"is_part": True})


def context_of(choices: list[Choice]) -> dict[str, object]:
    """What the part of the form is drawn from."""
    return {"choices": choices, "is_chosen": any(choice.is_chosen for choice in choices)}


def choices_for(request: HttpRequest) -> list[Choice]:
    """Matters like what the form in this request says, the chosen one among them.

    :raises TooMany: this visitor looked too often.
    """
    visitors.limit("similar", _visitor(request), most=MOST, seconds=MINUTE)
    account = held.account(request)
    chosen = read_token(request.POST.get("seconds", ""))
    found = open_alike(request.POST.get("text", "")[:MAX_TEXT], _place(request), account)
    if chosen and chosen not in {matter.submission_id for matter in found}:
        kept = open_matter(chosen)
        found = [kept, *found] if kept else found
    return [
        Choice(one, make_token(one.submission_id), one.submission_id == chosen) for one in found
    ]


def _visitor(request: HttpRequest) -> str:
    """The session where there is one; neighbours may share an address."""
    return request.session.session_key or visitors.address(request)


def _place(request: HttpRequest) -> int | None:
    """The place that was chosen, else the resident's own community."""
    typed = request.POST.get("place", "")
    place_id = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    account = held.account(request)
    home = account.home_place_id if account else None
    return place_id if territory().get(place_id) else home
