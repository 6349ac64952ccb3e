"""How the journal fares: who follows it and how far, what could not be digested, the seals."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from yanlu.kernel import followers, seals
from yanlu.people import access, roles
from yanlu.web.staff.gates import JOURNAL, at_work, staff_only, staff_page


@staff_only(*JOURNAL)
@require_GET
def journal_page(request: HttpRequest) -> HttpResponse:
    """Followers, parked rows, last seals."""
    context: dict[str, Any] = {
        "here": "journal",
        "lag": followers.lag(),
        "parked": followers.parked(),
        "seals": [(seal, bytes(seal.root).hex()[:16]) for seal in seals.latest(5)],
        "may_retry": access.has_role(at_work(request), {roles.ADMINISTRATOR}),
    }
    return staff_page(request, "staff/journal.html", context)


@staff_only(roles.ADMINISTRATOR)
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Try every parked row again now."""
    before = len(followers.parked())
    done = followers.retry_parked(everything=True)
    text = ngettext(
        "%(done)d of %(count)d row digested.", "%(done)d of %(count)d rows digested.", before
    ) % {"done": done, "count": before}
    (messages.success if done == before else messages.warning)(request, text)
    return redirect("staff:journal")
