"""The insight centre (治慧中心): a screen of figures, its wall, its workbook, the cases behind."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yanlu.dispatch import selectors as dispatch
from yanlu.insight import access
from yanlu.insight.drilling import Narrowed, cases_behind
from yanlu.insight.screens import FOUR, MOST_DAYS, Screen, ladder, screen
from yanlu.insight.selectors import Asked
from yanlu.kernel import clock
from yanlu.kernel.workbooks import to_xlsx
from yanlu.oversight.periods import Period
from yanlu.places.territory import Node
from yanlu.web.labels import CHANNELS, KINDS
from yanlu.web.staff import insight_book, insight_flow, insight_map
from yanlu.web.staff.choices import place_name
from yanlu.web.staff.gates import at_work, staff_only, staff_page
from yanlu.web.staff.oversight_words import MEANS

#: Days that are shown when none are asked for, and those that can be chosen with one click.
DAYS: Final = 30
SPANS: Final[tuple[tuple[int, "str | Promise"], ...]] = (
    (7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("a year")),
)  # fmt: skip
#: As far back as anybody may ask.
LONGEST: Final = 3660
#: How many lines a wall holds, to be read from five metres.
ON_WALL: Final = 6
#: Reports of wrongdoing are in no figure.
SEALED: Final = "report"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class View:
    """What the address asks for, and the addresses of what lies beside it."""

    asked: Asked
    place: Node

    def address(self, name: str = "insight", **changes: Any) -> str:
        """The address of this view, or of one that differs from it; empty values are left out."""
        asked, period = self.asked, self.asked.period
        given = {
            "place": asked.place, "since": period.first, "until": period.last,
            "category": asked.category, "kind": asked.kind, "channel": asked.channel, **changes,
        }  # fmt: skip
        told = {key: value for key, value in given.items() if value not in (None, "")}
        return f"{reverse(f'staff:{name}')}?{urlencode(told)}"

    def cases(self, **narrowed: Any) -> str:
        """The address of the cases behind one of its figures."""
        return self.address("insight_cases", **narrowed)


@staff_only()
@require_GET
def insight_page(request: HttpRequest) -> HttpResponse:
    """The screen at a desk or on a phone."""
    view = _view(request)
    return staff_page(request, "staff/insight.html", _context(request, view))


@staff_only()
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """The screen on a wall: little of it, to be read from five metres."""
    view = _view(request)
    context = _context(request, view)
    shown: Screen = context["screen"]
    context |= {"ranking": context["ranking"][:ON_WALL], "areas": context["areas"][:ON_WALL]}
    return staff_page(
        request, "staff/insight_wall.html", context | {"now": clock.now(), "shown": shown}
    )


@staff_only()
@require_GET
def ladder_part(request: HttpRequest) -> HttpResponse:
    """How often each means of supervision was taken; by itself, since it reads every measure."""
    view = _view(request)
    taken = ladder(view.asked)
    context = {"means": [(label, taken.get(code, 0)) for code, label in MEANS.items()]}
    return staff_page(request, "staff/parts/insight_ladder.html", context)


@staff_only()
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """The figures of the screen to count with (.xlsx)."""
    view = _view(request)
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
    view, page = _view(request), _number(request, "page") or 1
    narrowed = Narrowed(
        rate=request.GET.get("rate", ""),
        is_part=request.GET.get("part", "") == "1",
        level=_number(request, "level"),
        outcome=request.GET.get("outcome", ""),
        is_own=request.GET.get("own", "") == "1",
    )
    found = cases_behind(at_work(request), view.asked, narrowed, page)
    context = {
        "here": "insight", "view": view, "found": found, "narrowed": narrowed,
        "back": view.address(), "chosen": _chosen(view),
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
        "inside": (shown.rates["inside"], _rate_addresses(view, "inside")),
        "ranking": _ranking(view, shown),
        "areas": _areas(view, shown),
        "flow": insight_flow.flow(view, shown.streams),
        "map": insight_map.drawing(view, shown.areas),
        "way": _way(request, view),
        "chosen": _chosen(view),
        "spans": _spans(view),
        "categories": _categories(view),
        "kinds": [(code, label) for code, label in KINDS.items() if code != SEALED],
        "channels": list(CHANNELS.items()),
        "most_days": MOST_DAYS,
        "addresses": {
            "matters": view.cases(), "workbook": view.address("insight_book"),
            "wall": view.address("insight_wall"), "desk": view.address(),
            "ladder": view.address("insight_ladder"),
        },
    }  # fmt: skip


def _way(request: HttpRequest, view: View) -> list[tuple[str, str]]:
    """The places down to this one, with their addresses."""
    nodes = access.way_to(at_work(request), view.place)
    return [(place_name(node), view.address(place=node.id)) for node in nodes]


def _categories(view: View) -> list[tuple[int, str]]:
    """Those at the top, and the one that was chosen below."""
    chosen = view.asked.category
    return [
        (one.id, one.name)
        for one in dispatch.categories()
        if one.parent_id is None or one.id == chosen
    ]


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


def _chosen(view: View) -> list[tuple[str, str]]:
    """What is narrowed besides place and days, with the address of the view without it."""
    asked, found = view.asked, []
    if asked.category is not None:
        name = dispatch.category_names({asked.category}).get(asked.category)
        found.append((str(name or _("Not sorted yet")), view.address(category=None)))
    if asked.kind:
        found.append((str(KINDS[asked.kind]), view.address(kind="")))
    if asked.channel:
        found.append((str(CHANNELS[asked.channel]), view.address(channel="")))
    return found


def _spans(view: View) -> list[tuple[str, str, bool]]:
    today = clock.today()
    period = view.asked.period
    is_to_date = period.last == today
    days = (period.end - period.first).days
    return [
        (
            str(label),
            view.address(since=today - timedelta(days=many - 1), until=today),
            is_to_date and days == many,
        )
        for many, label in SPANS
    ]


def _view(request: HttpRequest) -> View:
    """What the address asks for; what makes no sense is left out."""
    place = access.place_of(at_work(request), _number(request, "place"))
    category = _number(request, "category")
    known = category == 0 or category in dispatch.category_names({category or 0})
    kind, channel = request.GET.get("kind", ""), request.GET.get("channel", "")
    asked = Asked(
        _period(request),
        place.id,
        category if known else None,
        kind if kind in KINDS and kind != SEALED else "",
        channel if channel in CHANNELS else "",
    )
    return View(asked, place)


def _period(request: HttpRequest) -> Period:
    """The days asked for, none of them to come; the last thirty where nothing sensible is."""
    today = clock.today()
    until = min(_day(request, "until") or today, today)
    since = _day(request, "since") or until - timedelta(days=DAYS - 1)
    since = min(since, until)
    return Period(max(since, until - timedelta(days=LONGEST)), until + timedelta(days=1))


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return day if day.year >= 2000 else None


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


def _next(request: HttpRequest, page: int) -> str:
    given = request.GET.copy()
    given["page"] = str(page + 1)
    return f"?{given.urlencode()}"
