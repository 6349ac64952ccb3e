"""The insight centre (治慧中心): a screen of figures, its wall, its workbook, the cases behind."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yanlu.dispatch import selectors as dispatch
from yanlu.insight import access
from yanlu.insight.drilling import Narrowed, cases_behind
from yanlu.insight.screens import FOUR, Screen, ladder, screen
from yanlu.kernel import clock
from yanlu.kernel.workbooks import to_xlsx
from yanlu.web.staff import insight_book, insight_flow, insight_map
from yanlu.web.staff.choices import place_name
from yanlu.web.staff.gates import at_work, staff_only, staff_page
from yanlu.web.staff.insight_view import View, filters_of, number_in, view_of
from yanlu.web.staff.oversight_words import MEANS

#: How many lines a wall holds, to be read from five metres.
ON_WALL: Final = 6
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_only()
@require_GET
def insight_page(request: HttpRequest) -> HttpResponse:
    """The screen at a desk or on a phone."""
    view = view_of(request)
    return staff_page(request, "staff/insight.html", _context(request, view))


@staff_only()
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """The screen on a wall: little of it, to be read from five metres."""
    view = view_of(request)
    context = _context(request, view)
    context |= {"ranking": context["ranking"][:ON_WALL], "areas": context["areas"][:ON_WALL]}
    return staff_page(request, "staff/insight_wall.html", context | {"now": clock.now()})


@staff_only()
@require_GET
def ladder_part(request: HttpRequest) -> HttpResponse:
    """How often each means of supervision was taken; by itself, since it reads every measure."""
    view = view_of(request)
    taken = ladder(view.asked)
    context = {"means": [(label, taken.get(code, 0)) for code, label in MEANS.items()]}
    return staff_page(request, "staff/parts/insight_ladder.html", context)


@staff_only()
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """The figures of the screen to count with (.xlsx)."""
    view = view_of(request)
    title, body = insight_book.book(screen(view.asked), ladder(view.asked))
    response = HttpResponse(to_xlsx(title, body), content_type=XLSX)
    named = f"insight-{view.place.code}-{view.asked.period.first}-{view.asked.period.last}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{named}"'
    response["Cache-Control"] = "no-store"
    return response


@staff_only()
@require_GET
def cases_page(request: HttpRequest) -> HttpResponse:
    """The cases behind a figure."""
    view, page = view_of(request), number_in(request, "page") or 1
    narrowed = Narrowed(
        rate=request.GET.get("rate", ""),
        is_part=request.GET.get("part", "") == "1",
        level=number_in(request, "level"),
        outcome=request.GET.get("outcome", ""),
        is_own=request.GET.get("own", "") == "1",
    )
    found = cases_behind(at_work(request), view.asked, narrowed, page)
    context = {
        "here": "insight", "view": view, "found": found, "narrowed": narrowed,
        "back": view.address(), **filters_of(request, view),
        "next": _next(request, page) if found.has_more else "",
    }  # fmt: skip
    return staff_page(request, "staff/insight_cases.html", context)


def _context(request: HttpRequest, view: View) -> dict[str, Any]:
    shown = screen(view.asked)
    return {
        "here": "insight",
        "view": view,
        "screen": shown,
        "rates": [(code, shown.rates[code], _rate_addresses(view, code)) for code in FOUR],
        "ranking": _ranking(view, shown),
        "areas": _areas(view, shown),
        "flow": insight_flow.flow(view, shown.streams),
        "map": insight_map.drawing(view, shown.areas),
        **filters_of(request, view),
        "addresses": {
            "matters": view.cases(), "workbook": view.address("insight_book"),
            "words": view.address("insight_words") if access.may_read(at_work(request)) else "",
            "wall": view.address("insight_wall"), "desk": view.address(),
            "ladder": view.address("insight_ladder"),
        },
    }  # fmt: skip


def _rate_addresses(view: View, code: str) -> tuple[str, str]:
    """Those that fulfil the rate, and all that count for it."""
    return view.cases(rate=code, part=1), view.cases(rate=code)


def _ranking(view: View, shown: Screen) -> list[dict[str, Any]]:
    """What residents talk about, with where a click leads: down a category, at its end to cases."""
    names = dispatch.category_names({one.category for one in shown.categories if one.category})
    own = view.asked.category
    lines = []
    for one in shown.categories:
        is_own = one.category in (None, own) or not _has_below(one.category)
        number = one.category or 0
        lines.append(
            {
                "name": names.get(number) or _("Not sorted yet"),
                "is_own": one.category is not None and one.category == own,
                "line": one,
                "address": view.cases(category=number, own=1)
                if is_own
                else view.address(category=number),
            }
        )
    return lines


def _has_below(category: int | None) -> bool:
    return bool(category) and len(dispatch.category_family(category or 0)) > 1


def _areas(view: View, shown: Screen) -> list[dict[str, Any]]:
    return [
        {
            "area": one,
            "name": place_name(one.place) if one.place else None,
            "address": view.address(place=one.place.id) if one.place else view.cases(own=1),
            "cases": view.cases(place=one.place.id) if one.place else view.cases(own=1),
        }
        for one in shown.areas
    ]


def _next(request: HttpRequest, page: int) -> str:
    given = request.GET.copy()
    given["page"] = str(page + 1)
    return f"?{given.urlencode()}"
