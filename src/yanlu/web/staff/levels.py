"""What waits at each of the five levels, and how much is settled inside the neighbourhood."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yanlu.cases import levels
from yanlu.web.staff.gates import LEVELS, at_work, staff_only, staff_page

#: Days over which the share is computed, the first by itself.
PERIODS = (90, 30, 365)


@staff_only(*LEVELS)
@require_GET
def levels_page(request: HttpRequest) -> HttpResponse:
    """The five queues side by side."""
    account, asked = at_work(request), request.GET.get("days", "")
    days = next((period for period in PERIODS if str(period) == asked), PERIODS[0])
    context = {
        "here": "levels",
        "levels": levels.by_level(account),
        "inside": levels.solved_inside(account, days),
        "days": days,
        "periods": sorted(PERIODS),
    }
    return staff_page(request, "staff/levels.html", context)
