"""A resident's own words in the data pool, and the way out of it."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yanlu.insight.withdrawing import standing, withdraw_words
from yanlu.kernel.errors import Conflict
from yanlu.web.accounts.gate import resident_only
from yanlu.web.resident.matters import open_by_code

if TYPE_CHECKING:
    from yanlu.people.models import Account


@never_cache
@require_http_methods(["GET", "POST"])
@resident_only
def pool(request: HttpRequest, code: str) -> HttpResponse:
    """What the pool is for, how the words stand to it, and the way out.

    :raises NotFound: no such code, or somebody else's matter.
    """
    actor: Account = request.user  # type: ignore[assignment]
    shown = open_by_code(request, code)
    number = shown.submission.pk
    found = standing(actor=actor, submission_id=number)
    if request.method == "POST":
        try:
            withdraw_words(actor=actor, submission_id=number)
        except Conflict as error:
            messages.warning(request, str(error.message))
        else:
            messages.success(request, _("Recorded. Your words are being taken out of the pool."))
        return redirect("pool", code=shown.code)
    context = {"matter": shown, "standing": found, "tab": "mine"}
    return render(request, "resident/pool.html", context)
